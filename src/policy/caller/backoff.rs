//! The pauses before retries, and their random spread.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::random::{Key, Part, Purpose};
use crate::units::{Probability, Span};

/// The pause before attempt k+1.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Backoff {
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Jitter {
    /// The pause is b.
    #[default]
    None,
    /// The pause is uniform on (0, b).
    Full,
    /// The pause is b/2 + uniform on (0, b/2).
    Equal,
    /// The pause is min(cap, u), u uniform between base and three times the pause before; the first time three times base
    /// (M. Brooker, Exponential Backoff and Jitter, 2015). `factor` has no effect.
    Decorrelated,
    /// The pause is b times a factor that is uniform on (1 − share, 1 + share); 20% in gRPC, 50% in resilience4j.
    Proportional(Probability),
}

impl Jitter {
    /// Largest number of attempts with decorrelated jitter, whose pauses are computed from the first one on.
    pub const MOST_DECORRELATED: u64 = 1_000;
}

impl Backoff {
    /// Whether pauses are above zero.
    pub fn pauses_at_all(&self) -> bool {
        self.exponential.as_ref().is_some_and(|b| b.base > Span::ZERO && b.cap.is_none_or(|cap| cap > Span::ZERO))
    }

    /// The pauses of up to `attempts` attempts.
    pub fn compile(&self, attempts: u64, jitter: Jitter) -> Pauses {
        let cap = self.exponential.as_ref().and_then(|backoff| backoff.cap).unwrap_or(Span::LONGEST);
        let plain = self.plain(attempts);
        Pauses { last: plain.last().copied().unwrap_or(0.0), plain, jitter, cap: cap.0 as f64 }
    }

    /// The pauses min(cap, base·factor^(k−1)) in nanoseconds, up to the first that no later pause exceeds.
    fn plain(&self, attempts: u64) -> Vec<f64> {
        let Some(backoff) = &self.exponential else { return vec![0.0] };
        let cap = backoff.cap.unwrap_or(Span::LONGEST).0 as f64;
        let mut pause = backoff.base.0 as f64;
        let mut pauses = Vec::new();
        for _ in 1..attempts.clamp(2, 10_000) {
            pauses.push(pause.min(cap));
            if pause >= cap || backoff.factor <= 1.0 {
                break;
            }
            pause *= backoff.factor;
        }
        pauses
    }
}

/// Pauses between the attempts of a request.
#[derive(Clone, Debug)]
pub struct Pauses {
    /// The pause before attempt k+1 without jitter in nanoseconds, by k − 1.
    plain: Vec<f64>,
    /// The pause without jitter before attempts beyond those, in nanoseconds.
    last: f64,
    jitter: Jitter,
    /// The longest pause in nanoseconds.
    cap: f64,
}

impl Pauses {
    /// The pause after attempt `number` (from 1), whose key is `attempt`.
    #[inline(always)]
    pub fn after(&self, number: u16, attempt: Key) -> Span {
        let pause = self.plain_after(number);
        // The usual jitter stands where the pause is needed; a jump by a table takes more instructions than this test.
        if matches!(self.jitter, Jitter::Full) {
            return Span::from_positive_nanos(pause * attempt.draw(Purpose::Jitter).uniform());
        }
        self.after_otherwise(number, attempt)
    }

    /// As [`Pauses::after`], with any jitter.
    #[inline(never)]
    fn after_otherwise(&self, number: u16, attempt: Key) -> Span {
        let pause = self.plain_after(number);
        let uniform = || attempt.draw(Purpose::Jitter).uniform();
        Span::from_nanos(match self.jitter {
            Jitter::None => pause,
            Jitter::Full => pause * uniform(),
            Jitter::Equal => pause / 2.0 + pause / 2.0 * uniform(),
            Jitter::Proportional(share) => pause * (1.0 + share.0 * (2.0 * uniform() - 1.0)),
            Jitter::Decorrelated => self.decorrelated(number, attempt),
        })
    }

    #[inline(always)]
    fn plain_after(&self, number: u16) -> f64 {
        self.plain.get(usize::from(number - 1)).copied().unwrap_or(self.last)
    }

    /// The pause after attempt `number` by decorrelated jitter, from the draws of all attempts up to it.
    #[inline(never)]
    fn decorrelated(&self, number: u16, attempt: Key) -> f64 {
        let base = self.plain[0];
        let mut pause = base;
        for before in (0..number).rev() {
            let uniform = attempt.part_before(Part::Attempt, u64::from(before)).draw(Purpose::Jitter).uniform();
            pause = (base + (3.0 * pause - base) * uniform).min(self.cap);
        }
        pause
    }

    /// The mean pause after attempt `number` in nanoseconds; with decorrelated jitter, without the effect of the cap.
    pub fn mean(&self, number: u16) -> f64 {
        let pause = self.plain_after(number);
        match self.jitter {
            Jitter::None | Jitter::Proportional(_) => pause,
            Jitter::Full => pause / 2.0,
            Jitter::Equal => pause * 0.75,
            Jitter::Decorrelated => {
                let base = self.plain[0];
                (0..number).fold(base, |mean, _| ((base + 3.0 * mean) / 2.0).min(self.cap))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pauses(jitter: Jitter, cap: Option<f64>) -> Pauses {
        let exponential =
            ExponentialBackoff { base: Span::from_seconds(1.0), factor: 2.0, cap: cap.map(Span::from_seconds) };
        Backoff { exponential: Some(exponential) }.compile(20, jitter)
    }

    /// The keys of the attempts of one request, from the first.
    fn attempts(request: u64) -> impl Iterator<Item = (u16, Key)> {
        let request = Key::root(1, 0).with(request);
        (1..=8).map(move |number| (number, request.part(Part::Attempt, u64::from(number))))
    }

    #[test]
    fn jitter_spreads_a_pause_over_its_range() {
        for (jitter, low, high) in [
            (Jitter::Full, 0.0, 1.0),
            (Jitter::Equal, 0.5, 1.0),
            (Jitter::Proportional(Probability(0.2)), 0.8, 1.2),
            (Jitter::Decorrelated, 1.0, 3.0),
        ] {
            let pauses = pauses(jitter, None);
            let spread: Vec<f64> = (0..10_000).map(|n| pauses.after(1, Key::root(1, 0).with(n)).seconds()).collect();
            assert!(spread.iter().all(|pause| (low..=high).contains(pause)), "{jitter:?}");
            let found = spread.iter().sum::<f64>() / spread.len() as f64;
            // Five standard errors of a uniform mean.
            let mean = (low + high) / 2.0;
            assert!((found - mean).abs() < 5.0 * (high - low) / 12.0_f64.sqrt() / 100.0, "{jitter:?}: {found}");
            assert!((pauses.mean(1) / 1e9 - mean).abs() < 1e-9, "{jitter:?}");
        }
    }

    /// The slow twin remembers the pause before: sleep = min(cap, U(base, sleep · 3)).
    #[test]
    fn a_decorrelated_pause_is_at_most_three_times_the_one_before() {
        let pauses = pauses(Jitter::Decorrelated, Some(20.0));
        for request in 0..100 {
            let mut sleep: f64 = 1.0;
            for (number, key) in attempts(request) {
                sleep = (1.0 + (sleep * 3.0 - 1.0) * key.draw(Purpose::Jitter).uniform()).min(20.0);
                assert!((pauses.after(number, key).seconds() - sleep).abs() < 1e-8, "attempt {number} of {request}");
            }
        }
    }
}
