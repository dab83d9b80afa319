//! What is recorded while a run goes on, and the figures it comes to.

mod figures;

pub use figures::{Column, Estimate, Figures, Scope, ThresholdResult};
