//! A pool: its servers, interchangeable or individual, and the settings in force.

use super::attempt::Attempt;
use super::fleet::Fleet;
use super::ring::Ring;
use super::server::{Next, Offer, Server};
use super::slab::Slab;
use crate::measure::PoolGauges;
use crate::policy::pool::Settings;
use crate::random::Key;
use crate::units::Time;

/// The number of no server: every server of the pool has been removed.
pub const NO_SERVER: u32 = u32::MAX;

/// A pool at work. Every method that changes a level changes its gauge with it.
pub struct Pool<'m> {
    /// The settings in force.
    pub settings: &'m Settings,
    servers: Servers,
}

/// The servers of a pool.
enum Servers {
    /// Interchangeable servers with one queue; together they have the number 0.
    Shared(Server<Ring>),
    /// Individual servers, each with a queue of its own.
    PerServer(Fleet),
}

/// Calls a method of a server, whichever queue the server has.
macro_rules! on_server {
    ($pool:expr, $number:expr, $server:ident => $call:expr) => {
        match &mut $pool.servers {
            Servers::Shared($server) => $call,
            Servers::PerServer(fleet) => {
                let $server = fleet.server($number);
                $call
            }
        }
    };
}

impl<'m> Pool<'m> {
    /// A pool with nothing to do.
    pub fn new(settings: &'m Settings) -> Pool<'m> {
        let servers = match &settings.queue.fleet {
            None => Servers::Shared(Server::default()),
            Some(fleet) => Servers::PerServer(Fleet::new(fleet)),
        };
        Pool { settings, servers }
    }

    /// Puts new settings into force. A scenario never changes whether servers are individuals.
    pub fn configure(&mut self, settings: &'m Settings) {
        self.settings = settings;
        if let (Servers::PerServer(fleet), Some(settings)) = (&mut self.servers, &settings.queue.fleet) {
            fleet.configure(settings);
        }
    }

    /// Number of servers that are told apart by a number from 0: one where servers are interchangeable.
    pub fn server_numbers(&self) -> u32 {
        match &self.servers {
            Servers::Shared(_) => 1,
            Servers::PerServer(fleet) => fleet.len(),
        }
    }

    /// Decides whether an attempt with this key that reaches the pool now is served, waits or is rejected; returns the server
    /// that decides, too.
    #[inline(always)]
    pub fn offer(&mut self, key: Key) -> (Offer, u32) {
        match &self.servers {
            Servers::Shared(server) => (server.offer(self.settings.slots.count, &self.settings.queue), 0),
            Servers::PerServer(_) => self.offer_by_balancer(key),
        }
    }

    // Cold, so that the branch to shared queues is laid out as the usual one.
    #[cold]
    #[inline(never)]
    fn offer_by_balancer(&mut self, key: Key) -> (Offer, u32) {
        let set = &self.settings.queue;
        let (Servers::PerServer(fleet), Some(individuals)) = (&mut self.servers, &set.fleet) else {
            return (Offer::Reject, NO_SERVER);
        };
        match fleet.choose(individuals, key) {
            Some(number) => (fleet.server(number).offer(individuals.servers.slots, set), number),
            None => (Offer::Reject, NO_SERVER),
        }
    }

    /// Notes that a server has accepted an attempt.
    #[inline(always)]
    pub fn accept(&mut self, attempt: &mut Attempt, server: u32) {
        if let Servers::PerServer(fleet) = &mut self.servers {
            attempt.server = server;
            fleet.add_load(server, 1);
        }
    }

    /// Notes that an attempt has left its server.
    #[inline(always)]
    fn release(&mut self, server: u32) {
        if let Servers::PerServer(fleet) = &mut self.servers {
            fleet.add_load(server, -1);
        }
    }

    /// Chooses the next work of a slot of a server that may have become free.
    #[inline(always)]
    pub fn next(&mut self, server: u32, attempts: &mut Slab<Attempt>, gauges: &mut PoolGauges, now: Time) -> Next {
        match &mut self.servers {
            Servers::Shared(shared) => {
                let next = shared.next(self.settings.slots.count, &self.settings.queue, attempts, gauges, now);
                if gauges.queue.level() == 0 {
                    gauges.full.set(0, now);
                }
                next
            }
            Servers::PerServer(_) => self.next_of_individual(server, attempts, gauges, now),
        }
    }

    #[inline(never)]
    fn next_of_individual(
        &mut self,
        server: u32,
        attempts: &mut Slab<Attempt>,
        gauges: &mut PoolGauges,
        now: Time,
    ) -> Next {
        let (slots, set) = (self.slots(), &self.settings.queue);
        let next = on_server!(self, server, at => at.next(slots, set, attempts, gauges, now));
        if let Next::Drop(_) = next {
            self.release(server);
        }
        self.queue_fell(gauges, now);
        next
    }

    /// Whether a slot of a server that becomes free has anything to ask for.
    #[inline(always)]
    pub fn has_next(&mut self, server: u32) -> bool {
        let set = &self.settings.queue;
        on_server!(self, server, at => at.has_next(set))
    }

    /// Whether the queue of a server without a stated limit is longer than a run can hold.
    #[inline(always)]
    pub fn overflows(&mut self, server: u32) -> bool {
        on_server!(self, server, at => at.overflows())
    }

    /// The time since which the queue of a server has not been empty; of an empty queue, of no meaning.
    #[inline(always)]
    pub fn stands_since(&mut self, server: u32) -> Time {
        on_server!(self, server, at => at.stands_since)
    }

    /// Puts an attempt into the queue of its server.
    #[inline(always)]
    pub fn enqueue(&mut self, row: u32, attempts: &mut Slab<Attempt>, gauges: &mut PoolGauges, now: Time) {
        on_server!(self, attempts[row].server, at => at.enqueue(row, attempts, gauges, now));
        match &self.servers {
            // Nothing waits for interchangeable servers unless every slot is busy.
            Servers::Shared(_) if gauges.queue.level() == 1 => self.note_fullness(gauges, now),
            Servers::Shared(_) => {}
            Servers::PerServer(_) => self.note_fullness(gauges, now),
        }
    }

    /// Notes that the queue may have become shorter.
    #[inline(always)]
    fn queue_fell(&self, gauges: &mut PoolGauges, now: Time) {
        match &self.servers {
            Servers::Shared(_) if gauges.queue.level() == 0 => gauges.full.set(0, now),
            Servers::Shared(_) => {}
            Servers::PerServer(_) => self.note_fullness(gauges, now),
        }
    }

    /// Notes whether every slot is busy and an attempt waits.
    #[cold]
    #[inline(never)]
    pub fn note_fullness(&self, gauges: &mut PoolGauges, now: Time) {
        let busy = match &self.servers {
            // A slot that is free while an attempt waits takes the attempt at this instant.
            Servers::Shared(_) => self.settings.slots.count > 0,
            Servers::PerServer(_) => {
                let busy = gauges.in_service.level() + gauges.answering.level();
                gauges.slots.level() > 0 && busy >= gauges.slots.level()
            }
        };
        gauges.full.set(i64::from(busy && gauges.queue.level() > 0), now);
    }

    /// Takes an attempt out of the queue of its server before its turn.
    pub fn leave_queue(&mut self, row: u32, attempts: &mut Slab<Attempt>, gauges: &mut PoolGauges, now: Time) {
        let server = attempts[row].server;
        on_server!(self, server, at => at.leave_queue(row, attempts, gauges, now));
        self.release(server);
        self.queue_fell(gauges, now);
    }

    /// Begins the service of an attempt at its server.
    #[inline(always)]
    pub fn begin_service(&mut self, attempt: &mut Attempt, gauges: &mut PoolGauges, now: Time) {
        on_server!(self, attempt.server, at => at.begin_service(attempt, gauges, now));
        if let Servers::PerServer(_) = &self.servers {
            self.note_fullness(gauges, now);
        }
    }

    /// Ends the service of an attempt at its server and records how long it took.
    #[inline(always)]
    pub fn end_service(&mut self, attempt: &mut Attempt, gauges: &mut PoolGauges, now: Time) {
        let server = attempt.server;
        on_server!(self, server, at => at.end_service(attempt, gauges, now));
        self.release(server);
        if let Servers::PerServer(_) = &self.servers {
            self.note_fullness(gauges, now);
        }
    }

    /// Notes that an attempt was turned away at a server. True if the answer takes a slot for some time.
    #[inline(always)]
    pub fn owe_answer(&mut self, server: u32) -> bool {
        let owes = self.settings.turn_away.takes_a_slot() && server != NO_SERVER;
        if owes {
            on_server!(self, server, at => at.owe_answer());
        }
        owes
    }

    /// Ends an answer to an attempt that was turned away at a server. True if the slot goes on to the next one at once.
    pub fn end_answer(&mut self, server: u32, gauges: &mut PoolGauges, now: Time) -> bool {
        let slots = self.slots();
        let goes_on = on_server!(self, server, at => at.end_answer(slots, gauges, now));
        self.queue_fell(gauges, now);
        goes_on
    }

    /// Bytes of the queue; individual servers link the rows of their attempts.
    pub fn bytes(&self) -> usize {
        match &self.servers {
            Servers::Shared(server) => server.queue().bytes(),
            Servers::PerServer(fleet) => fleet.bytes(),
        }
    }

    /// Slots of each server, or of all servers where they are interchangeable.
    #[inline(always)]
    fn slots(&self) -> u64 {
        match &self.settings.queue.fleet {
            None => self.settings.slots.count,
            Some(fleet) => fleet.servers.slots,
        }
    }

    /// Panics unless the levels agree with their gauges, which no input can bring about: it would be a fault of the engine.
    pub fn assert_balance(&self, gauges: &PoolGauges) {
        let levels = match &self.servers {
            Servers::Shared(server) => server.levels(),
            Servers::PerServer(fleet) => fleet.levels(),
        };
        let gauged = [gauges.queue, gauges.in_service, gauges.answering].map(|gauge| gauge.level());
        assert_eq!(
            levels.map(|level| level as i64),
            gauged,
            "queued, in service and answering do not agree with their gauges"
        );
    }
}
