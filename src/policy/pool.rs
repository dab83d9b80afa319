//! A pool: servers that do one kind of work.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::abandoned::AbandonedWork;
use super::failure::Failure;
use super::individuals::Individuals;
use super::queue::{self, Queue};
use super::service::Service;
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
}

impl Pool {
    /// The errors that no schema can state.
    pub fn problems(&self, scale: f64) -> Vec<Problem> {
        [self.slots.check(), self.queue.check(&self.slots, scale)].into_iter().flatten().collect()
    }

    /// Mean service time in nanoseconds.
    pub fn mean_service(&self) -> f64 {
        self.service.compile().mean()
    }

    /// Whether the mean service time is infinite.
    pub fn serves_for_ever(&self) -> bool {
        self.service.has_infinite_mean()
    }

    /// Calls `visit` with every distribution of the table.
    pub fn laws(&mut self, visit: &mut Visit<'_>) {
        self.service.laws(visit);
    }

    /// The slots that are simulated at a scale; individual servers round each for itself.
    fn slots_at(&self, scale: f64) -> Slots {
        if self.queue.is_per_server() {
            let count = Individuals::of(&self.slots, scale).all_slots();
            return Slots { count, full: self.slots.full(), servers: self.slots.servers as f64 };
        }
        self.slots.compile(scale)
    }

    /// The slots that are simulated at a scale over those that the scale asks for.
    pub fn scale_factor(&self, scale: f64) -> f64 {
        self.slots_at(scale).factor_at(scale)
    }

    /// The pool at a scale.
    pub fn compile(&self, scale: f64) -> Settings {
        Settings {
            slots: self.slots_at(scale),
            service: self.service.compile(),
            queue: self.queue.compile(&self.slots, scale),
            timers: self.timers,
            abandoned: self.abandoned,
            turn_away: self.turn_away,
            failure: self.failure,
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
}

impl Settings {
    /// The capacity of the slots at simulated size, in attempts per second; infinite if slots are unlimited.
    pub fn capacity_per_second(&self) -> f64 {
        if self.slots.are_unlimited() {
            return f64::INFINITY;
        }
        self.slots.count as f64 / (self.service.mean() / NANOS_PER_SECOND)
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
        assert_eq!(pool.compile(1.0).capacity_per_second(), 800.0);
        assert_eq!(pool.compile(0.1).capacity_per_second(), 80.0);
    }
}
