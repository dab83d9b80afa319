//! Whose attempts a protection of a caller is about.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who shares one state of the budget, breaker and throttle of a client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The app of each viewer has a state of its own; of servers that call another pool, each server has one.
    #[default]
    Caller,
    /// All apps of a region share one state: an edge that every request of the region goes through.
    Region,
}
