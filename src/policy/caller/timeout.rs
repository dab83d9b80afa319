//! The app's timer: when a caller leaves an attempt.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::Span;

/// The timer of a caller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Timeout {
    /// The app's own timer per attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true, "x-above" = "0 s"))]
    timeout: Option<Span>,
}

impl Timeout {
    /// How long the app waits for an attempt; `None` where it waits for ever.
    #[inline]
    pub fn span(&self) -> Option<Span> {
        self.timeout
    }
}
