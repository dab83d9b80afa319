//! Memory of a fleet for servers that fail: ejections, and attempts lost with servers that went down.

use crate::policy::eject;
use crate::units::Time;

/// Ejections of a fleet, and losses that are still to be dealt with.
#[derive(Default)]
pub struct Health {
    /// Failures in a row and ejections, by server.
    pub ejections: eject::State,
    /// The time of the next look at ejected servers; [`Time::START`] while none is planned.
    pub next_look: Time,
    /// Whether attempts go to all servers, since too few are healthy.
    pub panics: bool,
    /// Servers that have gone down and whose attempts have not been ended yet.
    pub lost: Vec<Lost>,
}

/// A server that has gone down, and whether it loses what it has in service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost {
    /// Number of the server.
    pub server: u32,
    /// Whether attempts in service are lost, besides those in its queue.
    pub in_service: bool,
}

/// The result of a look at ejected servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Whether some servers have come back.
    pub back: bool,
    /// The time of the next look, if it is of any use.
    pub next: Option<Time>,
}

impl Health {
    /// A server has been removed.
    pub fn forget(&mut self, server: u32) {
        self.ejections.forget(server);
    }
}
