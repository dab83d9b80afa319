//! The settings of a pool, as the engine reads them.

use std::fmt::{self, Write};

use crate::policy::abandoned::AbandonedWork;
use crate::policy::failure::Failure;
use crate::policy::fleet::autoscale;
use crate::policy::individuals::Individuals;
use crate::policy::shed::Shed;
use crate::policy::slots::{Concurrency, Slots};
use crate::policy::timers::Timers;
use crate::policy::turn_away::TurnAway;
use crate::policy::{calls, concurrency_limit, crash, fleet, queue, rate_limit, slots};
use crate::random::Law;
use crate::units::{NANOS_PER_SECOND, Time};

/// Converts numbers of servers at full size into slots at a scale.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    /// The servers and their concurrency, as the file states them.
    pub stated: Slots,
    /// The scale.
    pub scale: f64,
}

impl Sizes {
    /// The slots of a number of servers; individual servers round each for itself.
    pub fn slots(&self, servers: u64, individuals: Option<&Individuals>) -> slots::Settings {
        let slots = Slots { servers, ..self.stated }.compile(self.scale);
        match individuals {
            None => slots,
            Some(individuals) => slots::Settings { count: individuals.all_slots(servers), ..slots },
        }
    }
}

/// A pool's settings in force.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The slots of the servers that the file states.
    pub slots: slots::Settings,
    /// Law of the service time.
    pub service: Law,
    /// The queue or queues of the pool.
    pub queue: queue::Settings,
    /// Timers of the pool.
    pub timers: Timers,
    /// Rules for attempts that nobody waits for any more.
    pub abandoned: AbandonedWork,
    /// Server time of a 503 or a queued 504.
    pub turn_away: TurnAway,
    /// Failures of the pool.
    pub failure: Failure,
    /// The individual servers; `None` where servers are interchangeable.
    pub fleet: Option<fleet::Settings>,
    /// The limit of the rate at which the pool takes attempts.
    pub rate_limit: Option<rate_limit::Rule>,
    /// The rule by which the pool sheds load.
    pub shed: Option<Shed>,
    /// The limiters of concurrency.
    pub concurrency_limit: Option<concurrency_limit::Rule>,
    /// Law of the Retry-After of attempts that are turned away.
    pub retry_after: Option<Law>,
    /// Calls to other pools.
    pub calls: calls::Settings,
    /// The rule that changes the number of servers.
    pub autoscale: Option<autoscale::Settings>,
    pub(super) sizes: Sizes,
}

impl Settings {
    /// Writes everything that decides what happens at the pool. The number of servers at full size, which only reports state,
    /// is left out unless the pool is autoscaled.
    pub fn write_identity(&self, into: &mut impl Write) -> fmt::Result {
        // Without `..`, so that a new setting cannot be forgotten.
        let Settings {
            slots,
            service,
            queue,
            timers,
            abandoned,
            turn_away,
            failure,
            fleet,
            rate_limit,
            shed,
            concurrency_limit,
            retry_after,
            calls,
            autoscale,
            sizes: _,
        } = self;
        write!(into, "{:?}{service:?}{queue:?}{timers:?}{abandoned:?}{turn_away:?}{failure:?}{fleet:?}", slots.count)?;
        write!(into, "{rate_limit:?}{shed:?}{concurrency_limit:?}{retry_after:?}{calls:?}{autoscale:?}")?;
        if autoscale.is_some() { write!(into, "{}", self.servers()) } else { Ok(()) }
    }

    /// Whether a protection turns attempts away before they reach a queue.
    pub fn is_protected(&self) -> bool {
        self.rate_limit.is_some() || self.shed.is_some() || self.concurrency_limit.is_some()
    }

    /// Mean time in nanoseconds for which an attempt holds a slot of this speed, if its calls do not wait.
    pub fn hold_at(&self, speed: f64) -> f64 {
        self.service.mean() / speed + self.calls.mean
    }

    /// Slots of each server, or of all servers where they are interchangeable.
    #[inline]
    pub fn slots_of_one(&self) -> u64 {
        match &self.fleet {
            None => self.slots.count,
            Some(fleet) => fleet.servers.slots,
        }
    }

