//! The judgement of thresholds.

use super::aggregate::over_window;
use super::layout::{Scope, Threshold};
use super::measurements::Measurements;
use super::row::Row;
use super::windows::windows;
use crate::vocabulary::Column;

/// The result of one threshold.
#[derive(Clone, Debug, PartialEq)]
pub struct ThresholdResult {
    /// The threshold in words: `error_rate of pool api at most 1% in any 60 s`.
    pub text: String,
    /// The column that is bounded.
    pub column: Column,
    /// The scope of the rows.
    pub scope: Scope,
    /// Whether the bound is the highest value allowed; else the lowest.
    pub at_most: bool,
    /// The worst window's value over all replications, in the unit of the column; NaN if no window counted.
    pub worst: f64,
    /// Start of the worst window, in seconds from the drop.
    pub worst_at_s: f64,
    /// The bound, in the unit of the column.
    pub bound: f64,
    /// Whether the threshold held in every replication.
    pub held: bool,
}

impl Threshold {
    /// Whether a value is worse than `worst`, the worst so far.
    fn is_worse(&self, value: f64, worst: f64) -> bool {
        let beyond = if self.at_most { value > worst } else { value < worst };
        !value.is_nan() && (worst.is_nan() || beyond)
    }

    /// Whether the worst value is within the bound; true if no window has a value.
    fn holds(&self, worst: f64) -> bool {
        worst.is_nan() || if self.at_most { worst <= self.bound } else { worst >= self.bound }
    }
}

/// The result of a threshold over all replications.
pub(super) fn judge(threshold: &Threshold, runs: &[Measurements]) -> ThresholdResult {
    let layout = &runs[0].layout;
    let full = 1.0 / layout.scale;
    let (mut worst, mut worst_at_s) = (f64::NAN, f64::NAN);
    if let Some(scope) = layout.scopes.iter().position(|scope| *scope == threshold.scope) {
        for run in runs {
            for window in windows(&threshold.range, threshold.window) {
                let start = window.start;
                let rows: Vec<&Row> = run.of_scope(scope, window).collect();
                let value = over_window(&rows, threshold.column, full);
                if threshold.is_worse(value, worst) {
                    (worst, worst_at_s) = (value, layout.time_s(start));
                }
            }
        }
    }
    ThresholdResult {
        text: threshold.text.clone(),
        column: threshold.column,
        scope: threshold.scope,
        at_most: threshold.at_most,
        worst,
        worst_at_s,
        bound: threshold.bound,
        held: threshold.holds(worst),
    }
}

/// Whether every threshold held in one run; `None` if the scenario has no thresholds.
pub fn thresholds_held(run: &Measurements) -> Option<bool> {
    let thresholds = &run.layout.thresholds;
    let all = || thresholds.iter().all(|threshold| judge(threshold, std::slice::from_ref(run)).held);
    (!thresholds.is_empty()).then(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Layout;
    use crate::units::Span;

    /// The result of a threshold on the attempts of a run of two intervals of one second.
    fn judged(attempts: [u64; 2], at_most: bool, bound: f64, window: usize) -> ThresholdResult {
        let text = String::new();
        let scope = Scope::default();
        let threshold = Threshold { column: Column::Attempts, scope, bound, at_most, window, range: 0..2, text };
        let width = Span::from_seconds(1.0);
        let mut layout = Layout {
            intervals: 2,
            measured: 0..2,
            width,
            scale: 0.5,
            thresholds: vec![threshold],
            ..Layout::default()
        };
        layout.lay_out_rows();
        let rows = attempts.map(|n| {
            let mut row = Row::default();
            row.add(Column::Attempts, n);
            row
        });
        let run = Measurements { layout, rows: rows.into(), ..Measurements::default() };
        judge(&run.layout.thresholds[0], std::slice::from_ref(&run))
    }

    #[test]
    fn the_worst_window_decides_at_full_size() {
        let result = judged([3, 5], true, 10.0, 1);
        assert_eq!((result.worst, result.worst_at_s, result.held), (10.0, 1.0, true));
        let result = judged([3, 5], false, 10.0, 1);
        assert_eq!((result.worst, result.worst_at_s, result.held), (6.0, 0.0, false));
        let result = judged([3, 5], true, 10.0, 2);
        assert_eq!((result.worst, result.held), (16.0, false));
    }

    #[test]
    fn a_threshold_without_a_window_holds() {
        let result = judged([3, 5], true, 0.0, 3);
        assert!(result.worst.is_nan() && result.held);
    }
}
