//! `aimd`: additive increase, multiplicative decrease.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::limiter::{Sample, State, shrink};
use crate::units::{Probability, Span};

/// Additive increase, multiplicative decrease: the limit grows by one after each attempt that ended in time while at
/// least half of the limit was in use, and shrinks to a share after an attempt that timed out or took too long (Netflix
/// concurrency-limits, `AIMDLimit`).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Aimd {
    /// The first limit; 20 in the library.
    #[schemars(range(min = 1, max = 1_000_000), extend("x-change" = true))]
    pub initial: u64,
    /// The lowest limit; 20 in the library.
    #[schemars(range(min = 1, max = 1_000_000), extend("x-change" = true))]
    pub min: u64,
    /// The highest limit; 200 in the library.
    #[schemars(range(min = 1, max = 1_000_000), extend("x-change" = true))]
    pub max: u64,
    /// Factor on the limit after a timeout; 0.9 in the library.
    #[schemars(extend("x-change" = true))]
    backoff: Probability,
    /// Response time that counts as a timeout; 5 s in the library.
    #[schemars(extend("x-above" = "0 s", "x-change" = true))]
    timeout: Span,
}

impl Default for Aimd {
    fn default() -> Aimd {
        Aimd { initial: 20, min: 20, max: 200, backoff: Probability(0.9), timeout: Span(5_000_000_000) }
    }
}

impl Aimd {
    pub(super) fn shrunk(self, factor: f64) -> Aimd {
        let [initial, min, max] = [self.initial, self.min, self.max].map(|limit| shrink(limit, factor));
        Aimd { initial, min, max, ..self }
    }

    /// Response time that counts as a timeout.
    pub(super) fn timeout(&self) -> Span {
        self.timeout
    }

    /// Feeds a sample.
    pub(super) fn feed(&self, state: &mut State, sample: Sample) {
        let limit = if sample.dropped || sample.rtt > self.timeout {
            (state.limit * self.backoff.0).floor()
        } else if 2.0 * sample.inflight >= state.limit {
            state.limit + 1.0
        } else {
            state.limit
        };
        state.limit = limit.max(self.min as f64).min(self.max as f64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::concurrency_limit::ConcurrencyLimit;
    use crate::random::Key;

    /// Worked by hand from `AIMDLimit`: (milliseconds, inflight, dropped) and the limit after it.
    #[test]
    fn each_step_is_that_of_the_library() {
        let rule = ConcurrencyLimit::Aimd(Aimd { initial: 30, ..Aimd::default() }).compile(1.0, 1.0);
        let mut state = State::default();
        for (step, (ms, inflight, dropped, limit)) in [
            (100, 15.0, false, 31.0),
            (100, 15.0, false, 31.0),
            (100, 16.0, false, 32.0),
            (5_000, 32.0, false, 33.0),
            (5_001, 1.0, false, 29.0),
            (100, 1.0, true, 26.0),
            (100, 26.0, true, 23.0),
            (100, 26.0, true, 20.0),
            (100, 26.0, true, 20.0),
            (100, 10.0, false, 21.0),
        ]
        .into_iter()
        .enumerate()
        {
            let sample = Sample { rtt: Span(ms * 1_000_000), inflight, dropped, key: Key::root(1, 0) };
            rule.ended(&mut state, sample);
            assert_eq!(rule.most(&state), limit, "step {step}");
        }
        for _ in 0..1_000 {
            rule.ended(&mut state, Sample { rtt: Span(1), inflight: 500.0, dropped: false, key: Key::root(1, 0) });
        }
        assert_eq!(rule.most(&state), 200.0);
    }
}
