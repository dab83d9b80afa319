//! A pool: servers that do one kind of work.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::abandoned::AbandonedWork;
use super::calls::{self, Calls};
use super::concurrency_limit::{self, ConcurrencyLimit};
use super::differences::Differences;
use super::down::Down;
use super::eject::Eject;
use super::failure::Failure;
use super::fleet;
use super::individuals::Individuals;
use super::queue::{self, Queue};
use super::rate_limit::{self, RateLimit};
use super::retry_after::RetryAfter;
use super::service::Service;
use super::shed::Shed;
use super::slots::{Servers, Slots};
use super::timers::Timers;
use super::turn_away::TurnAway;
use super::{Problem, Visit};
use crate::random::Law;
use crate::units::NANOS_PER_SECOND;

/// Servers that do one kind of work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// `servers`, `concurrency`.
    #[serde(flatten)]
    pub slots: Servers,
    /// `service`.
    #[serde(flatten)]
    pub service: Service,
    /// Queue or queues in which attempts wait for a slot.
    #[serde(default)]
    pub queue: Queue,
    /// `timeout`, `queue_timeout`.
    #[serde(flatten)]
    pub timers: Timers,
    /// `on_timeout`, `on_abandon`.
    #[serde(flatten)]
    pub abandoned: AbandonedWork,
    /// `turn_away`.
    #[serde(flatten)]
    pub turn_away: TurnAway,
    /// `failure`.
    #[serde(flatten)]
    pub failure: Failure,
    /// `speeds`, `failures`.
    #[serde(flatten)]
    pub differences: Differences,
    /// Share of the servers that are down, those of the lowest numbers: they take nothing and lose what they hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub down: Option<Down>,
    /// Ejection of servers whose attempts fail; without it a server gets attempts however often it fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub eject: Option<Eject>,
    /// Rate at which the pool takes attempts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub rate_limit: Option<RateLimit>,
    /// Attempts that the pool turns away under load, before they wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub shed: Option<Shed>,
    /// Number of attempts that each server holds, which adapts to their times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub concurrency_limit: Option<ConcurrencyLimit>,
    /// `retry_after`.
    #[serde(flatten)]
    pub retry_after: RetryAfter,
    /// `calls`.
    #[serde(flatten)]
    pub calls: Calls,
}

impl Pool {
    /// Whether the servers are individuals under these settings, each with a number.
    pub fn has_individuals(&self) -> bool {
        self.queue.is_per_server()
            || self.differences.are_stated()
            || self.down.is_some()
            || self.calls.tell_servers_apart()
    }

    /// The errors that no schema can state.
    pub fn problems(&self, scale: f64) -> Vec<Problem> {
        let individuals = self.has_individuals().then(|| Individuals::of(&self.slots, scale));
        let alike = (individuals.is_none() && self.eject.is_some()).then(|| Problem {
            key: "eject".to_owned(),
            title: "the servers of this pool are interchangeable".to_owned(),
            label: "there is no server to eject".to_owned(),
            help: "with queue = { per_server = { … } }, `speeds` or `failures` the servers are told apart".to_owned(),
        });
        let shed = self.shed.as_ref().and_then(Shed::check).map(|problem| problem.below("shed"));
        let limit = self.concurrency_limit.as_ref().and_then(|limit| limit.check(self.limiters(scale).0));
        let all = [self.slots.check(), individuals.and_then(|servers| servers.check()), alike, shed, limit];
        all.into_iter().flatten().collect()
    }

    /// Mean service time in nanoseconds.
    pub fn mean_service(&self) -> f64 {
        self.service.compile().mean()
    }

    /// Whether the mean service time is infinite.
    pub fn serves_for_ever(&self) -> bool {
        self.service.has_infinite_mean()
    }

    /// Simulated servers for which a limiter of concurrency stands, and the factor on its limits.
    fn limiters(&self, scale: f64) -> (f64, f64) {
        if self.queue.is_per_server() {
            return (1.0, Individuals::of(&self.slots, scale).factor);
        }
        (self.slots.servers as f64 * scale, 1.0)
    }

    /// Calls `visit` with every distribution of the table.
    pub fn laws(&mut self, visit: &mut Visit<'_>) {
        self.service.laws(visit);
        self.retry_after.laws(visit);
        self.calls.laws(visit);
    }

    /// The simulated slots over the slots that a scale asks for.
    pub fn scale_factor(&self, scale: f64) -> f64 {
        self.slots_at(scale, self.has_individuals()).factor_at(scale)
    }

