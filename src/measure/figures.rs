//! The figures of a model at full size, over one replication or more: one table of intervals and a summary.
//!
//! Reports read figures alone. An empty cell is NaN in memory and empty in files.

use super::estimate::Estimate;
use super::histogram::CLASSES;
use super::threshold::ThresholdResult;
use crate::vocabulary::{Column, Figure, Path, Scope};

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
    /// Served attempts of everything by their latency in all replications, `[interval][class]`, flat; empty where not known.
    pub latencies: Vec<u64>,
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

    /// The same figures, with these intervals alone in the table.
    pub fn within(&self, intervals: std::ops::Range<usize>) -> Figures {
        let of = |from: &std::ops::Range<usize>, width: usize| from.start * width..from.end * width;
        let rows = of(&intervals, self.scopes.len());
        Figures {
            scopes: self.scopes.clone(),
            intervals: intervals.len(),
            first_s: self.time_s(intervals.start),
            width_s: self.width_s,
            values: self.values.get(of(&rows, Column::COUNT)).unwrap_or_default().to_vec(),
            error_rate_bounds: self.error_rate_bounds.as_ref().map(|all| all.get(rows).unwrap_or_default().to_vec()),
            latencies: self.latencies.get(of(&intervals, CLASSES)).unwrap_or_default().to_vec(),
            replications: self.replications,
            summary: self.summary.clone(),
            thresholds: self.thresholds.clone(),
            events: self.events,
        }
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
