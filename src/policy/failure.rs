//! Failure: attempts that fail at the end of their service.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::random::{Key, Purpose};
use crate::units::Probability;

/// The failures of a pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Failure {
    /// Probability that an attempt ends as `failed`, drawn for each attempt.
    #[serde(default)]
    #[schemars(extend("x-change" = true))]
    failure: Probability,
}

impl Failure {
    /// Probability that an attempt ends as `failed`.
    pub fn probability(&self) -> f64 {
        self.failure.0
    }

    /// Whether the attempt of this key fails at the end of its service, by the pool's probability or by that of its server.
    #[inline]
    pub fn happens(&self, attempt: Key, server: f64) -> bool {
        (self.failure.0 > 0.0 || server > 0.0) && attempt.draw(Purpose::Failure).happens(self.together(server))
    }

    /// Probability that an attempt fails by the pool's probability or by that of its server.
    fn together(&self, server: f64) -> f64 {
        if server == 0.0 { self.failure.0 } else { 1.0 - (1.0 - self.failure.0) * (1.0 - server) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_fail_with_the_stated_probability() {
        let fails = |share: f64, server: f64| {
            let failure = Failure { failure: Probability(share) };
            (0..10_000).filter(|n| failure.happens(Key::root(1, 0).with(*n), server)).count()
        };
        assert_eq!((fails(0.0, 0.0), fails(1.0, 0.0), fails(0.0, 1.0)), (0, 10_000, 10_000));
        // Five standard deviations of a binomial number.
        assert!(fails(0.3, 0.0).abs_diff(3_000) < 230, "{}", fails(0.3, 0.0));
        assert!(fails(0.3, 0.5).abs_diff(6_500) < 240, "{}", fails(0.3, 0.5));
        assert!(fails(0.0, 0.3) == fails(0.3, 0.0), "one draw decides");
    }
}
