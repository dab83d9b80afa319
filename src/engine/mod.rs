//! The simulation itself: a model and a seed in, measurements out.
//!
//! A run begins with a `world`: the rows, the levels, and the first event of each arrival process. The loop in this file
//! takes the earliest event out of the event list (`pending`), moves the clock, closing measurement intervals on the way,
//! and hands the event to its handler (`act`), which changes the state (`state`) and enters the change into the `books`.
//! At the end of the window the last interval is closed and the measurements are returned.
//!
//! Events of one instant run in a total order that is a property of the model: by class, cohort, viewer, kind and key of
//! the attempt. So the same seed gives the same bytes, whatever the event list does.
//!
//! Hot handlers are `#[inline(always)]`, rare ones `#[cold]`: the layout that a profile-guided build would choose.

mod act;
mod books;
mod few;
mod fifo;
mod layout;
mod limits;
mod memory;
mod pending;
mod probe;
mod seed;
mod state;
mod world;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

pub use layout::layout;
pub use limits::{CHECK_EVERY, Limits, MOST_EVENTS};
pub use pending::calendar;
pub use probe::{NoProbe, Probe, Who};
pub use seed::Seed;
pub use state::beside::Beside;

use crate::measure::Measurements;
use crate::model::Model;
use crate::units::Time;
use pending::event::{Class, Event, Kind, Subject, server_of, server_row};
use pending::future::Due;
use state::attempt::Attempt;
use world::World;

/// Runs a model on the calling thread. The same model and seed give the same measurements, bit for bit.
pub fn run(model: &Model, seed: Seed) -> Measurements {
    run_with(model, seed, &mut NoProbe)
}

/// Runs a model and tells a probe what happens. A probe that is not enabled costs nothing.
pub fn run_with<P: Probe>(model: &Model, seed: Seed, probe: &mut P) -> Measurements {
    let mut world = World::new(model, seed, probe);
    let mut instant = BinaryHeap::new();
    while !world.ends() {
        let Some(Due { time, event, alone }) = world.next_event() else { break };
        if time >= world.boundary && !world.passes_boundary(time) {
            break;
        }
        world.now = time;
        if alone {
            world.handle(Event::unpack(event));
        } else {
            world.run_instant(&mut instant, time, event);
        }
    }
    world.finish()
}

