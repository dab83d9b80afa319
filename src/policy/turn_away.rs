//! The server time that a pool spends on a 503 or on the 504 of a queued attempt.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::Span;

/// The cost of an answer to an attempt that is not served.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TurnAway {
    /// Server time of a 503, or of the 504 of a queued attempt.
    #[serde(default)]
    #[schemars(extend("x-change" = true, "x-at-least" = "0 s"))]
    turn_away: Span,
}

impl TurnAway {
    /// Whether an answer occupies a slot.
    #[inline]
    pub fn takes_a_slot(&self) -> bool {
        self.turn_away > Span::ZERO
    }

    /// The time for which an answer occupies a slot.
    #[inline]
    pub fn span(&self) -> Span {
        self.turn_away
    }
}
