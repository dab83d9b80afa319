//! Individual servers: each has a number and slots of its own, and a queue of its own or one that all share.
//!
//! A server with a queue of its own is chosen by a balancer when an attempt comes. Servers that share a queue take attempts
//! out of it when a slot is free; among free servers the one with the fewest busy slots does, the lowest number among equals.

mod admission;
mod balance;
mod health;

use super::attempt::{Attempt, Stage};
use super::health::Health;
use super::lane::{Lanes, Turn};
use super::line::Line;
use super::server::Next;
use super::slab::Slab;
use super::standing::{Reason, Standing};
use crate::measure::PoolGauges;
use crate::policy::balancer::{self, ABSENT, Least, Loads};
use crate::policy::pool::Settings;
use crate::policy::queue::Limit;
use crate::policy::queue::discipline::Discipline;
use crate::policy::queue::priority::Class;
use crate::policy::{fleet, pool};
use crate::units::Time;

/// The number of no server: no server takes new attempts.
pub const NO_SERVER: u32 = u32::MAX;

/// One server at work.
#[derive(Clone, Copy, Default)]
struct Individual {
    /// Slots that serve or answer.
    busy: u32,
    /// Slots that answer an attempt that was turned away.
    answering: u32,
    standing: Standing,
    /// Number of servers that had the number before.
    incarnation: u32,
}

/// The attempts that wait for one server, or for all.
#[derive(Clone)]
struct Waiting {
    lanes: Lanes<Line>,
    /// Answers to attempts that were turned away, which wait for a slot.
    unanswered: u64,
}

impl Waiting {
    /// An empty queue.
    fn new(set: &Settings) -> Waiting {
        Waiting { lanes: Lanes::new(set.queue.strict), unanswered: 0 }
    }
}

/// The individual servers of a pool, by number. Every method that changes a level changes the gauge of the pool with it.
pub struct Fleet {
    servers: Vec<Individual>,
    /// One for each server, or one for all.
    queues: Vec<Waiting>,
    /// Whether the servers share one queue.
    shares_queue: bool,
    /// By server with a queue of its own: attempts queued and in service.
    loads: Loads,
    /// Servers that share a queue and have a free slot, by busy slots.
    free: Least,
    balancer: balancer::State,
    /// By row of an attempt: when it reached its server; empty where no balancer remembers how long attempts take.
    reached: Vec<Time>,
    health: Health,
}

impl Fleet {
    /// The servers of a pool, idle.
    pub fn new(set: &pool::Settings, of: &fleet::Settings) -> Fleet {
        let mut fleet = Fleet {
            servers: Vec::new(),
            queues: vec![Waiting::new(set); 1],
            shares_queue: of.balancer.is_none(),
            loads: Loads::new(0),
            free: Least::new(std::iter::empty()),
            balancer: balancer::State::default(),
            reached: Vec::new(),
            health: Health::default(),
        };
        fleet.configure(set, of);
        fleet
    }

    /// Puts new settings into force.
    ///
    /// Servers that go are those of the highest numbers: they take nothing new and finish what they hold. A server that
    /// comes has the lowest number that no server has, those that still finish included.
    pub fn configure(&mut self, set: &pool::Settings, of: &fleet::Settings) {
        let serving = self.servers.iter().filter(|server| server.standing.belongs()).count() as u32;
        let mut surplus = serving.saturating_sub(of.servers.servers);
        for number in (0..self.servers.len()).rev() {
            if surplus > 0 && self.servers[number].standing.belongs() {
                self.servers[number].standing.set(Reason::Draining, true);
                self.health.forget(number as u32);
                surplus -= 1;
            }
        }
        let mut missing = of.servers.servers.saturating_sub(serving);
        for number in 0..self.servers.len() {
            if missing > 0 && !self.servers[number].standing.belongs() && self.is_idle(number) {
                let incarnation = self.servers[number].incarnation + 1;
                self.servers[number] = Individual { incarnation, ..Individual::default() };
                if let Some(queue) = self.queues.get_mut(number).filter(|_| !self.shares_queue) {
                    *queue = Waiting::new(set);
                }
                self.loads.renew(number as u32);
                self.balancer.renew(number as u32);
                missing -= 1;
            }
        }
        self.servers.resize(self.servers.len() + missing as usize, Individual::default());
        self.loads.resize(self.servers.len() as u32);
        if !self.shares_queue {
            self.queues.resize(self.servers.len(), Waiting::new(set));
        }
        self.examine(of);
        if let Some(balancer) = &of.balancer {
            self.loads.see_at_multiples_of(balancer.view_age());
            self.loads.index_least(balancer.wants_least());
            self.loads.index_room(of.redispatch);
            let belongs = |server: &Individual| server.standing.belongs();
            let numbers = self.servers.iter().rposition(belongs).map_or(0, |highest| highest as u32 + 1);
            self.balancer.configure(balancer, self.servers.len() as u32, numbers);
        }
        if self.shares_queue {
            self.free = Least::new(self.servers.iter().map(|_| ABSENT));
        }
        (0..self.servers.len() as u32).for_each(|server| self.note(set, server));
    }

