//! Claims about several replications.

use schemars::JsonSchema;
use serde::Serialize;

use super::parts::{PoolChain, Rows, Rule, Stretch};
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

/// A ratio of the sums of two columns over those replications in which the second is above zero, of all or of those in trouble.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct RateInRuns {
    /// The values.
    #[serde(flatten)]
    pub values: Values,
    /// Column above the line.
    pub num: &'static str,
    /// Column below the line.
    pub den: &'static str,
    /// Whether replications count alone in which attempts fail beyond the bound.
    #[serde(skip_serializing_if = "super::parts::is_false")]
    pub failing: bool,
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

/// The share of `elsewhen` over those replications in which attempts fail beyond the bound and no other outcome has a larger one.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ElsewhenInRuns {
    /// The values.
    #[serde(flatten)]
    pub values: Values,
    /// Column of the outcome.
    pub column: &'static str,
    /// Rows of the pool.
    pub scope: Rows,
    /// Name of the called pool that it suffers from in these replications; absent if it suffers from none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub behind: Option<String>,
}

/// The largest trouble before the measured time, or after it, over those replications in which there is one.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct UnmeasuredInRuns {
    /// The values.
    #[serde(flatten)]
    pub values: Values,
    /// Quantity of the values: `worst` for the share of the attempts that fail in the trouble, or the most that wait for too long
    /// at one time; `lasts` for its length in seconds, `from` for its start in seconds from the drop.
    pub is: &'static str,
    /// Whether the trouble is before the measured time.
    pub before: bool,
    /// Rule by which trouble is told from calm.
    #[serde(flatten)]
    pub rule: Rule,
}
