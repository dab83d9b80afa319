//! Findings: what happened in a run, computed once from the run's figures as numbers and scopes, without prose.
//!
//! [`Findings::of`] computes all; [`errors`], [`bottleneck`], [`latency`], [`people`] and [`reports`] have the parts.
//! [`shares`] and [`work`] are series for charts, [`compare`] orders runs. The layer reads
//! [`Figures`](crate::measure::Figures) and nothing else, so that sweeps, thresholds and searches can use findings too.

pub mod bottleneck;
pub mod compare;
pub mod errors;
pub mod findings;
pub mod latency;
pub mod people;
pub mod reports;
pub mod shares;
#[cfg(test)]
pub(crate) mod support;
pub mod work;

pub use findings::Findings;

/// The finite values among `values`.
pub fn finite(values: impl Iterator<Item = f64>) -> impl Iterator<Item = f64> {
    values.filter(|value| value.is_finite())
}

/// The highest finite value; 0 if none is above it.
pub fn highest(values: &[f64]) -> f64 {
    finite(values.iter().copied()).fold(0.0, f64::max)
}

/// The last finite value.
pub fn last(values: &[f64]) -> Option<f64> {
    values.iter().rev().copied().find(|value| value.is_finite())
}
