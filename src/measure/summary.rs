//! The figures of one run.

use super::aggregate::over_window;
use super::layout::{Layout, Scope};
use super::measurements::Measurements;
use super::row::Row;
use super::threshold::thresholds_held;
use super::windows::{ENOUGH_ENDED, ErrorWindows, USUAL_BOUND, window_length, windows};
use crate::vocabulary::{Aggregation, Column, Figure, Source};

/// All figures of one run at full size, in the order of [`Figure::ALL`]. A figure without a value is NaN.
pub fn figures_of(run: &Measurements) -> Vec<(Figure, f64)> {
    values(run, Figure::ALL)
}

/// The figures of the summary of one run at full size, in the order of [`Figure::summary`].
pub fn summary_of(run: &Measurements) -> Vec<(Figure, f64)> {
    values(run, Figure::summary())
}

fn values(run: &Measurements, figures: &[Figure]) -> Vec<(Figure, f64)> {
    let errors = error_windows(run);
    let summary = Summary {
        run,
        everything: run.of_everything(run.layout.measured.clone()).collect(),
        worst: errors.worst(ENOUGH_ENDED).map(|(start, rate)| (errors.time_s(start), rate)),
        recovery_s: errors.recovery_s(recovered_below(&run.layout)),
        reports: most_reports(run),
        full: 1.0 / run.layout.scale,
    };
    figures.iter().map(|figure| (*figure, summary.value(figure.source()))).collect()
}

/// The parts of a run from which figures are computed.
struct Summary<'a> {
    run: &'a Measurements,
    /// The rows of everything in the measured intervals.
    everything: Vec<&'a Row>,
    /// Start of the worst minute in seconds from the drop, and its error rate.
    worst: Option<(f64, f64)>,
    /// End of the last minute above the bound, in seconds from the drop.
    recovery_s: f64,
    /// Start of the minute with most reports in seconds from the drop, and its number of reports at simulated size.
    reports: Option<(f64, f64)>,
    /// Full size over simulated size.
    full: f64,
}

impl Summary<'_> {
    fn value(&self, source: Source) -> f64 {
        let (run, full) = (self.run, self.full);
        match source {
            Source::Viewers(account) => run.ledger.viewers(account) as f64 * full,
            Source::Window(column) => self.window(column),
            Source::Percentile(distribution, share) => run.percentile(0, distribution, share),
            // Attempts of requests that began before the measured window are no attempts of a request within it.
            Source::Amplification if run.requests == 0 => f64::NAN,
            Source::Amplification => self.total(Column::Attempts) / run.requests as f64,
            Source::WorstErrorRate => self.worst.map_or(f64::NAN, |(_, rate)| rate),
            Source::WorstErrorRateAt => self.worst.map_or(f64::NAN, |(at, _)| at),
            Source::Recovery => self.recovery_s,
            Source::WorstReports => self.reports.map_or(f64::NAN, |(_, n)| n * full),
            Source::WorstReportsAt => self.reports.filter(|(_, n)| *n > 0.0).map_or(f64::NAN, |(at, _)| at),
            Source::Thresholds => thresholds_held(run).map_or(f64::NAN, |held| f64::from(u8::from(held))),
            Source::Events => run.events as f64,
        }
    }

    /// A column of everything over the measured window at full size; a count that does not apply is zero.
    fn window(&self, column: Column) -> f64 {
        match column.aggregation() {
            Aggregation::Count => self.total(column) * self.full,
            _ => over_window(&self.everything, column, self.full),
        }
    }

    /// A count over the measured window at simulated size.
    fn total(&self, column: Column) -> f64 {
        self.everything.iter().map(|row| row.count(column)).sum()
    }
}

/// The ended and failed attempts of everything in sliding windows within the measured intervals, at simulated size.
fn error_windows(run: &Measurements) -> ErrorWindows {
    let layout = &run.layout;
    let counts = (0..layout.measured.end)
        .map(|interval| run.of_everything(interval..interval + 1).next().map_or((0.0, 0.0), Row::ended_and_failed));
    ErrorWindows::new(counts.collect(), layout.measured.clone(), layout.first.seconds(), layout.width.seconds())
}

/// The bound of the scenario's first threshold on the error rate of everything, else [`USUAL_BOUND`].
fn recovered_below(layout: &Layout) -> f64 {
    let of_everything = layout.thresholds.iter().find(|threshold| {
        threshold.column == Column::ErrorRate && threshold.at_most && threshold.scope == Scope::default()
    });
    of_everything.map_or(USUAL_BOUND, |threshold| threshold.bound)
}

/// The measured minute with most reports, the first of equals: start in seconds from the drop, reports at simulated size.
fn most_reports(run: &Measurements) -> Option<(f64, f64)> {
    let layout = &run.layout;
    let length = window_length(layout.width.seconds(), layout.measured.len());
    windows(&layout.measured, length)
        .map(|window| {
            (layout.time_s(window.start), run.of_everything(window).map(|row| row.count(Column::Reports)).sum())
        })
        .reduce(|best: (f64, f64), next| if best.1 >= next.1 { best } else { next })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Span;
    use crate::vocabulary::Outcome;

    /// A run at half of full size with the served attempts, errors and reports of each minute.
    fn minutes(counts: &[[u64; 3]]) -> Measurements {
        let (intervals, width) = (counts.len(), Span::from_seconds(60.0));
        let mut layout = Layout { intervals, measured: 0..intervals, width, scale: 0.5, ..Layout::default() };
        layout.lay_out_rows();
        let rows = counts.iter().map(|[served, errors, reports]| {
            let mut row = Row::default();
            row.add(Outcome::Served.column(), *served);
            row.add(Outcome::TimedOut.column(), *errors);
            row.add(Column::Reports, *reports);
            row
        });
        Measurements { layout, rows: rows.collect(), events: 7, ..Measurements::default() }
    }

    fn figure(run: &Measurements, wanted: Figure) -> f64 {
        figures_of(run).into_iter().find(|(figure, _)| *figure == wanted).map_or(f64::NAN, |(_, value)| value)
    }

    #[test]
    fn counts_are_at_full_size_and_rates_do_not_scale() {
        let run = minutes(&[[100, 0, 3], [150, 50, 8], [100, 0, 8]]);
        for (wanted, value) in [
            (Figure::Attempts(Outcome::Served), 700.0),
            (Figure::Attempts(Outcome::TimedOut), 100.0),
            (Figure::Attempts(Outcome::Refused), 0.0),
            (Figure::ErrorRateOverall, 0.125),
            (Figure::ErrorRatePeak, 0.25),
            (Figure::ErrorRatePeakAt, 60.0),
            (Figure::Recovery, 120.0),
            (Figure::ReportsTotal, 38.0),
            (Figure::ReportsPeak, 16.0),
            (Figure::ReportsPeakAt, 60.0),
            (Figure::Events, 7.0),
        ] {
            assert_eq!(figure(&run, wanted), value, "{}", wanted.name());
        }
        for wanted in [Figure::LatencyP50, Figure::ThresholdsHeld, Figure::Utilization] {
            assert!(figure(&run, wanted).is_nan(), "{}", wanted.name());
        }
    }

    #[test]
    fn a_run_without_intervals_has_figures_too() {
        let run = minutes(&[]);
        assert_eq!(figure(&run, Figure::Recovery), 0.0);
        assert!(figure(&run, Figure::ErrorRatePeak).is_nan() && figure(&run, Figure::ReportsPeak).is_nan());
        assert!(summary_of(&run).iter().map(|(figure, _)| figure).eq(Figure::summary()));
    }
}
