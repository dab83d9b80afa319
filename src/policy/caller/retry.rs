//! Retries of attempts that were not served.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::backoff::{Backoff, Jitter, Pauses};
use super::retry_after::Honour;
use crate::policy::{MOST_WITHOUT_PAUSE, Problem, certain};
use crate::random::{Key, Purpose};
use crate::units::{Probability, Span};
use crate::vocabulary::Outcome;

/// Retries of attempts that were not served.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retry {
    /// Largest number of attempts of a request, the first included.
    #[schemars(range(min = 1, max = 10_000))]
    attempts: u64,
    /// Outcomes that are retried; if absent, all except `refused`, and `limited` only with a Retry-After.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    on: Option<Vec<RetriedEnd>>,
    /// The pause before the next attempt.
    #[serde(default)]
    backoff: Backoff,
    /// Random spread of the pause.
    #[serde(default)]
    jitter: Jitter,
    /// Pauses after a 429 or a 503; those of `backoff` if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    throttled: Option<Throttled>,
    /// Whether the app waits at least as long as the `retry_after` of a pool asks for.
    #[serde(default)]
    honour_retry_after: Honour,
    /// Probability of each retry.
    #[serde(default = "certain")]
    probability: Probability,
}

/// An end of an attempt that may be retried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum RetriedEnd {
    /// 504: a timer of the pool or of a call expired.
    TimedOut,
    /// The app's own `timeout` expired.
    Abandoned,
    /// 503: the queue was full, there was no server, or a call was turned away.
    Rejected,
    /// 503: a protection of the pool shed the attempt.
    Shed,
    /// 429: a rate limit turned the attempt away.
    Limited,
    /// 500: the attempt met the pool's `failure`.
    Failed,
    /// The client's own breaker or throttle did not send the attempt.
    Refused,
}

impl RetriedEnd {
    fn outcome(self) -> Outcome {
        match self {
            RetriedEnd::TimedOut => Outcome::TimedOut,
            RetriedEnd::Abandoned => Outcome::Abandoned,
            RetriedEnd::Rejected => Outcome::Rejected,
            RetriedEnd::Shed => Outcome::Shed,
            RetriedEnd::Limited => Outcome::Limited,
            RetriedEnd::Failed => Outcome::Failed,
            RetriedEnd::Refused => Outcome::Refused,
        }
    }
}

/// Pauses after a 429 or a 503: after `limited`, `rejected` and `shed`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Throttled {
    /// The pause before the next attempt; `jitter` spreads it too.
    backoff: Backoff,
}

/// The ends that are a 429 or a 503.
const THROTTLING: [Outcome; 3] = [Outcome::Limited, Outcome::Rejected, Outcome::Shed];

impl Retry {
    /// Largest number of retries of a request.
    pub fn most(&self) -> u64 {
        self.attempts.saturating_sub(1)
    }

    /// The error of many attempts without a pause, or of too many attempts with decorrelated jitter.
    pub fn check(&self) -> Option<Problem> {
        let throttled = self.throttled.as_ref().is_none_or(|throttled| throttled.backoff.pauses_at_all());
        let pauses = self.backoff.pauses_at_all() && throttled;
        if self.attempts > MOST_WITHOUT_PAUSE && !pauses {
            return Some(Problem::without_pause("attempts", self.attempts));
        }
        (self.attempts > Jitter::MOST_DECORRELATED && self.jitter == Jitter::Decorrelated).then(|| {
            let title = format!("decorrelated jitter over {} attempts", self.attempts);
            let help = format!("with this jitter at most {} are allowed", Jitter::MOST_DECORRELATED);
            Problem::new("attempts", title, "each pause depends on all before it", help)
        })
    }

    /// The table as the engine reads it.
    pub fn compile(&self) -> Settings {
        let on = match &self.on {
            Some(ends) => ends.iter().fold(Set::default(), |set, end| set.with(end.outcome())),
            None => Outcome::ALL
                .iter()
                .filter(|end| **end != Outcome::Refused)
                .fold(Set::default(), |set, end| set.with(*end)),
        };
        let pauses = |backoff: &Backoff| backoff.compile(self.attempts, self.jitter);
        let ruled = match (&self.throttled, &self.on) {
            (Some(_), _) => THROTTLING.iter().fold(Set::default(), |set, end| set.with(*end)),
            (None, None) => Set::default().with(Outcome::Limited),
            (None, Some(_)) => Set::default(),
        };
        Settings {
            attempts: self.attempts.clamp(1, 10_000) as u16,
            on,
            ruled,
            limited_needs_retry_after: self.on.is_none(),
            probability: self.probability.0,
            pauses: pauses(&self.backoff),
            throttled: self.throttled.as_ref().map(|throttled| pauses(&throttled.backoff)),
            honour: self.honour_retry_after,
        }
    }
}

