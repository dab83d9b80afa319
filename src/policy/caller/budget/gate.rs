//! `gate`: retries are sent while successes outweigh failures.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::level::{drain, give, in_tokens, thousandths};
use crate::policy::caller::attempt::End;

/// A failure takes one token, a success adds a part of one; retries are sent while more than half of the tokens are left.
/// The count of tokens starts at its maximum and stays between 0 and the maximum (gRPC proposal A6, `retryThrottling`).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Gate {
    /// The highest count of tokens; gRPC has no default and shows 10 in its example.
    #[schemars(range(min = 1, max = 1_000_000), extend("x-change" = true))]
    pub max_tokens: u64,
    /// Tokens that a success adds, to a thousandth; gRPC has no default and shows 0.1 in its example.
    #[schemars(range(min = 0.0, max = 1000.0), extend("x-change" = true))]
    pub token_ratio: f64,
}

impl Default for Gate {
    fn default() -> Gate {
        Gate { max_tokens: 10, token_ratio: 0.1 }
    }
}

/// The cost of a failure, in thousandths of a token.
const FAILURE: u64 = 1_000;

/// The rule of a gate, in thousandths of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    max: u64,
    ratio: u64,
}

impl Gate {
    /// The rule for `callers` callers.
    pub(super) fn compile(&self, callers: f64) -> Rule {
        Rule { max: thousandths(self.max_tokens as f64 * callers), ratio: thousandths(self.token_ratio) }
    }
}

impl Rule {
    /// Half of the tokens, and what a success adds.
    pub(super) fn in_tokens(&self) -> (f64, f64) {
        (in_tokens(self.max) / 2.0, in_tokens(self.ratio))
    }

    /// Whether more than half of the tokens are left.
    #[inline]
    pub(super) fn allows(&self, missing: u64) -> bool {
        2 * missing < self.max
    }

    /// The missing tokens after an attempt has ended.
    #[inline]
    pub(super) fn ended(&self, missing: u64, end: End) -> u64 {
        match end {
            End::Served => give(missing, self.ratio),
            End::NotServed | End::Failed => drain(self.max, missing, FAILURE),
            End::Left => missing,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::caller::budget::{Budget, Counted, End, Gate, Rule, Why};

    fn rule(max_tokens: u64, token_ratio: f64) -> Counted {
        match Budget::Gate(Gate { max_tokens, token_ratio }).compile(1.0) {
            Rule::Counted(rule) => rule,
            Rule::Windowed(_) => panic!("a gate has no window"),
        }
    }

    /// Records an end with the rule and asks for a retry.
    fn after(rule: &Counted, state: &mut u32, end: End) -> bool {
        rule.ended(state, Why::First, end);
        rule.allows(state, Why::Failed)
    }

    #[test]
    fn when_everything_fails_fewer_retries_are_sent_than_half_the_tokens() {
        for (max, retries) in [(10, 4), (11, 5), (1, 0), (2, 0), (3, 1), (1_000, 499)] {
            let (rule, mut state) = (rule(max, 0.1), 0);
            let sent = (0..5_000).filter(|_| after(&rule, &mut state, End::NotServed)).count();
            assert_eq!(sent, retries, "of {max} tokens");
        }
    }

    #[test]
    fn half_the_tokens_are_not_enough_and_a_thousandth_more_is() {
        let (rule, mut state) = (rule(10, 0.001), 0);
        let gates: Vec<bool> = (0..5).map(|_| after(&rule, &mut state, End::NotServed)).collect();
        assert_eq!(gates, [true, true, true, true, false]);
        assert!(after(&rule, &mut state, End::Served));
    }

    #[test]
    fn the_count_stays_between_nothing_and_its_maximum() {
        let (rule, mut state) = (rule(10, 0.1), 0);
        // A thousand failures leave no debt: from nothing, more than half of ten are there after 51 successes.
        for _ in 0..1_000 {
            rule.ended(&mut state, Why::First, End::NotServed);
        }
        let opened = (1..=200).find(|_| after(&rule, &mut state, End::Served));
        assert_eq!(opened, Some(51));
        // A thousand successes are worth no more than a full count.
        for _ in 0..1_000 {
            rule.ended(&mut state, Why::First, End::Served);
        }
        assert_eq!((0..20).filter(|_| after(&rule, &mut state, End::NotServed)).count(), 4);
    }

    #[test]
    fn who_left_says_nothing_about_the_pool() {
        let (rule, mut state) = (rule(10, 0.1), 0_u32);
        rule.ended(&mut state, Why::First, End::Left);
        assert_eq!(state, 0);
    }
}
