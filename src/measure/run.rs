//! The numbers of one run, in a form that adds up over replications.

use std::ops::Range;

use super::figures::{Column, Scope};
use super::histogram::Histogram;
use crate::units::Span;

/// What is measured apart, and over which intervals.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// Number of regions.
    pub regions: usize,
    /// Number of pools.
    pub pools: usize,
    /// Number of requests.
    pub requests: usize,
    /// Region, pool and request of each cell, and whether it counts in `all`.
    pub cells: Vec<([usize; 3], bool)>,
    /// The rows of each interval, in the order of the file.
    pub scopes: Vec<Scope>,
    /// Number of intervals.
    pub intervals: usize,
    /// Start of the first one, from the drop.
    pub first: Span,
    /// Width of each.
    pub width: Span,
    /// The intervals that the summary covers.
    pub measured: Range<usize>,
    /// The fraction of the real size that was simulated.
    pub scale: f64,
    /// What must hold.
    pub thresholds: Vec<Threshold>,
}

/// What must hold in every window.
#[derive(Clone, Debug)]
pub struct Threshold {
    /// The column.
    pub column: Column,
    /// Whose.
    pub scope: Scope,
    /// The bound, in the unit of the column.
    pub bound: f64,
    /// Whether the bound is the highest value allowed; else the lowest.
    pub at_most: bool,
    /// Width of a window in intervals.
    pub window: usize,
    /// The intervals in which windows lie.
    pub range: Range<usize>,
    /// In words.
    pub text: String,
}

impl Layout {
    /// Lays out the rows: everything; each region; each pool; each request; each pool × request; each region × pool.
    pub fn lay_out_rows(&mut self) {
        let all = Scope::default();
        let mut scopes = vec![all];
        scopes.extend((0..self.regions).map(|region| Scope { region: Some(region), ..all }));
        scopes.extend((0..self.pools).map(|pool| Scope { pool: Some(pool), ..all }));
        scopes.extend((0..self.requests).map(|request| Scope { request: Some(request), ..all }));
        let occurs = |scope: &Scope| !self.members(*scope).is_empty();
        let pairs = (0..self.pools).flat_map(|pool| {
            (0..self.requests).map(move |request| Scope { region: None, pool: Some(pool), request: Some(request) })
        });
        scopes.extend(pairs.filter(occurs));
        let pairs = (0..self.regions).flat_map(|region| {
            (0..self.pools).map(move |pool| Scope { region: Some(region), pool: Some(pool), request: None })
        });
        scopes.extend(pairs.filter(occurs));
        self.scopes = scopes;
    }

    /// The cells that a row sums up. Heartbeats count under their own name and pool only.
    pub fn members(&self, scope: Scope) -> Vec<u16> {
        let own_name_or_pool = scope.pool.is_some() || scope.request.is_some();
        (0..self.cells.len())
            .filter(|index| {
                let ([region, pool, request], in_all) = self.cells[*index];
                scope.region.is_none_or(|wanted| wanted == region)
                    && scope.pool.is_none_or(|wanted| wanted == pool)
                    && scope.request.is_none_or(|wanted| wanted == request)
                    && (in_all || own_name_or_pool)
            })
            .map(|index| index as u16)
            .collect()
    }
}

/// Counts of one row.
#[derive(Clone, Copy, Debug)]
#[repr(usize)]
#[allow(missing_docs)]
pub enum Count {
    Arrivals,
    Attempts,
    Served,
    Rejected,
    TimedOut,
    Abandoned,
    Failed,
    ViewersActive,
    ViewersError,
    Reports,
    Starts,
}

/// Means over the time of one row.
#[derive(Clone, Copy, Debug)]
#[repr(usize)]
#[allow(missing_docs)]
pub enum Mean {
    Queue,
    InService,
    Servers,
    Streams,
    Capacity,
}

/// Quotients of one row.
#[derive(Clone, Copy, Debug)]
#[repr(usize)]
#[allow(missing_docs)]
pub enum Ratio {
    Utilization,
    Wasted,
    Bitrate,
    Link,
    Stalled,
    Wait,
    Waited,
}

/// Percentiles of one row.
#[derive(Clone, Copy, Debug)]
#[repr(usize)]
#[allow(missing_docs)]
pub enum Percentile {
    LatencyP50,
    LatencyP95,
    LatencyP99,
    WaitP90,
    StartTimeP50,
    StartTimeP95,
}

