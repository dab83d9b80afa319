//! Measurement: the recording of a run, and the figures of its replications.
//!
//! During a run `recorder` counts events, `gauge` and `histogram` hold levels and distributions, `close` turns all of them
//! into the `row`s of an interval, `layout` says which rows there are, and `ledger` balances viewers and attempts. A run
//! ends in `measurements`. From these `aggregate` computes values over several rows, `windows` are sliding windows of rows,
//! `summary` computes the figures of one run, `threshold` judges them, and `figures` unites the replications of a model,
//! each figure with its `estimate`.

mod aggregate;
mod close;
mod estimate;
mod figures;
mod gauge;
mod histogram;
mod layout;
mod ledger;
mod measurements;
mod recorder;
mod row;
mod student;
mod summary;
mod threshold;
mod windows;

pub use estimate::{Estimate, estimate};
pub use figures::Figures;
pub use gauge::Gauge;
pub use histogram::Histogram;
pub use layout::{Layout, Scope, Threshold};
pub use ledger::Ledger;
pub use measurements::{Measurements, Size, Stopped};
pub use recorder::{PoolGauges, Recorder, RegionGauges};
pub use row::Row;
pub use student::student;
pub use summary::{figures_of, summary_of};
pub use threshold::ThresholdResult;
pub use windows::{ENOUGH_ENDED, ErrorWindows, USUAL_BOUND, WINDOW_S, window_length, windows};
