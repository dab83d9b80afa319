//! Controlled delay: a queue timeout that is long in calm and short while a queue stands.
//!
//! B. Maurer, Fail at Scale, ACM Queue 13(8), 2015. A burst may wait for the longer time. A queue that has not been
//! empty for that long is a standing queue, in which each attempt may wait for the shorter time only.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Span, Time};

/// Queue timeout by the state of the queue when the attempt joins it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ControlledDelay {
    /// Timeout in a standing queue, which has not been empty within the last `interval`; 5 ms in "Fail at Scale".
    #[schemars(extend("x-above" = "0 s", "x-change" = true))]
    pub target: Span,
    /// Timeout in any other queue; 100 ms in "Fail at Scale".
    #[schemars(extend("x-above" = "0 s", "x-change" = true))]
    pub interval: Span,
}

impl Default for ControlledDelay {
    fn default() -> ControlledDelay {
        ControlledDelay { target: Span(5_000_000), interval: Span(100_000_000) }
    }
}

impl ControlledDelay {
    /// The wait allowed to an attempt that joins at `now` a queue that has not been empty since `stands_since`.
    pub fn allowed(&self, now: Time, stands_since: Time) -> Span {
        if now.since(stands_since) >= self.interval { self.target } else { self.interval }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rule of "Fail at Scale", in the notation of the article: M = 5 ms, N = 100 ms.
    #[test]
    fn a_standing_queue_allows_the_target_and_any_other_the_interval() {
        let set = ControlledDelay::default();
        let allowed = |ms: u64| set.allowed(Time(7_000_000 + ms * 1_000_000), Time(7_000_000)).0 / 1_000_000;
        assert_eq!([0, 1, 99, 100, 101, 60_000].map(allowed), [100, 100, 100, 5, 5, 5]);
    }
}
