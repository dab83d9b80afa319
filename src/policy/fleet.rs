//! The fleet: what the engine reads about servers that are individuals.

use super::balancer::Balancer;
use super::differences::Differences;
use super::down::Down;
use super::eject::Eject;
use super::individuals::Individuals;
use crate::units::Span;

/// The settings of individual servers.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The servers and their slots.
    pub servers: Individuals,
    /// The rule by which an attempt is sent to a server that has a queue of its own; `None` where servers share a queue.
    pub balancer: Option<Balancer>,
    /// Whether an attempt that meets a full queue is sent on to another server.
    pub redispatch: bool,
    /// What tells the servers apart.
    pub differences: Differences,
    /// The servers that are down.
    pub down: Option<Down>,
    /// When a server whose attempts fail gets no new ones.
    pub eject: Option<Eject>,
}

impl Settings {
    /// The numbers of the servers that are up, out of so many.
    pub fn up(&self, servers: u32) -> std::ops::Range<u32> {
        self.down.map_or(0, |down| down.of(servers))..servers
    }

    /// The time that a server takes for work which takes `drawn` at speed 1.
    #[inline]
    pub fn time_at(&self, server: u32, drawn: Span) -> Span {
        match self.differences.speed(server) {
            1.0 => drawn,
            speed => Span::from_nanos(drawn.0 as f64 / speed),
        }
    }

    /// Slots of all servers together, each weighed by the speed of its server; infinite where slots are unlimited.
    pub fn work_rate(&self, servers: impl Iterator<Item = u32>) -> f64 {
        if self.servers.slots == u64::MAX {
            return f64::INFINITY;
        }
        let slots = self.servers.slots as f64;
        if self.differences.speeds.is_empty() {
            return slots * servers.count() as f64;
        }
        servers.map(|server| slots * self.differences.speed(server)).sum()
    }
}