    /// The slots that are simulated at a scale; individual servers round each for itself.
    fn slots_at(&self, scale: f64, individuals: bool) -> Slots {
        if individuals {
            let count = Individuals::of(&self.slots, scale).all_slots();
            return Slots { count, full: self.slots.full(), servers: self.slots.servers as f64 };
        }
        self.slots.compile(scale)
    }

    /// The pool at a scale, without its calls, which name other tables. Servers are individuals in all settings of a run if they are in some of them.
    pub fn compile(&self, scale: f64, individuals: bool) -> Settings {
        let servers = individuals.then(|| Individuals::of(&self.slots, scale));
        Settings {
            slots: self.slots_at(scale, individuals),
            service: self.service.compile(),
            queue: self.queue.compile(scale, servers.as_ref()),
            timers: self.timers,
            abandoned: self.abandoned,
            turn_away: self.turn_away,
            failure: self.failure,
            fleet: servers.map(|servers| fleet::Settings {
                servers,
                balancer: self.queue.balancer(),
                redispatch: self.queue.redispatches(),
                differences: self.differences.clone(),
                down: self.down,
                eject: self.eject,
            }),
            rate_limit: self.rate_limit.as_ref().map(|limit| limit.compile(scale)),
            shed: self.shed,
            concurrency_limit: self.concurrency_limit.as_ref().map(|limit| {
                let (servers, factor) = self.limiters(scale);
                limit.compile(servers, factor)
            }),
            retry_after: self.retry_after.compile(),
            calls: calls::Settings::default(),
        }
    }
}

/// A pool's settings in force.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Number of attempts in service at once.
    pub slots: Slots,
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
    /// Law of the time for which those who are turned away are asked to stay away.
    pub retry_after: Option<Law>,
    /// Calls to other pools.
    pub calls: calls::Settings,
}

impl Settings {
    /// Whether a protection turns attempts away before they reach a queue.
    pub fn is_protected(&self) -> bool {
        self.rate_limit.is_some() || self.shed.is_some() || self.concurrency_limit.is_some()
    }

    /// Mean time in nanoseconds for which an attempt holds a slot of this speed, if its calls wait for nothing.
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

    /// The attempts per second that slots serve which do the work of `work_rate` slots of speed 1; infinite if slots are unlimited.
    pub fn capacity_per_second(&self, work_rate: f64) -> f64 {
        if self.slots.are_unlimited() {
            return f64::INFINITY;
        }
        if !self.calls.is_used() {
            return work_rate / (self.service.mean() / NANOS_PER_SECOND);
        }
        let slots = self.slots.count as f64;
        let capacity = slots / (self.hold_at(work_rate / slots) / NANOS_PER_SECOND);
        if slots > 0.0 { capacity } else { 0.0 }
    }

    /// The slots at simulated size, each weighed by the speed of its server; infinite if slots are unlimited.
    pub fn work_rate(&self) -> f64 {
        match &self.fleet {
            _ if self.slots.are_unlimited() => f64::INFINITY,
            None => self.slots.count as f64,
            Some(fleet) => fleet.work_rate(fleet.up(fleet.servers.servers)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(text: &str) -> Pool {
        toml::from_str(text).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn the_keys_of_all_mechanisms_stand_in_one_table() {
        let text = "servers = 4\nservice = \"50 ms\"\ntimeout = \"5 s\"\non_timeout = \"keep\"\nfailure = 0.01\n";
        let pool = pool(text);
        assert_eq!((pool.slots.servers, pool.timers.timeout.map(|span| span.seconds())), (4, Some(5.0)));
        let written = toml::to_string(&pool).expect("a pool can be written");
        for line in text.lines() {
            assert!(written.contains(line), "{line} is missing from\n{written}");
        }
        assert_eq!(toml::from_str(&written), Ok(pool));
    }

    #[test]
    fn a_key_of_no_mechanism_is_refused() {
        let error =
            toml::from_str::<Pool>("servers = 4\nservice = \"50 ms\"\nservrs = 5\n").expect_err("a mistyped key");
        assert!(error.message().contains("servrs"), "{error}");
    }

    #[test]
    fn the_capacity_is_that_of_the_slots_at_the_scale() {
        let pool = pool("servers = 10\nconcurrency = 4\nservice = { exponential = { mean = \"50 ms\" } }\n");
        let capacity = |pool: &Pool, scale| {
            let settings = pool.compile(scale, pool.has_individuals());
            settings.capacity_per_second(settings.work_rate())
        };
        assert_eq!((capacity(&pool, 1.0), capacity(&pool, 0.1)), (800.0, 80.0));
        let half = Pool { differences: Differences { speeds: vec![1.0, 0.5], ..Differences::default() }, ..pool };
        assert_eq!((capacity(&half, 1.0), capacity(&half, 0.4)), (600.0, 240.0));
    }
}
