//! The attempts of a caller, as far as its budget, breaker and throttle distinguish them.

use crate::vocabulary::Outcome;

/// The reason why a caller sends an attempt or wants to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The attempt is the first of its request.
    First,
    /// The app's timer ended the attempt before.
    TimedOut,
    /// The attempt before failed in another way.
    Failed,
    /// The attempt is a hedged copy, which budgets count as a retry.
    Hedge,
}

/// The attempts and ends that budgets, breakers and throttles count, so that they have to be told of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// First attempts that are about to be sent.
    pub firsts: bool,
    /// Other attempts that are about to be sent.
    pub retries: bool,
    /// Ends of attempts.
    pub ends: bool,
}

impl Told {
    /// Neither attempts nor their ends.
    pub const NOTHING: Told = Told { firsts: false, retries: false, ends: false };
    /// All attempts and their ends.
    pub const ALL: Told = Told { firsts: true, retries: true, ends: true };

    /// Whether attempt `number` of a request, from 1, has to be told.
    #[inline]
    pub fn of(self, number: u16) -> bool {
        if number == 1 { self.firsts } else { self.retries }
    }

    /// What at least one of two has to be told.
    pub fn or(self, other: Told) -> Told {
        Told {
            firsts: self.firsts || other.firsts,
            retries: self.retries || other.retries,
            ends: self.ends || other.ends,
        }
    }
}

/// The end of an attempt that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// A reply came in time.
    Served,
    /// The pool took the attempt and answered with a failure.
    Failed,
    /// The attempt had another outcome than served or failed.
    NotServed,
    /// The human left, or another copy was served before, so the app did not see the end.
    Left,
}

impl End {
    /// The end as the app sees an outcome; the app's own timer ends an attempt as abandoned.
    pub fn of(outcome: Outcome) -> End {
        match outcome {
            Outcome::Served => End::Served,
            Outcome::Failed => End::Failed,
            _ => End::NotServed,
        }
    }
}
