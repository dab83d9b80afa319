//! The settings of individual servers, as the engine reads them.

pub mod autoscale;

use super::balancer::Balancer;
use super::crash;
use super::differences::{Differences, SpeedSum};
use super::down::Down;
use super::eject::Eject;
use super::individuals::Individuals;
use super::speed::Speed;
use super::warm_up::WarmUp;
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
    /// Speeds and failures of the servers.
    pub differences: Differences,
    /// The servers that are down.
    pub down: Option<Down>,
    /// Ejection of servers whose attempts fail.
    pub eject: Option<Eject>,
    /// The speed of attempts in service at one server; `None` where attempts never slow each other down during the run.
    pub speed: Option<Speed>,
    /// The warm-up of servers that are added.
    pub warm_up: Option<WarmUp>,
    /// Crashes of servers.
    pub crash: Option<crash::Settings>,
    /// Whether servers may lose the attempts that they hold.
    pub loses: bool,
}

impl Settings {
    /// The time for which a queue must be full before its server crashes.
    pub fn when_full(&self) -> Option<Span> {
        self.crash.as_ref().and_then(|crash| crash.when_full)
    }

    /// The numbers of the servers that are up, out of `servers`.
    pub fn up(&self, servers: u32) -> std::ops::Range<u32> {
        self.down.map_or(0, |down| down.of(servers))..servers
    }

    /// The time that a server takes for work which takes `drawn` at speed 1, multiplied by the factor of its warm-up.
    #[inline]
    pub fn time_at(&self, server: u32, drawn: Span, warm_up: f64) -> Span {
        match self.differences.speed(server) / warm_up {
            1.0 => drawn,
            speed => Span::from_nanos(drawn.0 as f64 / speed),
        }
    }

    /// The largest work rate of `number` servers with these speeds, in multiples of one slot of speed 1; infinite where
    /// nothing limits it.
    pub fn work_rate(&self, number: u32, speeds: SpeedSum) -> f64 {
        let slots = self.speed.unwrap_or_default().most_work(self.servers.slots);
        if slots.is_infinite() {
            return f64::INFINITY;
        }
        slots * if self.differences.speeds.is_empty() { f64::from(number) } else { speeds.value() }
    }
}
