//! The app's timer: the longest time that a caller waits for an attempt.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::Span;

/// The timer of a caller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Timeout {
    /// The app's timer for each attempt; at its end the app abandons the attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true, "x-above" = "0 s"))]
    timeout: Option<Span>,
}

impl Timeout {
    /// The longest time that the app waits for an attempt; `None` if there is no limit.
    #[inline]
    pub fn span(&self) -> Option<Span> {
        self.timeout
    }
}
