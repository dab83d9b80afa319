//! The figures of a model at full size, over one replication or more: one table of intervals and a summary.
//!
//! Reports read figures alone. An empty cell is NaN in memory and empty in files.

use super::aggregate::over_replications;
use super::estimate::{Estimate, estimate_of_numbers};
use super::layout::Scope;
use super::measurements::Measurements;
use super::row::Row;
use super::threshold::{ThresholdResult, judge};
use crate::vocabulary::{Column, Figure, Path};

/// The figures of one or more replications of a scenario, at full size.
#[derive(Clone, Debug)]
pub struct Figures {
    /// The scopes of the rows of each interval, in the order of the file.
    pub scopes: Vec<Scope>,
    /// Number of intervals.
    pub intervals: usize,
    /// Start of the first interval, in seconds from the drop.
    pub first_s: f64,
    /// Width of an interval in seconds.
    pub width_s: f64,
    /// The value of each cell, `[interval][scope][column]`, flat.
    pub values: Vec<f64>,
    /// Ends of the 95% interval of each error rate, `[interval][scope]`; `None` with one replication.
    pub error_rate_bounds: Option<Vec<(f64, f64)>>,
    /// Number of replications.
    pub replications: usize,
    /// The figures of the summary, in the order of the file; `None` for a figure without a value. The analysis adds them.
    pub summary: Vec<(Path, Option<Estimate>)>,
    /// The results of the scenario's thresholds.
    pub thresholds: Vec<ThresholdResult>,
    /// Number of events in all replications.
    pub events: u64,
}

impl Figures {
    /// The intervals and thresholds of the replications of one model, all with the same layout, without a summary.
    ///
    /// # Panics
    /// If `runs` is empty.
    pub fn of(runs: &[Measurements]) -> Figures {
        let layout = &runs[0].layout;
        let full = 1.0 / layout.scale;
        let cells = layout.intervals * layout.scopes.len();
        let mut values = Vec::with_capacity(cells * Column::COUNT);
        let mut bounds = Vec::with_capacity(if runs.len() > 1 { cells } else { 0 });
        for index in 0..cells {
            let rows: Vec<&Row> = runs.iter().filter_map(|run| run.rows.get(index)).collect();
            values.extend(Column::ALL.iter().map(|column| over_replications(&rows, *column, full)));
            if runs.len() > 1 {
                bounds.push(error_rate_bounds(&rows));
            }
        }
        Figures {
            scopes: layout.scopes.clone(),
            intervals: layout.intervals,
            first_s: layout.first.seconds(),
            width_s: layout.width.seconds(),
            values,
            error_rate_bounds: (runs.len() > 1).then_some(bounds),
            replications: runs.len(),
            summary: Vec::new(),
            thresholds: layout.thresholds.iter().map(|threshold| judge(threshold, runs)).collect(),
            events: runs.iter().map(|run| run.events).sum(),
        }
    }

    /// The value of one cell; NaN if the cell is empty. `scope` is an index into [`Figures::scopes`].
    #[inline]
    pub fn value(&self, interval: usize, scope: usize, column: Column) -> f64 {
        self.values[self.cell_index(interval, scope, column)]
    }

    /// The index of a cell in [`Figures::values`].
    #[inline]
    pub(crate) fn cell_index(&self, interval: usize, scope: usize, column: Column) -> usize {
        (interval * self.scopes.len() + scope) * Column::COUNT + column.index()
    }

    /// The values of one column of one scope in all intervals.
    pub fn series(&self, scope: usize, column: Column) -> impl Iterator<Item = f64> + '_ {
        (0..self.intervals).map(move |interval| self.value(interval, scope, column))
    }

    /// The index of a scope in [`Figures::scopes`]; `None` if the scope has no rows.
    pub fn scope(&self, wanted: Scope) -> Option<usize> {
        self.scopes.iter().position(|scope| *scope == wanted)
    }

    /// The estimate of a figure of everything, or of a region, pool or request; `None` if the figure has no value.
    pub fn figure(&self, wanted: impl Into<Path>) -> Option<Estimate> {
        let wanted = wanted.into();
        self.summary.iter().find(|(path, _)| *path == wanted).and_then(|(_, estimate)| *estimate)
    }

    /// The estimate of a figure of everything by its dotted name: `viewers.arrived`.
    pub fn summary(&self, name: &str) -> Option<Estimate> {
        self.figure(Figure::named(name)?)
    }

    /// The start of an interval in seconds from the drop.
    pub fn time_s(&self, interval: usize) -> f64 {
        self.first_s + self.width_s * interval as f64
    }

    /// Whether every threshold held.
    pub fn thresholds_held(&self) -> bool {
        self.thresholds.iter().all(|threshold| threshold.held)
    }
}

/// The ends of the 95% interval of the error rate over the replications of one row.
fn error_rate_bounds(rows: &[&Row]) -> (f64, f64) {
    let rates = rows.iter().map(|row| row.ended_and_failed()).map(|(ended, failed)| failed / ended);
    estimate_of_numbers(rates).map_or((f64::NAN, f64::NAN), |e| (e.low.max(0.0), e.high.min(1.0)))
}