/// One interval of one scope in one run, at simulated size. What does not apply is NaN.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub(super) counts: [f64; 11],
    pub(super) means: [f64; 5],
    pub(super) ratios: [(f64, f64); 7],
    pub(super) percentiles: [f64; 6],
}

impl Default for Row {
    fn default() -> Self {
        Row { counts: [f64::NAN; 11], means: [f64::NAN; 5], ratios: [(0.0, 0.0); 7], percentiles: [f64::NAN; 6] }
    }
}

impl Row {
    pub(super) fn add(&mut self, count: Count, n: u64) {
        let sum = &mut self.counts[count as usize];
        *sum = if sum.is_nan() { n as f64 } else { *sum + n as f64 };
    }

    pub(super) fn mean(&mut self, mean: Mean, value: f64) {
        self.means[mean as usize] = value;
    }

    pub(super) fn ratio(&mut self, ratio: Ratio, over: f64, under: f64) {
        self.ratios[ratio as usize] = (over, under);
    }

    pub(super) fn percentile(&mut self, percentile: Percentile, value: f64) {
        self.percentiles[percentile as usize] = value;
    }

    /// One count; zero where it does not apply.
    pub fn count(&self, count: Count) -> f64 {
        let value = self.counts[count as usize];
        if value.is_nan() { 0.0 } else { value }
    }

    /// Attempts that ended, and those of them that were not served.
    pub fn ended_and_failed(&self) -> (f64, f64) {
        let failed: f64 = [Count::Rejected, Count::TimedOut, Count::Abandoned, Count::Failed]
            .iter()
            .map(|count| self.count(*count))
            .sum();
        (self.count(Count::Served) + failed, failed)
    }
}

/// Where every viewer is, and every attempt; the books that must balance at every instant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Viewers who were inside already when the window opened; counted in `arrived`.
    pub already: u64,
    /// Viewers who arrived.
    pub arrived: u64,
    /// Viewers who did their last step.
    pub watched: u64,
    /// Viewers who gave up and are not back.
    pub gave_up: u64,
    /// Viewers inside, in a stream.
    pub streaming: u64,
    /// Viewers inside, in a request step.
    pub asking: u64,
    /// Viewers inside otherwise.
    pub waiting: u64,
    /// Viewers whose first stream began.
    pub started: u64,
    /// Viewers who were shown an error page.
    pub saw_error: u64,
    /// People of crowds and traces whose moment fell outside the window.
    pub outside: u64,
    /// Attempts sent, heartbeats included.
    pub sent: u64,
    /// Attempts ended.
    pub ended: u64,
    /// Attempts on their way, waiting, in service, or on their way back.
    pub in_flight: u64,
}

impl Ledger {
    /// Viewers who are inside.
    pub fn inside(&self) -> u64 {
        self.streaming + self.asking + self.waiting
    }

    /// Panics if the books do not balance, which no input can bring about: it would be a fault of the engine.
    #[track_caller]
    pub fn assert_balance(&self) {
        assert_eq!(self.arrived, self.watched + self.gave_up + self.inside(), "viewers do not balance: {self:?}");
        assert_eq!(self.sent, self.ended + self.in_flight, "attempts do not balance: {self:?}");
    }
}

/// Why a run ended before its window did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// A pool without a stated queue limit had a hundred million attempts waiting.
    QueueLimit {
        /// Index of the pool.
        pool: usize,
    },
    /// More viewers than can be told apart.
    ViewerLimit,
    /// More events than any run may take.
    EventLimit,
    /// Whoever listened to the run asked it to end.
    Asked,
}

/// All that one run measured.
#[derive(Clone, Debug, Default)]
pub struct Measurements {
    /// What was measured apart.
    pub layout: Layout,
    /// `[interval][scope]`, flat.
    pub rows: Vec<Row>,
    /// Latency of all served attempts in the measured window.
    pub latency: Histogram,
    /// Waits of all attempts at pools in the measured window.
    pub wait: Histogram,
    /// Requests begun in the measured window, refreshed ones counted once.
    pub requests: u64,
    /// The books at the end.
    pub ledger: Ledger,
    /// Events run.
    pub events: u64,
    /// Set where a limit ended the run.
    pub stopped: Option<Stopped>,
}

impl Measurements {
    /// One row.
    pub fn row(&self, interval: usize, scope: usize) -> &Row {
        &self.rows[interval * self.layout.scopes.len() + scope]
    }
}
