//! Claims about caches in front of calls.

use schemars::JsonSchema;
use serde::Serialize;

use super::parts::Stretch;
use super::runs::Values;

/// Share of the calls of one pool to another that a cache makes needless, in the window of a stretch in which it is least or most.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CacheHits {
    /// Hits over hits and calls.
    pub value: f64,
    /// `lowest` or `highest`.
    pub is: &'static str,
    /// Name of the pool that calls.
    pub caller: String,
    /// Name of the pool that is called.
    pub callee: String,
    /// The window.
    #[serde(flatten)]
    pub at: Stretch,
    /// Length of a window in seconds; windows with fewer than a hundred hits and calls, as they were simulated, do not count.
    pub window_s: f64,
    /// Begin of the stretch.
    pub over_from_s: f64,
    /// End of the stretch.
    pub over_to_s: f64,
}

/// The share of the calls of one pool to another that the cache in front of them makes needless if it is full.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FullCache {
    /// The share.
    pub value: f64,
    /// Name of the pool that calls.
    pub caller: String,
    /// Name of the pool that is called.
    pub callee: String,
}

/// The least or the greatest share of `cache_hits` over those replications in which the cache lets many more calls through than at the
/// best, or than a full one would.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CacheHitsInRuns {
    /// The values.
    #[serde(flatten)]
    pub values: Values,
    /// Which share: the `lowest` of a window in trouble, or the `highest` of a window.
    pub is: &'static str,
    /// Name of the pool that calls.
    pub caller: String,
    /// Name of the pool that is called.
    pub callee: String,
    /// Length of a window in seconds.
    pub window_s: f64,
}
