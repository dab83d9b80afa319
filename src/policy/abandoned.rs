//! Abandoned work: the rules for attempts that nobody waits for any more.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The rules of a pool for attempts that nobody waits for any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AbandonedWork {
    /// Treatment of an attempt whose timer at the pool expired.
    #[serde(default)]
    #[schemars(extend("x-change" = true))]
    pub on_timeout: Abandoned,
    /// Treatment of an attempt that its client has abandoned.
    #[serde(default)]
    #[schemars(extend("x-change" = true))]
    pub on_abandon: Abandoned,
}

/// Treatment of an attempt that nobody waits for any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Abandoned {
    /// A queued attempt leaves the queue; an attempt in service is served to the end, as wasted work.
    #[default]
    DropQueued,
    /// A queued attempt stays in the queue and is served, as wasted work; so is an attempt in service.
    Keep,
    /// A queued attempt leaves the queue, and an attempt in service ends at once.
    Abort,
}

impl Abandoned {
    /// Whether a queued attempt leaves the queue, and an attempt in transit is not accepted by the pool.
    #[inline]
    pub fn leaves_the_queue(self) -> bool {
        self != Abandoned::Keep
    }

    /// Whether an attempt in service releases its slot at once.
    #[inline]
    pub fn ends_in_service(self) -> bool {
        self == Abandoned::Abort
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mode_ends_more_than_the_one_before() {
        let ends = |mode: Abandoned| (mode.leaves_the_queue(), mode.ends_in_service());
        assert_eq!(ends(Abandoned::Keep), (false, false));
        assert_eq!(ends(Abandoned::default()), (true, false));
        assert_eq!(ends(Abandoned::Abort), (true, true));
    }
}
