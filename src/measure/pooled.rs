//! Runs of one model, pooled one by one, so that figures over 100,000 replications need the memory of one run.

use super::aggregate::RowSums;
use super::estimate::Moments;
use super::figures::Figures;
use super::histogram::CLASSES;
use super::layout::Layout;
use super::measurements::{Distributions, Measurements};
use super::row::Row;
use super::threshold::Verdicts;
use crate::vocabulary::Column;

/// The runs of one model, all with the same layout, in the order in which they were added.
#[derive(Clone, Debug)]
pub struct Pooled {
    layout: Layout,
    /// By row of a run.
    rows: Vec<RowSums>,
    /// Error rates over the runs, by row of a run.
    error_rates: Vec<Moments>,
    /// Served attempts of everything by their latency, `[interval][class]`, flat.
    latencies: Vec<u64>,
    /// By threshold.
    thresholds: Vec<Verdicts>,
    runs: usize,
    events: u64,
}

impl Pooled {
    /// An empty pool for runs of this layout.
    pub fn new(layout: &Layout) -> Pooled {
        let rows = layout.intervals * layout.scopes.len();
        Pooled {
            rows: vec![RowSums::default(); rows],
            error_rates: vec![Moments::default(); rows],
            latencies: vec![0; layout.intervals * CLASSES],
            thresholds: vec![Verdicts::default(); layout.thresholds.len()],
            runs: 0,
            events: 0,
            layout: layout.clone(),
        }
    }

    /// Adds a run. A run that ended early has no rows for the intervals that it did not reach.
    pub fn add(&mut self, run: &Measurements) {
        for ((sums, error_rate), row) in self.rows.iter_mut().zip(&mut self.error_rates).zip(&run.rows) {
            sums.add(row);
            let (ended, failed) = row.ended_and_failed();
            error_rate.add(failed / ended);
        }
        for (sum, count) in self.latencies.iter_mut().zip(&run.latencies) {
            *sum += u64::from(*count);
        }
        for (verdicts, threshold) in self.thresholds.iter_mut().zip(&self.layout.thresholds) {
            verdicts.add(threshold, run);
        }
        self.runs += 1;
        self.events += run.events;
    }

    /// The layout of the runs.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The intervals and thresholds of the runs, without a summary.
    pub fn figures(&self) -> Figures {
        let layout = &self.layout;
        let full = 1.0 / layout.scale;
        let mut values = Vec::with_capacity(self.rows.len() * Column::COUNT);
        for sums in &self.rows {
            values.extend(Column::ALL.iter().map(|column| sums.value(*column, full)));
        }
        let bounds = || self.error_rates.iter().map(error_rate_bounds).collect();
        let verdicts = self.thresholds.iter().zip(&layout.thresholds);
        Figures {
            scopes: layout.scopes.clone(),
            intervals: layout.intervals,
            first_s: layout.first.seconds(),
            width_s: layout.width.seconds(),
            values,
            error_rate_bounds: (self.runs > 1).then(bounds),
            latencies: self.latencies.clone(),
            replications: self.runs,
            summary: Vec::new(),
            thresholds: verdicts.map(|(verdicts, threshold)| verdicts.result(threshold, layout)).collect(),
            events: self.events,
        }
    }

    /// Bytes of the pool of runs of a layout.
    pub fn bytes(layout: &Layout) -> usize {
        let rows = layout.intervals * layout.scopes.len() * (size_of::<RowSums>() + size_of::<Moments>());
        rows + layout.intervals * CLASSES * size_of::<u64>()
    }

    /// Bytes of the measurements of a run of a layout.
    pub fn bytes_of_run(layout: &Layout) -> usize {
        let distributions = layout.single_scopes() * Distributions::BYTES;
        let latencies = layout.intervals * CLASSES * size_of::<u32>();
        layout.intervals * layout.scopes.len() * size_of::<Row>() + latencies + distributions
    }
}

impl Figures {
    /// The intervals and thresholds of the replications of one model, all with the same layout, without a summary.
    ///
    /// # Panics
    /// If `runs` is empty.
    pub fn of(runs: &[Measurements]) -> Figures {
        let mut pooled = Pooled::new(&runs[0].layout);
        runs.iter().for_each(|run| pooled.add(run));
        pooled.figures()
    }
}

/// The ends of the 95% interval of the error rate over the runs in one row.
fn error_rate_bounds(error_rate: &Moments) -> (f64, f64) {
    error_rate.estimate().map_or((f64::NAN, f64::NAN), |e| (e.low.max(0.0), e.high.min(1.0)))
}
