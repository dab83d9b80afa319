//! Timers: the longest time that a pool keeps an attempt.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::Span;

/// The timers of a pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Timers {
    /// The gateway's timer, from the attempt's arrival at the pool to its reply; expiry is a 504.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true, "x-above" = "0 s"))]
    pub timeout: Option<Span>,
    /// The gateway's timer for the wait, from the attempt's arrival at the pool to its service; expiry is a 504.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true, "x-above" = "0 s"))]
    pub queue_timeout: Option<Span>,
}

impl Timers {
    /// Whether `queue_timeout` expires before `timeout` in every queue, so that `timeout` matters in service only.
    pub fn queue_timer_ends_first(&self) -> bool {
        self.queue_timeout.is_some_and(|queue| self.timeout.is_none_or(|whole| queue < whole))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_shorter_timer_of_the_queue_ends_first() {
        let ends_first = |timeout: Option<i64>, queue: Option<i64>| {
            Timers { timeout: timeout.map(Span), queue_timeout: queue.map(Span) }.queue_timer_ends_first()
        };
        assert!(ends_first(Some(5), Some(4)) && ends_first(None, Some(4)));
        assert!(!ends_first(Some(4), Some(4)) && !ends_first(Some(4), None) && !ends_first(None, None));
    }
}