/// A set of outcomes.
#[derive(Clone, Copy, Debug, Default)]
struct Set(u16);

impl Set {
    fn with(self, outcome: Outcome) -> Set {
        Set(self.0 | 1 << outcome as u16)
    }

    #[inline]
    fn has(self, outcome: Outcome) -> bool {
        self.0 >> outcome as u16 & 1 != 0
    }
}

/// Retries as the engine reads them.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Largest number of attempts of a request.
    attempts: u16,
    /// The ends of attempts that are retried.
    on: Set,
    /// The ends after which the pause is not the next one of [`Settings::pauses`].
    ruled: Set,
    /// Whether `limited` is retried only if it carries a Retry-After.
    limited_needs_retry_after: bool,
    /// Probability of each retry.
    probability: f64,
    /// The pauses before the next attempt.
    pauses: Pauses,
    /// The pauses after a 429 or a 503, where they differ.
    throttled: Option<Pauses>,
    /// Rule by which the app heeds a Retry-After.
    honour: Honour,
}

impl Settings {
    /// Expected attempts of a request, and expected pauses between them in nanoseconds, where each attempt fails with
    /// probability `fails`.
    pub fn expected(&self, fails: f64) -> (f64, f64) {
        let again = fails * self.probability;
        let (mut attempts, mut pauses, mut reached) = (1.0, 0.0, 1.0);
        for retry in 1..self.attempts {
            reached *= again;
            attempts += reached;
            pauses += reached * self.pauses.mean(retry);
            if reached < 1e-9 {
                break;
            }
        }
        (attempts, pauses)
    }

    /// Whether attempts that end in this way are retried; `asked` says whether the end carries a Retry-After.
    pub fn retries(&self, outcome: Outcome, asked: bool) -> bool {
        let needs = outcome == Outcome::Limited && self.limited_needs_retry_after;
        self.on.has(outcome) && (asked || !needs)
    }

    /// The pause before the next attempt after attempt `number` (from 1), whose key is `attempt`, ended other than served;
    /// `None` if the app does not retry. `asked` is the Retry-After that the end carries.
    #[inline(always)]
    pub fn pause_after(&self, number: u16, attempt: Key, outcome: Outcome, asked: Option<Span>) -> Option<Span> {
        let gives_up = self.probability < 1.0 && !attempt.draw(Purpose::Retry).happens(self.probability);
        if number >= self.attempts || gives_up || !self.on.has(outcome) {
            return None;
        }
        if asked.is_some() || self.ruled.has(outcome) {
            return self.pause_by_rule(number, attempt, outcome, asked);
        }
        Some(self.pauses.after(number, attempt))
    }

