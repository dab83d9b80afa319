//! Analysis: what happened in a run, computed once from its measurements, as numbers and scopes, without prose.
//!
//! [`Analysis::of`] analyses one run, [`Replications`] combines the analyses of several. Each definition has a file: the
//! [`Frame`] is the window with its bounds; a [`Course`] is the state of a scope over time ([`Steady`], [`Trouble`] with its
//! [`Worst`] window and its [`End`], [`Waiting`]); [`Why`] has the pools that a trouble is due to ([`Saturated`],
//! [`Cause`], and [`Through`] for called pools); `whom` the scopes that fare worse than the whole, and [`Harm`] the people
//! harmed. The layer reads [`measure`](crate::measure) and nothing else, so that sweeps, thresholds and searches use the
//! same numbers as the words of a report.
//!
//! All counts are at full size unless a doc comment says "as simulated"; least counts are as simulated. Times are in
//! seconds from the drop.

pub(crate) mod amplification;
mod called;
pub(crate) mod cause;
mod cold;
pub(crate) mod course;
pub(crate) mod end;
pub(crate) mod errors;
mod estimates;
mod figures;
pub(crate) mod findings;
pub(crate) mod frame;
pub(crate) mod groups;
pub(crate) mod harm;
pub(crate) mod links;
mod most_failed;
pub(crate) mod offered;
pub(crate) mod peaks;
pub(crate) mod pool;
pub(crate) mod replications;
pub(crate) mod reports;
mod run;
pub(crate) mod saturated;
pub(crate) mod series;
pub(crate) mod shares;
pub(crate) mod state;
pub(crate) mod steady;
mod stuck;
#[cfg(test)]
pub(crate) mod support;
#[cfg(test)]
mod tests;
pub(crate) mod through;
pub(crate) mod trouble;
mod troubled;
mod unhindered;
mod unmeasured;
pub(crate) mod waiting;
pub(crate) mod whom;
pub(crate) mod why;
mod wilson;
mod window;
pub(crate) mod work;
pub(crate) mod worst;

pub use amplification::Amplification;
pub use called::Called;
pub use cause::Cause;
pub use cold::{Cold, ColdInRuns};
pub use course::Course;
pub use end::End;
pub use estimates::{figures, figures_of};
pub(crate) use figures::over_runs;
pub use figures::{figure, share_of, summary, values};
pub use findings::Findings;
pub use frame::Frame;
pub use groups::{Group, Spread};
pub use harm::Harm;
pub use links::Link;
pub use most_failed::MostFailed;
pub use offered::Offered;
pub use peaks::{Change, Peak, Peaks};
pub use pool::Pool;
pub use replications::{Replications, Share};
pub use run::{Analysis, Request};
pub use saturated::Saturated;
pub use state::State;
pub use steady::{Level, Steady};
pub(crate) use stuck::{
    ends_in_trouble, ends_within_the_bound, first_tries_at_the_saturated, first_tries_that_would_fit,
};
pub use through::{How, Through};
pub use trouble::{Begin, Trouble};
pub(crate) use unhindered::{CallRate, Onward, Served};
pub use unmeasured::{Fate, Unmeasured};
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
