//! The judgement of thresholds.

use std::ops::Range;

use super::judged::Judged;
use super::layout::Layout;
use super::measurements::Measurements;
use crate::vocabulary::{Metric, Path, Scope, Threshold};

/// The result of one threshold.
#[derive(Clone, Debug, PartialEq)]
pub struct ThresholdResult {
    /// The threshold in words: `error_rate of pool api at most 1% in any 60 s`.
    pub text: String,
    /// The metric that is bounded.
    pub metric: Metric,
    /// The scope of the rows.
    pub scope: Scope,
    /// Whether the bound is the highest value allowed; otherwise the lowest.
    pub at_most: bool,
    /// The bound, in the unit of the metric.
    pub bound: f64,
    /// Width of a window, in seconds; NaN for a figure.
    pub window_s: f64,
    /// Offset from the drop before which no window begins, in seconds; `None` if the threshold states none.
    pub after_s: Option<f64>,
    /// Offset from the drop after which no window ends, in seconds; `None` if the threshold states none.
    pub before_s: Option<f64>,
    /// The worst value of a window or of the figure over all replications, in the unit of the metric; NaN if there is
    /// none.
    pub worst: f64,
    /// Start of the worst window, in seconds from the drop.
    pub worst_at_s: f64,
    /// Width of the worst window, in seconds: wider than `window_s` where that had too few attempts.
    pub worst_window_s: f64,
    /// Number of replications in which all windows or the figure kept to the bound, and at least one was judged.
    pub held_in: usize,
    /// Number of replications in which a window counted or the figure has a value.
    pub judged_in: usize,
    /// Number of replications.
    pub n: usize,
    /// Whether the threshold passes: it held in every replication, or nothing was judged and `when_empty` is `"pass"`.
    pub held: bool,
}

impl ThresholdResult {
    /// Whether the threshold was judged in every replication, or broken in one.
    pub fn is_judged(&self) -> bool {
        self.judged_in == self.n || self.held_in < self.judged_in
    }
}

/// The verdicts on one threshold, run by run.
#[derive(Clone, Debug, Default)]
pub(super) struct Verdicts {
    /// The worst window of all runs, the first of equals.
    worst: Option<Judged>,
    held_in: usize,
    judged_in: usize,
    n: usize,
}

impl Verdicts {
    /// Adds the verdict on a run.
    pub fn add(&mut self, threshold: &Threshold, run: &Measurements) {
        self.add_worst(threshold, threshold.worst(run));
    }

    fn add_worst(&mut self, threshold: &Threshold, worst: Option<Judged>) {
        self.n += 1;
        let Some(of_run) = worst else { return };
        self.judged_in += 1;
        self.held_in += usize::from(threshold.allows(of_run.value));
        if self.worst.as_ref().is_none_or(|worst| threshold.is_worse(of_run.value, worst.value)) {
            self.worst = Some(of_run);
        }
    }

    /// The result over all runs.
    pub fn result(&self, threshold: &Threshold, layout: &Layout) -> ThresholdResult {
        let Verdicts { worst, held_in, judged_in, n } = self;
        let width = threshold.metric.column().map_or(f64::NAN, |_| layout.width.seconds());
        let at_s = |window: &Range<usize>| threshold.metric.column().map_or(f64::NAN, |_| layout.time_s(window.start));
        ThresholdResult {
            text: threshold.text.clone(),
            metric: threshold.metric,
            scope: threshold.scope,
            at_most: threshold.at_most,
            bound: threshold.bound,
            window_s: threshold.window as f64 * width,
            after_s: threshold.after.map(|span| span.seconds()),
            before_s: threshold.before.map(|span| span.seconds()),
            worst: worst.as_ref().map_or(f64::NAN, |worst| worst.value),
            worst_at_s: worst.as_ref().map_or(f64::NAN, |worst| at_s(&worst.window)),
            worst_window_s: worst.as_ref().map_or(f64::NAN, |worst| worst.window.len() as f64 * width),
            held_in: *held_in,
            judged_in: *judged_in,
            n: *n,
            held: held_in == judged_in && (judged_in == n || threshold.passes_when_empty),
        }
    }
}

