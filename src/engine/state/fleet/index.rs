//! The indices that a fleet keeps over its servers.

use crate::policy::balancer::Least;

/// Indices that follow each change at a server, as far as something asks for them.
#[derive(Default)]
pub struct Index {
    /// Whether any of the indices, or that of [`crate::policy::balancer::Loads::note_room`], is kept.
    pub any: bool,
    /// Whether servers that have room are known.
    pub room: bool,
    /// Servers that get attempts, by busy slots; `None` if nobody asks for the least busy.
    pub busy: Option<Least>,
    /// Numbers of servers that have been removed and hold nothing any more; `None` if none has been removed.
    pub vacant: Option<Least>,
}

impl Index {
    /// Bytes of the indices.
    pub fn bytes(&self) -> usize {
        [&self.busy, &self.vacant].into_iter().flatten().map(Least::bytes).sum()
    }
}
