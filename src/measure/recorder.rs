//! The recorder of a run: counters by cell and region, gauges by pool and region.

use super::gauge::Gauge;
use super::histogram::Histogram;
use super::layout::Layout;
use super::measurements::Measurements;
use super::row::Row;
use crate::units::{Span, Time};
use crate::vocabulary::{Column, Distribution, Level, Outcome, PoolLevels, RegionLevels};

/// The gauges of the levels of one pool.
pub type PoolGauges = PoolLevels<Gauge>;

/// The gauges of the levels of one region.
pub type RegionGauges = RegionLevels<Gauge>;

/// Counters of one region, pool and request over one interval. The alignment makes the size a power of two, so that a
/// cell is found by a shift.
#[derive(Clone, Debug, Default)]
#[repr(align(128))]
pub(super) struct CellCounts {
    /// Attempts sent.
    pub attempts: u64,
    /// Retries that budgets forbade.
    pub retries_denied: u64,
    /// Requests begun, refreshes not counted.
    pub requests: u64,
    /// Attempts ended, by outcome.
    pub ended: [u64; Outcome::COUNT],
    /// Sum of waiting times.
    pub wait_nanos: u128,
    /// Sum of service times, useful or wasted.
    pub server_nanos: u128,
    /// Sum of wasted service times.
    pub wasted_nanos: u128,
    /// Latencies of served attempts.
    pub latency: Histogram,
    /// Waiting times.
    pub wait: Histogram,
}

impl CellCounts {
    fn clear(&mut self) {
        self.latency.clear();
        self.wait.clear();
        (self.attempts, self.requests, self.retries_denied) = (0, 0, 0);
        (self.wait_nanos, self.server_nanos, self.wasted_nanos) = (0, 0, 0);
        self.ended = [0; Outcome::COUNT];
    }
}

/// Counters of one region over one interval.
#[derive(Clone, Debug, Default)]
pub(super) struct RegionCounts {
    pub arrivals: u64,
    pub reports: u64,
    pub starts: u64,
    pub viewers_error: u64,
    /// Viewers who entered a request step and had not been inside one in this interval.
    pub newly_active: u64,
    /// Viewers inside a request step when the interval began.
    pub carried_active: u64,
    pub start_time: Histogram,
}

impl RegionCounts {
    /// Begins an interval in which `asking` viewers are inside a request step already.
    fn clear(&mut self, asking: u64) {
        self.start_time.clear();
        (self.arrivals, self.reports, self.starts, self.viewers_error) = (0, 0, 0, 0);
        (self.newly_active, self.carried_active) = (0, asking);
    }
}

/// Counts events and closes the counts interval by interval.
pub struct Recorder {
    pub(super) layout: Layout,
    pub(super) cells: Vec<CellCounts>,
    pub(super) region_counts: Vec<RegionCounts>,
    /// Gauges by pool.
    pub pools: Vec<PoolGauges>,
    /// Gauges by region.
    pub regions: Vec<RegionGauges>,
    /// Integrals of the levels of each pool at the end of the last interval, in steps × nanoseconds.
    pub(super) pool_integrals: Vec<PoolLevels<i128>>,
    /// Integrals of the levels of each region at the end of the last interval, in steps × nanoseconds.
    pub(super) region_integrals: Vec<RegionLevels<i128>>,
    /// For each row, the cells that it sums up.
    pub(super) members: Vec<Vec<u16>>,
    rows: Vec<Row>,
    /// The distributions of the row that is being closed.
    pub(super) merged: Merged,
    /// The columns that are means of levels.
    pub(super) means: Vec<(Column, Level)>,
    latency: Histogram,
    wait: Histogram,
    requests: u64,
    interval: usize,
}

/// The distributions of one row.
pub(super) struct Merged {
    pub latency: Spread,
    pub wait: Spread,
    pub start_time: Spread,
}

/// A distribution, and the columns that are percentiles of it.
pub(super) struct Spread {
    pub histogram: Histogram,
    /// Each column with its share; the shares ascend.
    pub columns: Vec<(Column, f64)>,
}

impl Merged {
    fn new() -> Merged {
        let spread = |of: Distribution| Spread { histogram: Histogram::default(), columns: of.percentiles().collect() };
        Merged {
            latency: spread(Distribution::Latency),
            wait: spread(Distribution::Wait),
            start_time: spread(Distribution::StartTime),
        }
    }
}

impl Recorder {
    /// A recorder for a run of this layout.
    pub fn new(layout: Layout) -> Recorder {
        let members = layout.scopes.iter().map(|scope| layout.members(*scope)).collect();
        Recorder {
            cells: vec![CellCounts::default(); layout.cells.len()],
            region_counts: vec![RegionCounts::default(); layout.regions],
            pools: vec![PoolGauges::default(); layout.pools],
            regions: vec![RegionGauges::default(); layout.regions],
            pool_integrals: vec![PoolLevels::default(); layout.pools],
            region_integrals: vec![RegionLevels::default(); layout.regions],
            members,
            rows: Vec::with_capacity(layout.intervals * layout.scopes.len()),
            merged: Merged::new(),
            means: Level::means().collect(),
            latency: Histogram::default(),
            wait: Histogram::default(),
            requests: 0,
            interval: 0,
            layout,
        }
    }

