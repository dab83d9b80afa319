//! Why attempts are lost at a pool.

use super::frame::Frame;
use super::saturated::Saturated;
use crate::vocabulary::Outcome;

/// Why attempts are lost at a pool, or wait there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cause {
    /// The pool has no server for so many seconds.
    NoServer {
        /// Seconds without a server.
        for_s: f64,
    },
    /// The pool is full for so many seconds.
    Full {
        /// Seconds in which the pool is full.
        for_s: f64,
    },
    /// The pool turns attempts away in bursts, though it is not full for long.
    Rejects {
        /// Mean share of busy slots.
        utilization: f64,
    },
    /// The pool answers with errors.
    Errors,
    /// The pool is slower than the timers of its callers or its own, though not full.
    Slow,
    /// Attempts wait at the pool, though it is not full for long.
    Waits,
}

impl Cause {
    /// The word for the cause in claims and in `summary.json`.
    pub fn word(self) -> &'static str {
        match self {
            Cause::NoServer { .. } => "no_server",
            Cause::Full { .. } => "full",
            Cause::Rejects { .. } => "rejects",
            Cause::Errors => "errors",
            Cause::Slow => "slow",
            Cause::Waits => "waits",
        }
    }

    /// The cause at a pool in a stretch of `length_s` seconds. `most` is its most frequent error there, `None` if attempts
    /// only wait.
    pub fn of(
        saturated: Option<Saturated>,
        most: Option<Outcome>,
        utilization: f64,
        length_s: f64,
        frame: &Frame,
    ) -> Option<Cause> {
        let long = frame.window_s().min(length_s / 2.0).max(frame.length_s(1));
        if let Some(saturated) = saturated {
            let Saturated { no_server_s, full_s, .. } = saturated;
            if no_server_s >= long && no_server_s >= full_s {
                return Some(Cause::NoServer { for_s: no_server_s });
            }
            if full_s >= long {
                return Some(Cause::Full { for_s: full_s });
            }
            if no_server_s >= long {
                return Some(Cause::NoServer { for_s: no_server_s });
            }
        }
        match most {
            None => Some(Cause::Waits),
            Some(Outcome::Failed) => Some(Cause::Errors),
            Some(Outcome::TimedOut | Outcome::Abandoned) => Some(Cause::Slow),
            Some(Outcome::Rejected | Outcome::Shed | Outcome::Limited) => Some(Cause::Rejects { utilization }),
            Some(Outcome::Refused | Outcome::Served) => None,
        }
    }
}
