//! The scope of a caller's budget, breaker and throttle.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The callers that share one state of the budget, breaker and throttle of a client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The app of each viewer has its own state; if servers call another pool, each server has one.
    #[default]
    Caller,
    /// All apps of a region share one state: an edge that every request of the region goes through.
    Region,
}

impl Scope {
    /// The callers of the file that share one state at a scale, which shrinks a region and leaves a viewer as it is.
    pub fn callers(self, scale: f64) -> f64 {
        match self {
            Scope::Caller => 1.0,
            Scope::Region => scale,
        }
    }
}
