//! The simulation itself: a model and a seed in, measurements out.
//!
//! The life of a run: (1) the world lays out rows, levels and the first event of each arrival stream;
//! (2) those who are in mid-stream at the start are put there; (3) the loop takes the earliest event from the
//! future event list and hands it to its actor, closing each measurement interval on the way; (4) at the end of the
//! window the last interval is closed; (5) the ledger is checked and the measurements are handed out.
//!
//! There is one file for each actor: `journey`, `client` (the app), `human`, `pool`, `link`, `heartbeat`; the loop's
//! `match` in this file holds the control flow. Pending events are kept by `future`: a [`calendar`] of `blocks` for
//! random delays, a queue for each constant one; `lanes` says which. `tables` has the rows of viewers and attempts, in a
//! `slab`; `hints` asks processor and system for them ahead. What can be known beforehand is worked out in `targets` (what
//! each step is and where its calls go) and `waits` (which timers can never end). Events of one instant run by kind, then by
//! cohort and viewer, so the result is a property of the model and not of the list of events.
//!
//! What nearly every event goes through is `inline(always)`, what few do is kept out of line: the loop is then laid out
//! as a profile-guided build would, most of whose gain it has, and a plain build has it too.

mod arrivals;
mod blocks;
pub mod calendar;
mod client;
mod event;
mod future;
mod heartbeat;
mod hints;
mod human;
mod journey;
mod lanes;
mod link;
mod pool;
mod probe;
mod rows;
mod slab;
mod tables;
mod targets;
mod waits;
mod world;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

pub use probe::{NoProbe, Probe, Who};

use crate::measure::{Layout, Measurements, Scope, Stopped, Threshold};
use crate::model::Model;
use crate::units::{Span, Time};
use crate::vocabulary::Happening;
use event::{About, Event, Kind};
use future::Due;
use world::World;

/// No run takes more events than this; reaching it is a reported end.
const MOST_EVENTS: u64 = 1 << 42;

/// Which random numbers a run draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed {
    /// The scenario's seed.
    pub seed: u64,
    /// The number of the replication; two replications are independent.
    pub replication: u64,
}

/// Runs a model: pure, single-threaded, and the same bytes for the same seed.
pub fn run(model: &Model, seed: Seed) -> Measurements {
    run_with(model, seed, &mut NoProbe)
}

/// Runs a model and tells a probe what happens; a probe that is not enabled costs nothing.
pub fn run_with<P: Probe>(model: &Model, seed: Seed, probe: &mut P) -> Measurements {
    let mut world = World::new(model, seed, probe);
    let mut instant = BinaryHeap::new();
    while world.stopped.is_none() {
        let Some(Due { time, event, alone }) = world.next_event() else { break };
        if time >= model.end {
            break;
        }
        world.advance_to(time);
        if alone {
            world.handle(Event::unpack(event));
        } else {
            world.run_instant(&mut instant, time, event);
        }
    }
    world.finish()
}

/// The place of an event among those of its instant: class, cohort, viewer.
type Rank = (u8, u16, u32);

