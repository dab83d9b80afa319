//! `tokens`: retries take tokens, and successes give tokens back.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::level::{give, in_tokens, take, thousandths};
use crate::policy::caller::attempt::{End, Why};

/// A retry takes tokens, more of them after a timeout. A request served at its first attempt gives `refund` tokens
/// back; a request served by a retry gives back the tokens that this retry took. The count starts at its capacity (AWS
/// SDKs, standard mode; botocore, retries/standard.py).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Tokens {
    /// Capacity in tokens; 500 in the AWS SDKs.
    #[schemars(range(min = 1, max = 1_000_000), extend("x-change" = true))]
    pub capacity: u64,
    /// Tokens that a retry takes; 5 in the AWS SDKs, 14 in those of 2026.
    #[schemars(range(min = 0, max = 1_000_000), extend("x-change" = true))]
    pub retry: u64,
    /// Tokens that a retry takes after an attempt that the client's own `timeout` ended; 10 in the AWS SDKs, 14 in those of
    /// 2026.
    #[schemars(range(min = 0, max = 1_000_000), extend("x-change" = true))]
    pub timeout: u64,
    /// Tokens that a request served at its first attempt gives back; 1 in the AWS SDKs.
    #[schemars(range(min = 0, max = 1_000_000), extend("x-change" = true))]
    pub refund: u64,
}

impl Default for Tokens {
    fn default() -> Tokens {
        Tokens { capacity: 500, retry: 5, timeout: 10, refund: 1 }
    }
}

/// The rule of tokens, in thousandths of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    capacity: u64,
    retry: u64,
    timeout: u64,
    refund: u64,
}

impl Tokens {
    /// The rule for `callers` callers.
    pub(super) fn compile(&self, callers: f64) -> Rule {
        Rule {
            capacity: thousandths(self.capacity as f64 * callers),
            retry: thousandths(self.retry as f64),
            timeout: thousandths(self.timeout as f64),
            refund: thousandths(self.refund as f64),
        }
    }
}

impl Rule {
    /// The capacity, what a retry takes, and what a request served at its first attempt gives back.
    pub(super) fn in_tokens(&self, timed_out: bool) -> (f64, f64, f64) {
        let cost = self.cost(if timed_out { Why::TimedOut } else { Why::Failed });
        (in_tokens(self.capacity), in_tokens(cost), in_tokens(self.refund))
    }

    /// The missing tokens after a retry; `None` if there are too few tokens for the retry.
    #[inline]
    pub(super) fn pays(&self, missing: u64, why: Why) -> Option<u64> {
        take(self.capacity, missing, self.cost(why))
    }

    /// The missing tokens after the end of an attempt that was sent for the reason `why`.
    #[inline]
    pub(super) fn ended(&self, missing: u64, why: Why, end: End) -> u64 {
        match (end, why) {
            (End::Served, Why::First) => give(missing, self.refund),
            (End::Served, _) => give(missing, self.cost(why)),
            (End::NotServed | End::Failed | End::Left, _) => missing,
        }
    }

    fn cost(&self, why: Why) -> u64 {
        if why == Why::TimedOut { self.timeout } else { self.retry }
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::caller::budget::{Budget, Counted, End, Rule, Tokens, Why};

    fn rule() -> Counted {
        match Budget::Tokens(Tokens::default()).compile(1.0) {
            Rule::Counted(rule) => rule,
            Rule::Windowed(_) => panic!("tokens have no window"),
        }
    }

    #[test]
    fn when_everything_fails_retries_are_the_capacity_over_their_cost() {
        for (why, retries) in [(Why::Failed, 100), (Why::TimedOut, 50)] {
            let (rule, mut state) = (rule(), 0_u32);
            let mut sent = 0;
            for _ in 0..1_000 {
                rule.ended(&mut state, Why::First, End::NotServed);
                if rule.allows(&mut state, why) {
                    sent += 1;
                    rule.ended(&mut state, why, End::NotServed);
                }
            }
            assert_eq!(sent, retries);
        }
    }

    #[test]
    fn what_is_too_little_for_a_timeout_may_do_for_another_retry() {
        let (rule, mut state) = (rule(), 0_u32);
        assert!((0..99).all(|_| rule.allows(&mut state, Why::Failed)));
        assert!(!rule.allows(&mut state, Why::TimedOut));
        assert!(rule.allows(&mut state, Why::Failed));
        assert!(!rule.allows(&mut state, Why::Failed));
    }

    /// The tokens step by step, as botocore's `RetryQuotaChecker` computes them.
    #[test]
    fn success_gives_back_what_the_last_retry_took() {
        let rule = rule();
        let left = |state: u32| 500 - state / 1_000;
        let mut state = 0_u32;
        let mut step = |end: End, sent: Why, retry: Option<Why>| {
            rule.ended(&mut state, sent, end);
            let allowed = retry.is_some_and(|why| rule.allows(&mut state, why));
            (allowed, left(state))
        };
        // First attempt fails, second times out, third is served: 5 and 10 are taken, 10 come back.
        assert_eq!(step(End::NotServed, Why::First, Some(Why::Failed)), (true, 495));
        assert_eq!(step(End::NotServed, Why::Failed, Some(Why::TimedOut)), (true, 485));
        assert_eq!(step(End::Served, Why::TimedOut, None), (false, 495));
        // A request that is served at once gives back one, up to the capacity.
        assert_eq!(step(End::Served, Why::First, None), (false, 496));
        for tokens in [497, 498, 499, 500, 500] {
            assert_eq!(step(End::Served, Why::First, None), (false, tokens));
        }
        // One that fails for good, or whose human leaves, gives back nothing.
        assert_eq!(step(End::NotServed, Why::First, Some(Why::Failed)), (true, 495));
        assert_eq!(step(End::NotServed, Why::Failed, None), (false, 495));
        assert_eq!(step(End::Left, Why::First, None), (false, 495));
    }
}
