//! A pool: servers that do the same kind of work.

mod settings;

pub use settings::Settings;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::abandoned::AbandonedWork;
use super::calls::{self, Calls};
use super::concurrency_limit::ConcurrencyLimit;
use super::crash::Crash;
use super::differences::Differences;
use super::down::Down;
use super::eject::Eject;
use super::failure::Failure;
use super::fleet;
use super::fleet::autoscale::{Autoscale, Metric};
use super::individuals::Individuals;
use super::queue::Queue;
use super::rate_limit::RateLimit;
use super::retry_after::RetryAfter;
use super::service::Service;
use super::shed::Shed;
use super::slots::{Concurrency, Slots};
use super::speed::Sharing;
use super::timers::Timers;
use super::turn_away::TurnAway;
use super::warm_up::WarmUp;
use super::{Problem, Visit};
use settings::Sizes;

/// Pool: servers that do the same kind of work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// `servers`, `concurrency`.
    #[serde(flatten)]
    pub slots: Slots,
    /// `service`.
    #[serde(flatten)]
    pub service: Service,
    /// Queues in which attempts wait for a slot.
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
    /// Share of the servers that are down, those of the lowest numbers: they take no attempts and lose those that they
    /// hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub down: Option<Down>,
    /// Ejection of servers whose attempts fail; none if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub eject: Option<Eject>,
    /// Rate limit of the attempts that the pool accepts; none if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub rate_limit: Option<RateLimit>,
    /// Load shedding: attempts are turned away under load, before they wait; none if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub shed: Option<Shed>,
    /// Adaptive limit of the attempts that each server holds; none if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub concurrency_limit: Option<ConcurrencyLimit>,
    /// `retry_after`.
    #[serde(flatten)]
    pub retry_after: RetryAfter,
    /// `calls`.
    #[serde(flatten)]
    pub calls: Calls,
    /// `cores`, `slowdown`.
    #[serde(flatten)]
    pub sharing: Sharing,
    /// Warm-up of servers that boot, are repaired or are added; none if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub warm_up: Option<WarmUp>,
    /// Crashes and repairs of single servers; none if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub crash: Option<Crash>,
    /// Autoscaling; if absent, the number of servers is `servers`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub autoscale: Option<Autoscale>,
}

impl Pool {
    /// Whether the servers are individuals under these settings, each with a number.
    pub fn has_individuals(&self) -> bool {
        self.queue.is_per_server()
            || self.differences.are_stated()
            || self.down.is_some()
            || self.calls.tell_servers_apart()
            || self.sharing.is_stated()
            || self.warm_up.is_some()
            || self.crash.is_some()
    }

    /// Whether servers may lose the attempts that they hold.
    pub fn loses(&self) -> bool {
        self.down.is_some() || self.crash.is_some()
    }

    /// Whether the pool has values of a metric; unlimited slots have no utilization.
    fn has(&self, metric: Metric) -> bool {
        match metric {
            Metric::Utilization => self.slots.concurrency != Concurrency::Unlimited,
            Metric::Cpu => self.slots.concurrency != Concurrency::Unlimited || self.sharing.cores.is_some(),
            _ => true,
        }
    }

