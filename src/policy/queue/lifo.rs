//! Last come, first served: always, or only while a queue stands.
//!
//! Under a surge the clients of the newest attempts still wait; those of the oldest are about to leave. B. Maurer, Fail
//! at Scale, ACM Queue 13(8), 2015, serves the newest first while a queue builds up, and in order otherwise.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Span, Time};

/// Last come, first served while the queue has not been empty for `after`; otherwise first come, first served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AdaptiveLifo {
    /// Time that a queue must stand before the newest attempt comes first; 100 ms in "Fail at Scale".
    #[schemars(extend("x-at-least" = "0 s", "x-change" = true))]
    pub after: Span,
}

impl Default for AdaptiveLifo {
    fn default() -> AdaptiveLifo {
        AdaptiveLifo { after: Span(100_000_000) }
    }
}

impl AdaptiveLifo {
    /// Whether the newest attempt comes first at `now` in a queue that has not been empty since `stands_since`.
    pub fn takes_newest(&self, now: Time, stands_since: Time) -> bool {
        now.since(stands_since) >= self.after
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_comes_first_once_the_queue_has_stood_for_long_enough() {
        let set = AdaptiveLifo::default();
        let newest = |ms: u64| set.takes_newest(Time(1_000_000_000 + ms * 1_000_000), Time(1_000_000_000));
        assert_eq!([0, 99, 100, 5_000].map(newest), [false, false, true, true]);
        let always = AdaptiveLifo { after: Span::ZERO };
        assert!(always.takes_newest(Time(7), Time(7)));
    }
}