    /// The number of the current interval, from 1, to stamp viewers with.
    #[inline]
    pub fn stamp(&self) -> u16 {
        // A stamp of 0 means never. A scenario has at most 65,535 intervals, so the number fits.
        (self.interval + 1) as u16
    }

    /// Records that a viewer arrived.
    #[inline]
    pub fn arrival(&mut self, region: usize) {
        self.region_counts[region].arrivals += 1;
    }

    /// Records that a request began that is not a refresh of an earlier request.
    #[inline]
    pub fn request(&mut self, cell: usize) {
        self.cells[cell].requests += 1;
    }

    /// Records that an attempt was sent.
    #[inline]
    pub fn sent(&mut self, cell: usize) {
        self.cells[cell].attempts += 1;
    }

    /// Records that a client's budget forbade the retry of an attempt.
    pub fn retry_denied(&mut self, cell: usize) {
        self.cells[cell].retries_denied += 1;
    }

    /// Records that an attempt ended, `latency` after it was sent.
    #[inline]
    pub fn ended(&mut self, cell: usize, outcome: Outcome, latency: Span) {
        let cell = &mut self.cells[cell];
        cell.ended[outcome as usize] += 1;
        if outcome == Outcome::Served {
            cell.latency.record(latency);
        }
    }

    /// An attempt was sent and rejected in the same moment.
    #[inline]
    pub fn sent_and_rejected(&mut self, cell: usize) {
        let cell = &mut self.cells[cell];
        cell.attempts += 1;
        cell.ended[Outcome::Rejected as usize] += 1;
    }

    /// Records the waiting time of an attempt whose service began, whose client left, or whose timer expired.
    #[inline]
    pub fn waited(&mut self, cell: usize, wait: Span) {
        let cell = &mut self.cells[cell];
        cell.wait_nanos += wait.0.max(0) as u128;
        cell.wait.record(wait);
    }

    /// Records the service time of an attempt that was served.
    #[inline]
    pub fn service(&mut self, cell: usize, time: Span) {
        self.cells[cell].server_nanos += time.0.max(0) as u128;
    }

    /// Records service time that turned out to be wasted. Service time is recorded only once it is known to be useful or
    /// wasted, so the wasted share of an interval cannot exceed 1.
    #[inline]
    pub fn wasted(&mut self, cell: usize, time: Span) {
        self.service(cell, time);
        self.cells[cell].wasted_nanos += time.0.max(0) as u128;
    }

    /// Records that a viewer entered a request step, the first one in this interval.
    #[inline]
    pub fn newly_active(&mut self, region: usize) {
        self.region_counts[region].newly_active += 1;
    }

    /// Records that a viewer was shown an error page, the first one in this interval.
    #[inline]
    pub fn error_page(&mut self, region: usize) {
        self.region_counts[region].viewers_error += 1;
    }

    /// Records that a report reached the outage tracker.
    #[inline]
    pub fn report(&mut self, region: usize) {
        self.region_counts[region].reports += 1;
    }

    /// Records that a viewer's first stream began, `since` after the viewer's first request after the release, if there was
    /// one.
    #[inline]
    pub fn started(&mut self, region: usize, since: Option<Span>) {
        self.region_counts[region].starts += 1;
        if let Some(since) = since {
            self.region_counts[region].start_time.record(since);
        }
    }

    /// Bytes of the rows of all closed intervals.
    pub fn bytes(&self) -> usize {
        self.rows.len() * size_of::<Row>()
    }

    /// Attempts sent and attempts ended in the interval that is open.
    pub fn attempts(&self) -> [u64; 2] {
        let count =
            |[sent, ended]: [u64; 2], cell: &CellCounts| [sent + cell.attempts, ended + cell.ended.iter().sum::<u64>()];
        self.cells.iter().fold([0; 2], count)
    }

    /// Closes the interval that ends at `now`.
    pub fn close(&mut self, now: Time) {
        let areas = self.areas(now);
        for index in 0..self.layout.scopes.len() {
            let row = self.row(index, &areas);
            self.rows.push(row);
            if index == 0 && self.layout.measured.contains(&self.interval) {
                self.add_to_whole();
            }
        }
        for cell in &mut self.cells {
            cell.clear();
        }
        for (counts, gauges) in self.region_counts.iter_mut().zip(&self.regions) {
            counts.clear(gauges.asking.level().max(0) as u64);
        }
        self.interval += 1;
    }

    /// Adds the distributions and requests of the row of everything to those of the measured window.
    fn add_to_whole(&mut self) {
        self.latency.merge(&self.merged.latency.histogram);
        self.wait.merge(&self.merged.wait.histogram);
        self.requests += self.members[0].iter().map(|cell| self.cells[usize::from(*cell)].requests).sum::<u64>();
    }

    /// The measurements, once the run is over.
    pub fn finish(self) -> Measurements {
        Measurements {
            layout: self.layout,
            rows: self.rows,
            latency: self.latency,
            wait: self.wait,
            requests: self.requests,
            ..Measurements::default()
        }
    }
}