    /// The errors that no schema can state.
    pub fn problems(&self, scale: f64) -> Vec<Problem> {
        let mut found: Vec<Problem> = self.slots.check().into_iter().collect();
        let (mut key, mut most) = ("servers", self.slots.servers);
        if let Some(autoscale) = &self.autoscale {
            (key, most) = ("autoscale.at_most", autoscale.at_most);
            let problems = autoscale.problems(&|metric| self.has(metric));
            found.extend(problems.into_iter().map(|problem| problem.below("autoscale")));
            let problem = Slots { servers: most, ..self.slots }.check();
            found.extend(problem.map(|problem| Problem { key: key.to_owned(), ..problem }));
        }
        if self.has_individuals() {
            let servers = self.individuals(scale);
            found.extend(servers.check(key, most));
            found.extend(self.sharing.problems(&servers, self.least_servers(), scale));
        } else if self.eject.is_some() {
            let help = "with queue = { per_server = { … } }, `speeds` or `failures` the servers are told apart";
            let title = "the servers of this pool are interchangeable";
            found.push(Problem::new("eject", title, "there is no server to eject", help));
        }
        found.extend(self.eject.as_ref().and_then(Eject::check));
        found.extend(self.crash.iter().flat_map(|crash| crash.problems(self.queue.is_per_server())));
        found.extend(self.shed.as_ref().and_then(Shed::check).map(|problem| problem.below("shed")));
        found.extend(self.concurrency_limit.as_ref().and_then(|limit| limit.check(self.limiters(scale).0)));
        found
    }

    /// The servers as individuals at a scale.
    fn individuals(&self, scale: f64) -> Individuals {
        Individuals::of(&self.slots, self.least_servers(), scale)
    }

    /// The servers of the smallest fleet.
    fn least_servers(&self) -> u64 {
        self.autoscale.as_ref().map_or(self.slots.servers, |autoscale| autoscale.at_least.max(1))
    }

    /// Mean service time in nanoseconds.
    pub fn mean_service(&self) -> f64 {
        self.service.compile().mean()
    }

    /// Whether the mean service time is infinite.
    pub fn serves_for_ever(&self) -> bool {
        self.service.has_infinite_mean()
    }

    /// Number of simulated servers that share a concurrency limiter, and the factor on its limits.
    fn limiters(&self, scale: f64) -> (f64, f64) {
        if self.queue.is_per_server() {
            return (1.0, self.individuals(scale).factor);
        }
        (self.slots.servers as f64 * scale, 1.0)
    }

    /// Calls `visit` with every distribution of the table.
    pub fn laws(&mut self, visit: &mut Visit<'_>) {
        self.service.laws(visit);
        self.retry_after.laws(visit);
        self.calls.laws(visit);
        if let Some(crash) = &mut self.crash {
            crash.laws(&mut |key, law| visit(&format!("crash.{key}"), law));
        }
        if let Some(autoscale) = &mut self.autoscale {
            autoscale.laws(&mut |key, law| visit(&format!("autoscale.{key}"), law));
        }
    }

    /// The simulated slots over the slots that a scale asks for.
    pub fn scale_factor(&self, scale: f64) -> f64 {
        self.compile(scale, self.has_individuals()).slots.factor_at(scale)
    }

    /// The pool at a scale, without its calls, which name other tables. Servers are individuals in all settings of a
    /// run or in none.
    pub fn compile(&self, scale: f64, individuals: bool) -> Settings {
        let servers = individuals.then(|| self.individuals(scale));
        let sizes = Sizes { stated: self.slots, scale };
        Settings {
            slots: sizes.slots(self.slots.servers, servers.as_ref()),
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
                speed: self.sharing.compile(),
                warm_up: self.warm_up,
                crash: self.crash.as_ref().map(Crash::compile),
                loses: self.loses(),
            }),
            rate_limit: self.rate_limit.as_ref().map(|limit| limit.compile(scale)),
            shed: self.shed,
            concurrency_limit: self.concurrency_limit.as_ref().map(|limit| {
                let (servers, factor) = self.limiters(scale);
                limit.compile(servers, factor)
            }),
            retry_after: self.retry_after.compile(),
            calls: calls::Settings::default(),
            autoscale: self.autoscale.as_ref().map(Autoscale::compile),
            sizes,
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
            settings.stated_capacity()
        };
        assert_eq!((capacity(&pool, 1.0), capacity(&pool, 0.1)), (800.0, 80.0));
        let half = Pool { differences: Differences { speeds: vec![1.0, 0.5], ..Differences::default() }, ..pool };
        assert_eq!((capacity(&half, 1.0), capacity(&half, 0.4)), (600.0, 240.0));
    }
}
