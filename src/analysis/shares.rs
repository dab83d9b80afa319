//! The error rate over time, split by outcome and stacked.

use crate::measure::Figures;
use crate::vocabulary::Outcome;

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
        let errors = Outcome::errors();
        let mut height = vec![0.0; figures.intervals];
        let mut layers = Vec::new();
        for outcome in errors.iter().copied().filter(|outcome| occurred.iter().any(|(other, _)| other == outcome)) {
            for (interval, height) in height.iter_mut().enumerate() {
                let failed: f64 = errors.iter().map(|outcome| count(interval, outcome.column())).sum();
                let ended = failed + count(interval, Outcome::Served.column());
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::errors::Errors;
    use crate::analysis::support;
    use crate::vocabulary::Column;

    #[test]
    fn the_layers_add_up_to_the_error_rate() {
        let figures = support::morning(1.0);
        let stack = Stack::of(&figures, 0, &Errors::of(&figures, Some(0)).outcomes);
        assert_eq!(stack.layers.iter().map(|(outcome, _)| *outcome).collect::<Vec<_>>(), Outcome::errors()[..3]);
        let total = stack.total().unwrap();
        for interval in [0, 200, 400] {
            assert!((total[interval] - figures.value(interval, 0, Column::ErrorRate)).abs() < 1e-3, "{interval}");
        }
        assert!(total.iter().copied().fold(0.0, f64::max) > 0.9);
    }

    #[test]
    fn where_nothing_ended_there_is_a_gap_and_where_nothing_failed_no_layer() {
        let mut figures = support::empty(3, 0.0, 10.0);
        assert_eq!(Stack::of(&figures, 0, &[]).total(), None);
        support::set(&mut figures, 1, 0, Outcome::Rejected.column(), 5.0);
        let stack = Stack::of(&figures, 0, &[(Outcome::Rejected, 5.0)]);
        let total = stack.total().unwrap();
        assert!(total[0].is_nan() && total[2].is_nan());
        assert_eq!(total[1], 1.0);
    }
}
