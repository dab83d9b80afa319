//! Retry budgets: limits of all retries of a caller, by one of five rules.
//!
//! A limit of attempts per request bounds the load of one request; a budget bounds the load of all requests. If every attempt
//! fails, three retries per request mean four times the load, a budget of 20% means 1.2 times the load.
//!
//! A caller calls its budget in this order: [`Counted::sent`] for each attempt; [`Counted::ended`] when the
//! attempt has ended; [`Counted::allows`] if the caller wants to retry, which takes the cost of the retry; `sent` for that
//! retry after its pause, or [`Counted::withdrawn`] if the retry is not sent after all. [`Windowed`] has the methods that
//! concern it.
//!
//! Four rules keep counts in one [`Word`] for each caller. `ratio` keeps a window. Both begin with their default.

mod bucket;
mod concurrent;
mod gate;
mod level;
pub mod mean;
mod ratio;
mod tokens;
mod word;

pub use bucket::Bucket;
pub use concurrent::Concurrent;
pub use gate::Gate;
pub use ratio::{ManyBalance, OneBalance, Ratio, Windowed};
pub use tokens::Tokens;
pub use word::Word;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::attempt::{End, Told, Why};

/// Retry budget: a limit of all retries of a caller. A retry that the budget forbids counts in `retries_denied`, and
/// its request fails as after its last attempt.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Budget {
    /// Retries are at most a share of the first attempts in a sliding window, plus a rate that is always allowed (Finagle,
    /// Linkerd).
    Ratio(Ratio),
    /// Retries under way are at most a share of the attempts under way, or a number that is always allowed (Envoy, Istio).
    Concurrent(Concurrent),
    /// Retries take tokens, and successes give tokens back (AWS SDKs, standard mode).
    Tokens(Tokens),
    /// Failures take tokens and successes add some; retries are sent while more than half of the tokens are left
    /// (gRPC).
    Gate(Gate),
    /// First attempts earn tokens, and retries take them (M. Brooker, 2022).
    Bucket(Bucket),
}

/// A budget for states of a given number of callers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    /// A rule whose state is a [`Window`](super::window::Window).
    Windowed(Windowed),
    /// A rule whose state is a [`Word`].
    Counted(Counted),
}

impl Rule {
    /// Whether two rules are of one kind, so that a state of one is a state of the other.
    pub fn is_same_kind(&self, other: &Rule) -> bool {
        let kind = |rule: &Rule| match rule {
            Rule::Windowed(_) => None,
            Rule::Counted(rule) => Some(std::mem::discriminant(rule)),
        };
        kind(self) == kind(other)
    }

    /// What the rule has to be told of attempts.
    pub fn told(&self) -> Told {
        match self {
            Rule::Windowed(_) | Rule::Counted(Counted::Bucket(_)) => Told { firsts: true, ..Told::NOTHING },
            Rule::Counted(Counted::Tokens(_) | Counted::Gate(_)) => Told { ends: true, ..Told::NOTHING },
            Rule::Counted(Counted::Concurrent(_)) => Told::ALL,
        }
    }
}

/// A rule that keeps counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Counted {
    /// See [`Budget::Concurrent`].
    Concurrent(concurrent::Rule),
    /// See [`Budget::Tokens`].
    Tokens(tokens::Rule),
    /// See [`Budget::Gate`].
    Gate(gate::Rule),
    /// See [`Budget::Bucket`].
    Bucket(bucket::Rule),
}

impl Budget {
    /// The rule for states that each stand for `callers` callers of the file: 1 for the state of a viewer, the scale for the
    /// state of a region, servers × scale for a state that the servers of a pool share.
    ///
    /// Parameters of a caller (capacities, reserves) are multiplied by `callers` and rounded to a thousandth; parameters of an
    /// attempt (shares, costs, earnings) stay.
    pub fn compile(&self, callers: f64) -> Rule {
        match self {
            Budget::Ratio(set) => Rule::Windowed(set.compile(callers)),
            Budget::Concurrent(set) => Rule::Counted(Counted::Concurrent(set.compile(callers))),
            Budget::Tokens(set) => Rule::Counted(Counted::Tokens(set.compile(callers))),
            Budget::Gate(set) => Rule::Counted(Counted::Gate(set.compile(callers))),
            Budget::Bucket(set) => Rule::Counted(Counted::Bucket(set.compile(callers))),
        }
    }
}

impl Counted {
    /// Records an attempt that is sent.
    #[inline]
    pub fn sent<W: Word>(&self, state: &mut W, why: Why) {
        match self {
            Counted::Concurrent(rule) => rule.sent(state),
            Counted::Bucket(rule) if why == Why::First => *state = W::of(rule.first_sent(state.get())),
            Counted::Bucket(_) | Counted::Tokens(_) | Counted::Gate(_) => {}
        }
    }

