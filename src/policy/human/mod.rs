//! The human: patience, refreshes, reports and returns.

pub mod come_back;
pub mod patience;
pub mod refresh;
pub mod report;
pub mod stall_patience;

use crate::random::{Draw, Law};
use crate::units::Span;

/// The default of the largest number of refreshes or returns.
fn unbounded() -> u64 {
    1_000_000
}

/// An action that a person takes with a probability, after a delay.
#[derive(Clone, Debug)]
struct Chance {
    probability: f64,
    delay: Law,
}

impl Chance {
    /// The delay of the action; `None` if the draw `whether` says that the person does not take it.
    #[inline]
    fn taken(&self, mut whether: Draw, delay: Draw) -> Option<Span> {
        whether.happens(self.probability).then(|| self.delay.span(delay))
    }
}
