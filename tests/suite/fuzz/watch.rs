//! A watch over all readers: an input that hangs ends the tests, with its name.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// Longest time of an input: ten seconds on a quiet machine, and the tests of others beside.
const LONGEST: Duration = Duration::from_secs(60);

type Turns = Mutex<BTreeMap<u64, (Instant, String)>>;

pub struct Watch {
    turns: Arc<Turns>,
    next: AtomicU64,
}

/// The time of one input; it ends with this value.
pub struct Turn<'a> {
    watch: &'a Watch,
    number: u64,
}

impl Watch {
    pub fn start() -> Watch {
        let turns = Arc::<Turns>::default();
        let watched = Arc::downgrade(&turns);
        thread::spawn(move || {
            while let Some(turns) = watched.upgrade() {
                let late = turns.lock().unwrap().values().find(|(begun, _)| begun.elapsed() > LONGEST).cloned();
                if let Some((_, what)) = late {
                    // A thread that hangs cannot be ended alone; what was printed is lost with the runner's own capture.
                    let _ = writeln!(std::io::stderr(), "this hangs: {what}");
                    std::process::abort();
                }
                drop(turns);
                thread::sleep(Duration::from_millis(200));
            }
        });
        Watch { turns, next: AtomicU64::new(0) }
    }

    pub fn begins(&self, what: &str) -> Turn<'_> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.turns.lock().unwrap().insert(number, (Instant::now(), what.to_owned()));
        Turn { watch: self, number }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.watch.turns.lock().unwrap().remove(&self.number);
    }
}
