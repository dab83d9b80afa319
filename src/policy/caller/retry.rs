//! Retries of attempts that were not served.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::policy::{MOST_WITHOUT_PAUSE, Problem, certain};
use crate::random::{Key, Purpose};
use crate::units::{Probability, Span};

/// Retries of attempts that were not served.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retry {
    /// Largest number of attempts of a request, the first included.
    #[schemars(range(min = 1, max = 10_000))]
    attempts: u64,
    /// The pause before the next attempt.
    #[serde(default)]
    backoff: Backoff,
    /// Random spread of the pause.
    #[serde(default)]
    jitter: Jitter,
    /// Probability of each retry.
    #[serde(default = "certain")]
    probability: Probability,
}

/// The pause before attempt k+1.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Backoff {
    /// A pause of min(cap, base·factor^(k−1)); without this key there is no pause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    exponential: Option<ExponentialBackoff>,
}

/// A pause that grows by a factor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ExponentialBackoff {
    /// The first pause.
    #[schemars(extend("x-at-least" = "0 s"))]
    base: Span,
    /// Factor from one pause to the next; 1 is a constant pause.
    #[serde(default = "two")]
    #[schemars(range(min = 1.0, max = 1000.0))]
    factor: f64,
    /// The longest pause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-at-least" = "0 s"))]
    cap: Option<Span>,
}

fn two() -> f64 {
    2.0
}

/// The random spread of a pause b.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Jitter {
    /// The pause is b.
    #[default]
    None,
    /// The pause is uniform on (0, b).
    Full,
    /// The pause is b/2 + uniform on (0, b/2).
    Equal,
}

/// Mean share of a pause that remains with full and with equal jitter.
const JITTERED: [f64; 2] = [0.5, 0.75];

impl Retry {
    /// The error of many attempts without a pause.
    pub fn check(&self) -> Option<Problem> {
        let exponential = self.backoff.exponential.as_ref();
        let pauses = exponential.is_some_and(|b| b.base > Span::ZERO && b.cap.is_none_or(|cap| cap > Span::ZERO));
        (self.attempts > MOST_WITHOUT_PAUSE && !pauses).then(|| Problem::without_pause("attempts", self.attempts))
    }

    /// The table as the engine reads it.
    pub fn compile(&self) -> Settings {
        Settings {
            attempts: self.attempts.clamp(1, 10_000) as u16,
            probability: self.probability.0,
            pauses: self.pauses(),
            jitter: self.jitter,
        }
    }

    /// The pauses min(cap, base·factor^(k−1)) of the retries, in nanoseconds, up to the first that no later pause exceeds.
    fn pauses(&self) -> Vec<f64> {
        let Some(backoff) = &self.backoff.exponential else { return vec![0.0] };
        let cap = backoff.cap.unwrap_or(Span::LONGEST).0 as f64;
        let mut pause = backoff.base.0 as f64;
        let mut pauses = Vec::new();
        for _ in 1..self.attempts.clamp(2, 10_000) {
            pauses.push(pause.min(cap));
            if pause >= cap || backoff.factor <= 1.0 {
                break;
            }
            pause *= backoff.factor;
        }
        pauses
    }
}

/// Retries as the engine reads them.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Largest number of attempts of a request.
    attempts: u16,
    /// Probability of each retry.
    probability: f64,
    /// The pause before attempt k+1 in nanoseconds, by k − 1; the last entry holds for all that follow.
    pauses: Vec<f64>,
    /// Random spread of a pause.
    jitter: Jitter,
}

impl Settings {
    /// Expected attempts of a request, and expected pauses between them in nanoseconds, where each attempt fails with
    /// probability `fails`.
    pub fn expected(&self, fails: f64) -> (f64, f64) {
        let again = fails * self.probability;
        let share = if self.jitter == Jitter::None { 1.0 } else { JITTERED[usize::from(self.jitter == Jitter::Equal)] };
        let (mut attempts, mut pauses, mut reached) = (1.0, 0.0, 1.0);
        for retry in 0..usize::from(self.attempts) - 1 {
            reached *= again;
            attempts += reached;
            pauses += reached * share * self.pauses[retry.min(self.pauses.len() - 1)];
            if reached < 1e-9 {
                break;
            }
        }
        (attempts, pauses)
    }

    /// The pause before the next attempt after attempt `number` (from 1), whose key is `attempt`, was not served; `None`
    /// if the app does not retry.
    #[inline(always)]
    pub fn pause_after(&self, number: u16, attempt: Key) -> Option<Span> {
        let gives_up = self.probability < 1.0 && !attempt.draw(Purpose::Retry).happens(self.probability);
        if number >= self.attempts || gives_up {
            return None;
        }
        let last = self.pauses.len() - 1;
        let pause = self.pauses[usize::from(number - 1).min(last)];
        let spread = match self.jitter {
            Jitter::None => pause,
            Jitter::Full => pause * attempt.draw(Purpose::Jitter).uniform(),
            Jitter::Equal => pause / 2.0 + pause / 2.0 * attempt.draw(Purpose::Jitter).uniform(),
        };
        Some(Span::from_nanos(spread))
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
        (1..=attempts).map(|number| settings.pause_after(number, key).map(Span::seconds)).collect()
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
    fn jitter_spreads_a_pause_over_its_range() {
        for (jitter, low, mean) in [("full", 0.0, 0.5), ("equal", 0.5, 0.75)] {
            let text =
                format!("attempts = 2\njitter = \"{jitter}\"\nbackoff = {{ exponential = {{ base = \"1 s\" }} }}");
            let settings = retry(&text).compile();
            let spread = (0..10_000).filter_map(|n| settings.pause_after(1, Key::root(1, 0).with(n)));
            let spread = spread.map(Span::seconds).collect::<Vec<_>>();
            assert!(spread.iter().all(|pause| (low..=1.0).contains(pause)), "{jitter}");
            let found = spread.iter().sum::<f64>() / spread.len() as f64;
            // Five standard errors of a uniform mean.
            assert!((found - mean).abs() < 5.0 * (1.0 - low) / 12.0_f64.sqrt() / 100.0, "{jitter}: {found}");
        }
    }

    #[test]
    fn a_retry_happens_with_its_probability() {
        let settings = retry("attempts = 2\nprobability = \"30%\"").compile();
        let retried = (0..10_000).filter(|n| settings.pause_after(1, Key::root(1, 0).with(*n)).is_some()).count();
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
}
