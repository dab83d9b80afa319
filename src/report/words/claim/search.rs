//! Parts of the claims of searches, sweeps and comparisons.

use schemars::JsonSchema;
use serde::Serialize;

/// A value of the setting that a search varied, and what is said of the value.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Tried {
    /// Role of the value: `smallest` or `largest` for which the condition holds, `holds` or `fails` at the nearest value that is
    /// certain, `low` or `high` end of the range searched, `found` at the edge, `alike` in which the scale makes the value the same
    /// as the one found.
    pub is: &'static str,
    /// The value in the unit of `find.csv`; null where none is certain, and of a value that is no number.
    pub value: Option<f64>,
}

/// The condition of a search, and where it holds.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Sought {
    /// Dotted path of the figure.
    pub path: String,
    /// Whether the bound is the highest value allowed; otherwise it is the lowest.
    pub at_most: bool,
    /// Whether the bound itself is excluded.
    pub strict: bool,
    /// The bound.
    pub bound: f64,
    /// Part of the range in which the condition holds: from or up to an `edge`, at `both` ends, at `neither`.
    pub holds: &'static str,
    /// Whether both ends are certain.
    pub is_certain: bool,
}

/// A pool that is a bottleneck in most replications of a value that a search tried.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct BottleneckAt {
    /// Name of the pool.
    pub name: String,
    /// The value in the unit of `find.csv`; null of a value that is no number.
    pub value: Option<f64>,
    /// Number of replications in which the pool is a bottleneck.
    pub k: u64,
    /// Number of all replications of the value.
    pub n: u64,
}

/// A combination of levers that a search chose, or all of them.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Chosen {
    /// Which: `cheapest`, `runner_up`, `nearest` to be enough where none is, `alike` by the scale, or `all` of them.
    pub is: &'static str,
    /// Quantity that the words state: its `values`, its `cost`, the probability of being right (`sure`), the runs in which the
    /// thresholds `held`, the `runs` of the combination, the people `harmed` in the mean of these, or the `number` of such
    /// combinations.
    pub what: &'static str,
    /// The number that the words state; null for values.
    pub value: Option<f64>,
    /// Number of the point in `search.csv`; null for all, and where there is none.
    pub point: Option<u64>,
}

/// The range of a figure's means by one parameter of a sweep over the range by another.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MovesMore {
    /// The ratio.
    pub value: f64,
    /// Dotted path of the figure.
    pub path: String,
    /// The parameter whose range stands above the line.
    pub with: String,
    /// The other parameter.
    pub than: String,
    /// Numbers of the points.
    pub points: Vec<u64>,
}

/// The share of a figure's variance over a sweep that its parameters explain together.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Explained {
    /// The share.
    pub value: f64,
    /// Dotted path of the figure.
    pub path: String,
}

/// A figure of one of several scenarios.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct OfScenario {
    /// Mean of the figure over the replications.
    pub value: f64,
    /// Dotted path of the figure in the summary.
    pub path: String,
    /// Name of the scenario.
    pub scenario: String,
}