/// The position of an event in the order of its instant.
///
/// Events that concern no viewer come after all cohorts: those of pools and servers by the name of the pool, which the order of the
/// pools in the file does not move, and a look at a second before all else. The kind and the attempt's key come last, so that no
/// row number decides between two attempts of one viewer.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    class: Class,
    cohort: u16,
    ordinal: u32,
    kind: Kind,
    key: u64,
}

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
            // A whole crowd may arrive at one instant, so the limits are looked at here too.
            if self.ends() {
                break;
            }
        }
    }

    /// Runs an event out of line, so that the main loop inlines the handlers once.
    #[inline(never)]
    fn handle_another(&mut self, event: Event) {
        self.handle(event);
    }

    /// Takes out the next event, out of line.
    #[inline(never)]
    fn another_event(&mut self) -> Option<Due> {
        self.next_event()
    }

    /// Runs one event. A stale event, whose row has moved on, does nothing.
    #[inline(always)]
    fn handle(&mut self, event: Event) {
        self.until_check -= 1;
        let Event { kind, generation, row } = event;
        // Each arm tests for stale events itself, so that a single jump selects both the test and the handler of a
        // kind.
        let awaited = |world: &Self, kind| world.attempts[row].awaits(kind, generation);
        let inside = |world: &Self| world.viewers.is_current(row, generation);
        match kind {
            Kind::Second => self.second_ends(row as usize),
            Kind::Change => self.change(row as usize),
            Kind::Ejection => self.look_at_ejected(row as usize),
            Kind::Autoscale => self.evaluate(row as usize, generation),
            Kind::ServerUp => self.server_up(row, generation),
            Kind::Repaired => self.server_repaired(row, generation),
            Kind::Notice => self.crash_noticed(row, generation),
            Kind::Complete if awaited(self, Kind::Complete) => self.complete(row),
            Kind::Answered => self.answered(row),
            Kind::CoreDone => self.core_done(row, generation),
            Kind::Reply if awaited(self, Kind::Reply) => self.reply_arrives(row),
            Kind::Arrive => self.arrive(row as usize),
            Kind::Reach if awaited(self, Kind::Reach) => self.reach_pool(row),
            Kind::Cancel if awaited(self, Kind::Cancel) => self.cancel(row),
            Kind::Move => self.move_on(row, generation),
            Kind::Admit => self.admissions(row as usize),
            Kind::CallRetry if self.requests.rows.is_current(row, generation) => self.retry_call(row),
            Kind::Stall => self.stall(row as usize),
            Kind::PoolTimeout if awaited(self, Kind::PoolTimeout) => self.pool_timer_expires(row),
            Kind::QueueTimeout if awaited(self, Kind::QueueTimeout) => self.pool_timer_expires(row),
            Kind::AppTimeout if awaited(self, Kind::AppTimeout) => self.app_timer_expires(row),
            Kind::Deadline if awaited(self, Kind::Deadline) => self.deadline_passes(row),
            Kind::Hedge if inside(self) => self.hedge(row),
            Kind::CallHedge if self.requests.rows.is_current(row, generation) => self.hedge_call(row),
            Kind::Patience if inside(self) => self.patience_ends(row),
            Kind::Heartbeat if inside(self) => self.heartbeat(row),
            Kind::Report => self.books.recorder.report(row as usize),
            Kind::UsualReport => self.usual_report(row as usize),
            Kind::Crash => self.server_crashes(row, generation),
            Kind::Overfull => self.queue_was_full(row, generation),
            // Stale.
            Kind::Complete | Kind::Reply | Kind::Reach | Kind::Cancel => {}
            Kind::PoolTimeout | Kind::QueueTimeout | Kind::AppTimeout => {}
            Kind::Patience | Kind::Heartbeat | Kind::CallRetry => {}
            Kind::Hedge | Kind::CallHedge | Kind::Deadline => {}
        }
    }

    /// The rank of a pending event.
    fn rank(&self, bits: u64) -> Rank {
        let Event { kind, row, generation } = Event::unpack(bits);
        let (cohort, ordinal, key) = match kind.subject() {
            Subject::Attempt => {
                let Attempt { cohort, ordinal, key, .. } = self.attempts[row];
                (cohort, ordinal, key.number())
            }
            Subject::Viewer => (self.viewers[row].cohort, self.viewers[row].ordinal, 0),
            Subject::Request if self.requests.rows.is_current(row, generation) => {
                let Attempt { cohort, ordinal, .. } = self.attempts[self.requests.rows[row].caller];
                (cohort, ordinal, self.key_of_call(row).number())
            }
            Subject::Cohort => (row as u16, self.arrivals[row as usize].count(), 0),
            // The load of a second is that before whatever changes at its end.
            Subject::Pool if kind == Kind::Second => (u16::MAX, 0, u64::from(self.model.pool_ranks[row as usize])),
            Subject::Pool => (u16::MAX, self.rank_of_server(row as usize, 0), 0),
            Subject::Server => {
                let (pool, server) = server_of(row);
                (u16::MAX, self.rank_of_server(pool, server), 0)
            }
            Subject::Room => (u16::MAX, self.model.room_ranks[row as usize], 0),
            Subject::Request | Subject::Other => (u16::MAX, row, 0),
        };
        Rank { class: kind.class(), cohort, ordinal, kind, key }
    }

    fn rank_of_server(&self, pool: usize, server: u32) -> u32 {
        server_row(self.model.pool_ranks[pool] as usize, server)
    }
}
