//! Turning away: what an answer costs a pool that is no service, a 503 or the 504 of a queued attempt.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::Span;

/// The cost of turning an attempt away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TurnAway {
    /// Server time that answering a 503 or a queued 504 costs.
    #[serde(default)]
    #[schemars(extend("x-change" = true, "x-at-least" = "0 s"))]
    turn_away: Span,
}

impl TurnAway {
    /// Whether an answer takes a slot at all.
    #[inline]
    pub fn takes_a_slot(&self) -> bool {
        self.turn_away > Span::ZERO
    }

    /// How long an answer takes a slot.
    #[inline]
    pub fn span(&self) -> Span {
        self.turn_away
    }
}
