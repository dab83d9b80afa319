//! Claims about several replications.

use schemars::JsonSchema;
use serde::Serialize;

use super::parts::{PoolChain, Rows, Stretch};
use crate::analysis::Spread;

/// One of two groups into which the replications fall.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Group {
    /// The least value of the group.
    pub low: f64,
    /// The greatest value of the group.
    pub high: f64,
    /// The median of the group.
    pub median: f64,
    /// Dotted path of the figure.
    pub path: String,
    /// Number of replications in the group.
    pub k: usize,
    /// Number of replications in which the figure exists.
    pub n: usize,
}

/// The values of a figure over those replications that have one.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Values {
    /// The median.
    pub median: f64,
    /// The least value.
    pub low: f64,
    /// The greatest value.
    pub high: f64,
    /// Number of replications with a value.
    pub k: usize,
    /// Number of all replications.
    pub n: usize,
}

impl From<Spread> for Values {
    fn from(Spread { k, n, median, low, high, .. }: Spread) -> Values {
        Values { median, low, high, k, n }
    }
}

/// The ratio of `offered` over those replications in which more is sent to the same pool than the called one can serve and is sent
/// itself.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct OfferedInRuns {
    /// The values.
    #[serde(flatten)]
    pub values: Values,
    /// The pools.
    #[serde(flatten)]
    pub chain: PoolChain,
    /// Length of a window in seconds.
    pub window_s: f64,
}

/// The most attempts that are sent to a pool in a window over what its slots can serve in it, over those replications in which both
/// are above zero.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct SentInRuns {
    /// The values.
    #[serde(flatten)]
    pub values: Values,
    /// Name of the pool.
    pub pool: String,
    /// Length of a window in seconds.
    pub window_s: f64,
}

/// A ratio of the sums of two columns over those replications in which the second is above zero.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct RateInRuns {
    /// The values.
    #[serde(flatten)]
    pub values: Values,
    /// Column above the line.
    pub num: &'static str,
    /// Column below the line.
    pub den: &'static str,
    /// Rows that are summed.
    pub scope: Rows,
    /// Intervals that are summed.
    #[serde(flatten)]
    pub over: Stretch,
}

/// Attempts that are sent to a pool in intervals in which it has no server, in each of several replications.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct UnservedInRuns {
    /// The values.
    #[serde(flatten)]
    pub values: Values,
    /// Name of the pool.
    pub pool: String,
}
