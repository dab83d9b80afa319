//! Measurement: the recording of a run, and the figures of its replications.
//!
//! During a run the recorder counts events, and moves gauges and [`Histogram`]s. At the end of each interval it
//! turns them into [`Row`]s, one for each scope of the [`Layout`]. The [`Ledger`] balances viewers and attempts. A run
//! ends in [`Measurements`]. [`Pooled`] adds the replications of a model up, one by one, and gives their [`Figures`],
//! each an [`Estimate`] with its interval; [`ThresholdResult`] says whether a threshold held.

mod aggregate;
mod close_interval;
mod counts;
mod estimate;
mod figures;
mod gauge;
mod histogram;
mod judged;
mod layout;
mod ledger;
pub(crate) mod load;
mod measurements;
mod merged;
mod pooled;
mod recorder;
mod reports;
mod row;
mod student;
mod sums;
mod threshold;
mod windows;

pub use crate::vocabulary::{Scope, Threshold};
pub use aggregate::over_window;
pub(crate) use estimate::estimate_within;
pub use estimate::{Estimate, estimate};
pub use figures::Figures;
pub use histogram::Histogram;
pub(crate) use histogram::{CLASSES, class_from_ms};
pub use layout::{Call, Layout};
pub use ledger::Ledger;
pub use measurements::{Distributions, FirstTries, Measurements, People, Size, Stopped};
pub use pooled::Pooled;
pub(crate) use recorder::{PoolGauges, Recorder, RegionGauges};
pub(crate) use reports::most_reports;
pub use row::Row;
pub use student::student;
pub(crate) use threshold::judge_values;
pub use threshold::{ThresholdResult, thresholds_held};
pub use windows::windows;