impl<P: Probe> World<'_, P> {
    /// Runs several events of one instant by rank, together with those that they bring about at this instant.
    #[cold]
    fn run_instant(&mut self, instant: &mut BinaryHeap<Reverse<(Rank, u64)>>, time: Time, first: u64) {
        instant.push(Reverse((self.rank(first), first)));
        loop {
            while self.future.has_more_at(time)
                && let Some(Due { event, .. }) = self.another_event()
            {
                instant.push(Reverse((self.rank(event), event)));
            }
            let Some(Reverse((_, bits))) = instant.pop() else { break };
            self.handle_another(Event::unpack(bits));
        }
    }

    /// Lets an event happen, away from the main loop.
    #[inline(never)]
    fn handle_another(&mut self, event: Event) {
        self.handle(event);
    }

    /// The next event, away from the main loop.
    #[inline(never)]
    fn another_event(&mut self) -> Option<Due> {
        self.next_event()
    }

    /// Lets one event happen. Stale events, about what is gone, are passed over.
    #[inline(always)]
    fn handle(&mut self, event: Event) {
        self.events += 1;
        if self.events >= MOST_EVENTS {
            self.stopped = Some(Stopped::EventLimit);
        }
        let Event { kind, generation, slot } = event;
        // Written out for each kind, so that one jump leads to all that is to be done about it.
        let awaited = |world: &Self, kind| world.jobs[slot].awaits(kind, generation);
        let inside = |world: &Self| world.viewers.is_current(slot, generation);
        match kind {
            Kind::Change => self.change(slot as usize),
            Kind::Complete if awaited(self, Kind::Complete) => self.complete(slot),
            Kind::TurnedAway => self.turned_away(slot as usize),
            Kind::Reply if awaited(self, Kind::Reply) => self.reply_arrives(slot),
            Kind::Arrive => self.arrive(slot as usize),
            Kind::Reach if awaited(self, Kind::Reach) => self.reach_pool(slot),
            Kind::Leave if awaited(self, Kind::Leave) => self.client_left(slot),
            Kind::Move if inside(self) => self.move_on(slot),
            Kind::Stall => self.stall_event(slot as usize),
            Kind::PoolTimeout if awaited(self, Kind::PoolTimeout) => self.pool_timer_ends(slot),
            Kind::QueueTimeout if awaited(self, Kind::QueueTimeout) => self.pool_timer_ends(slot),
            Kind::AppTimeout if awaited(self, Kind::AppTimeout) => self.abandon(slot, Happening::AppTimerEnded),
            Kind::Patience if inside(self) => self.patience_ends(slot),
            Kind::Heartbeat if inside(self) => self.heartbeat(slot),
            Kind::Report => self.recorder.report(slot as usize),
            Kind::UsualReport => self.usual_report(slot as usize),
            // What they were about is gone.
            Kind::Complete | Kind::Reply | Kind::Reach | Kind::Leave => {}
            Kind::PoolTimeout | Kind::QueueTimeout | Kind::AppTimeout => {}
            Kind::Move | Kind::Patience | Kind::Heartbeat => {}
        }
    }

    /// The rank of a pending event.
    fn rank(&self, bits: u64) -> Rank {
        let Event { kind, slot, .. } = Event::unpack(bits);
        let (cohort, ordinal) = match kind.about() {
            About::Job => (self.jobs[slot].cohort, self.jobs[slot].ordinal),
            About::Viewer => (self.viewers[slot].cohort, self.viewers[slot].ordinal),
            About::Neither if kind == Kind::Arrive => (slot as u16, self.streams[slot as usize].count()),
            About::Neither => (u16::MAX, slot),
        };
        (kind.class(), cohort, ordinal)
    }
}

/// What a model's runs are measured by.
pub fn layout(model: &Model) -> Layout {
    let mut layout = Layout {
        regions: model.regions,
        pools: model.pools,
        requests: model.requests.len(),
        cells: model.cells.iter().map(|cell| ([cell.region, cell.pool, cell.request], !cell.heartbeat)).collect(),
        scopes: Vec::new(),
        intervals: model.intervals(),
        first: Span(-model.drop.0),
        width: model.interval,
        measured: model.measured.clone(),
        scale: model.scale,
        thresholds: model.thresholds.iter().map(threshold).collect(),
    };
    layout.lay_out_rows();
    layout
}

fn threshold(threshold: &crate::model::Threshold) -> Threshold {
    Threshold {
        column: threshold.column,
        scope: Scope { region: threshold.region, pool: threshold.pool, request: threshold.request },
        bound: threshold.bound,
        at_most: threshold.at_most,
        window: threshold.window,
        range: threshold.range.clone(),
        text: threshold.text.clone(),
    }
}

/// The start of the window.
const START: Time = Time(0);
