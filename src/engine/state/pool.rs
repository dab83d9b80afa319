//! A pool: its servers, interchangeable or individual, and the settings in force.

mod follow;
mod measure;

use super::attempt::Attempt;
use super::cores::Cores;
use super::fleet::{Fleet, NO_SERVER};
use super::guard::Guard;
use super::health::Look;
use super::roster::Roster;
use super::server::{Next, Offer, Server};
use super::slab::Slab;
use crate::measure::PoolGauges;
use crate::policy::pool::Settings;
use crate::policy::queue::priority::Class;
use crate::random::Purpose;
use crate::units::{Span, Time};
pub use follow::Followed;

/// A pool at work. Every method that changes a level changes its gauge with it.
pub struct Pool<'m> {
    /// The settings in force.
    pub settings: &'m Settings,
    pub(super) servers: Servers,
    /// The protections in front of the servers; `None` if no settings of the timeline use one.
    pub guard: Option<Box<Guard>>,
    /// Servers at full size.
    full: u64,
    /// Slots of all servers together where they are interchangeable.
    pub(super) slots: u64,
    /// Attempts that have reached the pool.
    pub offered: u64,
    /// The servers by number, in a pool that is autoscaled.
    pub roster: Option<Box<Roster>>,
    /// The cores of the servers, if attempts share them at some time of the run.
    pub cores: Option<Box<Cores>>,
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
        let cores = settings.fleet.as_ref().and_then(|fleet| fleet.speed).map(|_| Box::default());
        Pool { settings, servers, guard, full: 0, slots: 0, offered: 0, roster: None, cores }
    }

    /// Puts new settings into force, except for the number of servers.
    pub fn put_into_force(&mut self, settings: &'m Settings, now: Time) {
        if let Some(guard) = &mut self.guard {
            let before = self.settings.rate_limit.as_ref();
            guard.settle(before.filter(|rule| settings.rate_limit.is_some_and(|after| after.per == rule.per)), now);
        }
        self.settings = settings;
    }

    /// Brings the servers in line with the settings and with the autoscaler. Servers are individuals in all settings of a run
    /// or in none.
    pub fn configure(&mut self, now: Time) {
        self.full = self.roster.as_ref().map_or(self.settings.servers(), |roster| roster.up());
        self.slots = self.settings.slots_of(self.full).count;
        if let (Servers::Individual(fleet), Some(of)) = (&mut self.servers, &self.settings.fleet) {
            fleet.configure(self.settings, of, of.servers.number(self.full), now);
            if let Some(cores) = &mut self.cores {
                cores.configure(of.speed.unwrap_or_default(), fleet.len(), now);
            }
        }
    }

    /// Whether the pool ejects servers, so that ends of attempts are noted.
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

    /// Brings ejected servers back whose ejection is over; `None` if no look is planned now.
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

    /// The number of a server, where servers are individuals.
    pub fn number_of(&self, server: u32) -> Option<u32> {
        matches!(self.servers, Servers::Individual(_)).then_some(server)
    }

    /// The number of the server in whose queue an attempt waits; `None` where all wait in one queue.
    pub fn number_of_queue(&self, server: u32) -> Option<u32> {
        matches!(&self.servers, Servers::Individual(fleet) if !fleet.shares_queue()).then_some(server)
    }

    /// The individual servers, to prefetch from; `None` where servers are interchangeable.
    #[inline]
    pub fn individuals(&self) -> Option<&Fleet> {
        match &self.servers {
            Servers::Alike(_) => None,
            Servers::Individual(fleet) => Some(fleet),
        }
    }

    /// Number of servers that had the number of a server before it, and of repairs since.
    pub fn incarnation(&self, server: u32) -> u32 {
        match &self.servers {
            Servers::Alike(_) => 0,
            Servers::Individual(fleet) => fleet.incarnation(server),
        }
    }

    /// Number of queues, which have the numbers from 0 on.
    pub fn queues(&self) -> u32 {
        match &self.servers {
            Servers::Alike(_) => 1,
            Servers::Individual(fleet) => fleet.queues(),
        }
    }

    /// Decides by its class alone whether an attempt that reaches the pool now is served, waits or is turned away. `None`
    /// unless servers are interchangeable and without protections: then [`Pool::offer_by_key`] decides.
    #[inline(always)]
    pub fn offer_by_class(&mut self, class: Class) -> Option<Offer> {
        self.offered += 1;
        match &self.servers {
            Servers::Alike(server) if self.guard.is_none() => {
                Some(server.offer(self.slots, &self.settings.queue, class))
            }
            _ => None,
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
                let next = alike.next(self.slots, &self.settings.queue, attempts, gauges, now);
                if gauges.queue.level() == 0 {
                    gauges.full.set(0, now);
                }
                next
            }
            Servers::Individual(fleet) => match fleet.free_server(self.settings, server) {
                Some(free) => self.next_of_individual(free, attempts, gauges, now),
                None => Next::Idle,
            },
        }
    }

    /// Chooses the next work of a server with a free slot.
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
        // The begin of service notes it for an attempt that is served.
        if !matches!(next, Next::Serve(_)) {
            note_fullness_of_fleet(gauges, now);
        }
        next
    }

    /// Whether [`Pool::next`] has any effect once a slot of a server becomes free.
    #[inline(always)]
    pub fn has_next(&self, server: u32) -> bool {
        match &self.servers {
            Servers::Alike(alike) => alike.has_next(&self.settings.queue),
            Servers::Individual(fleet) => fleet.has_next(self.settings, server),
        }
    }

    /// False if no server has a free slot, which only interchangeable servers know at once.
    #[inline(always)]
    pub fn may_have_free_slot(&self) -> bool {
        match &self.servers {
            Servers::Alike(alike) => alike.has_free_slot(self.slots),
            Servers::Individual(_) => true,
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

    /// The time since which the queue of a class at a server has not been empty; undefined for an empty queue.
    #[inline(always)]
    pub fn stands_since(&self, server: u32, class: Class) -> Time {
        match &self.servers {
            Servers::Alike(alike) => alike.stands_since(class),
            Servers::Individual(fleet) => fleet.stands_since(server, class),
        }
    }

    /// Takes an attempt of a lower class out of a full queue, to make room for one of this class.
    pub fn evict(
        &mut self,
        server: u32,
        class: Class,
        attempts: &mut Slab<Attempt>,
        gauges: &mut PoolGauges,
        now: Time,
    ) -> Option<u32> {
        match &mut self.servers {
            Servers::Alike(alike) => alike.evict(class, attempts, gauges, now),
            Servers::Individual(fleet) => fleet.evict(self.settings, server, class, attempts, gauges, now),
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
                note_fullness_of_fleet(gauges, now);
            }
        }
    }

    /// Notes whether every slot is busy and an attempt waits.
    #[cold]
    #[inline(never)]
    fn note_fullness(&self, gauges: &mut PoolGauges, now: Time) {
        match &self.servers {
            // While an attempt waits no slot stays free, so the pool is full.
            Servers::Alike(_) => gauges.full.set(i64::from(self.slots > 0 && gauges.queue.level() > 0), now),
            Servers::Individual(_) => note_fullness_of_fleet(gauges, now),
        }
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
                note_fullness_of_fleet(gauges, now);
            }
        }
    }

    /// Begins the service of the attempt of a row at its server.
    #[inline(always)]
    pub fn begin_service(&mut self, row: u32, attempt: &mut Attempt, gauges: &mut PoolGauges, now: Time) {
        match &mut self.servers {
            Servers::Alike(alike) => alike.begin_service(attempt, gauges, now),
            Servers::Individual(fleet) => {
                fleet.begin_service(self.settings, row, attempt, gauges, now);
                note_fullness_of_fleet(gauges, now);
            }
        }
    }

    /// Service time of an attempt whose service begins now, at its server.
    #[inline(always)]
    pub fn service_time(&self, attempt: &Attempt, now: Time) -> Span {
        let drawn = self.settings.service.span(attempt.key.draw(Purpose::Service));
        match (&self.servers, &self.settings.fleet) {
            (Servers::Individual(fleet), Some(of)) => {
                of.time_at(attempt.server, drawn, fleet.warm_up_factor(of, attempt.server, now))
            }
            _ => drawn,
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
                note_fullness_of_fleet(gauges, now);
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
                let goes_on = alike.end_answer(self.slots, gauges, now);
                if gauges.queue.level() == 0 {
                    gauges.full.set(0, now);
                }
                goes_on
            }
            Servers::Individual(fleet) => {
                let goes_on = fleet.end_answer(self.settings, server, gauges, now);
                note_fullness_of_fleet(gauges, now);
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
        let roster = self.roster.as_ref().map_or(0, |roster| roster.bytes());
        let cores = self.cores.as_ref().map_or(0, |cores| cores.bytes());
        servers + roster + cores + self.guard.as_ref().map_or(0, |guard| guard.bytes())
    }
}

/// Notes whether every slot of individual servers is busy while an attempt waits at some server. A slot at a server that is
/// down or draining is one while it is held, so such slots decide nothing.
#[inline(always)]
fn note_fullness_of_fleet(gauges: &mut PoolGauges, now: Time) {
    let (held, slots) = (gauges.in_service.level() + gauges.answering.level(), gauges.slots.level());
    // The test that fails most comes first.
    let all_busy = held >= slots && slots > 0 && gauges.no_server.level() == 0;
    gauges.full.set(i64::from(all_busy && gauges.queue.level() > 0), now);
}