    /// Whether a server holds nothing of its own.
    fn is_idle(&self, number: usize) -> bool {
        let queue = self.queues.get(number).filter(|_| !self.shares_queue);
        self.servers[number].busy == 0 && queue.is_none_or(|queue| queue.unanswered == 0 && queue.lanes.len() == 0)
    }

    /// Bytes of the servers.
    pub fn bytes(&self) -> usize {
        self.servers.capacity() * size_of::<Individual>()
            + self.queues.capacity() * size_of::<Waiting>()
            + self.reached.capacity() * size_of::<Time>()
    }

    /// Number of servers that had the number of a server before it.
    pub fn incarnation(&self, server: u32) -> u32 {
        self.servers[server as usize].incarnation
    }

    /// Number of queues.
    pub fn queues(&self) -> u32 {
        self.queues.len() as u32
    }

    /// The numbers of the servers that are up and not removed.
    pub fn counted(&self) -> impl Iterator<Item = u32> + '_ {
        let counts = |(_, server): &(usize, &Individual)| server.standing.belongs() && server.standing.is_up();
        self.servers.iter().enumerate().filter(counts).map(|(number, _)| number as u32)
    }

    /// The number of the queue in which attempts of a server wait.
    #[inline]
    fn queue_of(&self, server: u32) -> usize {
        if self.shares_queue { 0 } else { server as usize }
    }

    /// Whether the queue of a server without a stated limit is longer than a run can hold.
    pub fn overflows(&self, server: u32) -> bool {
        self.queues[self.queue_of(server)].lanes.len() > Limit::MOST
    }

    /// The time since which the queue of a class at a server has not been empty; of an empty queue, of no meaning.
    pub fn stands_since(&self, server: u32, class: Class) -> Time {
        self.queues[self.queue_of(server)].lanes.stands_since(class)
    }

    /// Whether a slot of a server that becomes free has anything to ask for, be it only that CoDel learns of an empty queue.
    #[inline]
    pub fn has_next(&self, set: &Settings, server: u32) -> bool {
        let queue = &self.queues[self.queue_of(server)];
        queue.unanswered > 0 || queue.lanes.len() > 0 || matches!(set.queue.discipline, Discipline::CoDel(_))
    }

    /// What a slot does next that may have become free at a server: answers to attempts that were turned away come before the
    /// queue.
    pub fn next(
        &mut self,
        set: &Settings,
        server: u32,
        attempts: &mut Slab<Attempt>,
        gauges: &mut PoolGauges,
        now: Time,
    ) -> Next {
        let Some(server) = self.free_server(set, server) else { return Next::Idle };
        let number = self.queue_of(server);
        let queue = &mut self.queues[number];
        if queue.unanswered > 0 {
            queue.unanswered -= 1;
            self.servers[server as usize].answering += 1;
            self.servers[server as usize].busy += 1;
            self.note(set, server);
            gauges.answering.add(1, now);
            return Next::Answer(server);
        }
        let Some(turn) = queue.lanes.take(&set.queue.discipline, attempts, now) else { return Next::Idle };
        gauges.queue.add(-1, now);
        match turn {
            Turn::Serve(row) => {
                attempts[row].server = server;
                Next::Serve(row)
            }
            Turn::Drop(row) => {
                self.release(set, row, server, now);
                self.note(set, server);
                Next::Drop(row)
            }
        }
    }

    /// The server with a free slot whose turn it is to look at the queue of a server.
    #[inline]
    fn free_server(&self, set: &Settings, server: u32) -> Option<u32> {
        if self.shares_queue {
            return self.free.nth(0);
        }
        let at = &self.servers[server as usize];
        (at.standing.is_up() && u64::from(at.busy) < set.slots_of_one()).then_some(server)
    }

    /// Puts an attempt into the queue of its server.
    pub fn enqueue(
        &mut self,
        set: &Settings,
        row: u32,
        attempts: &mut Slab<Attempt>,
        gauges: &mut PoolGauges,
        now: Time,
    ) {
        let server = attempts[row].server;
        let number = self.queue_of(server);
        self.queues[number].lanes.push(row, attempts, now);
        gauges.queue.rise(now);
        self.note_queue(set, server);
    }

    /// Notes that the queue of a server has changed.
    #[inline]
    fn note_queue(&mut self, set: &Settings, server: u32) {
        if !self.shares_queue {
            self.note(set, server);
        }
    }

    /// Takes an attempt out of the queue of its server before its turn.
    pub fn leave_queue(
        &mut self,
        set: &Settings,
        row: u32,
        attempts: &mut Slab<Attempt>,
        gauges: &mut PoolGauges,
        now: Time,
    ) {
        let server = attempts[row].server;
        let number = self.queue_of(server);
        self.queues[number].lanes.leave(row, attempts);
        gauges.queue.add(-1, now);
        self.release(set, row, server, now);
        self.note_queue(set, server);
    }

    /// Takes the newest attempt of the lowest class present out of the queue of a server, to make room for one of a higher class.
    pub fn push_out(
        &mut self,
        set: &Settings,
        server: u32,
        class: Class,
        attempts: &mut Slab<Attempt>,
        gauges: &mut PoolGauges,
        now: Time,
    ) -> Option<u32> {
        let number = self.queue_of(server);
        let row = self.queues[number].lanes.push_out(class, attempts)?;
        gauges.queue.add(-1, now);
        self.release(set, row, server, now);
        self.note_queue(set, server);
        Some(row)
    }

    /// Begins the service of an attempt at its server.
    #[inline]
    pub fn begin_service(&mut self, set: &Settings, attempt: &mut Attempt, gauges: &mut PoolGauges, now: Time) {
        attempt.stage = Stage::InService;
        attempt.reached = now;
        self.servers[attempt.server as usize].busy += 1;
        self.note(set, attempt.server);
        gauges.in_service.add(1, now);
    }

    /// Ends the service of an attempt at its server and records how long it took.
    #[inline]
    pub fn end_service(
        &mut self,
        set: &Settings,
        row: u32,
        attempts: &mut Slab<Attempt>,
        gauges: &mut PoolGauges,
        now: Time,
    ) {
        let attempt = &mut attempts[row];
        attempt.stage = Stage::Gone;
        attempt.service = now.since(attempt.reached);
        let server = attempt.server;
        self.servers[server as usize].busy -= 1;
        self.release(set, row, server, now);
        self.note(set, server);
        gauges.in_service.add(-1, now);
    }

    /// Notes an answer to an attempt that was turned away at a server, which waits for a slot.
    pub fn owe_answer(&mut self, server: u32) {
        let number = self.queue_of(server);
        self.queues[number].unanswered += 1;
    }

    /// Ends an answer to an attempt that was turned away. True if the slot goes on to the next answer at once.
    pub fn end_answer(&mut self, set: &Settings, server: u32, gauges: &mut PoolGauges, now: Time) -> bool {
        let number = self.queue_of(server);
        let at = &mut self.servers[server as usize];
        let stays = at.standing.is_up() && (at.standing.belongs() || !self.shares_queue);
        if self.queues[number].unanswered > 0 && u64::from(at.busy) <= set.slots_of_one() && stays {
            self.queues[number].unanswered -= 1;
            return true;
        }
        at.answering -= 1;
        at.busy -= 1;
        self.note(set, server);
        gauges.answering.add(-1, now);
        false
    }

    /// Attempts queued, attempts in service, and slots that answer, of all servers together.
    pub fn levels(&self) -> [u64; 3] {
        let queued = self.queues.iter().map(|queue| queue.lanes.len()).sum();
        let sum = |level: fn(&Individual) -> u32| self.servers.iter().map(|server| u64::from(level(server))).sum();
        [queued, sum(|server| server.busy - server.answering), sum(|server| server.answering)]
    }
}