/// The result of a threshold over some runs, at least one.
fn judge(threshold: &Threshold, runs: &[Measurements]) -> ThresholdResult {
    let mut verdicts = Verdicts::default();
    runs.iter().for_each(|run| verdicts.add(threshold, run));
    verdicts.result(threshold, &runs[0].layout)
}

/// The result of a threshold on a figure that has these values in some runs, NaN where it has none.
pub fn judge_values(threshold: &Threshold, values: impl IntoIterator<Item = f64>, layout: &Layout) -> ThresholdResult {
    let mut verdicts = Verdicts::default();
    for value in values {
        verdicts.add_worst(threshold, (!value.is_nan()).then_some(Judged { value, window: 0..0 }));
    }
    verdicts.result(threshold, layout)
}

/// Whether every threshold held in one run, with the values of figures by `value`; `None` if the scenario has no
/// thresholds.
pub fn thresholds_held(run: &Measurements, value: impl Fn(Path) -> f64) -> Option<bool> {
    let thresholds = &run.layout.thresholds;
    let held = |threshold: &Threshold| match threshold.metric {
        Metric::Column(_) => judge(threshold, std::slice::from_ref(run)).held,
        Metric::Figure(path) => judge_values(threshold, [value(path)], &run.layout).held,
    };
    (!thresholds.is_empty()).then(|| thresholds.iter().all(held))
}

#[cfg(test)]
mod tests {
    use super::super::aggregate::over_window;
    use super::super::row::Row;
    use super::super::windows::windows;
    use super::*;
    use crate::measure::Layout;
    use crate::random::{Draw, Key, Purpose};
    use crate::units::Span;
    use crate::vocabulary::{Aggregation, Column, Outcome};

    /// A threshold on a column of everything over all intervals of a run.
    fn threshold(column: Column, at_most: bool, bound: f64, window: usize, intervals: usize) -> Threshold {
        Threshold {
            metric: Metric::Column(column),
            scope: Scope::default(),
            bound,
            at_most,
            window,
            range: 0..intervals,
            least: 0,
            after: None,
            before: None,
            passes_when_empty: false,
            text: String::new(),
        }
    }

    /// A run of intervals of one second at half the size.
    fn run(rows: Vec<Row>) -> Measurements {
        let mut layout = Layout {
            intervals: rows.len(),
            measured: 0..rows.len(),
            width: Span::from_seconds(1.0),
            scale: 0.5,
            ..Layout::default()
        };
        layout.lay_out_rows();
        Measurements { layout, rows, ..Measurements::default() }
    }

    fn counts(column: Column, counts: &[u64]) -> Vec<Row> {
        let row = |count: &u64| {
            let mut row = Row::default();
            row.add(column, *count);
            row
        };
        counts.iter().map(row).collect()
    }

