//! `gradient2`: a limit by the ratio of the long-term mean of response times to the latest one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::limiter::{Sample, State, shrink};
use crate::units::Probability;

/// Multiplies the limit by the ratio of the long-term mean of response times to the latest one, between 0.5 and 1, and
/// adds an allowed queue (Netflix concurrency-limits, `Gradient2Limit`). The time of an attempt that timed out counts
/// like any other.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Gradient2 {
    /// The first limit; 20 in the library.
    #[schemars(range(min = 1, max = 1_000_000), extend("x-change" = true))]
    pub initial: u64,
    /// The lowest limit; 20 in the library.
    #[schemars(range(min = 1, max = 1_000_000), extend("x-change" = true))]
    pub min: u64,
    /// The highest limit; 200 in the library.
    #[schemars(range(min = 1, max = 1_000_000), extend("x-change" = true))]
    pub max: u64,
    /// Weight of the new limit in each step; 0.2 in the library.
    #[schemars(extend("x-change" = true))]
    smoothing: Probability,
    /// Allowed queue, in attempts; 4 in the library.
    #[schemars(range(min = 0, max = 1_000_000), extend("x-change" = true))]
    queue: u64,
    /// Number of samples in the long-term mean; 600 in the library.
    #[schemars(range(min = 1, max = 1_000_000), extend("x-change" = true))]
    window: u64,
    /// Ratio of a response time to the long-term mean up to which the limit does not shrink; 1.5 in the library.
    #[schemars(range(min = 1.0, max = 1000.0), extend("x-change" = true))]
    tolerance: f64,
}

impl Default for Gradient2 {
    fn default() -> Gradient2 {
        Gradient2 { initial: 20, min: 20, max: 200, smoothing: Probability(0.2), queue: 4, window: 600, tolerance: 1.5 }
    }
}

/// Number of first samples whose plain mean starts the long-term mean.
const FIRST: u32 = 10;

impl Gradient2 {
    pub(super) fn shrunk(self, factor: f64) -> Gradient2 {
        let [initial, min, max] = [self.initial, self.min, self.max].map(|limit| shrink(limit, factor));
        Gradient2 { initial, min, max, ..self }
    }

    /// Feeds a sample.
    pub(super) fn feed(&self, state: &mut State, sample: Sample) {
        let short = sample.rtt.0.max(1) as f64;
        if state.samples < FIRST {
            state.samples += 1;
            state.rtt += (short - state.rtt) / f64::from(state.samples);
        } else {
            state.rtt += (short - state.rtt) * 2.0 / (self.window as f64 + 1.0);
        }
        let long = state.rtt;
        if long / short > 2.0 {
            state.rtt *= 0.95;
        }
        if sample.inflight < state.limit / 2.0 {
            return;
        }
        let gradient = (self.tolerance * long / short).clamp(0.5, 1.0);
        let limit = state.limit * gradient + self.queue as f64;
        let limit = state.limit * (1.0 - self.smoothing.0) + limit * self.smoothing.0;
        state.limit = limit.max(self.min as f64).min(self.max as f64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::concurrency_limit::ConcurrencyLimit;
    use crate::random::{Key, Purpose};
    use crate::units::Span;

    /// `Gradient2Limit` and its `ExpAvgMeasurement`, line by line.
    struct Library {
        limit: f64,
        long: f64,
        sum: f64,
        count: u32,
    }

    impl Library {
        fn add(&mut self, sample: f64) -> f64 {
            if self.count < 10 {
                self.count += 1;
                self.sum += sample;
                self.long = self.sum / f64::from(self.count);
            } else {
                let factor = 2.0 / (600.0 + 1.0);
                self.long = self.long * (1.0 - factor) + sample * factor;
            }
            self.long
        }

        fn update(&mut self, rtt: f64, inflight: f64) -> i64 {
            let long = self.add(rtt);
            if long / rtt > 2.0 {
                self.long *= 0.95;
            }
            if inflight < self.limit / 2.0 {
                return self.limit as i64;
            }
            let gradient = (1.5 * long / rtt).clamp(0.5, 1.0);
            let new = self.limit * gradient + 4.0;
            let new = self.limit * (1.0 - 0.2) + new * 0.2;
            self.limit = new.clamp(20.0, 200.0);
            self.limit as i64
        }
    }

    #[test]
    fn each_step_is_that_of_the_library() {
        let rule = ConcurrencyLimit::Gradient2(Gradient2::default()).compile(1.0, 1.0);
        let (mut state, mut library) = (State::default(), Library { limit: 20.0, long: 0.0, sum: 0.0, count: 0 });
        let mut draw = Key::root(3, 0).draw(Purpose::Probe);
        let (mut lowest, mut highest) = (i64::MAX, 0);
        for step in 0..20_000 {
            // Calm, then a time of three times as long, then calm again, and so on.
            let factor = if step / 1_000 % 3 == 1 { 3.0 } else { 1.0 };
            let rtt = Span((1e8 * factor * (0.5 + draw.uniform())) as i64);
            let inflight = (library.limit * draw.uniform() * 1.5).floor();
            rule.ended(&mut state, Sample { rtt, inflight, dropped: step % 7 == 0, key: Key::root(1, 0) });
            let limit = library.update(rtt.0 as f64, inflight);
            (lowest, highest) = (lowest.min(limit), highest.max(limit));
            // The plain mean is a sum here and a recurrence there, so they may differ in the last bit.
            assert!((state.limit - library.limit).abs() < 1e-6, "step {step}: {} and {}", state.limit, library.limit);
        }
        assert!(lowest < 60 && highest == 200, "{lowest} to {highest}");
    }
}
