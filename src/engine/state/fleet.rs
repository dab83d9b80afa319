//! Individual servers: each has a number and slots of its own, and a queue of its own or one that all share.
//!
//! A balancer chooses a server with a queue of its own when an attempt comes. Servers that share a queue take attempts
//! out of it when a slot is free: the free server with the fewest busy slots first, the lowest number among equals.

mod admission;
mod ahead;
mod balance;
mod busy;
mod health;
mod index;
mod indices;
mod life;
mod lives;
mod members;

use super::attempt::{Attempt, Stage};
use super::health::Health;
use super::held::Held;
use super::lane::{Lanes, Turn};
use super::line::Line;
use super::server::Next;
use super::slab::Slab;
use super::standing::{Standing, Standings};
use crate::measure::PoolGauges;
use crate::policy::balancer::{self, Loads};
use crate::policy::differences::SpeedSum;
use crate::policy::fleet;
use crate::policy::pool::Settings;
use crate::policy::queue::Limit;
use crate::policy::queue::discipline::Discipline;
use crate::policy::queue::priority::Class;
use crate::units::Time;
use index::Index;
use life::Life;
pub use life::Overfull;

/// The number of no server, when no server takes new attempts.
pub const NO_SERVER: u32 = u32::MAX;

/// One server at work.
#[derive(Clone, Copy, Default)]
struct Individual {
    /// Slots that serve or answer.
    busy: u32,
    /// Slots that answer an attempt that was turned away.
    answering: u32,
    standing: Standing,
    /// Number of servers that had the number before, and of repairs since.
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
    /// By server, the time at which it began; `None` for a server of the start.
    began: Vec<Option<Time>>,
    /// Number of servers by standing.
    standings: Standings,
    /// Speeds of the servers that are up and not removed; unused where all servers are alike.
    speeds: SpeedSum,
    /// Attempts in service.
    in_service: u64,
    /// Slots that are held at servers which do not count, since they are down or draining.
    held_beyond: u64,
    /// One for each server, or one for all.
    queues: Vec<Waiting>,
    /// Whether the servers share one queue.
    shares_queue: bool,
    /// By server with a queue of its own: attempts queued and in service.
    loads: Loads,
    index: Index,
    balancer: balancer::State,
    /// By row of an attempt, the time at which it reached its server; empty where no balancer uses response times.
    reached: Vec<Time>,
    health: Health,
    /// The attempts in the slots of each server; `None` where no server ever loses them.
    held: Option<Box<Held>>,
    /// By server, its life; empty where no server ever crashes.
    lives: Vec<Life>,
    /// Whether servers with a full queue crash (`when_full`).
    watches_fullness: bool,
    /// Whether the servers of the start have been added.
    opened: bool,
}

impl Fleet {
    /// A fleet without servers.
    pub fn new(set: &Settings, of: &fleet::Settings) -> Fleet {
        Fleet {
            servers: Vec::new(),
            began: Vec::new(),
            standings: Standings::default(),
            speeds: SpeedSum::default(),
            in_service: 0,
            held_beyond: 0,
            queues: vec![Waiting::new(set); 1],
            shares_queue: of.balancer.is_none(),
            loads: Loads::new(0),
            index: Index::default(),
            balancer: balancer::State::default(),
            reached: Vec::new(),
            health: Health::default(),
            held: of.loses.then(Box::default),
            lives: Vec::new(),
            watches_fullness: false,
            opened: false,
        }
    }

    /// Bytes of the servers.
    pub fn bytes(&self) -> usize {
        self.servers.capacity() * size_of::<Individual>()
            + self.began.capacity() * size_of::<Option<Time>>()
            + self.queues.capacity() * size_of::<Waiting>()
            + self.index.bytes()
            + self.reached.capacity() * size_of::<Time>()
            + self.held.as_ref().map_or(0, |held| held.bytes())
            + self.lives.capacity() * size_of::<Life>()
    }

    /// The factor on work that begins now at a server, above 1 during its warm-up.
    #[inline]
    pub fn warm_up_factor(&self, of: &fleet::Settings, server: u32, now: Time) -> f64 {
        let Some(warm_up) = &of.warm_up else { return 1.0 };
        self.began[server as usize].map_or(1.0, |began| warm_up.factor(now.since(began)))
    }

    /// Number of servers, those that have been removed included.
    pub fn len(&self) -> usize {
        self.servers.len()
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
        (0..self.servers.len() as u32).filter(|server| self.counts(*server))
    }

    /// Whether a server is up and not removed.
    #[inline]
    pub fn counts(&self, server: u32) -> bool {
        self.servers[server as usize].standing.counts()
    }

    /// Number of servers that are up and not removed.
    pub fn up(&self) -> u32 {
        self.standings.up
    }