    /// Decides whether a retry may be sent. A retry that is allowed has paid its cost.
    #[inline]
    pub fn allows<W: Word>(&self, state: &mut W, why: Why) -> bool {
        let after = match self {
            Counted::Concurrent(rule) => return rule.allows(state),
            Counted::Gate(rule) => return rule.allows(state.get()),
            Counted::Tokens(rule) => rule.pays(state.get(), why),
            Counted::Bucket(rule) => rule.pays(state.get()),
        };
        if let Some(after) = after {
            *state = W::of(after);
        }
        after.is_some()
    }

    /// Records that an allowed retry is not sent after all, because the human left during its pause.
    #[inline]
    pub fn withdrawn<W: Word>(&self, state: &mut W) {
        if let Counted::Concurrent(rule) = self {
            rule.withdrawn(state);
        }
    }

    /// Records the end of an attempt that was sent for the reason `why`.
    #[inline]
    pub fn ended<W: Word>(&self, state: &mut W, why: Why, end: End) {
        match self {
            Counted::Concurrent(rule) => rule.ended(state, why),
            Counted::Tokens(rule) => *state = W::of(rule.ended(state.get(), why, end)),
            Counted::Gate(rule) => *state = W::of(rule.ended(state.get(), end)),
            Counted::Bucket(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read;
    use crate::policy::caller::window::Window;

    #[test]
    fn a_budget_is_a_name_or_a_table_with_its_parameters() {
        #[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
        struct File {
            budget: Budget,
        }
        let read = |text: &str| read::<File>(&format!("budget = {text}"));
        for (name, defaults) in [
            ("ratio", r#"{"ratio":{"share":0.2,"at_least":"10/s","window":"10 s"}}"#),
            ("concurrent", r#"{"concurrent":{"share":0.2,"at_least":3}}"#),
            ("tokens", r#"{"tokens":{"capacity":500,"retry":5,"timeout":10,"refund":1}}"#),
            ("gate", r#"{"gate":{"max_tokens":10,"token_ratio":0.1}}"#),
            ("bucket", r#"{"bucket":{"earn":0.1,"most":5.0}}"#),
        ] {
            let by_name = read(&format!("'{name}'")).unwrap();
            assert_eq!(by_name, read(&format!("{{ {name} = {{}} }}")).unwrap());
            assert_eq!(serde_json::to_string(&by_name.budget).unwrap(), defaults);
            assert_eq!(crate::document::read(&toml::to_string(&by_name).unwrap()), Ok(by_name));
        }
        assert!(read("{ tokens = { token = 3 } }").unwrap_err().contains("unknown key `token`"));
    }

    #[test]
    fn a_viewers_state_is_four_bytes_or_a_window_of_sixty_four() {
        assert_eq!((size_of::<u32>(), size_of::<Window<OneBalance>>()), (4, 64));
    }

    /// The rules decide alike on a state of 32 bits and on a state of 64 bits.
    #[test]
    fn narrow_and_wide_states_agree() {
        for name in ["concurrent", "tokens", "gate", "bucket"] {
            let budget: Budget = serde_json::from_str(&format!("{{\"{name}\":{{}}}}")).unwrap();
            let Rule::Counted(rule) = budget.compile(1.0) else { panic!("{name}") };
            let (mut narrow, mut wide) = (0_u32, 0_u64);
            let mut why = Why::First;
            for step in 0..2_000 {
                rule.sent(&mut narrow, why);
                rule.sent(&mut wide, why);
                let end = if step * step % 7 < 3 { End::Served } else { End::NotServed };
                rule.ended(&mut narrow, why, end);
                rule.ended(&mut wide, why, end);
                let next = if step % 2 == 0 { Why::TimedOut } else { Why::Failed };
                let allowed = end != End::Served && rule.allows(&mut narrow, next);
                assert_eq!(allowed, end != End::Served && rule.allows(&mut wide, next), "{name}");
                why = if allowed { next } else { Why::First };
            }
        }
    }

    /// On a small scale a capacity is a real number and may be less than one attempt.
    #[test]
    fn capacities_grow_with_the_callers_and_costs_do_not() {
        let retries = |callers: f64| {
            let Rule::Counted(rule) = Budget::Tokens(Tokens::default()).compile(callers) else { panic!() };
            let mut state = 0_u64;
            (0..1_000_000).take_while(|_| rule.allows(&mut state, Why::Failed)).count()
        };
        assert_eq!([0.005, 0.01, 0.25, 1.0, 1_000.0].map(retries), [0, 1, 25, 100, 100_000]);
    }
}
