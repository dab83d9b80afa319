//! The human: patience, and the actions after an error page.

pub mod come_back;
pub mod patience;
pub mod refresh;
pub mod report;
pub mod stall_patience;

use super::{MOST_WITHOUT_PAUSE, Problem};
use crate::document::distribution::Distribution;
use crate::document::law;
use crate::random::{Draw, Law};
use crate::units::{Probability, Span};

/// Most refreshes in a visit, or returns, where the file states no number.
fn unbounded() -> u64 {
    1_000_000
}

/// The error of an action that is repeated many times without a pause.
fn check_repeated(delay: &Distribution, attempts: u64) -> Option<Problem> {
    let endless = attempts > MOST_WITHOUT_PAUSE && law::always_zero(delay);
    endless.then(|| Problem::without_pause("delay", attempts))
}

/// An action that a person takes with a probability, after a delay.
#[derive(Clone, Debug)]
struct Chance {
    probability: f64,
    delay: Law,
}

impl Chance {
    fn new(probability: Probability, delay: &Distribution) -> Chance {
        Chance { probability: probability.0, delay: law::compile_span(delay) }
    }

    /// The delay, if the draw decides for the action.
    #[inline]
    fn taken(&self, mut whether: Draw, delay: Draw) -> Option<Span> {
        whether.happens(self.probability).then(|| self.delay.span(delay))
    }
}

/// The mean of an action that a person repeats.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Repeats {
    /// Probability of the action each time.
    pub probability: f64,
    /// Mean delay in nanoseconds; may be infinite.
    pub delay: f64,
    /// Largest number of times.
    pub most: f64,
}

impl Repeats {
    /// The probability of one more repetition in a law without a largest number that has the same mean number of
    /// repetitions, where there is occasion for one with probability `occasion`.
    pub fn again(&self, occasion: f64) -> f64 {
        let again = (self.probability * occasion).min(1.0 - 1e-9);
        // Σ again^k for k up to `most` is (1 − again^(most + 1)) / (1 − again).
        1.0 - (1.0 - again) / (1.0 - libm::pow(again, self.most + 1.0))
    }
}

/// An action that a person takes up to a number of times.
#[derive(Clone, Debug)]
struct Repeated {
    chance: Chance,
    attempts: u16,
}

impl Repeated {
    fn new(probability: Probability, delay: &Distribution, attempts: u64) -> Repeated {
        // The engine counts visits of a viewer, and refreshes of a visit, in 16 bits.
        Repeated { chance: Chance::new(probability, delay), attempts: attempts.min(u64::from(u16::MAX)) as u16 }
    }

    /// The mean of the repetitions.
    fn expected(&self) -> Repeats {
        Repeats {
            probability: self.chance.probability,
            delay: self.chance.delay.mean(),
            most: f64::from(self.attempts),
        }
    }

    /// The delay, if the action was taken fewer than the allowed times and the draw decides for it.
    #[inline]
    fn taken(&self, so_far: u16, whether: Draw, delay: Draw) -> Option<Span> {
        (so_far < self.attempts).then_some(&self.chance)?.taken(whether, delay)
    }
}
