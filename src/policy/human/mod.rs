//! The human: how long a person waits, and what a person does after an error page.

pub mod come_back;
pub mod patience;
pub mod refresh;
pub mod report;
pub mod stall_patience;

use crate::random::{Draw, Law};
use crate::units::Span;

/// Most refreshes in a visit, or returns, where the file states no number.
fn unbounded() -> u64 {
    1_000_000
}

/// Something that a person does with a probability, after a delay.
#[derive(Clone, Debug)]
struct Chance {
    probability: f64,
    delay: Law,
}

impl Chance {
    /// The delay, if the draw says that it happens.
    #[inline]
    fn taken(&self, mut whether: Draw, delay: Draw) -> Option<Span> {
        whether.happens(self.probability).then(|| self.delay.span(delay))
    }
}
