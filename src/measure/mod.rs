//! What is recorded while a run goes on, and the figures it comes to.

mod figures;
mod gauge;
mod histogram;
mod recorder;
mod run;
mod student;
mod summary;

pub use figures::{Column, Estimate, Figures, Scope, ThresholdResult};
pub use gauge::Gauge;
pub use histogram::Histogram;
pub use recorder::{Outcome, PoolGauges, Recorder, RegionGauges};
pub use run::{Count, Layout, Ledger, Measurements, Row, Stopped, Threshold};
pub use student::student;
pub use summary::{estimate, summary_names, summary_of, thresholds_held};
