//! Queues: their number, their limits, their disciplines and their balancer.

pub mod codel;
pub mod controlled_delay;
pub mod discipline;
pub mod lifo;
pub mod priority;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::balancer::Balancer;
use super::individuals::Individuals;
use discipline::Discipline;
use priority::Priority;

/// Queues in which attempts wait for a slot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Queue {
    /// One queue for the whole pool, whose servers are interchangeable.
    Shared(SharedQueue),
    /// One queue for each server. A balancer sends each attempt to a server, where it stays.
    PerServer(PerServerQueue),
}

impl Default for Queue {
    fn default() -> Queue {
        Queue::Shared(SharedQueue::default())
    }
}

impl Queue {
    /// Number of attempts that may wait in the one queue of the pool; `None` if none is stated, or each server has a queue.
    pub fn shared_limit(&self) -> Option<u64> {
        match self {
            Queue::Shared(shared) if shared.limit < Limit::MOST => Some(shared.limit),
            _ => None,
        }
    }

    /// Whether two queues are both shared or both per server, and both with a priority or both without.
    pub fn is_same_kind(&self, other: &Queue) -> bool {
        self.is_per_server() == other.is_per_server() && self.priority() == other.priority()
    }

    /// Priority of classes; `None` if all are treated alike.
    fn priority(&self) -> Option<Priority> {
        match self {
            Queue::Shared(queue) => queue.priority,
            Queue::PerServer(queue) => queue.priority,
        }
    }

    /// Whether each server has a queue of its own, so that servers are individuals.
    pub fn is_per_server(&self) -> bool {
        matches!(self, Queue::PerServer(_))
    }

    /// The rule by which an attempt is sent to a server; `None` where servers share a queue.
    pub fn balancer(&self) -> Option<Balancer> {
        match self {
            Queue::Shared(_) => None,
            Queue::PerServer(queue) => Some(queue.balancer),
        }
    }

    /// Whether an attempt that meets a full queue is sent on to another server.
    pub fn redispatches(&self) -> bool {
        matches!(self, Queue::PerServer(queue) if queue.redispatch)
    }

    /// The queues of a pool at a scale, with its servers where they are individuals.
    pub fn compile(&self, scale: f64, individuals: Option<&Individuals>) -> Settings {
        match self {
            Queue::Shared(SharedQueue { limit, discipline, .. }) => Settings {
                limit: Limit::new(*limit, scale),
                discipline: *discipline,
                strict: self.priority().is_some(),
            },
            Queue::PerServer(PerServerQueue { limit, discipline, .. }) => {
                let factor = individuals.map_or(scale, |servers| servers.factor);
                Settings {
                    limit: Limit::new(*limit, factor),
                    discipline: *discipline,
                    strict: self.priority().is_some(),
                }
            }
        }
    }
}

/// One queue for the whole pool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("x-change" = true))]
pub struct SharedQueue {
    /// Largest queue length, at which attempts are rejected; 0 is a loss system. Reaching the default of 100,000,000
    /// ends the run with an error.
    #[schemars(range(min = 0, max = 100_000_000))]
    limit: u64,
    /// Order in which attempts leave the queue, and the rule by which some are dropped.
    discipline: Discipline,
    /// Priority of classes of attempts; if absent, all classes are treated alike.
    #[serde(skip_serializing_if = "Option::is_none")]
    priority: Option<Priority>,
}

impl Default for SharedQueue {
    fn default() -> SharedQueue {
        SharedQueue { limit: Limit::MOST, discipline: Discipline::default(), priority: None }
    }
}

/// One queue for each server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-change" = true))]
pub struct PerServerQueue {
    /// Largest queue length of each server, at which it rejects attempts. Reaching the default of 100,000,000 ends the
    /// run with an error.
    #[serde(default = "unstated")]
    #[schemars(range(min = 0, max = 100_000_000))]
    limit: u64,
    /// Order in which attempts leave each queue, and the rule by which some are dropped.
    #[serde(default)]
    discipline: Discipline,
    /// Rule by which an attempt is sent to a server.
    balancer: Balancer,
    /// Whether an attempt that meets a full queue is sent on to the least loaded eligible server that has room, by true
    /// loads. Otherwise a full server rejects, even while others are idle.
    #[serde(default)]
    redispatch: bool,
    /// Priority of classes of attempts; if absent, all classes are treated alike.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    priority: Option<Priority>,
}

fn unstated() -> u64 {
    Limit::MOST
}

/// The limit of a queue, as simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Queue length at which arrivals are rejected; `u64::MAX` where the file states no limit.
    pub rejects_at: u64,
}

impl Limit {
    /// Length beyond which a queue without a stated limit ends the run, and the limit that stands for none in the file.
    pub const MOST: u64 = 100_000_000;

    fn new(full_size: u64, factor: f64) -> Limit {
        Limit { rejects_at: if full_size == Limit::MOST { u64::MAX } else { super::scaled(full_size, factor) } }
    }

    /// The stated limit, if there is one.
    pub fn stated(self) -> Option<u64> {
        (self.rejects_at != u64::MAX).then_some(self.rejects_at)
    }
}

/// The queues of a pool, as simulated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// The limit of each queue.
    pub limit: Limit,
    /// Order in which attempts leave each queue, and the rule by which some are dropped.
    pub discipline: Discipline,
    /// Whether each class is a queue of its own, and higher classes come first.
    pub strict: bool,
}

#[cfg(test)]
mod tests {
    use super::super::slots::{Concurrency, Slots};
    use super::*;
    use crate::document::read;

    #[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
    struct Pool {
        #[serde(default)]
        queue: Queue,
    }

    fn queue(text: &str) -> Queue {
        read::<Pool>(text).unwrap_or_else(|error| panic!("{error}")).queue
    }

    #[test]
    fn a_stated_limit_shrinks_with_the_scale_and_rejects() {
        let queue = queue("queue = { shared = { limit = 1_000 } }").compile(0.1, None);
        assert_eq!(queue.limit.stated(), Some(100));
    }

    #[test]
    fn an_unstated_limit_stays_and_ends_the_run() {
        for text in ["# none stated", "queue = 'shared'", "queue = { shared = { discipline = 'codel' } }"] {
            let queue = queue(text).compile(0.1, None);
            assert_eq!(queue.limit.stated(), None, "{text}");
        }
    }

    #[test]
    fn a_queue_of_each_server_keeps_its_limit_unless_servers_are_merged() {
        let queue = queue("queue = { per_server = { limit = 50, balancer = 'random' } }");
        let servers = Slots { servers: 8, concurrency: Concurrency::Limited(16) };
        let limit = |scale| queue.compile(scale, Some(&Individuals::of(&servers, 8, scale))).limit.rejects_at;
        assert_eq!((limit(1.0), limit(0.5)), (50, 50));
        // One server of sixteen slots at 1:8 becomes four of four.
        assert_eq!(limit(0.125), 13);
    }

    #[test]
    fn a_queue_is_of_one_kind_and_the_other_needs_a_balancer() {
        for (text, error) in [
            (
                "queue = { shared = {}, per_server = { balancer = 'random' } }",
                "`per_server` cannot stand beside `shared`",
            ),
            ("queue = { per_server = { limit = 50 } }", "`balancer` is missing"),
            ("queue = 'per_server'", "write { per_server = {"),
        ] {
            let found = read::<Pool>(text).unwrap_err();
            assert!(found.contains(error), "{text}: {found}");
        }
    }
}
