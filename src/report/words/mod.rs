//! What is said about a run: sentences and titles made of claims that the run's own files decide.
//!
//! [`claim`] lists the kinds of claims, [`phrase`] puts claims between fixed words, [`moment`] tells times, and the numbers
//! are those of [`numbers`](super::numbers).

pub mod claim;
pub mod moment;
pub mod phrase;
#[cfg(test)]
pub mod rule;
