//! The life of one server, from its begin or repair to its crash.

use crate::engine::pending::event::GENERATION_BITS;
use crate::policy::crash::Fullness;
use crate::units::Time;

/// The life of one server.
#[derive(Clone, Copy, Default)]
pub struct Life {
    /// Number of the life within those of the server; events about another life are stale.
    pub(super) number: u32,
    /// Whether the next crash or repair has been planned.
    pub(super) planned: bool,
    /// The time for which the queue has been full.
    pub(super) fullness: Fullness,
    /// Whether a look at the full queue has been planned.
    pub(super) looks: bool,
}

impl Life {
    /// The life after this one, of which nothing has been planned.
    pub(super) fn next(self) -> Life {
        Life { number: (self.number + 1) & ((1 << GENERATION_BITS) - 1), ..Life::default() }
    }
}

/// The result of a look at a queue that was full when the look was planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overfull {
    /// The server crashes.
    Crashes,
    /// The queue is looked at again at this time.
    Later(Time),
    /// The queue has room, or the look is stale.
    Nothing,
}
