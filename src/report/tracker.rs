//! What an outage tracker would show: reports by the minute, and their usual level.

use super::findings::finite;
use crate::measure::Figures;
use crate::scenario::spec::Spec;
use crate::vocabulary::Column;

/// Reports per minute in bins that are wide enough to be worth drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Reports {
    /// Start of each bin, its end, and the reports per minute in it.
    pub bins: Vec<(f64, f64, f64)>,
}

impl Reports {
    /// The row's reports; bins of a minute, or more where the window holds more than 240 of them.
    pub fn of(figures: &Figures, row: usize) -> Reports {
        let window_s = figures.width_s * figures.intervals as f64;
        let wanted = [60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 21_600.0]
            .into_iter()
            .find(|width| window_s / width <= 240.0)
            .unwrap_or(86_400.0);
        let together = ((wanted / figures.width_s).round() as usize).max(1);
        let bins = (0..figures.intervals)
            .step_by(together)
            .map(|start| {
                let end = start.saturating_add(together).min(figures.intervals);
                let count: f64 = finite((start..end).map(|i| figures.value(i, row, Column::Reports))).sum();
                let minutes = (end - start) as f64 * figures.width_s / 60.0;
                (figures.time_s(start), figures.time_s(end), count / minutes)
            })
            .collect();
        Reports { bins }
    }

    /// The highest bin: reports per minute, and its start.
    pub fn peak(&self) -> Option<(f64, f64)> {
        self.bins
            .iter()
            .map(|(start, _, rate)| (*rate, *start))
            .filter(|(rate, _)| rate.is_finite() && *rate > 0.0)
            .reduce(|best, next| if next.0 > best.0 { next } else { best })
    }
}

/// The usual reports per minute of all regions together.
pub fn usual_reports(spec: &Spec) -> f64 {
    spec.reports.usual.values().map(|rate| rate.0 * 60.0).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::support::Morning;

    #[test]
    fn reports_are_counted_by_the_minute() {
        let mut morning = Morning::empty(12, 0.0, 10.0);
        morning.set(7, 0, Column::Reports, 30.0);
        let reports = Reports::of(&morning.figures, 0);
        assert_eq!(reports.bins, [(0.0, 60.0, 0.0), (60.0, 120.0, 30.0)]);
        assert_eq!(reports.peak(), Some((30.0, 60.0)));
    }
}
