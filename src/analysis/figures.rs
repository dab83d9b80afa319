//! The figures of a run, of its regions, pools and requests, over the measured intervals.

use super::wilson::{NINETY_FIVE, wilson};
use super::{Analysis, Course};
use crate::measure::{
    Estimate, Layout, Measurements, Row, Scope, estimate_within, most_reports, over_window, thresholds_held,
};
use crate::vocabulary::{Aggregation, Column, Found, Path, RowKind, Source};

/// One figure of a run, which is analysed for this alone if it must be; NaN where there is none.
pub fn figure(run: &Measurements, path: impl Into<Path>) -> f64 {
    let path = path.into();
    let analysis = path.figure.is_of_analysis().then(|| Analysis::of(run));
    Of::new(run, analysis.as_ref(), path.kind, path.index).value(path.figure.source())
}

/// The values of the figures of the summary of one run, in their order; those of everything come first.
pub fn summary(run: &Measurements, analysis: &Analysis) -> Vec<f64> {
    values(run, analysis, &paths(&run.layout))
}

/// The paths of the summary of a run of a layout.
pub(super) fn paths(layout: &Layout) -> Vec<Path> {
    Path::summary(&|kind| layout.count(kind))
}

/// The estimate of a figure over runs, within what is possible. A figure that only some runs have is not averaged, since
/// the mean would be one of a selection; [`Replications::spread_of`](super::replications::Replications::spread_of) has its median.
pub fn over_runs(path: Path, values: impl IntoIterator<Item = f64>) -> Option<Estimate> {
    let all: Vec<f64> = values.into_iter().collect();
    let known: Vec<f64> = all.iter().copied().filter(|value| !value.is_nan()).collect();
    if path.figure.is_of_yes_or_no() {
        return share_of(&known);
    }
    let selected = path.figure.is_of_some_runs() && known.len() < all.len();
    if selected { None } else { estimate_within(&known, path.figure.possible()) }
}

/// The share of ones among zeros and ones, with the 95% interval of Wilson; `None` of no values.
pub fn share_of(values: &[f64]) -> Option<Estimate> {
    let (k, n) = (values.iter().sum::<f64>(), values.len());
    let (low, high) = if n == 1 { (k, k) } else { wilson(k, n as f64, NINETY_FIVE) };
    (n > 0).then(|| Estimate { mean: k / n as f64, low, high, n })
}

/// The values of some figures of a run, at full size; NaN where there is none.
pub fn values(run: &Measurements, analysis: &Analysis, paths: &[Path]) -> Vec<f64> {
    let mut scopes: Vec<Of<'_>> = Vec::new();
    let mut values = Vec::with_capacity(paths.len());
    for path in paths {
        let known = scopes.last().filter(|of| (of.kind, of.index) == (path.kind, path.index));
        if known.is_none() {
            scopes.push(Of::new(run, Some(analysis), path.kind, path.index));
        }
        values.push(scopes.last().map_or(f64::NAN, |of| of.value(path.figure.source())));
    }
    values
}

/// The scope that figures are asked of.
struct Of<'a> {
    run: &'a Measurements,
    /// The analysis, unless no figure needs it.
    analysis: Option<&'a Analysis>,
    kind: RowKind,
    index: usize,
    /// Row of the scope.
    row: Option<usize>,
    /// The rows of the scope in the measured intervals.
    rows: Vec<&'a Row>,
    /// Full size over simulated size.
    full: f64,
}

