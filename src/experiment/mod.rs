//! Experiments: independent replications of one model, and several models on the same crowds.
//!
//! ```text
//! Model, seed ─▶ replicate ─▶ Run ─▶ reduced by the caller, in the order of the replications
//! Arms        ─▶ pair      ─▶ Comparison: each arm's figures, and their paired differences to the first arm
//! ```
//!
//! 1. [`runs`] is the only loop over replications. It runs them on all threads of the rayon pool that it is called in.
//!    [`replicate`] and [`replicate_each`] collect what [`runs`] yields; a sweep feeds [`runs`] with the units of all its
//!    points.
//! 2. Random numbers depend on the seed and on the number of the replication, never on the thread, so results are the
//!    same bytes on any number of threads.
//! 3. Two arms with the same seed face the same crowds (common random numbers), so [`pair`] and [`Comparison`] compare
//!    them replication by replication.
//! 4. A [`Probe`](crate::engine::Probe) listens to each run: [`Watch`] reports progress and stops the run on request,
//!    [`Trace`] records the events of single viewers.

mod compare;
mod difference;
pub mod forecast;
mod onward;
mod pair;
mod progress;
mod recovery;
mod replicate;
mod trace;

pub use compare::{Compared, Comparison, Sample};
pub use difference::difference;
pub use pair::pair;
pub use progress::{Progress, Watch};
pub use replicate::{Arm, Halt, Run, Task, replicate, replicate_each, replicate_with, runs};
pub use trace::{Trace, TraceEvent};
