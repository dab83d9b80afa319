//! `vegas`: a limit by an estimate of the queue.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::limiter::{Sample, State, shrink};
use crate::random::Purpose;
use crate::units::Probability;

/// Estimates the queue as limit · (1 − least response time / response time) and holds it between 3 and 6 times the
/// logarithm of the limit, as TCP Vegas does with its window (Netflix concurrency-limits, `VegasLimit`). The least
/// response time is measured anew at each probe.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Vegas {
    /// The first limit; 20 in the library.
    #[schemars(range(min = 1, max = 1_000_000), extend("x-change" = true))]
    pub initial: u64,
    /// The highest limit; 1,000 in the library.
    #[schemars(range(min = 1, max = 1_000_000), extend("x-change" = true))]
    pub max: u64,
    /// Weight of the new limit in each step; 1 in the library.
    #[schemars(extend("x-change" = true))]
    smoothing: Probability,
    /// Number of samples between two probes, as a multiple of the limit, times a factor drawn between 0.5 and 1; 30 in
    /// the library.
    #[schemars(range(min = 1, max = 1_000_000), extend("x-change" = true))]
    probe_multiplier: u64,
}

impl Default for Vegas {
    fn default() -> Vegas {
        Vegas { initial: 20, max: 1_000, smoothing: Probability(1.0), probe_multiplier: 30 }
    }
}

/// The logarithm of a limit to the base of 10 in whole numbers, at least 1.
fn log10(limit: f64) -> f64 {
    libm::log10(limit.floor()).floor().max(1.0)
}

impl Vegas {
    pub(super) fn shrunk(self, factor: f64) -> Vegas {
        Vegas { initial: shrink(self.initial, factor), max: shrink(self.max, factor), ..self }
    }

    /// Feeds a sample.
    pub(super) fn feed(&self, state: &mut State, sample: Sample) {
        let jitter = || 0.5 + sample.key.draw(Purpose::Probe).uniform() / 2.0;
        let rtt = sample.rtt.0.max(1) as f64;
        if state.jitter == 0.0 {
            state.jitter = jitter();
        }
        state.samples = state.samples.saturating_add(1);
        if state.jitter * self.probe_multiplier as f64 * state.limit <= f64::from(state.samples) {
            (state.jitter, state.samples, state.rtt) = (jitter(), 0, rtt);
        } else if state.rtt == 0.0 || rtt < state.rtt {
            state.rtt = rtt;
        } else if let Some(limit) = self.step(state.limit, state.rtt / rtt, sample) {
            let limit = limit.min(self.max as f64).max(1.0);
            state.limit = (1.0 - self.smoothing.0) * state.limit + self.smoothing.0 * limit;
        }
    }

    /// The next limit, before smoothing; `None` if the limit stays. `least` is the least time over the present one.
    fn step(&self, limit: f64, least: f64, sample: Sample) -> Option<f64> {
        let (queue, log) = ((limit * (1.0 - least)).ceil(), log10(limit));
        if sample.dropped {
            return Some(limit - log);
        }
        if 2.0 * sample.inflight < limit {
            return None;
        }
        if queue <= log {
            Some(limit + 6.0 * log)
        } else if queue < 3.0 * log {
            Some(limit + log)
        } else if queue > 6.0 * log {
            Some(limit - log)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::concurrency_limit::ConcurrencyLimit;
    use crate::random::Key;
    use crate::units::Span;

    /// Worked by hand from `VegasLimit`: (milliseconds, inflight, dropped) and the limit after it.
    #[test]
    fn each_step_is_that_of_the_library() {
        let rule = ConcurrencyLimit::Vegas(Vegas::default()).compile(1.0, 1.0);
        let mut state = State::default();
        for (step, (ms, inflight, dropped, limit)) in [
            (100, 20.0, false, 20.0), // the first time is the least
            (90, 20.0, false, 20.0),  // a lower one
            (90, 9.0, false, 20.0),   // fewer than half are in use
            (90, 20.0, false, 26.0),  // no queue: + 6
            (94, 26.0, false, 27.0),  // queue ceil(26 · 4/94) = 2: + 1
            (100, 27.0, false, 27.0), // queue ceil(2.7) = 3: between 3 and 6
            (115, 27.0, false, 27.0), // queue ceil(5.87) = 6
            (130, 27.0, false, 26.0), // queue ceil(8.3) = 9: − 1
            (90, 3.0, true, 25.0),    // a drop, whatever is in use
        ]
        .into_iter()
        .enumerate()
        {
            let sample = Sample { rtt: Span(ms * 1_000_000), inflight, dropped, key: Key::root(1, 0) };
            rule.ended(&mut state, sample);
            assert_eq!(rule.most(&state), limit, "step {step}");
        }
    }

    #[test]
    fn the_logarithm_grows_the_steps_and_the_limit_has_bounds() {
        assert_eq!([1.0, 9.9, 99.0, 100.0, 999.9, 1_000.0].map(log10), [1.0, 1.0, 1.0, 2.0, 2.0, 3.0]);
        let rule = ConcurrencyLimit::Vegas(Vegas { initial: 120, ..Vegas::default() }).compile(1.0, 1.0);
        let mut state = State::default();
        let mut feed = |ms: i64, dropped| {
            let sample = Sample { rtt: Span(ms * 1_000_000), inflight: 1e6, dropped, key: Key::root(1, 0) };
            rule.ended(&mut state, sample);
            rule.most(&state)
        };
        assert_eq!([feed(10, false), feed(10, false), feed(10, true)], [120.0, 132.0, 130.0]);
        assert_eq!((0..200).map(|_| feed(10, false)).last(), Some(1_000.0));
        assert_eq!((0..2_000).map(|_| feed(10, true)).fold(f64::MAX, f64::min), 1.0);
    }

    /// With a limit that stays at 20, the least time is measured anew after 300 to 600 samples.
    #[test]
    fn the_least_time_is_measured_anew_now_and_then() {
        let set = Vegas { max: 20, ..Vegas::default() };
        let rule = ConcurrencyLimit::Vegas(set).compile(1.0, 1.0);
        let mut state = State::default();
        let (mut least, mut probes, mut last) = (0.0, Vec::new(), 0);
        for n in 0..20_000_u32 {
            // Times that grow are never a new least by themselves.
            let rtt = Span(1_000_000 + i64::from(n));
            rule.ended(&mut state, Sample { rtt, inflight: 1.0, dropped: false, key: Key::root(1, 0).with(n.into()) });
            if n > 0 && state.rtt != least {
                probes.push(n - last);
                last = n;
            }
            least = state.rtt;
        }
        assert!(probes.iter().all(|gap| (300..=601).contains(gap)) && probes.len() > 30, "{probes:?}");
        assert!(probes.iter().max() > Some(&500) && probes.iter().min() < Some(&400), "{probes:?}");
    }
}
