//! Warm-up: new servers are slower for some time, while caches fill and code is compiled.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::Span;

/// Warm-up of servers that boot, are repaired or are added. The servers of the start are warm.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WarmUp {
    /// Time for which a server is slower.
    #[schemars(extend("x-above" = "0 s"))]
    pub lasts: Span,
    /// Factor on the service time at the begin of a server's life, which falls linearly to 1.
    #[schemars(range(min = 1.0, max = 1000.0))]
    pub slowdown: f64,
}

impl WarmUp {
    /// The factor of work that begins at a server of this age.
    #[inline]
    pub fn factor(&self, age: Span) -> f64 {
        let left = 1.0 - age.0 as f64 / self.lasts.0.max(1) as f64;
        1.0 + (self.slowdown - 1.0) * left.clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read;

    #[test]
    fn the_factor_falls_linearly_to_one() {
        let set = read::<WarmUp>("lasts = '2 min'\nslowdown = 3.0").unwrap();
        let at = |seconds: i64| set.factor(Span(seconds * 1_000_000_000));
        assert_eq!([0, 60, 90, 120, 100_000].map(at), [3.0, 2.0, 1.5, 1.0, 1.0]);
    }

    #[test]
    fn a_warm_up_lasts_and_makes_nothing_faster() {
        for (text, error) in [
            ("lasts = '0 s'\nslowdown = 2.0", "above zero"),
            ("lasts = '1 s'\nslowdown = 0.5", "from 1"),
            ("lasts = '1 s'", "`slowdown` is missing"),
        ] {
            let found = read::<WarmUp>(text).unwrap_err();
            assert!(found.contains(error), "{text}: {found}");
        }
    }
}
