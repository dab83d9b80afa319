//! The event loop allocates nothing: what it needs was made before, or grows to its size early in the run.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::path::Path;

use dropstorm::engine::{self, Probe, Seed};
use dropstorm::model::Model;
use dropstorm::scenario::Scenario;
use dropstorm::units::Time;

thread_local! {
    /// How often this thread has asked for memory.
    static ASKED: Cell<u64> = const { Cell::new(0) };
}

/// The system's allocator, counted for each thread.
struct Counted;

#[global_allocator]
static COUNTED: Counted = Counted;

// SAFETY: every call is handed to the system's allocator as it is; the counter needs no memory of its own.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ASKED.set(ASKED.get() + 1);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ASKED.set(ASKED.get() + 1);
        unsafe { System.realloc(place, layout, size) }
    }
}

/// Notes at the end of each interval how many events there were, and how often memory was asked for.
#[derive(Default)]
struct Intervals(Vec<(u64, u64)>);

impl Probe for Intervals {
    const ENABLED: bool = false;

    fn interval_closed(&mut self, _: Time, events: u64) {
        self.0.push((events, ASKED.get()));
    }
}

/// How often closing one interval may ask for memory: it works out percentiles, and once in a while a list has to grow.
const ASKED_PER_INTERVAL: u64 = 4;

#[test]
fn in_the_long_run_no_event_allocates() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios/steady.toml");
    let model = Model::compile(&Scenario::read(&file).unwrap_or_else(|errors| panic!("{errors}")));
    let mut intervals = Intervals(Vec::with_capacity(model.intervals()));
    let run = engine::run_with(&model, Seed { seed: 1, replication: 0 }, &mut intervals);
    assert!(run.ledger.gave_up > 1_000 && run.ledger.saw_error > 1_000, "nothing goes wrong here: {:?}", run.ledger);
    let late = &intervals.0[intervals.0.len() / 2..];
    let (first, last) = (late[0], late[late.len() - 1]);
    let (events, asked) = (last.0 - first.0, last.1 - first.1);
    assert!(events > 1_000_000, "only {events} events");
    let allowed = ASKED_PER_INTERVAL * late.len() as u64;
    assert!(asked <= allowed, "{events} events asked for memory {asked} times; {allowed} are allowed");
}
