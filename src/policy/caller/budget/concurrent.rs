//! `concurrent`: retries under way are at most a share of all attempts under way.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::word::Word;
use crate::policy::caller::attempt::Why;
use crate::units::Probability;

/// Limit of the retries under way: a share of the attempts under way, or a number that is always allowed, whichever is
/// larger. A retry is under way from the decision to retry, through its pause, to its end (Envoy `retry_budget`, Istio
/// `retryBudget`).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Concurrent {
    /// Share of the attempts under way that may be retries; 20% in Envoy.
    #[schemars(extend("x-change" = true))]
    pub share: Probability,
    /// Number of retries under way that is always allowed; 3 in Envoy.
    #[schemars(range(min = 0, max = 1_000_000), extend("x-change" = true))]
    pub at_least: u64,
}

impl Default for Concurrent {
    fn default() -> Concurrent {
        Concurrent { share: Probability(0.2), at_least: 3 }
    }
}

/// Millionths in one retry.
const ONE: u64 = 1_000_000;

/// The rule of concurrent retries, in millionths of a retry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    share: u64,
    at_least: u64,
}

impl Concurrent {
    /// The rule for `callers` callers.
    pub(super) fn compile(&self, callers: f64) -> Rule {
        let millionths = |number: f64| (number * ONE as f64).round() as u64;
        Rule { share: millionths(self.share.0), at_least: millionths(self.at_least as f64 * callers) }
    }
}

/// Attempts and retries under way, stored in the low and the high half of a word.
#[derive(Clone, Copy)]
struct UnderWay {
    /// Attempts sent and not ended.
    attempts: u64,
    /// Retries decided on and not ended.
    retries: u64,
}

impl UnderWay {
    #[inline]
    fn of<W: Word>(state: W) -> UnderWay {
        UnderWay { attempts: state.get() & (W::HIGHEST >> W::HALF), retries: state.get() >> W::HALF }
    }

    #[inline]
    fn store<W: Word>(self, state: &mut W) {
        let highest = W::HIGHEST >> W::HALF;
        *state = W::of(self.retries.min(highest) << W::HALF | self.attempts.min(highest));
    }
}

impl Rule {
    /// The share of the attempts under way that may be retries, and the retries that are always allowed.
    pub(super) fn in_retries(&self) -> (f64, f64) {
        (self.share as f64 / ONE as f64, self.at_least as f64 / ONE as f64)
    }

    /// Records an attempt that is sent.
    #[inline]
    pub(super) fn sent<W: Word>(&self, state: &mut W) {
        let now = UnderWay::of(*state);
        UnderWay { attempts: now.attempts + 1, ..now }.store(state);
    }

    /// Decides whether a retry may be sent. A retry that is allowed is under way from now on.
    #[inline]
    pub(super) fn allows<W: Word>(&self, state: &mut W) -> bool {
        let now = UnderWay::of(*state);
        // Both sides are in millionths of a retry.
        let allowed = now.retries * ONE < self.at_least.max(self.share * now.attempts);
        if allowed {
            UnderWay { retries: now.retries + 1, ..now }.store(state);
        }
        allowed
    }

    /// Records that an allowed retry is not sent after all.
    #[inline]
    pub(super) fn withdrawn<W: Word>(&self, state: &mut W) {
        let now = UnderWay::of(*state);
        UnderWay { retries: now.retries.saturating_sub(1), ..now }.store(state);
    }

    /// Records the end of an attempt that was sent for the reason `why`.
    #[inline]
    pub(super) fn ended<W: Word>(&self, state: &mut W, why: Why) {
        let now = UnderWay::of(*state);
        let attempts = now.attempts.saturating_sub(1);
        let retries = if why == Why::First { now.retries } else { now.retries.saturating_sub(1) };
        UnderWay { attempts, retries }.store(state);
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::caller::budget::{Budget, Concurrent, Counted, End, Rule, Why};
    use crate::units::Probability;

    fn rule(share: f64, at_least: u64, callers: f64) -> Counted {
        match Budget::Concurrent(Concurrent { share: Probability(share), at_least }).compile(callers) {
            Rule::Counted(rule) => rule,
            Rule::Windowed(_) => panic!("a budget of concurrency has no window"),
        }
    }

    #[test]
    fn retries_stay_below_the_share_of_attempts_under_way_or_the_number_always_allowed() {
        for (attempts, retries) in [(0, 3), (10, 3), (15, 3), (16, 4), (20, 4), (21, 5), (100, 20), (1_000, 200)] {
            let (rule, mut state) = (rule(0.2, 3, 1.0), 0_u64);
            (0..attempts).for_each(|_| rule.sent(&mut state, Why::First));
            let allowed = (0..1_000).take_while(|_| rule.allows(&mut state, Why::Failed)).count();
            assert_eq!(allowed, retries, "with {attempts} attempts under way");
        }
    }

    /// Each end of an attempt asks for a retry, and a first attempt is sent in place of one that may not be retried: of
    /// those under way the share is retries, and the load is 1 / (1 − share) of that of first attempts alone.
    #[test]
    fn when_everything_fails_the_share_of_attempts_is_retries() {
        for share in [0.1, 0.2, 0.5] {
            let (rule, mut state) = (rule(share, 0, 1.0), 0_u64);
            let mut under_way = std::collections::VecDeque::from(vec![Why::First; 1_000]);
            (0..1_000).for_each(|_| rule.sent(&mut state, Why::First));
            for _ in 0..20_000 {
                let oldest = under_way.pop_front().unwrap();
                rule.ended(&mut state, oldest, End::NotServed);
                let next = if rule.allows(&mut state, Why::Failed) { Why::Failed } else { Why::First };
                rule.sent(&mut state, next);
                under_way.push_back(next);
            }
            let retries = under_way.iter().filter(|why| **why == Why::Failed).count();
            assert_eq!(retries, (1_000.0 * share) as usize);
        }
    }

    #[test]
    fn a_retry_counts_from_its_decision_to_its_end() {
        let (rule, mut state) = (rule(0.0, 1, 1.0), 0_u32);
        rule.sent(&mut state, Why::First);
        rule.ended(&mut state, Why::First, End::NotServed);
        assert!(rule.allows(&mut state, Why::Failed));
        assert!(!rule.allows(&mut state, Why::Failed), "one is in its pause");
        rule.sent(&mut state, Why::Failed);
        assert!(!rule.allows(&mut state, Why::Failed), "one is under way");
        rule.ended(&mut state, Why::Failed, End::Served);
        assert!(rule.allows(&mut state, Why::TimedOut));
        rule.withdrawn(&mut state);
        assert_eq!(state, 0);
    }

    #[test]
    fn a_number_always_allowed_may_be_a_fraction() {
        for (callers, allowed) in [(0.0, 0), (0.1, 1), (0.5, 2), (2.0, 6)] {
            let (rule, mut state) = (rule(0.0, 3, callers), 0_u64);
            assert_eq!((0..100).take_while(|_| rule.allows(&mut state, Why::Failed)).count(), allowed);
        }
    }
}
