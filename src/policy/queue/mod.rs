//! Queues: where attempts wait for a slot.

pub mod codel;
pub mod discipline;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where attempts wait for a slot.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    /// One queue for the whole pool, first come first served.
    #[serde(default)]
    #[schemars(extend("x-change" = true))]
    shared: SharedQueue,
}

impl Queue {
    /// The queue at a scale.
    pub fn compile(&self, scale: f64) -> Settings {
        let SharedQueue { limit } = self.shared;
        let limit_is_fatal = limit == SharedQueue::UNSTATED_LIMIT;
        Settings { limit: if limit_is_fatal { limit } else { super::scaled(limit, scale) }, limit_is_fatal }
    }
}

/// One queue for the whole pool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SharedQueue {
    /// How many attempts may wait; 0 is a loss system. Reaching the default of 100,000,000 ends the run with an error.
    #[serde(default = "SharedQueue::unstated_limit")]
    #[schemars(range(min = 0, max = 100_000_000))]
    limit: u64,
}

impl SharedQueue {
    /// Limit of a queue that states none; reaching it is a reported end of the run.
    const UNSTATED_LIMIT: u64 = 100_000_000;

    fn unstated_limit() -> u64 {
        SharedQueue::UNSTATED_LIMIT
    }
}

impl Default for SharedQueue {
    fn default() -> SharedQueue {
        SharedQueue { limit: SharedQueue::UNSTATED_LIMIT }
    }
}

/// A queue as simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How many attempts may wait.
    pub limit: u64,
    /// Whether the file states no limit, so that reaching it ends the run.
    pub limit_is_fatal: bool,
}

impl Settings {
    /// Queue length at which arrivals are rejected; `u64::MAX` where the pool states no limit.
    pub fn rejects_at(&self) -> u64 {
        if self.limit_is_fatal { u64::MAX } else { self.limit }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stated_limit_shrinks_with_the_scale_and_rejects() {
        let queue = Queue { shared: SharedQueue { limit: 1_000 } }.compile(0.1);
        assert_eq!((queue.limit, queue.rejects_at()), (100, 100));
    }

    #[test]
    fn an_unstated_limit_stays_and_rejects_nobody() {
        let queue = Queue::default().compile(0.1);
        assert_eq!((queue.limit, queue.rejects_at()), (100_000_000, u64::MAX));
        assert!(queue.limit_is_fatal);
    }
}
