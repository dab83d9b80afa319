//! A pool: its servers, interchangeable or individual, and the settings in force.

use super::ask::Ask;
use super::attempt::{Attempt, Stage};
use super::fleet::{Fleet, NO_SERVER};
use super::guard::Guard;
use super::health::Look;
use super::server::{Next, Offer, Server};
use super::slab::Slab;
use crate::measure::PoolGauges;
use crate::policy::pool::Settings;
use crate::policy::queue::priority::Class;
use crate::random::{Key, Purpose};
use crate::units::{Span, Time};

/// A pool at work. Every method that changes a level changes its gauge with it.
pub struct Pool<'m> {
    /// The settings in force.
    pub settings: &'m Settings,
    pub(super) servers: Servers,
    /// The protections in front of the servers; `None` if no settings of the timeline use one.
    pub guard: Option<Box<Guard>>,
}

/// The servers of a pool.
pub(super) enum Servers {
    /// Interchangeable servers with one queue; together they have the number 0.
    Alike(Server),
    /// Individual servers.
    Individual(Box<Fleet>),
}

impl<'m> Pool<'m> {
    /// A pool with nothing to do.
    pub fn new(settings: &'m Settings, guard: Option<Box<Guard>>) -> Pool<'m> {
        let servers = match &settings.fleet {
            None => Servers::Alike(Server::new(&settings.queue)),
            Some(fleet) => Servers::Individual(Box::new(Fleet::new(settings, fleet))),
        };
        Pool { settings, servers, guard }
    }

    /// Puts new settings into force. Servers are individuals in all settings of a run or in none.
    pub fn configure(&mut self, settings: &'m Settings, now: Time) {
        if let Some(guard) = &mut self.guard {
            let before = self.settings.rate_limit.as_ref();
            guard.settle(before.filter(|rule| settings.rate_limit.is_some_and(|after| after.per == rule.per)), now);
        }
        self.settings = settings;
        if let (Servers::Individual(fleet), Some(of)) = (&mut self.servers, &settings.fleet) {
            fleet.configure(settings, of);
        }
    }

    /// Sets the levels that depend on the settings and on which servers are up. Levels are recorded at simulated size, as
    /// counts are; reports bring both to full size.
    #[cold]
    #[inline(never)]
    pub fn measure(&self, scale: f64, gauges: &mut PoolGauges, now: Time) {
        let set = self.settings;
        let all = set.slots.count;
        let (slots, servers, work_rate) = match (&self.servers, &set.fleet) {
            (Servers::Individual(fleet), Some(of)) => {
                let up = fleet.counted().count() as f64;
                let share = up / f64::from(of.servers.servers.max(1));
                let slots = if set.slots.are_unlimited() { all } else { of.servers.slots * up as u64 };
                (if up > 0.0 { slots } else { 0 }, share, of.work_rate(fleet.counted()))
            }
            _ => (all, 1.0, set.work_rate()),
        };
        let unlimited = set.slots.are_unlimited();
        gauges.slots.set(if unlimited { 0 } else { slots as i64 }, now);
        gauges.servers.set((set.slots.servers * servers * scale * 1e3).round() as i64, now);
        let capacity = if unlimited { 0.0 } else { set.capacity_per_second(work_rate).min(1e12) };
        gauges.capacity.set((capacity * 1e3).round() as i64, now);
        gauges.limit.set((self.concurrency_limit() * 1e3).round() as i64, now);
        gauges.no_server.set(i64::from(slots == 0), now);
        if let Servers::Individual(fleet) = &self.servers {
            let of_all = f64::from(set.fleet.as_ref().map_or(1, |of| of.servers.servers.max(1)));
            let ejected = f64::from(fleet.ejected()) / of_all * set.slots.servers * scale;
            gauges.ejected.set((ejected * 1e3).round() as i64, now);
        }
        self.note_fullness(gauges, now);
    }

    /// Whether ends of attempts matter to ejection.
    #[inline(always)]
    pub fn ejects(&self) -> bool {
        self.settings.fleet.as_ref().is_some_and(|fleet| fleet.eject.is_some())
    }

    /// Notes the end of an attempt at a server. True if the end ejects the server.
    pub fn ended(&mut self, server: u32, failed: bool, now: Time) -> bool {
        match (&mut self.servers, &self.settings.fleet) {
            (Servers::Individual(fleet), Some(of)) => fleet.ended(self.settings, of, server, failed, now),
            _ => false,
        }
    }

    /// Looks at ejected servers; `None` if no look is planned now.
    pub fn look(&mut self, now: Time) -> Option<Look> {
        match (&mut self.servers, &self.settings.fleet) {
            (Servers::Individual(fleet), Some(of)) => fleet.look(self.settings, of, now),
            _ => None,
        }
    }

    /// The individual servers.
    pub fn fleet(&mut self) -> Option<&mut Fleet> {
        match &mut self.servers {
            Servers::Alike(_) => None,
            Servers::Individual(fleet) => Some(fleet),
        }
    }

    /// Number of servers that had the number of a server before it.
    pub fn incarnation(&self, server: u32) -> u32 {
        match &self.servers {
            Servers::Alike(_) => 0,
            Servers::Individual(fleet) => fleet.incarnation(server),
        }
    }

    /// Whether an attempt is lost with its server, which is down.
    pub fn loses(&self, attempt: &Attempt) -> bool {
        let (Servers::Individual(fleet), Some(of)) = (&self.servers, &self.settings.fleet) else { return false };
        let held = match attempt.stage {
            Stage::Queued => !fleet.shares_queue(),
            Stage::InService | Stage::Calling => of.down.is_none_or(|down| down.loses()),
            _ => false,
        };
        held && !fleet.is_up(attempt.server)
    }

    /// Number of queues, which have the numbers from 0 on.
    pub fn queues(&self) -> u32 {
        match &self.servers {
            Servers::Alike(_) => 1,
            Servers::Individual(fleet) => fleet.queues(),
        }
    }

    /// Decides whether an attempt that reaches the pool now is served, waits or is turned away; returns the server that decides,
    /// too. `cohorts` are the keys of the cohorts. Interchangeable servers without protections need no more than the class of
    /// the attempt.
    #[inline(always)]
    pub fn offer(
        &mut self,
        class: Class,
        ask: impl FnOnce() -> Ask,
        cohorts: &[Key],
        attempts: &Slab<Attempt>,
        now: Time,
    ) -> (Offer, u32) {
        match &self.servers {
            Servers::Alike(server) if self.guard.is_none() => {
                (server.offer(self.settings.slots.count, &self.settings.queue, class), 0)
            }
            _ => self.offer_in_order(ask(), cohorts, attempts, now),
        }
    }

    /// Notes that a server has accepted the attempt of a row.
    #[inline(always)]
    pub fn accept(&mut self, row: u32, attempts: &mut Slab<Attempt>, server: u32, now: Time) {
        if let (Servers::Individual(fleet), Some(of)) = (&mut self.servers, &self.settings.fleet) {
            attempts[row].server = server;
            fleet.accept(of, row, server, now);
        }
    }

    /// Chooses the next work of a slot of a server that may have become free.
    #[inline(always)]
    pub fn next(&mut self, server: u32, attempts: &mut Slab<Attempt>, gauges: &mut PoolGauges, now: Time) -> Next {
        match &mut self.servers {
            Servers::Alike(alike) => {
                let next = alike.next(self.settings.slots.count, &self.settings.queue, attempts, gauges, now);
                if gauges.queue.level() == 0 {
                    gauges.full.set(0, now);
                }
                next
            }
            Servers::Individual(_) => self.next_of_individual(server, attempts, gauges, now),
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
        let Servers::Individual(fleet) = &mut self.servers else { return Next::Idle };
        let next = fleet.next(self.settings, server, attempts, gauges, now);
        self.note_fullness(gauges, now);
        next
    }

    /// Whether a slot of a server that becomes free has anything to ask for.
    #[inline(always)]
    pub fn has_next(&self, server: u32) -> bool {
        match &self.servers {
            Servers::Alike(alike) => alike.has_next(&self.settings.queue),
            Servers::Individual(fleet) => fleet.has_next(self.settings, server),
        }
    }

    /// Whether the queue of a server without a stated limit is longer than a run can hold.
    #[inline(always)]
    pub fn overflows(&self, server: u32) -> bool {
        match &self.servers {
            Servers::Alike(alike) => alike.overflows(),
            Servers::Individual(fleet) => fleet.overflows(server),
        }
    }

    /// The time since which the queue of a class at a server has not been empty; of an empty queue, of no meaning.
    #[inline(always)]
    pub fn stands_since(&self, server: u32, class: Class) -> Time {
        match &self.servers {
            Servers::Alike(alike) => alike.stands_since(class),
            Servers::Individual(fleet) => fleet.stands_since(server, class),
        }
    }

    /// Takes an attempt of a lower class out of a full queue, to make room for one of this class.
    pub fn push_out(
        &mut self,
        server: u32,
        class: Class,
        attempts: &mut Slab<Attempt>,
        gauges: &mut PoolGauges,
        now: Time,
    ) -> Option<u32> {
        match &mut self.servers {
            Servers::Alike(alike) => alike.push_out(class, attempts, gauges, now),
            Servers::Individual(fleet) => fleet.push_out(self.settings, server, class, attempts, gauges, now),
        }
    }

    /// Puts an attempt into the queue of its server.
    #[inline(always)]
    pub fn enqueue(&mut self, row: u32, attempts: &mut Slab<Attempt>, gauges: &mut PoolGauges, now: Time) {
        match &mut self.servers {
            Servers::Alike(alike) => {
                alike.enqueue(row, attempts, gauges, now);
                // Nothing waits for interchangeable servers unless every slot is busy.
                if gauges.queue.level() == 1 {
                    self.note_fullness(gauges, now);
                }
            }
            Servers::Individual(fleet) => {
                fleet.enqueue(self.settings, row, attempts, gauges, now);
                self.note_fullness(gauges, now);
            }
        }
    }

    /// Notes whether every slot is busy and an attempt waits.
    #[cold]
    #[inline(never)]
    fn note_fullness(&self, gauges: &mut PoolGauges, now: Time) {
        let busy = match &self.servers {
            // A slot that is free while an attempt waits takes the attempt at this instant.
            Servers::Alike(_) => self.settings.slots.count > 0,
            Servers::Individual(_) => {
                let busy = gauges.in_service.level() + gauges.answering.level();
                gauges.slots.level() > 0 && busy >= gauges.slots.level()
            }
        };
        gauges.full.set(i64::from(busy && gauges.queue.level() > 0), now);
    }

    /// Takes an attempt out of the queue of its server before its turn.
    pub fn leave_queue(&mut self, row: u32, attempts: &mut Slab<Attempt>, gauges: &mut PoolGauges, now: Time) {
        match &mut self.servers {
            Servers::Alike(alike) => {
                alike.leave_queue(row, attempts, gauges, now);
                if gauges.queue.level() == 0 {
                    gauges.full.set(0, now);
                }
            }
            Servers::Individual(fleet) => {
                fleet.leave_queue(self.settings, row, attempts, gauges, now);
                self.note_fullness(gauges, now);
            }
        }
    }

    /// Begins the service of an attempt at its server.
    #[inline(always)]
    pub fn begin_service(&mut self, attempt: &mut Attempt, gauges: &mut PoolGauges, now: Time) {
        match &mut self.servers {
            Servers::Alike(alike) => alike.begin_service(attempt, gauges, now),
            Servers::Individual(fleet) => {
                fleet.begin_service(self.settings, attempt, gauges, now);
                self.note_fullness(gauges, now);
            }
        }
    }

    /// The time that an attempt takes at its server, whose service begins now.
    #[inline(always)]
    pub fn service_time(&self, attempt: &Attempt) -> Span {
        let drawn = self.settings.service.span(attempt.key.draw(Purpose::Service));
        match &self.settings.fleet {
            None => drawn,
            Some(fleet) => fleet.time_at(attempt.server, drawn),
        }
    }

    /// Whether an attempt fails at the end of its service.
    #[inline(always)]
    pub fn fails(&self, attempt: &Attempt) -> bool {
        let server = match &self.settings.fleet {
            None => 0.0,
            Some(fleet) => fleet.differences.failure(attempt.server),
        };
        self.settings.failure.happens(attempt.key, server)
    }

    /// Ends the service of an attempt at its server and records how long it took.
    #[inline(always)]
    pub fn end_service(&mut self, row: u32, attempts: &mut Slab<Attempt>, gauges: &mut PoolGauges, now: Time) {
        match &mut self.servers {
            Servers::Alike(alike) => alike.end_service(&mut attempts[row], gauges, now),
            Servers::Individual(fleet) => {
                fleet.end_service(self.settings, row, attempts, gauges, now);
                self.note_fullness(gauges, now);
            }
        }
    }

    /// Notes that an attempt was turned away at a server. True if the answer takes a slot for some time.
    #[inline(always)]
    pub fn owe_answer(&mut self, server: u32) -> bool {
        let owes = self.settings.turn_away.takes_a_slot() && server != NO_SERVER;
        if owes {
            match &mut self.servers {
                Servers::Alike(alike) => alike.owe_answer(),
                Servers::Individual(fleet) => fleet.owe_answer(server),
            }
        }
        owes
    }

    /// Ends an answer to an attempt that was turned away at a server. True if the slot goes on to the next one at once.
    pub fn end_answer(&mut self, server: u32, gauges: &mut PoolGauges, now: Time) -> bool {
        match &mut self.servers {
            Servers::Alike(alike) => {
                let goes_on = alike.end_answer(self.settings.slots.count, gauges, now);
                if gauges.queue.level() == 0 {
                    gauges.full.set(0, now);
                }
                goes_on
            }
            Servers::Individual(fleet) => {
                let goes_on = fleet.end_answer(self.settings, server, gauges, now);
                self.note_fullness(gauges, now);
                goes_on
            }
        }
    }

    /// Bytes of the queue and of the protections; individual servers link the rows of their attempts.
    pub fn bytes(&self) -> usize {
        let servers = match &self.servers {
            Servers::Alike(alike) => alike.bytes(),
            Servers::Individual(fleet) => fleet.bytes(),
        };
        servers + self.guard.as_ref().map_or(0, |guard| guard.bytes())
    }

    /// Panics unless the levels agree with their gauges, which no input can bring about: it would be a fault of the engine.
    pub fn assert_balance(&self, gauges: &PoolGauges) {
        let levels = match &self.servers {
            Servers::Alike(alike) => alike.levels(),
            Servers::Individual(fleet) => fleet.levels(),
        };
        let gauged = [gauges.queue, gauges.in_service, gauges.answering].map(|gauge| gauge.level());
        assert_eq!(
            levels.map(|level| level as i64),
            gauged,
            "queued, in service and answering do not agree with their gauges"
        );
    }
}
