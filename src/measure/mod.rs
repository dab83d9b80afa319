//! Measurement: the recording of a run, and the figures of its replications.
//!
//! During a run `recorder` counts events in `counts`, `gauge` and `histogram` hold levels and distributions, `close` turns all
//! of them into the `row`s of an interval, `layout` says which rows there are, and `ledger` balances viewers and attempts. A
//! run ends in `measurements`. From these `aggregate` computes values over several rows, `windows` are sliding windows of
//! rows, `load` says how busy a pool was, `reports` finds the minute with most reports, `threshold` judges windows of rows by
//! `sums`, and `pooled` unites the replications of a model, one by one, into `figures`; `estimate` has means and their
//! intervals.

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
pub mod load;
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
pub use estimate::{Estimate, estimate, estimate_within};
pub use figures::Figures;
pub use gauge::Gauge;
pub use histogram::{CLASSES, Histogram, class_from_ms};
pub use layout::{Call, Layout};
pub use ledger::Ledger;
pub use measurements::{Distributions, Measurements, People, Size, Stopped};
pub use pooled::Pooled;
pub use recorder::{PoolGauges, Recorder, RegionGauges};
pub use reports::most_reports;
pub use row::Row;
pub use student::student;
pub use threshold::{ThresholdResult, judge_values, thresholds_held};
pub use windows::windows;