    /// The number of the queue in which attempts of a server wait.
    #[inline]
    fn queue_of(&self, server: u32) -> usize {
        if self.shares_queue { 0 } else { server as usize }
    }

    /// Whether the queue of a server without a stated limit is longer than a run can hold.
    #[inline]
    pub fn overflows(&self, server: u32) -> bool {
        self.queues[self.queue_of(server)].lanes.len() > Limit::MOST
    }

    /// The time since which the queue of a class at a server has not been empty; of an empty queue, of no meaning.
    pub fn stands_since(&self, server: u32, class: Class) -> Time {
        self.queues[self.queue_of(server)].lanes.stands_since(class)
    }

    /// Whether [`Fleet::next`] has any effect once a slot of a server becomes free, if only that CoDel sees an empty
    /// queue.
    #[inline]
    pub fn has_next(&self, set: &Settings, server: u32) -> bool {
        let queue = &self.queues[self.queue_of(server)];
        queue.unanswered > 0 || queue.lanes.len() > 0 || matches!(set.queue.discipline, Discipline::CoDel(_))
    }

    /// The next work of a server with a free slot: answers to attempts that were turned away come before the queue.
    #[inline]
    pub fn next(
        &mut self,
        set: &Settings,
        server: u32,
        attempts: &mut Slab<Attempt>,
        gauges: &mut PoolGauges,
        now: Time,
    ) -> Next {
        let number = self.queue_of(server);
        let queue = &mut self.queues[number];
        if queue.unanswered > 0 {
            queue.unanswered -= 1;
            self.servers[server as usize].answering += 1;
            self.hold(set, server, 1, gauges, now);
            self.note(set, server);
            self.look_at_fullness(set, server, now);
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
                self.look_at_fullness(set, server, now);
                Next::Drop(row)
            }
        }
    }

    /// The server with a free slot that takes the next attempt out of the queue of a server.
    #[inline]
    pub fn free_server(&self, set: &Settings, server: u32) -> Option<u32> {
        if self.shares_queue {
            return self.free_of_all(set);
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
        self.look_at_fullness(set, server, now);
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
        self.look_at_fullness(set, server, now);
    }

    /// Evicts the newest attempt of the lowest class present from the queue of a server, to make room for a higher
    /// class.
    pub fn evict(
        &mut self,
        set: &Settings,
        server: u32,
        class: Class,
        attempts: &mut Slab<Attempt>,
        gauges: &mut PoolGauges,
        now: Time,
    ) -> Option<u32> {
        let number = self.queue_of(server);
        let row = self.queues[number].lanes.evict(class, attempts)?;
        gauges.queue.add(-1, now);
        self.release(set, row, server, now);
        self.note_queue(set, server);
        self.look_at_fullness(set, server, now);
        Some(row)
    }

    /// Begins the service of the attempt of a row at its server.
    #[inline]
    pub fn begin_service(
        &mut self,
        set: &Settings,
        row: u32,
        attempt: &mut Attempt,
        gauges: &mut PoolGauges,
        now: Time,
    ) {
        attempt.stage = Stage::InService;
        attempt.reached = now;
        self.in_service += 1;
        self.hold(set, attempt.server, 1, gauges, now);
        if let Some(held) = &mut self.held {
            held.join(row, attempt.server);
        }
        self.note(set, attempt.server);
        self.look_at_fullness(set, attempt.server, now);
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
        self.in_service -= 1;
        self.hold(set, server, -1, gauges, now);
        if let Some(held) = &mut self.held {
            held.leave(row, server);
        }
        self.release(set, row, server, now);
        self.note(set, server);
        self.look_at_fullness(set, server, now);
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
        self.hold(set, server, -1, gauges, now);
        self.note(set, server);
        self.look_at_fullness(set, server, now);
        gauges.answering.add(-1, now);
        false
    }

    /// Panics unless the numbers of servers agree with a count over all servers.
    pub fn assert_standings(&self) {
        let counted = Standings::of(self.servers.iter().map(|server| server.standing));
        assert_eq!(self.standings, counted, "the numbers of servers do not agree with their standings");
        assert_eq!(
            self.held_beyond,
            self.count_beyond(),
            "the slots held beyond those that count do not agree with the servers"
        );
        assert_eq!(self.in_service, self.levels()[1], "the attempts in service do not agree with those of the servers");
    }

    /// Attempts queued, attempts in service, and slots that answer, of all servers together.
    pub fn levels(&self) -> [u64; 3] {
        let queued = self.queues.iter().map(|queue| queue.lanes.len()).sum();
        let sum = |level: fn(&Individual) -> u32| self.servers.iter().map(|server| u64::from(level(server))).sum();
        [queued, sum(|server| server.busy - server.answering), sum(|server| server.answering)]
    }
}
