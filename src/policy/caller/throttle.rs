//! `adaptive_throttle`: a caller sends little more than the backend accepts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::attempt::End;
use super::window::{Width, Window};
use crate::units::{Span, Time};

/// Keeps attempts back with probability max(0, (requests − k·accepts) / (requests + 1)) over a sliding window: `requests`
/// are all that the app wants to send, those kept back included; `accepts` are those that ended as `served` or `failed`
/// (Google, Site Reliability Engineering, chapter 21, equation 21-1).
///
/// If a backend accepts no more than its capacity, what is sent settles at k times the capacity. What is kept back ends as
/// `refused`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AdaptiveThrottle {
    /// Attempts that are sent for each one that is accepted; 2 in the book.
    #[schemars(range(min = 1.0, max = 1000.0), extend("x-change" = true))]
    pub k: f64,
    /// Time for which an attempt counts: its own tenth of the window and the nine after it; two minutes in the book.
    #[schemars(extend("x-above" = "0 s", "x-change" = true))]
    pub window: Span,
}

impl Default for AdaptiveThrottle {
    fn default() -> AdaptiveThrottle {
        AdaptiveThrottle { k: 2.0, window: Span(120_000_000_000) }
    }
}

/// The rule of a throttle, whatever the number of callers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    k: f64,
    width: Width,
}

/// What a throttle remembers: requests and accepts.
pub type State = Window;

impl AdaptiveThrottle {
    /// The rule.
    pub fn compile(&self) -> Rule {
        Rule { k: self.k, width: Width::of(self.window) }
    }
}

impl Rule {
    /// Attempts that are sent for each one that is accepted.
    pub fn k(&self) -> f64 {
        self.k
    }

    /// Counts a request and returns the probability that it is kept back.
    pub fn asked(&self, state: &mut State, now: Time) -> f64 {
        let [requests, accepts] = state.sums(self.width, now).map(|count| count as f64);
        state.add(self.width, now, [1, 0]);
        ((requests - self.k * accepts) / (requests + 1.0)).max(0.0)
    }

    /// Records the end of an attempt that was sent.
    pub fn ended(&self, state: &mut State, now: Time, end: End) {
        if matches!(end, End::Served | End::Failed) {
            state.add(self.width, now, [0, 1]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: u64) -> Time {
        Time(second * 1_000_000_000)
    }

    /// Makes requests in the first second.
    fn ask(rule: &Rule, state: &mut State, requests: usize) {
        for _ in 0..requests {
            rule.asked(state, second(1));
        }
    }

    /// Equation 21-1 by hand.
    #[test]
    fn the_probability_is_that_of_the_book() {
        let rule = AdaptiveThrottle::default().compile();
        for (requests, accepts, p) in
            [(0, 0, 0.0), (10, 5, 0.0), (10, 4, 2.0 / 11.0), (100, 0, 100.0 / 101.0), (99, 33, 0.33)]
        {
            let mut state = State::default();
            ask(&rule, &mut state, requests);
            (0..accepts).for_each(|_| rule.ended(&mut state, second(1), End::Served));
            assert!((rule.asked(&mut state, second(2)) - p).abs() < 1e-12, "{requests}, {accepts}");
        }
    }

    #[test]
    fn only_what_the_backend_took_is_accepted() {
        let rule = AdaptiveThrottle { k: 1.0, ..AdaptiveThrottle::default() }.compile();
        let ends = [(End::Served, 0.0), (End::Failed, 0.0), (End::NotServed, 0.5), (End::Left, 0.5)];
        for (end, p) in ends {
            let mut state = State::default();
            assert_eq!(rule.asked(&mut state, second(1)), 0.0);
            rule.ended(&mut state, second(1), end);
            assert_eq!(rule.asked(&mut state, second(1)), p, "{end:?}");
        }
    }

    #[test]
    fn what_is_older_than_the_window_is_forgotten() {
        let rule = AdaptiveThrottle::default().compile();
        let mut state = State::default();
        ask(&rule, &mut state, 50);
        assert!(rule.asked(&mut state, second(119)) > 0.9);
        assert_eq!(rule.asked(&mut state, second(240)), 0.0);
    }
}
