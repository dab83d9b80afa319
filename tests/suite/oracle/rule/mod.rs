//! The definitions, written down a second time from their text alone: what a claim must be equal to.

mod ahead;
mod cause;
mod course;
mod frame;
mod saturated;
mod steady;
mod trouble;
mod waiting;
mod wilson;
mod worst;

pub use ahead::Ahead;
pub use cause::{call_times, causes, has_slowed, parts_of_the_lost, passed_on, through};
pub use course::{Course, End, course};
pub use frame::Frame;
pub use saturated::saturation;
pub use steady::Level;
pub use trouble::{Counts, Trouble};
pub use waiting::unanswered;
pub use wilson::wilson;
pub use worst::{plateau, worst};

/// The width of intervals in standard errors: failures come in bursts.
pub const Z: f64 = 7.0;

/// Attempts that must have ended for a rate to be quoted, counted as simulated.
pub const LEAST: f64 = 100.0;

/// How far a sum of cells at full size, counted as simulated, may be from the whole number that it is: cells have six digits.
pub const WHOLE: f64 = 0.01;
