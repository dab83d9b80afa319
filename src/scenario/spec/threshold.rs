//! Bounds that must hold.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::document::bound::Bound;
use crate::units::Span;

/// A bound on a column, which must hold in every window, or on a figure of the summary.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// A column of `intervals.csv`, or a figure of `summary.json` by its dotted path, such as `harm.saw_error`,
    /// `trouble.over_s` or `pools.NAME.utilization`. A figure is judged once, over the measured window, and stands without `of`,
    /// `window`, `after`, `before` and `at_least_attempts`.
    pub metric: String,
    /// Region, pool or request whose column is bounded; everything if absent.
    #[serde(default)]
    pub of: Scope,
    /// Highest value allowed: a number, or a text with a unit such as `"1%"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Bound>,
    /// Lowest value allowed, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Bound>,
    /// Width of the sliding window, a whole number of intervals; one interval if absent. The worst window decides.
    /// `when_empty` decides if no window counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-above" = "0 s"))]
    pub window: Option<Span>,
    /// Offset from the drop before which no window begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Span>,
    /// Offset from the drop after which no window ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Span>,
    /// For `error_rate` and `waited_share`: smallest number of attempts, as simulated, over which a rate is judged; 100
    /// if absent. A window with fewer attempts grows, first at its end, then at its begin. If all time from `after` to
    /// `before` has fewer, no window counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000_000))]
    pub at_least_attempts: Option<u64>,
    /// Verdict on a threshold if no window counts or the figure has no value.
    #[serde(default)]
    pub when_empty: WhenEmpty,
}

/// Verdicts on a threshold if no window counts or the figure has no value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum WhenEmpty {
    /// The threshold is missed.
    #[default]
    Fail,
    /// The threshold is passed.
    Pass,
}

/// The rows that a threshold reads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// Name of a region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Name of a pool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pool: Option<String>,
    /// Name of a request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
}
