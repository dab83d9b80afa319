//! Policies: the mechanisms of pools and clients, one file each.
//!
//! ```text
//! pool.rs          [pool.x]: the table, composed of
//!   slots.rs         servers, concurrency: the number of attempts in service at once
//!   service.rs       service: the service time of an attempt
//!   queue/           queue: the queues of the pool, their limits and their disciplines
//!   balancer/        queue.per_server.balancer: the server that an attempt is sent to
//!   speed.rs         cores, slowdown: the progress of attempts that a server works on at once
//!   warm_up.rs       warm_up: servers that have just begun
//!   fleet/           autoscale: the number of servers over time
//!   individuals.rs   servers that are told apart, and their number at a scale
//!   differences.rs   speeds, failures: what tells servers apart
//!   down.rs          down: the servers that do not work
//!   crash.rs         crash: servers that break down and are repaired
//!   eject.rs         eject: servers that fail get no attempts for some time
//!   fleet.rs         what the engine reads about individual servers
//!   timers.rs        timeout, queue_timeout: the longest time that the pool keeps an attempt
//!   abandoned.rs     on_timeout, on_abandon: the end of attempts that nobody waits for any more
//!   turn_away.rs     turn_away: the server time of a 503 or a queued 504
//!   failure.rs       failure: the probability that an attempt fails
//!   rate_limit.rs    rate_limit: the rate at which the pool takes attempts
//!   shed/            shed: attempts that the pool turns away under load
//!   concurrency_limit/  concurrency_limit: the number of attempts that a server holds
//!   retry_after.rs   retry_after: how long those who are turned away are asked to stay away
//!   calls.rs         calls: what an attempt asks of other pools
//!   cache.rs         calls.N.cache: what a call need not ask
//! distance.rs      region.x.rtt, region.x.loss: the way between viewers and pools
//! repeat.rs        journey.x.repeat: rounds of a journey
//! waiting_room.rs  [waiting_room.x]: who is let in, and when
//! client.rs        [client.x]: the table, composed of
//!   caller/          the app: timeout, retry, budget, breaker, adaptive_throttle
//!   human/           the person: patience, refresh, come_back, report, stall_patience
//! ```
//!
//! The file of a mechanism holds what the user writes, the checks that no schema can state, the rule as pure functions,
//! and tests. What the user writes is a serde type: its doc comments are the reference, and its schema attributes say
//! which values are allowed (`range`, `x-above`, `x-at-least`) and which keys a `[[change]]` may set (`x-change`). The
//! engine reads the same type. Only a type with a law, a name or a scale has a `compile`, which returns `Settings`.
//!
//! Several mechanisms share the table of a pool or a client. `#[serde(flatten)]` puts the keys of each into that table,
//! in the schema too, so a new key is written in the file of its mechanism alone. Error messages keep their positions: the
//! check of a file compares the file's tree with the schema and finds every error before serde reads the tree.

pub mod abandoned;
pub mod balancer;
pub mod cache;
pub mod caller;
pub mod calls;
pub mod client;
pub mod concurrency_limit;
pub mod crash;
pub mod differences;
pub mod distance;
pub mod down;
pub mod eject;
pub mod failure;
pub mod fleet;
pub mod human;
pub mod individuals;
pub mod pool;
pub mod queue;
pub mod rate_limit;
pub mod repeat;
pub mod retry_after;
pub mod service;
pub mod shed;
pub mod slots;
pub mod speed;
pub mod timers;
pub mod turn_away;
pub(crate) mod virtual_clock;
pub mod waiting_room;
pub mod warm_up;

use crate::document::distribution::Distribution;
use crate::document::findings::Findings;
use crate::units::Probability;

/// Largest number of repetitions without a pause; many more could be a run that hardly ends.
const MOST_WITHOUT_PAUSE: u64 = 100;

/// An error that no schema can state, because several keys cause it together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key under which the error is shown, as a dotted path within the table.
    pub key: String,
    /// The error.
    pub title: String,
    /// The label at the value of the key.
    pub label: String,
    /// The values that are allowed.
    pub help: String,
}

impl Problem {
    fn new(
        key: impl Into<String>,
        title: impl Into<String>,
        label: impl Into<String>,
        help: impl Into<String>,
    ) -> Problem {
        Problem { key: key.into(), title: title.into(), label: label.into(), help: help.into() }
    }

    /// Reports errors of the table at `path`.
    pub(crate) fn report(problems: impl IntoIterator<Item = Problem>, path: &str, out: &mut Findings<'_>) {
        for Problem { key, title, label, help } in problems {
            out.value(&format!("{path}.{key}"), title, label, help);
        }
    }

    /// The error of `attempts` repetitions without a pause between them.
    fn without_pause(key: &str, attempts: u64) -> Problem {
        let label = format!("up to {attempts} times, each as soon as the one before has ended");
        let help = format!("at most {MOST_WITHOUT_PAUSE} without a pause; with one above zero more are allowed");
        Problem::new(key, "this repeats without a pause", label, help)
    }

    /// The error for the table that contains the present table under `key`.
    fn below(self, key: &str) -> Problem {
        Problem { key: format!("{key}.{}", self.key), ..self }
    }
}

/// A visitor of distributions, each with its key as a dotted path within the table.
pub type Visit<'a> = dyn FnMut(&str, &mut Distribution) + 'a;

/// A count at full size, scaled and rounded.
fn scaled(count: u64, scale: f64) -> u64 {
    (count as f64 * scale).round() as u64
}

/// The default of a probability: 1.
fn certain() -> Probability {
    Probability(1.0)
}
