//! Shedding: a pool under load turns attempts away before they wait, the least important first.

mod cubic;
mod wait;

pub use cubic::Cubic;
pub use wait::Wait;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Problem;

/// A rule by which a pool under load turns attempts away before they wait. They end as `shed` (503).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shed {
    /// By the load of the last second: a growing share of people, the same people throughout (Netflix).
    Cubic(Cubic),
    /// By the time that the oldest waiting attempt has waited.
    Wait(Wait),
}

impl Shed {
    /// The errors that no schema can state.
    pub fn check(&self) -> Option<Problem> {
        match self {
            Shed::Cubic(cubic) => cubic.check().map(|problem| problem.below("cubic")),
            Shed::Wait(_) => None,
        }
    }
}