impl<'a> Of<'a> {
    fn new(run: &'a Measurements, analysis: Option<&'a Analysis>, kind: RowKind, index: usize) -> Of<'a> {
        let row = run.layout.row_of(Scope::of(kind, index));
        let each = |row| run.layout.measured.clone().filter_map(move |interval| run.row(interval, row));
        let rows = row.map(|row| each(row).collect()).unwrap_or_default();
        Of { run, analysis, kind, index, row, rows, full: 1.0 / run.layout.scale }
    }

    fn value(&self, source: Source) -> f64 {
        let (run, full) = (self.run, self.full);
        match source {
            Source::Viewers(account) => run.ledger.viewers(account) as f64 * full,
            Source::Present => run.people(self.region()).present as f64 * full,
            Source::Harmed(harm) => run.people(self.region()).harmed[harm as usize] as f64 * full,
            Source::HarmedShare(harm) => {
                let people = run.people(self.region());
                people.harmed[harm as usize] as f64 / people.present as f64
            }
            Source::Window(column) => self.window(column),
            Source::Highest(column) => self.highest(column),
            Source::Mean(distribution) => self.row.map_or(f64::NAN, |row| run.mean(row, distribution)),
            Source::Percentile(distribution, share) => {
                self.row.map_or(f64::NAN, |row| run.percentile(row, distribution, share))
            }
            Source::Late(distribution) => {
                self.row.map_or(f64::NAN, |row| run.late(row, distribution, run.layout.harm_wait) as f64 * full)
            }
            // Attempts of requests that began before the measured window are no attempts of a request within it.
            Source::Amplification if run.requests == 0 => f64::NAN,
            Source::Amplification => self.total(Column::Attempts) / run.requests as f64,
            // Attempts within the measured window may all belong to first tries before it.
            Source::PerFirstTry if self.total(Column::FirstTries) <= 0.0 => f64::NAN,
            Source::PerFirstTry => self.total(Column::Attempts) / self.total(Column::FirstTries),
            Source::Success => 1.0 - self.total(Column::RequestsFailed) / self.total(Column::RequestsEnded),
            Source::Analysis(found) => {
                self.analysis.map_or(f64::NAN, |analysis| self::found(analysis, self.kind, self.index, found))
            }
            Source::WorstReports => most_reports(run).map_or(f64::NAN, |(_, n)| n * full),
            Source::WorstReportsAt => most_reports(run).filter(|(_, n)| *n > 0.0).map_or(f64::NAN, |(at_s, _)| at_s),
            Source::Thresholds => {
                let value = |path: Path| Of::new(run, self.analysis, path.kind, path.index).value(path.figure.source());
                thresholds_held(run, value).map_or(f64::NAN, |held| f64::from(u8::from(held)))
            }
            Source::Events => run.events as f64,
        }
    }

    fn region(&self) -> Option<usize> {
        (self.kind == RowKind::Region).then_some(self.index)
    }

    /// A column over the measured window; a count that does not apply is zero.
    fn window(&self, column: Column) -> f64 {
        match column.aggregation() {
            Aggregation::Count => self.total(column) * self.full,
            _ => over_window(&self.rows, column, self.full),
        }
    }

    /// A count over the measured window, as simulated.
    fn total(&self, column: Column) -> f64 {
        self.rows.iter().map(|row| row.count(column)).sum()
    }

    /// The highest value of a column in an interval.
    fn highest(&self, column: Column) -> f64 {
        let values = self.rows.iter().map(|row| over_window(std::slice::from_ref(row), column, self.full));
        values.fold(f64::NAN, f64::max)
    }
}

/// A number of the analysis; NaN where there is none.
fn found(analysis: &Analysis, kind: RowKind, index: usize, found: Found) -> f64 {
    let course = match kind {
        RowKind::Region => analysis.regions.get(index),
        RowKind::Request => analysis.requests.get(index).map(|request| &request.course),
        _ => Some(&analysis.everything),
    };
    let of_course = |number: fn(&Course) -> Option<f64>| course.and_then(number);
    let pool = analysis.pools.get(index).filter(|_| kind == RowKind::Pool);
    let saturated = pool.and_then(|pool| pool.saturated);
    let number = match found {
        Found::Stuck => analysis.stuck.map(|stuck| f64::from(u8::from(stuck))),
        Found::Peak => of_course(Course::peak),
        Found::PeakAt => of_course(|course| course.worst().map(|worst| worst.from_s)),
        Found::Recovery => of_course(Course::over_s),
        Found::Begin => of_course(Course::begin_s),
        Found::Over => of_course(|course| course.end_s().filter(|_| course.over_s().is_some())),
        Found::Above => of_course(|course| Some(course.above_s())),
        Found::Count => of_course(|course| Some(course.count() as f64)),
        Found::UnansweredMost => of_course(|course| Some(course.waiting.most)),
        Found::UnansweredMostAt => {
            of_course(|course| Some(course.waiting.most_at_s).filter(|_| course.waiting.most > 0.0))
        }
        Found::UnansweredAtEnd => of_course(|course| Some(course.waiting.under_way_at_the_end)),
        Found::Saturated => pool.map(|_| saturated.map_or(0.0, |saturated| saturated.length_s())),
        Found::SaturatedFrom => saturated.map(|saturated| saturated.from_s),
        Found::LostShare => analysis.why.lost_share(index),
        Found::Demand => pool.and_then(|pool| analysis.peaks.demand.get(pool.pool)?.map(|peak| peak.value)),
    };
    number.unwrap_or(f64::NAN)
}
