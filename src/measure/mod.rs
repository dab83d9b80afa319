//! What is recorded while a run goes on, and the figures it comes to.
//!
//! While it runs: `recorder` counts, `gauge` and `histogram` hold levels and distributions, `close` turns them into the
//! `row`s of each interval, `layout` says which rows there are, and `ledger` balances. Afterwards: `measurements` are what
//! one run leaves; `aggregate` adds rows up, `windows` slide over them, `summary` and `threshold` ask them, and `figures`
//! are the replications together, each with its `estimate`.

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
pub use measurements::{Measurements, Stopped};
pub use recorder::{PoolGauges, Recorder, RegionGauges};
pub use row::Row;
pub use student::student;
pub use summary::{figures_of, summary_of};
pub use threshold::ThresholdResult;
pub use windows::{ENOUGH_ENDED, ErrorWindows, USUAL_BOUND, WINDOW_S, window_length, windows};
