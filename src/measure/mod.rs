//! What is recorded while a run goes on, and the figures it comes to.

mod figures;
mod gauge;
mod histogram;
mod recorder;
mod run;
mod student;
mod summary;
mod windows;

pub use figures::{Column, Estimate, Figures, Scope, ThresholdResult};
pub use gauge::Gauge;
pub use histogram::Histogram;
pub use recorder::{Outcome, Recorder};
pub use run::{Count, Layout, Ledger, Measurements, Row, Stopped, Threshold};
pub use student::student;
pub use summary::{estimate, summary_names, summary_of, thresholds_held};
pub use windows::{ENOUGH_ENDED, ErrorWindows, USUAL_BOUND, WINDOW_S, window_length, windows};
