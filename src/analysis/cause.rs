//! Why attempts are lost at a pool.

use super::frame::Frame;
use super::saturated::Saturated;
use crate::vocabulary::Outcome;

/// Why attempts are lost at a pool, or wait there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cause {
    /// The pool has no server for so many seconds, in some of which something is asked.
    NoServer {
        /// Seconds without a server, whether or not something is asked.
        for_s: f64,
    },
    /// The pool is full for so many seconds.
    Full {
        /// Seconds in which the pool is full.
        for_s: f64,
    },
    /// The pool's rate limit turns attempts away, whether or not the pool is full.
    Limited,
    /// The pool sheds attempts, whether or not it is full.
    Sheds,
    /// The pool turns attempts away that find no room, though it is not full for long.
    Rejects {
        /// Mean share of busy slots in the intervals in which the pool rejects attempts.
        utilization: f64,
    },
    /// The pool answers with errors.
    Errors,
    /// The pool is slower than the timers of its callers or its own, though not full.
    Slow,
    /// Attempts wait at the pool, though it is not full for long.
    Waits,
    /// Calls to the pool take longer than before, though it is not full for long and fails few of them.
    Slower {
        /// Mean time of a call in seconds.
        call_s: f64,
    },
}

impl Cause {
    /// The word for the cause in claims and in `summary.json`.
    pub fn word(self) -> &'static str {
        match self {
            Cause::NoServer { .. } => "no_server",
            Cause::Full { .. } => "full",
            Cause::Limited => "limited",
            Cause::Sheds => "sheds",
            Cause::Rejects { .. } => "rejects",
            Cause::Errors => "errors",
            Cause::Slow => "slow",
            Cause::Waits => "waits",
            Cause::Slower { .. } => "slower",
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
        let long = Cause::long_s(length_s, frame);
        if let Some(saturated) = saturated {
            let Saturated { no_server_s, full_s, filled_s, without_s, .. } = saturated;
            // Few may ask of a pool that never has a slot.
            let is_never_there = no_server_s > 0.0 && without_s >= long && !utilization.is_finite();
            if no_server_s >= full_s && (no_server_s >= long || is_never_there) {
                return Some(Cause::NoServer { for_s: without_s });
            }
            if let Some(protection) = most.and_then(Cause::of_protection) {
                return Some(protection);
            }
            if full_s >= long {
                return Some(Cause::Full { for_s: filled_s });
            }
            if no_server_s >= long {
                return Some(Cause::NoServer { for_s: without_s });
            }
        }
        match most {
            None => Some(Cause::Waits),
            Some(Outcome::Failed) => Some(Cause::Errors),
            Some(Outcome::TimedOut | Outcome::Abandoned) => Some(Cause::Slow),
            Some(Outcome::Rejected) => Some(Cause::Rejects { utilization }),
            Some(outcome) => Cause::of_protection(outcome),
        }
    }

    /// Seconds from which on a pool is saturated for long in a stretch of `length_s` seconds: a window or half of the stretch.
    pub(super) fn long_s(length_s: f64, frame: &Frame) -> f64 {
        frame.window_s().min(length_s / 2.0).max(frame.length_s(1))
    }

    /// The cause of attempts that a protection of the pool turned away; `None` of any other end.
    pub fn of_protection(most: Outcome) -> Option<Cause> {
        match most {
            Outcome::Limited => Some(Cause::Limited),
            Outcome::Shed => Some(Cause::Sheds),
            _ => None,
        }
    }
}
