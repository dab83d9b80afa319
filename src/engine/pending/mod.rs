//! Pending events, taken out in order of time.
//!
//! [`future`] is the future event list: a [`calendar`] for random delays, whose buckets stand in `blocks`, and a queue for
//! each constant delay, found through `delays`. A `tournament` tells which queue, and which arrival process, comes next.
//! The list knows the rows of its events only through [`lookahead`], by which it asks the processor for them ahead.

mod blocks;
pub mod calendar;
pub mod delays;
pub mod event;
pub mod future;
pub mod lookahead;
mod tournament;
