//! The size of a run before the run: people, attempts and events, from a fluid approximation of the model.
//!
//! The fluid flows in steps of time through the steps of the journeys, and in each step of time the pools serve, queue,
//! reject and time out what flows in. It knows means, queues and limits, no chance. So it costs milliseconds, whatever the
//! number of people, and is right about the size of a run, not about its figures: within a factor of two for rows and of
//! three for events on all but extreme models.

mod caller;
mod coming;
mod fluid;
mod grid;
mod group;
mod guard;
mod hold;
mod link;
mod load;
mod pool;
mod protection;

pub use coming::arrived;
pub use load::Load;

use super::Model;

/// Estimates the size of a run of a model.
pub fn estimate(model: &Model) -> Load {
    fluid::Fluid::new(model).run()
}