    /// The pause after an end with a Retry-After, or with pauses or a condition of its own.
    #[cold]
    #[inline(never)]
    fn pause_by_rule(&self, number: u16, attempt: Key, outcome: Outcome, asked: Option<Span>) -> Option<Span> {
        if !THROTTLING.contains(&outcome) {
            return Some(self.pauses.after(number, attempt));
        }
        if outcome == Outcome::Limited && self.limited_needs_retry_after && asked.is_none() {
            return None;
        }
        let own = self.throttled.as_ref().unwrap_or(&self.pauses).after(number, attempt);
        Some(asked.map_or(own, |asked| self.honour.pause(own, asked)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn retry(text: &str) -> Retry {
        toml::from_str(text).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The pauses in seconds after attempts 1, 2, …
    fn pauses(text: &str, attempts: u16) -> Vec<Option<f64>> {
        let settings = retry(text).compile();
        let key = Key::root(1, 0);
        (1..=attempts)
            .map(|number| settings.pause_after(number, key, Outcome::TimedOut, None).map(Span::seconds))
            .collect()
    }

    #[test]
    fn a_pause_doubles_up_to_its_cap_and_the_last_attempt_is_final() {
        let capped = "attempts = 5\nbackoff = { exponential = { base = \"1 s\", cap = \"3 s\" } }";
        assert_eq!(pauses(capped, 5), [Some(1.0), Some(2.0), Some(3.0), Some(3.0), None]);
        let constant = "attempts = 3\nbackoff = { exponential = { base = \"2 s\", factor = 1 } }";
        assert_eq!(pauses(constant, 3), [Some(2.0), Some(2.0), None]);
        assert_eq!(pauses("attempts = 2", 2), [Some(0.0), None], "without a backoff the next attempt goes out at once");
        assert_eq!(pauses("attempts = 1", 1), [None]);
    }

    #[test]
    fn a_retry_happens_with_its_probability() {
        let settings = retry("attempts = 2\nprobability = \"30%\"").compile();
        let retried = (0..10_000)
            .filter(|n| settings.pause_after(1, Key::root(1, 0).with(*n), Outcome::TimedOut, None).is_some())
            .count();
        // Five standard deviations of a binomial number.
        assert!(retried.abs_diff(3_000) < 230, "{retried}");
    }

    #[test]
    fn many_attempts_need_a_pause() {
        assert_eq!(retry("attempts = 100").check(), None);
        assert_eq!(retry("attempts = 4000\nbackoff = { exponential = { base = \"1 ms\" } }").check(), None);
        for backoff in [
            "",
            "backoff = { exponential = { base = \"0 s\" } }",
            "backoff = { exponential = { base = \"1 s\", cap = \"0 s\" } }",
        ] {
            let problem = retry(&format!("attempts = 4000\n{backoff}")).check();
            assert_eq!(problem.map(|problem| problem.key).as_deref(), Some("attempts"), "{backoff}");
        }
    }
    /// Whether the end of a first attempt is retried, and after how many seconds; `asked` is its Retry-After.
    fn after(text: &str, outcome: Outcome, asked: Option<f64>) -> Option<f64> {
        let asked = asked.map(Span::from_seconds);
        retry(text).compile().pause_after(1, Key::root(1, 0), outcome, asked).map(Span::seconds)
    }

    #[test]
    fn everything_is_retried_but_what_was_refused_and_a_limit_that_names_no_time() {
        for outcome in Outcome::ALL.iter().filter(|outcome| **outcome != Outcome::Served) {
            let retried = !matches!(outcome, Outcome::Refused | Outcome::Limited);
            assert_eq!(after("attempts = 2", *outcome, None).is_some(), retried, "{outcome:?}");
        }
        assert_eq!(after("attempts = 2", Outcome::Limited, Some(3.0)), Some(0.0), "a Retry-After that is not honoured");
        let on = "attempts = 2\non = [\"limited\", \"refused\"]";
        assert_eq!([Outcome::Limited, Outcome::Refused].map(|end| after(on, end, None)), [Some(0.0); 2]);
        assert_eq!(after(on, Outcome::Rejected, None), None);
        assert_eq!(after("attempts = 2\non = []", Outcome::TimedOut, None), None);
    }

    /// Delays of the AWS SDKs of 2026 without jitter: 50 ms, and 1 s after throttling; a reply that asks for r makes it
    /// max(t, min(r, t + 5 s)).
    #[test]
    fn throttling_has_pauses_of_its_own_and_may_ask_for_longer_ones() {
        let aws = "attempts = 3\nbackoff = { exponential = { base = \"50 ms\", cap = \"20 s\" } }\n\
                   throttled = { backoff = { exponential = { base = \"1 s\", cap = \"20 s\" } } }\n";
        assert_eq!(after(aws, Outcome::TimedOut, None), Some(0.05));
        for outcome in [Outcome::Rejected, Outcome::Shed] {
            assert_eq!(after(aws, outcome, None), Some(1.0));
            assert_eq!(after(aws, outcome, Some(3.0)), Some(1.0), "not honoured");
        }
        for (honour, asked, pause) in [
            ("true", 0.5, 1.0),
            ("true", 3.0, 3.0),
            ("true", 30.0, 30.0),
            ("{ at_most_added = \"5 s\" }", 0.5, 1.0),
            ("{ at_most_added = \"5 s\" }", 3.0, 3.0),
            ("{ at_most_added = \"5 s\" }", 30.0, 6.0),
        ] {
            let text = format!("{aws}honour_retry_after = {honour}");
            assert_eq!(after(&text, Outcome::Shed, Some(asked)), Some(pause), "{honour}, {asked}");
        }
    }

    #[test]
    fn decorrelated_jitter_over_very_many_attempts_is_refused() {
        let text = |attempts: u64| {
            format!(
                "attempts = {attempts}\njitter = \"decorrelated\"\nbackoff = {{ exponential = {{ base = \"1 s\" }} }}"
            )
        };
        assert_eq!(retry(&text(1_000)).check(), None);
        assert_eq!(retry(&text(1_001)).check().map(|problem| problem.key).as_deref(), Some("attempts"));
    }
}
