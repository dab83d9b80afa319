//! The error rate over time, split by outcome and stacked.

use super::findings::Outcome;
use crate::measure::{Column, Figures};

/// Shares of the ended attempts of each interval, stacked by outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    /// Outcomes that occurred, lowest first, each with the upper edge of its layer: the share of the outcome plus the
    /// shares of all layers below. NaN where no attempt ended.
    pub layers: Vec<(Outcome, Vec<f64>)>,
}

impl Stack {
    /// The stack of a row, of the outcomes among `occurred`.
    pub fn of(figures: &Figures, row: usize, occurred: &[(Outcome, f64)]) -> Stack {
        let count =
            |interval, column| Some(figures.value(interval, row, column)).filter(|n| n.is_finite()).unwrap_or(0.0);
        let mut height = vec![0.0; figures.intervals];
        let mut layers = Vec::new();
        for outcome in Outcome::ALL.into_iter().filter(|outcome| occurred.iter().any(|(other, _)| other == outcome)) {
            for (interval, height) in height.iter_mut().enumerate() {
                let failed: f64 = Outcome::ALL.iter().map(|outcome| count(interval, outcome.column())).sum();
                let ended = failed + count(interval, Column::Served);
                *height = if ended > 0.0 { *height + count(interval, outcome.column()) / ended } else { f64::NAN };
            }
            layers.push((outcome, height.clone()));
        }
        Stack { layers }
    }

    /// The upper edge of the highest layer: the error rate of each interval; none if nothing failed.
    pub fn total(&self) -> Option<&[f64]> {
        self.layers.last().map(|(_, upper)| upper.as_slice())
    }

    /// Interval and error rate of the worst interval, the first of equals.
    pub fn worst(&self) -> Option<(usize, f64)> {
        let rates = self.total()?.iter().copied().enumerate().filter(|(_, rate)| rate.is_finite());
        rates.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
    }
}
