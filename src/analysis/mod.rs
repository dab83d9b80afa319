//! Analysis: what happened in a run, computed once from what was measured, as numbers and scopes, without prose.
//!
//! [`Analysis::of`] analyses one run, [`Replications`] takes the analyses of several together. The definitions stand one a
//! file: the [`frame`] has the window and the bounds, [`course`] tells what became of a scope ([`steady`], [`trouble`] with
//! its [`worst`] window and its [`end`], [`waiting`]), [`why`] which pools it is due to ([`saturated`], [`cause`], [`through`] the pools
//! that they call), [`whom`]
//! which scopes fare worse, [`harm`] who is harmed. The layer reads [`measure`](crate::measure) and nothing else, so that
//! sweeps, thresholds and searches use the same numbers as the words of a report.
//!
//! All counts are at full size unless a doc comment says "as simulated"; least counts are as simulated. Times are in seconds
//! from the drop.

pub mod amplification;
mod called;
pub mod cause;
pub mod course;
pub mod end;
pub mod errors;
mod estimates;
mod figures;
pub mod findings;
pub mod frame;
pub mod groups;
pub mod harm;
pub mod links;
pub mod offered;
pub mod peaks;
pub mod pool;
pub mod replications;
pub mod reports;
mod run;
pub mod saturated;
pub mod series;
pub mod shares;
pub mod state;
pub mod steady;
mod stuck;
#[cfg(test)]
pub(crate) mod support;
#[cfg(test)]
mod tests;
pub mod through;
pub mod trouble;
pub mod waiting;
pub mod whom;
pub mod why;
mod wilson;
mod window;
pub mod work;
pub mod worst;

pub use amplification::Amplification;
pub use called::Called;
pub use cause::Cause;
pub use course::Course;
pub use end::End;
pub use estimates::{figures, figures_of};
pub use figures::{figure, over_runs, share_of, summary, values};
pub use findings::Findings;
pub use frame::Frame;
pub use groups::{Group, Spread};
pub use harm::Harm;
pub use links::Link;
pub use offered::Offered;
pub use peaks::{Peak, Peaks};
pub use pool::Pool;
pub use replications::{Replications, Share};
pub use run::{Analysis, Request};
pub use saturated::Saturated;
pub use state::State;
pub use steady::{Level, Steady};
pub use stuck::{ends_within_the_bound, may_be_stuck};
pub use through::{How, Through};
pub use trouble::{Begin, Trouble};
pub use waiting::{Wait, Waiting};
pub use whom::{Because, Named};
pub use why::{Alike, Basis, Part, Why};
pub use worst::{Plateau, Worst};

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
