//! Shared cores: the attempts that a server works on at once, and the next one to be done.
//!
//! Every server has a virtual clock that runs at the speed of one attempt. Work that begins when the clock reads v and takes
//! w ends when the clock reads v + w, whatever comes and goes in between. So a server has one pending event, for the next
//! end, and any number of attempts cost O(log n) for each that comes or goes.

use super::attempt::{Attempt, Stage};
use super::slab::{NO_ROW, Slab};
use crate::engine::pending::event::GENERATION_BITS;
use crate::policy::speed::Speed;
use crate::policy::virtual_clock::{Agenda, VirtualClock};
use crate::units::{Span, Time};

/// Number of stale entries below which an agenda is not worth sweeping.
const FEW_STALE: usize = 64;

/// Work of a server: row and generation of an attempt; [`NO_ROW`] for an answer to an attempt that was turned away.
type Work = (u32, u32);

/// Work that a server begins.
pub struct NewWork {
    /// Time that the work takes a server which works on nothing else.
    pub amount: Span,
    /// Position among work that ends at one instant, in ascending order.
    pub order: u64,
    /// Row and generation of the attempt; `None` for an answer to an attempt that was turned away.
    pub attempt: Option<(u32, u32)>,
}

/// The work of one server.
#[derive(Default)]
struct Core {
    clock: VirtualClock,
    /// Work by the reading of the clock at its end; work of aborted attempts is stale.
    ends: Agenda<Work>,
    /// Attempts and answers that the server works on.
    jobs: u32,
    /// Time of the pending event; `None` if none is pending.
    pending: Option<Time>,
    /// Number of the pending event; an event of another number is stale.
    number: u32,
}

/// A pending event about a server: its time and its number.
pub type Due = (Time, u32);

/// The cores of the servers of a pool, by number of the server.
#[derive(Default)]
pub struct Cores {
    servers: Vec<Core>,
    speed: Speed,
    /// Cores that are busy, of all servers together.
    busy: u64,
}

impl Cores {
    /// Puts a speed into force from now on, for this number of servers.
    pub fn configure(&mut self, speed: Speed, servers: usize, now: Time) {
        self.speed = speed;
        self.grow(servers);
        for core in &mut self.servers {
            core.clock.set_speed(now, speed.of_each(core.jobs));
        }
        self.busy = self.servers.iter().map(|core| u64::from(speed.busy_cores(core.jobs))).sum();
    }

    /// Makes room for this number of servers; new ones are idle.
    pub fn grow(&mut self, servers: usize) {
        if self.servers.len() < servers {
            self.servers.resize_with(servers, Core::default);
        }
    }

    /// Number of servers for which there is room.
    pub fn len(&self) -> u32 {
        self.servers.len() as u32
    }

    /// Cores that are busy.
    pub fn busy(&self) -> u64 {
        self.busy
    }

    /// A server begins to work on an attempt or an answer. Returns the change of the number of busy cores.
    pub fn join(&mut self, server: u32, work: NewWork, now: Time) -> i64 {
        let core = &mut self.servers[server as usize];
        core.clock.advance(now);
        let end = core.clock.reading() + work.amount.0.max(0) as f64;
        core.ends.push(end.round() as u64, work.order, work.attempt.unwrap_or((NO_ROW, 0)));
        self.set_jobs(server, 1, now)
    }

    /// A server ends its work on an attempt or an answer. Returns the change of the number of busy cores.
    pub fn leave(&mut self, server: u32, now: Time) -> i64 {
        self.set_jobs(server, -1, now)
    }

    fn set_jobs(&mut self, server: u32, change: i32, now: Time) -> i64 {
        let core = &mut self.servers[server as usize];
        let before = self.speed.busy_cores(core.jobs);
        core.jobs = core.jobs.saturating_add_signed(change);
        core.clock.set_speed(now, self.speed.of_each(core.jobs));
        let more = i64::from(self.speed.busy_cores(core.jobs)) - i64::from(before);
        self.busy = self.busy.saturating_add_signed(more);
        more
    }

    /// The event of the next end at a server, to be pushed; `None` if an event that comes no later is pending, or no work
    /// is left.
    pub fn next_event(&mut self, server: u32) -> Option<Due> {
        let core = &mut self.servers[server as usize];
        let due = core.clock.next_due(&core.ends)?;
        if core.pending.is_some_and(|pending| pending <= due) {
            return None;
        }
        core.pending = Some(due);
        core.number = core.number.wrapping_add(1) & NUMBERS;
        Some((due, core.number))
    }

    /// Whether the event of this number is the pending event of its server, and so not stale.
    pub fn awaits(&self, server: u32, number: u32) -> bool {
        let core = &self.servers[server as usize];
        core.pending.is_some() && core.number == number
    }

    /// Takes the next work that is done off the agenda of a server: the row of an attempt, or [`NO_ROW`] for an answer.
    pub fn take_done(&mut self, server: u32, attempts: &Slab<Attempt>, now: Time) -> Option<u32> {
        let core = &mut self.servers[server as usize];
        core.clock.advance(now);
        core.clock.pop_due(&mut core.ends, |work| is_current(work, attempts)).map(|(row, _)| row)
    }

    /// Notes that the pending event of a server is over.
    pub fn event_over(&mut self, server: u32, attempts: &Slab<Attempt>) {
        let core = &mut self.servers[server as usize];
        core.pending = None;
        if core.ends.len() > 2 * core.jobs as usize + FEW_STALE {
            core.ends.sweep(|work| is_current(work, attempts));
        }
    }

    /// Bytes of the agendas.
    pub fn bytes(&self) -> usize {
        let agendas: usize = self.servers.iter().map(|core| core.ends.bytes()).sum();
        self.servers.capacity() * size_of::<Core>() + agendas
    }
}

/// Bits of the number of a pending event.
const NUMBERS: u32 = (1 << GENERATION_BITS) - 1;

/// Whether work is still to be done: the attempt is in service, or the work is an answer.
fn is_current((row, generation): Work, attempts: &Slab<Attempt>) -> bool {
    row == NO_ROW || (attempts[row].generation == generation && attempts[row].stage == Stage::InService)
}