    /// The result of a threshold on the attempts of a run of two intervals.
    fn judged(attempts: [u64; 2], at_most: bool, bound: f64, window: usize) -> ThresholdResult {
        judge(&threshold(Column::Attempts, at_most, bound, window, 2), &[run(counts(Column::Attempts, &attempts))])
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
    fn a_threshold_without_a_window_is_not_judged_and_passes_only_if_asked_to() {
        let result = judged([3, 5], true, 0.0, 3);
        assert!(result.worst.is_nan() && !result.held && !result.is_judged());
        assert_eq!((result.held_in, result.judged_in, result.n), (0, 0, 1));
        let mut lenient = threshold(Column::LatencyP99, true, 1.0, 1, 2);
        let empty = [run(counts(Column::Attempts, &[3, 5]))];
        assert!(!judge(&lenient, &empty).held, "no reply has a latency");
        lenient.passes_when_empty = true;
        let result = judge(&lenient, &empty);
        assert!(result.held && !result.is_judged());
    }

    #[test]
    fn one_replication_that_is_not_judged_is_enough_to_miss() {
        let rows = |latency: Option<f64>| {
            let mut row = Row::default();
            latency.into_iter().for_each(|latency| row.set(Column::LatencyP99, latency));
            run(vec![row])
        };
        let threshold = threshold(Column::LatencyP99, true, 50.0, 1, 1);
        let result = judge(&threshold, &[rows(Some(40.0)), rows(None)]);
        assert_eq!((result.held, result.is_judged(), result.judged_in), (false, false, 1));
        let result = judge(&threshold, &[rows(Some(60.0)), rows(None)]);
        assert_eq!((result.held, result.is_judged(), result.held_in), (false, true, 0), "it is broken, judged or not");
    }

    #[test]
    fn a_percentile_is_at_its_worst_in_the_interval_that_has_it() {
        let row = |latency: f64| {
            let mut row = Row::default();
            row.set(Column::LatencyP95, latency);
            row
        };
        let runs = [run([2.0, 3.0, 9.0, 4.0].map(row).into())];
        let worst = |at_most| {
            let result = judge(&threshold(Column::LatencyP95, at_most, 5.0, 3, 4), &runs);
            (result.worst, result.worst_at_s, result.worst_window_s)
        };
        assert_eq!(worst(true), (9.0, 2.0, 1.0), "not from the first window that holds it");
        assert_eq!(worst(false), (9.0, 0.0, 3.0), "the lowest of the highest is that of a window");
    }

    /// Rows of served and failed attempts.
    fn ended(counts: &[(u64, u64)]) -> Vec<Row> {
        let row = |(served, failed): &(u64, u64)| {
            let mut row = Row::default();
            row.add(Outcome::Served.column(), *served);
            row.add(Outcome::Failed.column(), *failed);
            row
        };
        counts.iter().map(row).collect()
    }

    #[test]
    fn a_rate_is_judged_over_enough_attempts_in_a_window_that_grows() {
        let runs = [run(ended(&[(100, 0), (0, 1), (40, 0), (60, 1), (2, 2)]))];
        let mut threshold = threshold(Column::ErrorRate, true, 0.02, 1, 5);
        assert_eq!(judge(&threshold, &runs).worst, 1.0, "one attempt of one");
        threshold.least = 100;
        // From the second interval to the fourth 2 of 102 fail; the last grows back to the third: 3 of 105.
        let result = judge(&threshold, &runs);
        assert_eq!((result.worst, result.worst_at_s, result.worst_window_s), (3.0 / 105.0, 2.0, 3.0));
        threshold.least = 1_000;
        assert!(!judge(&threshold, &runs).is_judged(), "the whole run has fewer");
    }

    /// Rows of random numbers, some of them without a value.
    fn random_rows(intervals: usize, mut draw: Draw) -> Vec<Row> {
        let row = |_| {
            let mut row = Row::default();
            for column in Column::ALL {
                match column.aggregation() {
                    _ if draw.happens(0.2) => {}
                    Aggregation::Count => row.add(*column, (draw.uniform() * 9.0) as u64),
                    Aggregation::Ratio => row.set_ratio(*column, draw.uniform(), 1.0 + draw.uniform()),
                    Aggregation::ErrorRate => {}
                    _ => row.set(*column, draw.uniform()),
                }
            }
            row
        };
        (0..intervals).map(row).collect()
    }

    /// The slow twin adds up each window by itself.
    #[test]
    fn the_worst_window_is_that_of_adding_up_each_window() {
        for seed in 0..40 {
            let run = run(random_rows(30, Key::root(3, seed).draw(Purpose::Service)));
            for column in Column::ALL {
                for (window, at_most) in [(1, true), (4, true), (7, false)] {
                    let threshold = threshold(*column, at_most, 0.0, window, 30);
                    let of = |window| over_window(&run.of_scope(0, window).collect::<Vec<_>>(), *column, 2.0);
                    let values = windows(&(0..30), window).map(of).filter(|value| !value.is_nan());
                    let slow = if at_most { values.reduce(f64::max) } else { values.reduce(f64::min) };
                    let fast = judge(&threshold, std::slice::from_ref(&run)).worst;
                    let same = slow.map_or(fast.is_nan(), |slow| (fast - slow).abs() <= 1e-12 * slow.abs());
                    assert!(same, "{}: {fast} is not {slow:?}", column.name());
                }
            }
        }
    }
}
