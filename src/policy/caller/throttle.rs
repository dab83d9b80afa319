//! `adaptive_throttle`: a caller keeps attempts back in proportion to those that the backend does not accept.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::attempt::End;
use super::window::{Counts, Slice, Width, Window};
use crate::units::{Span, Time};

/// Client-side throttling: an attempt is kept back with probability max(0, (requests − k·accepts) / (requests + 1))
/// over a sliding window. `requests` are all attempts that the app wants to send, those kept back included; `accepts`
/// are those that ended as `served` or `failed` (Google, Site Reliability Engineering, chapter 21, equation 21-1).
///
/// If a backend accepts no more than its capacity, the rate sent settles at k times the capacity. An attempt that is
/// kept back ends as `refused`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AdaptiveThrottle {
    /// Attempts that are sent for each one that is accepted; 2 in the book.
    #[schemars(range(min = 1.0, max = 1000.0), extend("x-change" = true))]
    pub k: f64,
    /// Sliding window in which attempts count, in ten buckets; two minutes in the book.
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

/// Least share of the attempts that a throttle lets through in the mean: a few always go out.
const LEAST_SENT: f64 = 0.01;

/// Attempts of one caller after which the share of those that are sent is taken to stay.
const MOST_STEPS: f64 = 100.0;

/// The state of a throttle: requests and accepts.
pub type State<S> = Window<S>;

impl AdaptiveThrottle {
    /// The rule.
    pub fn compile(&self) -> Rule {
        Rule { k: self.k, width: Width::of(self.window) }
    }
}

impl Rule {
    /// The share of attempts that a throttle sends in the long run, where each is accepted with probability `accepted`.
    /// The share starts from `before`, that of the time before, and settles where the share of accepted requests is
    /// 1/k.
    pub fn sent(&self, accepted: f64, before: f64) -> f64 {
        (before * (self.k * accepted).clamp(0.5, 2.0)).clamp(LEAST_SENT, 1.0)
    }

    /// The share of `attempts` attempts that the throttle of one caller sends, with empty counts at first, where the
    /// caller wants them within `seconds` and each is accepted with probability `accepted`.
    pub fn sent_by_one(&self, attempts: f64, seconds: f64, accepted: f64) -> f64 {
        let counted = attempts * (self.width.seconds() / seconds.max(1e-12)).min(1.0);
        let (mut accepts, mut sent) = (0.0, 0.0);
        let steps = counted.clamp(1.0, MOST_STEPS).ceil();
        for requests in (0..steps as u64).map(|step| step as f64) {
            let sends = 1.0 - ((requests - self.k * accepts) / (requests + 1.0)).max(0.0);
            sent += sends;
            accepts += sends * accepted;
        }
        sent / steps
    }

    /// Counts a request and returns the probability that it is kept back.
    #[inline(always)]
    pub fn asked<S: Slice<Sum = Counts>>(&self, state: &mut State<S>, now: Time) -> f64 {
        let counts = state.total_at(self.width, now);
        let [requests, accepts] = counts.0.map(|count| count as f64);
        *counts += Counts([1, 0]);
        ((requests - self.k * accepts) / (requests + 1.0)).max(0.0)
    }

    /// Records the end of an attempt that was sent.
    #[inline(always)]
    pub fn ended<S: Slice<Sum = Counts>>(&self, state: &mut State<S>, now: Time, end: End) {
        if matches!(end, End::Served | End::Failed) {
            *state.total_at(self.width, now) += Counts([0, 1]);
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
    fn ask(rule: &Rule, state: &mut State<[u16; 2]>, requests: usize) {
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
            let mut state = State::<[u16; 2]>::default();
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
            let mut state = State::<[u16; 2]>::default();
            assert_eq!(rule.asked(&mut state, second(1)), 0.0);
            rule.ended(&mut state, second(1), end);
            assert_eq!(rule.asked(&mut state, second(1)), p, "{end:?}");
        }
    }

    #[test]
    fn what_is_older_than_the_window_is_forgotten() {
        let rule = AdaptiveThrottle::default().compile();
        let mut state = State::<[u16; 2]>::default();
        ask(&rule, &mut state, 50);
        assert!(rule.asked(&mut state, second(119)) > 0.9);
        assert_eq!(rule.asked(&mut state, second(240)), 0.0);
    }
}
