//! Peak EWMA: the server with the least expected response time among a few drawn at random.
//!
//! Finagle's `PeakEwma.scala`: a moving average of response times, which jumps to any longer time, times the load that
//! the server would have.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::random::exp;
use crate::units::{Span, Time};

/// Parameters of the choice by recent response times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PeakEwma {
    /// Number of different servers drawn, or all servers if there are fewer; 2 in Finagle and Linkerd.
    #[schemars(range(min = 1, max = 32), extend("x-change" = true))]
    pub choices: u32,
    /// Time in which the average of a server decays to 1/e while no attempt ends there; 10 s in Finagle and Linkerd.
    #[schemars(extend("x-above" = "0 s", "x-change" = true))]
    pub decay: Span,
}

impl Default for PeakEwma {
    fn default() -> PeakEwma {
        PeakEwma { choices: 2, decay: Span(10_000_000_000) }
    }
}

/// The cost of a server without history that has attempts under way, to which their number is added (`Penalty`).
const PENALTY: f64 = (i64::MAX >> 16) as f64;

/// The response times of a server, as the balancer knows them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Latency {
    /// Moving average of the response times, in nanoseconds.
    average: f64,
    /// The time of the last decay.
    at: Time,
}

impl Latency {
    /// Adds the response time of an attempt, in nanoseconds.
    pub fn observe(&mut self, set: &PeakEwma, now: Time, took: f64) {
        let weight = exp(-(now.since(self.at).0 as f64) / set.decay.0 as f64);
        self.average = if took > self.average { took } else { self.average * weight + took * (1.0 - weight) };
        self.at = now;
    }

    /// The cost of one more attempt at the server, which has `load` attempts. The average decays up to `now`.
    pub fn cost(&mut self, set: &PeakEwma, now: Time, load: u32) -> f64 {
        self.observe(set, now, 0.0);
        if self.average == 0.0 && load > 0 {
            return PENALTY + f64::from(load);
        }
        self.average * (f64::from(load) + 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: u64 = 1_000_000_000;

    #[test]
    fn a_peak_counts_at_once_and_decays_at_every_look() {
        let set = PeakEwma::default();
        let mut server = Latency::default();
        assert_eq!(server.cost(&set, Time(S), 0), 0.0, "an idle server without history costs nothing");
        assert_eq!(server.cost(&set, Time(S), 3), PENALTY + 3.0, "one that has never answered comes last");
        server.observe(&set, Time(2 * S), 8e6);
        assert_eq!(server.cost(&set, Time(2 * S), 0), 8e6);
        assert_eq!(server.cost(&set, Time(2 * S), 4), 4e7);
        // Ten seconds later the average is down to 1/e; a shorter time is mixed in, a longer one replaces it.
        let after_ten = 8e6 * libm::exp(-1.0);
        assert!((server.cost(&set, Time(12 * S), 0) / after_ten - 1.0).abs() < 1e-9);
        server.observe(&set, Time(17 * S), 1e6);
        let mixed = after_ten * libm::exp(-0.5) + 1e6 * (1.0 - libm::exp(-0.5));
        assert!((server.cost(&set, Time(17 * S), 0) / mixed - 1.0).abs() < 1e-9);
        server.observe(&set, Time(18 * S), 3e9);
        assert_eq!(server.cost(&set, Time(18 * S), 1), 6e9);
    }
}