    /// The slots of a number of servers at full size.
    pub fn slots_of(&self, servers: u64) -> slots::Settings {
        self.sizes.slots(servers, self.fleet.as_ref().map(|fleet| &fleet.servers))
    }

    /// Servers of the file within the bounds that an autoscaler has at a moment.
    pub fn servers_within_bounds(&self, now: Time) -> u64 {
        let [least, most] = self.autoscale.as_ref().map_or([0, u64::MAX], |autoscale| autoscale.bounds(now));
        self.servers().max(least).min(most)
    }

    /// The crashes of servers.
    pub fn crash(&self) -> Option<&crash::Settings> {
        self.fleet.as_ref()?.crash.as_ref()
    }

    /// Servers of the file; in an autoscaled pool, at the start or from a change on.
    pub fn servers(&self) -> u64 {
        self.sizes.stated.servers
    }

    /// Whether the cores of the servers are stated.
    pub fn has_cores(&self) -> bool {
        self.stated_cores() > 0
    }

    /// Cores of one server, or its slots where cores are not stated; 1 where they are unlimited.
    pub fn cores(&self) -> f64 {
        match self.stated_cores() {
            0 => self.concurrency(),
            cores => f64::from(cores),
        }
    }

    fn stated_cores(&self) -> u32 {
        self.fleet.as_ref().and_then(|fleet| fleet.speed).unwrap_or_default().cores()
    }

    /// Slots of one server of the file; 1 where they are unlimited.
    pub fn concurrency(&self) -> f64 {
        match self.sizes.stated.concurrency {
            Concurrency::Limited(each) => each as f64,
            Concurrency::Unlimited => 1.0,
        }
    }

    /// Whether each server has unlimited slots.
    pub fn has_unlimited_slots(&self) -> bool {
        self.sizes.stated.concurrency == Concurrency::Unlimited
    }

    /// The slots of the largest possible fleet.
    pub fn most_slots(&self) -> slots::Settings {
        self.autoscale.as_ref().map_or(self.slots, |autoscale| self.slots_of(autoscale.most()))
    }

    /// The attempts per second that `slots` slots serve, with the work rate of `work_rate` slots of speed 1; infinite
    /// if nothing limits it.
    pub fn capacity_per_second(&self, slots: u64, work_rate: f64) -> f64 {
        let by_work = work_rate / (self.service.mean() / NANOS_PER_SECOND);
        if !self.calls.is_used() || slots == 0 || self.has_unlimited_slots() {
            return by_work;
        }
        // An attempt that waits for calls holds a slot and no core.
        let shares = self.fleet.as_ref().is_some_and(|fleet| fleet.speed.is_some());
        let speed = if shares { 1.0 } else { work_rate / slots as f64 };
        by_work.min(slots as f64 / (self.hold_at(speed) / NANOS_PER_SECOND))
    }

    /// The attempts per second that the servers of the file serve, at simulated size.
    pub fn stated_capacity(&self) -> f64 {
        self.capacity_per_second(self.slots.count, self.work_rate(self.servers()))
    }

    /// The slots of a number of servers at simulated size, each weighed by the speed of its server; infinite if slots are
    /// unlimited.
    pub fn work_rate(&self, servers: u64) -> f64 {
        match (&self.fleet, self.slots_of(servers)) {
            (None, slots) if slots.are_unlimited() => f64::INFINITY,
            (None, slots) => slots.count as f64,
            (Some(fleet), _) => {
                let up = fleet.up(fleet.servers.number(servers));
                fleet.work_rate(up.end - up.start, fleet.differences.speeds_of(up))
            }
        }
    }

    /// The work rate of the largest possible fleet; 0 if no server of it is up.
    pub fn most_work_rate(&self) -> f64 {
        if self.most_up() > 0 { self.work_rate(self.most()) } else { 0.0 }
    }

    /// Number of servers that are up in the largest possible fleet; at simulated size where servers are individuals.
    pub fn most_up(&self) -> u64 {
        let most = self.most();
        self.fleet.as_ref().map_or(most, |fleet| fleet.up(fleet.servers.number(most)).len() as u64)
    }

    /// Number of servers of the largest possible fleet.
    fn most(&self) -> u64 {
        self.autoscale.as_ref().map_or(self.servers(), autoscale::Settings::most)
    }
}
