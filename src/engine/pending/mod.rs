//! Pending events, taken out in order of time.
//!
//! [`future`] is the future event list: a [`calendar`] for random delays and a queue for each constant delay. `blocks`
//! holds the buckets of the calendar, `sort` sorts one of them, and `delays` says which queue a constant delay has. A
//! `tournament` finds the queue, or the arrival process, that comes next. The list knows the rows of its events only
//! through [`lookahead`], which prefetches them.

mod blocks;
pub mod calendar;
pub mod delays;
pub mod event;
pub mod future;
pub mod lookahead;
mod sort;
mod tournament;
