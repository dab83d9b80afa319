//! Load shedding: a pool under load turns attempts away before they wait, the least important first.

mod cubic;
mod wait;

pub use cubic::{Cubic, Loads};
pub use wait::Wait;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Problem;

/// Load shedding: rule by which a pool under load turns attempts away before they wait. Such attempts end as `shed`
/// (503).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shed {
    /// By the load of the last second: a growing share of people, always the same people (Netflix).
    Cubic(Cubic),
    /// By the waiting time of the oldest attempt in the queue.
    Wait(Wait),
}

impl Shed {
    /// Growth of a queue until all attempts are shed: in seconds of work, and in seconds of arrivals; infinite where
    /// that does not matter to the rule.
    pub fn grows_for(&self) -> (f64, f64) {
        match self {
            // The load is that of the last whole second.
            Shed::Cubic(_) => (f64::INFINITY, 1.0),
            Shed::Wait(wait) => (wait.longest().seconds(), f64::INFINITY),
        }
    }

    /// Whether the rule looks at the load of a pool, which is measured each second.
    pub fn looks_at_load(&self) -> bool {
        matches!(self, Shed::Cubic(_))
    }

    /// The errors that no schema can state.
    pub fn check(&self) -> Option<Problem> {
        match self {
            Shed::Cubic(cubic) => cubic.check().map(|problem| problem.below("cubic")),
            Shed::Wait(_) => None,
        }
    }
}
