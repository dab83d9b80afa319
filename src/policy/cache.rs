//! A cache in front of calls: a hit makes a call needless, and served calls fill the cache.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::Probability;

/// Cache that answers instead of a call. The probability of a hit is `hit` × (1 − e^(−m ÷ `fill`)), where m calls were
/// served since the cache was empty; it is drawn for each repetition.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cache {
    /// Probability of a hit in a full cache.
    #[schemars(extend("x-change" = true))]
    pub hit: Probability,
    /// Number of served calls after which an empty cache reaches 63% of `hit`; three times as many for 95%. A scale
    /// applies to a cache of the pool.
    #[schemars(range(min = 1), extend("x-change" = true))]
    pub fill: u64,
    /// Holder of the cache. With a cache per server, the servers of the pool are individuals, and a new server has an
    /// empty cache.
    #[serde(default)]
    pub per: Per,
    /// State of the cache when the window opens.
    #[serde(default)]
    pub starts: Starts,
}

/// Holders of a cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// One cache for all servers of the pool.
    #[default]
    Pool,
    /// One cache for each server.
    Server,
}

/// States of a cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Starts {
    /// The cache is full.
    #[default]
    Warm,
    /// The cache is empty.
    Cold,
}

/// Factors on the size of caches.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// Simulated size over full size.
    pub pool: f64,
    /// Simulated size over full size of each server.
    pub server: f64,
}

impl Cache {
    /// The cache at simulated size.
    pub fn compile(&self, sizes: Sizes) -> Settings {
        let size = match self.per {
            Per::Pool => sizes.pool,
            Per::Server => sizes.server,
        };
        Settings { hit: self.hit.0, fill: self.fill as f64 * size, per: self.per, starts: self.starts }
    }
}

/// A cache in force.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Probability of a hit in a full cache.
    pub hit: f64,
    /// Served calls after which an empty cache reaches 63% of `hit`, at simulated size.
    fill: f64,
    /// Holder of the cache.
    pub per: Per,
    /// State of the cache at the start.
    pub starts: Starts,
}

impl Settings {
    /// Probability of a hit after `served` served calls.
    pub fn knows(&self, served: f64) -> f64 {
        -self.hit * libm::expm1(-served / self.fill)
    }
}

impl Starts {
    /// The number of served calls that corresponds to the state.
    pub fn served(self) -> f64 {
        match self {
            Starts::Warm => f64::INFINITY,
            Starts::Cold => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache(text: &str, pool: f64, server: f64) -> Settings {
        let cache: Cache = toml::from_str(text).unwrap_or_else(|error| panic!("{error}"));
        cache.compile(Sizes { pool, server })
    }

    #[test]
    fn a_cache_fills_with_the_calls_that_are_served() {
        let cache = cache("hit = 0.95\nfill = 1000", 1.0, 1.0);
        assert_eq!(cache.knows(0.0), 0.0);
        for (served, filled) in [(1_000.0, 0.632_120_558_8), (2_000.0, 0.864_664_716_8), (3_000.0, 0.950_212_931_6)] {
            assert!((cache.knows(served) - 0.95 * filled).abs() < 1e-9, "{served}");
        }
        assert_eq!(cache.knows(Starts::Warm.served()), 0.95);
        assert_eq!(cache.knows(Starts::Cold.served()), 0.0);
    }

    #[test]
    fn a_scale_makes_the_cache_of_a_pool_smaller_and_keeps_that_of_a_server() {
        let of = |per: &str| cache(&format!("hit = 1.0\nfill = 1000\nper = '{per}'"), 0.1, 1.0);
        assert_eq!(of("pool").knows(100.0), of("server").knows(1_000.0));
        let smaller = cache("hit = 1.0\nfill = 1000\nper = 'server'", 0.1, 0.5);
        assert_eq!(smaller.knows(500.0), of("server").knows(1_000.0));
    }
}
