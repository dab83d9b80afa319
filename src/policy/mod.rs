//! The mechanisms of pools and clients, one file each.
//!
//! ```text
//! pool.rs          [pool.x]: the table, composed of
//!   slots.rs         servers, concurrency: how many attempts are served at once
//!   service.rs       service: how long an attempt is served
//!   queue/           queue: where attempts wait, in which order they leave, which are dropped
//!   balancer/        queue.per_server.balancer: which server an attempt is sent to
//!   individuals.rs   servers that are told apart, and their number at a scale
//!   timers.rs        timeout, queue_timeout: how long the pool keeps an attempt
//!   abandoned.rs     on_timeout, on_abandon: what becomes of work that nobody waits for
//!   turn_away.rs     turn_away: what an answer costs that is no service
//!   failure.rs       failure: how often an attempt fails by itself
//! client.rs        [client.x]: the table, composed of
//!   caller/          the app: timeout, retry
//!   human/           the person: patience, refresh, come_back, report, stall_patience
//! ```
//!
//! The file of a mechanism holds what the user writes, the checks that no schema can state, the rule as pure functions,
//! and tests. What the user writes is a serde type: its doc comments are the reference, and its schema attributes say
//! which values are allowed (`range`, `x-above`, `x-at-least`) and which keys a `[[change]]` may set (`x-change`). The
//! engine reads this type. Only where a law, a name or the scale is in it does a `compile` make `Settings` of it.
//!
//! Several mechanisms share the table of a pool or a client. `#[serde(flatten)]` puts the keys of each into that table,
//! in the schema too, so a new key is written in the file of its mechanism alone. Flattening costs no position of a
//! message: the check of a file compares its tree with the schema and finds every error before serde reads the tree.

pub mod abandoned;
pub mod balancer;
pub mod caller;
pub mod client;
pub mod failure;
pub mod human;
pub mod individuals;
pub mod pool;
pub mod queue;
pub mod service;
pub mod slots;
pub mod timers;
pub mod turn_away;
pub mod virtual_clock;

use crate::document::distribution::Distribution;
use crate::units::Probability;

/// Most repetitions without a pause between them; many more at one instant would be a run that never moves on.
const MOST_WITHOUT_PAUSE: u64 = 100;

/// An error that no schema can state, because several keys cause it together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key under which the error is shown, as a dotted path within the table.
    pub key: String,
    /// What is wrong.
    pub title: String,
    /// What stands at the key's value.
    pub label: String,
    /// What is allowed.
    pub help: String,
}

impl Problem {
    /// The error of something that happens up to `attempts` times at one instant.
    fn without_pause(key: &str, attempts: u64) -> Problem {
        Problem {
            key: key.to_owned(),
            title: "this repeats without a pause".to_owned(),
            label: format!("up to {attempts} times at one instant"),
            help: format!("without a pause at most {MOST_WITHOUT_PAUSE} attempts are allowed"),
        }
    }

    /// The same error seen from the table that has this one at `key`.
    fn below(self, key: &str) -> Problem {
        Problem { key: format!("{key}.{}", self.key), ..self }
    }
}

/// A visitor of distributions, each with its key as a dotted path within the table.
pub type Visit<'a> = dyn FnMut(&str, &mut Distribution) + 'a;

/// A count of full size at a scale, rounded.
fn scaled(count: u64, scale: f64) -> u64 {
    (count as f64 * scale).round() as u64
}

/// The probability of what a table does not make a matter of chance.
fn certain() -> Probability {
    Probability(1.0)
}
