//! A cache in front of calls: what it knows needs no call, and calls that are served fill it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::Probability;

/// A cache that answers instead of a call. With m calls served since it was empty, it knows the answer with the probability
/// `hit` × (1 − e^(−m ÷ `fill`)), drawn for each repetition.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cache {
    /// Probability that a full cache knows the answer.
    #[schemars(extend("x-change" = true))]
    pub hit: Probability,
    /// Number of served calls that fill an empty cache to 63% of `hit`, and thrice as many to 95%. A scale applies to it where
    /// the cache is that of the pool.
    #[schemars(range(min = 1), extend("x-change" = true))]
    pub fill: u64,
    /// Who has a cache. With one for each server, the servers of the pool are individuals, and a new one has an empty cache.
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
    /// All servers of the pool share a cache.
    #[default]
    Pool,
    /// Each server has a cache of its own.
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
    /// Probability that a full cache knows the answer.
    pub hit: f64,
    /// Served calls that fill it to 63%, at simulated size.
    fill: f64,
    /// Who has one.
    pub per: Per,
    /// Its state at the start.
    pub starts: Starts,
}

impl Settings {
    /// Probability that a cache into which so many calls were served knows the answer.
    pub fn knows(&self, served: f64) -> f64 {
        -self.hit * libm::expm1(-served / self.fill)
    }
}

impl Starts {
    /// The number of served calls that a cache of this state stands for.
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
