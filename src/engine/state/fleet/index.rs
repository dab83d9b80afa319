//! The indices of a fleet over its servers.

use crate::policy::balancer::Least;

/// Indices over the servers, each kept only where it is read.
#[derive(Default)]
pub struct Index {
    /// Whether any of the indices, or that of [`crate::policy::balancer::Loads::note_room`], is kept.
    pub any: bool,
    /// Whether the index of servers with room is kept.
    pub room: bool,
    /// Servers that get attempts, by busy slots; `None` if the least busy is never asked for.
    pub busy: Option<Least>,
    /// Numbers of servers that have been removed and have drained; `None` if none has been removed.
    pub vacant: Option<Least>,
}

impl Index {
    /// Bytes of the indices.
    pub fn bytes(&self) -> usize {
        [&self.busy, &self.vacant].into_iter().flatten().map(Least::bytes).sum()
    }
}
