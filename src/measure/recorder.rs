//! What the engine tells while it runs: counters per cell, gauges per pool and region, closed at the end of each interval.

use super::figures::Scope;
use super::gauge::Gauge;
use super::histogram::Histogram;
use super::run::{Count, Layout, Mean, Measurements, Percentile, Ratio, Row};
use crate::units::{Span, Time};

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Outcome {
    /// A reply reached the viewer in time: 200.
    Served,
    /// The queue was full: 503.
    Rejected,
    /// A timer of the pool expired: 504.
    TimedOut,
    /// The app's timer or the human's patience ended first: 499.
    Abandoned,
    /// The attempt met the pool's `failure`: 500.
    Failed,
}

/// Number of outcomes.
pub const OUTCOMES: usize = 5;

/// Counters of one region, pool and request over one interval.
#[derive(Clone, Debug, Default)]
struct CellCounts {
    attempts: u64,
    requests: u64,
    ended: [u64; OUTCOMES],
    wait_nanos: u128,
    server_nanos: u128,
    wasted_nanos: u128,
    latency: Histogram,
    wait: Histogram,
}

impl CellCounts {
    fn clear(&mut self) {
        self.latency.clear();
        self.wait.clear();
        (self.attempts, self.requests) = (0, 0);
        (self.wait_nanos, self.server_nanos, self.wasted_nanos) = (0, 0, 0);
        self.ended = [0; OUTCOMES];
    }
}

/// Counters of one region over one interval.
#[derive(Clone, Debug, Default)]
struct RegionCounts {
    arrivals: u64,
    reports: u64,
    starts: u64,
    viewers_error: u64,
    /// Viewers who entered a request step and had not been inside one in this interval.
    newly_active: u64,
    /// Viewers inside a request step when the interval began.
    carried_active: u64,
    start_time: Histogram,
}

/// Levels of one pool.
#[derive(Clone, Copy, Debug, Default)]
pub struct PoolGauges {
    /// Attempts waiting.
    pub queue: Gauge,
    /// Attempts in service.
    pub in_service: Gauge,
    /// Places that turn attempts away.
    pub answering: Gauge,
    /// Places; 0 where they are unlimited.
    pub places: Gauge,
    /// Servers, in thousandths.
    pub servers: Gauge,
    /// Attempts a second that the places can serve, in thousandths; 0 where unlimited.
    pub capacity: Gauge,
}

/// Levels of one region.
#[derive(Clone, Copy, Debug, Default)]
pub struct RegionGauges {
    /// Viewers inside a request step.
    pub asking: Gauge,
    /// Streams that play.
    pub streams: Gauge,
    /// Bits a second that they carry.
    pub bitrate: Gauge,
    /// The same while the capacity of the link is limited, else 0.
    pub limited: Gauge,
    /// Streams that stall, in millionths: one that plays 40% of the time counts 600,000.
    pub stalled: Gauge,
    /// Capacity of the link; 0 where it is unlimited.
    pub capacity: Gauge,
}

/// Takes what happens and closes it interval by interval.
pub struct Recorder {
    layout: Layout,
    cells: Vec<CellCounts>,
    regions: Vec<RegionCounts>,
    /// Levels by pool.
    pub pools: Vec<PoolGauges>,
    /// Levels by region.
    pub places: Vec<RegionGauges>,
    pool_integrals: Vec<[i128; 6]>,
    region_integrals: Vec<[i128; 5]>,
    /// For each row, the cells that it sums up.
    members: Vec<Vec<u16>>,
    rows: Vec<Row>,
    scratch: [Histogram; 3],
    latency: Histogram,
    wait: Histogram,
    requests: u64,
    interval: usize,
}

impl Recorder {
    /// A recorder for a run of this layout.
    pub fn new(layout: Layout) -> Recorder {
        let members = layout.scopes.iter().map(|scope| layout.members(*scope)).collect();
        Recorder {
            cells: vec![CellCounts::default(); layout.cells.len()],
            regions: vec![RegionCounts::default(); layout.regions],
            pools: vec![PoolGauges::default(); layout.pools],
            places: vec![RegionGauges::default(); layout.regions],
            pool_integrals: vec![[0; 6]; layout.pools],
            region_integrals: vec![[0; 5]; layout.regions],
            members,
            rows: Vec::with_capacity(layout.intervals * layout.scopes.len()),
            scratch: Default::default(),
            latency: Histogram::default(),
            wait: Histogram::default(),
            requests: 0,
            interval: 0,
            layout,
        }
    }

    /// The interval that is being recorded, to stamp viewers with.
    #[inline]
    pub fn stamp(&self) -> u16 {
        // Zero means never, so the first interval is stamped 1; a scenario has at most 65,535 intervals.
        (self.interval + 1) as u16
    }

    /// A viewer arrived.
    #[inline]
    pub fn arrival(&mut self, region: usize) {
        self.regions[region].arrivals += 1;
    }

    /// A request was begun that is not a refresh of an earlier one.
    #[inline]
    pub fn request(&mut self, cell: usize) {
        self.cells[cell].requests += 1;
    }

    /// An attempt was sent.
    #[inline]
    pub fn sent(&mut self, cell: usize) {
        self.cells[cell].attempts += 1;
    }

    /// An attempt ended, `latency` after it was sent.
    #[inline]
    pub fn ended(&mut self, cell: usize, outcome: Outcome, latency: Span) {
        let cell = &mut self.cells[cell];
        cell.ended[outcome as usize] += 1;
        if outcome == Outcome::Served {
            cell.latency.record(latency);
        }
    }

    /// An attempt was sent and refused in the same moment.
    #[inline]
    pub fn refused_at_once(&mut self, cell: usize) {
        let cell = &mut self.cells[cell];
        cell.attempts += 1;
        cell.ended[Outcome::Rejected as usize] += 1;
    }

    /// An attempt at a pool stopped waiting: it entered service, was left, or its timer expired.
    #[inline]
    pub fn waited(&mut self, cell: usize, wait: Span) {
        let cell = &mut self.cells[cell];
        cell.wait_nanos += wait.0.max(0) as u128;
        cell.wait.record(wait);
    }

    /// An attempt was served, after so much service.
    #[inline]
    pub fn service(&mut self, cell: usize, time: Span) {
        self.cells[cell].server_nanos += time.0.max(0) as u128;
    }

    /// Service time turned out to be in vain. Both kinds are counted when it is known which one it is, so that the
    /// wasted share of an interval cannot exceed the whole.
    #[inline]
    pub fn wasted(&mut self, cell: usize, time: Span) {
        self.service(cell, time);
        self.cells[cell].wasted_nanos += time.0.max(0) as u128;
    }

    /// A viewer who had not been inside a request step in this interval entered one.
    #[inline]
    pub fn newly_active(&mut self, region: usize) {
        self.regions[region].newly_active += 1;
    }

    /// A viewer was shown the first error page of this interval.
    #[inline]
    pub fn error_page(&mut self, region: usize) {
        self.regions[region].viewers_error += 1;
    }

    /// A report reached the tracker.
    #[inline]
    pub fn report(&mut self, region: usize) {
        self.regions[region].reports += 1;
    }

    /// A viewer's first stream began, `since` after the first request that followed the release, if there was one.
    #[inline]
    pub fn started(&mut self, region: usize, since: Option<Span>) {
        self.regions[region].starts += 1;
        if let Some(since) = since {
            self.regions[region].start_time.record(since);
        }
    }

    /// Closes the interval that ends at `now`.
    pub fn close(&mut self, now: Time) {
        let measured = self.layout.measured.contains(&self.interval);
        let pools: Vec<[f64; 6]> = (0..self.pools.len()).map(|pool| self.pool_areas(pool, now)).collect();
        let regions: Vec<[f64; 5]> = (0..self.places.len()).map(|region| self.region_areas(region, now)).collect();
        for index in 0..self.layout.scopes.len() {
            let row = self.row(index, &pools, &regions);
            self.rows.push(row);
            if index == 0 && measured {
                self.latency.merge(&self.scratch[0]);
                self.wait.merge(&self.scratch[1]);
                self.requests +=
                    self.members[0].iter().map(|cell| self.cells[usize::from(*cell)].requests).sum::<u64>();
            }
        }
        self.forget();
    }

    /// The run is over.
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

    /// What the gauges of a pool integrated to in the interval, in level × seconds.
    fn pool_areas(&mut self, pool: usize, now: Time) -> [f64; 6] {
        let gauges = &self.pools[pool];
        let mut now_at =
            [gauges.queue, gauges.in_service, gauges.answering, gauges.places, gauges.servers, gauges.capacity]
                .map(|gauge| gauge.integral(now));
        // At work are those that serve and those that turn away.
        now_at[2] += now_at[1];
        let before = std::mem::replace(&mut self.pool_integrals[pool], now_at);
        std::array::from_fn(|i| (now_at[i] - before[i]) as f64 / 1e9)
    }

    fn region_areas(&mut self, region: usize, now: Time) -> [f64; 5] {
        let gauges = &self.places[region];
        let now_at = [gauges.streams, gauges.bitrate, gauges.stalled, gauges.capacity, gauges.limited]
            .map(|gauge| gauge.integral(now));
        let before = std::mem::replace(&mut self.region_integrals[region], now_at);
        std::array::from_fn(|i| (now_at[i] - before[i]) as f64 / 1e9)
    }

    fn row(&mut self, index: usize, pools: &[[f64; 6]], regions: &[[f64; 5]]) -> Row {
        let scope = self.layout.scopes[index];
        let mut row = Row::default();
        self.fill_attempts(index, &mut row);
        if scope.request.is_none() && scope.region.is_none() {
            self.fill_pools(scope, pools, &mut row);
        }
        if scope.request.is_none() && scope.pool.is_none() {
            self.fill_regions(scope, regions, &mut row);
        }
        row
    }

    fn fill_attempts(&mut self, index: usize, row: &mut Row) {
        let [latency, wait, _] = &mut self.scratch;
        latency.clear();
        wait.clear();
        let (mut wait_nanos, mut server, mut wasted) = (0_u128, 0_u128, 0_u128);
        for cell in &self.members[index] {
            let cell = &self.cells[usize::from(*cell)];
            row.add(Count::Attempts, cell.attempts);
            for (count, outcome) in [
                (Count::Served, Outcome::Served),
                (Count::Rejected, Outcome::Rejected),
                (Count::TimedOut, Outcome::TimedOut),
                (Count::Abandoned, Outcome::Abandoned),
                (Count::Failed, Outcome::Failed),
            ] {
                row.add(count, cell.ended[outcome as usize]);
            }
            wait_nanos += cell.wait_nanos;
            server += cell.server_nanos;
            wasted += cell.wasted_nanos;
            latency.merge(&cell.latency);
            wait.merge(&cell.wait);
        }
        let (waits, at_once) = (wait.total(), wait.zeros());
        row.ratio(Ratio::Wait, wait_nanos as f64 / 1e6, waits as f64);
        row.ratio(Ratio::Waited, (waits - at_once) as f64, waits as f64);
        row.ratio(Ratio::Wasted, wasted as f64, server as f64);
        let [p50, p95, p99] = latency.percentiles([0.5, 0.95, 0.99]);
        row.percentile(Percentile::LatencyP50, p50 / 1e6);
        row.percentile(Percentile::LatencyP95, p95 / 1e6);
        row.percentile(Percentile::LatencyP99, p99 / 1e6);
        row.percentile(Percentile::WaitP90, wait.percentile(0.9) / 1e6);
    }

    fn fill_pools(&self, scope: Scope, pools: &[[f64; 6]], row: &mut Row) {
        let width = self.layout.width.seconds();
        let (mut queue, mut in_service, mut busy, mut places, mut servers, mut capacity) =
            (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        for (pool, areas) in pools.iter().enumerate() {
            if scope.pool.is_none_or(|wanted| wanted == pool) {
                queue += areas[0];
                in_service += areas[1];
                // Where places are unlimited there is no share of them.
                busy += if areas[3] > 0.0 { areas[2] } else { 0.0 };
                places += areas[3];
                servers += areas[4] / 1e3;
                capacity += areas[5] / 1e3;
            }
        }
        row.mean(Mean::Queue, queue / width);
        row.mean(Mean::InService, in_service / width);
        row.mean(Mean::Servers, servers / width);
        row.ratio(Ratio::Utilization, busy, places);
        if scope.pool.is_some() && capacity > 0.0 {
            row.mean(Mean::Capacity, capacity / width);
        }
    }

    fn fill_regions(&mut self, scope: Scope, regions: &[[f64; 5]], row: &mut Row) {
        let width = self.layout.width.seconds();
        let start_time = &mut self.scratch[2];
        start_time.clear();
        let (mut streams, mut bits, mut stalled, mut limited_bits, mut capacity) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (region, areas) in regions.iter().enumerate() {
            if scope.region.is_some_and(|wanted| wanted != region) {
                continue;
            }
            let counts = &self.regions[region];
            row.add(Count::Arrivals, counts.arrivals);
            row.add(Count::Reports, counts.reports);
            row.add(Count::Starts, counts.starts);
            row.add(Count::ViewersError, counts.viewers_error);
            row.add(Count::ViewersActive, counts.carried_active + counts.newly_active);
            start_time.merge(&counts.start_time);
            streams += areas[0];
            bits += areas[1];
            stalled += areas[2] / 1e6;
            capacity += areas[3];
            limited_bits += areas[4];
        }
        row.mean(Mean::Streams, streams / width);
        row.ratio(Ratio::Bitrate, if bits > 0.0 { bits / 1e3 } else { f64::NAN }, streams);
        row.ratio(Ratio::Link, limited_bits, capacity);
        row.ratio(Ratio::Stalled, stalled, streams);
        let [p50, p95] = start_time.percentiles([0.5, 0.95]);
        row.percentile(Percentile::StartTimeP50, p50 / 1e6);
        row.percentile(Percentile::StartTimeP95, p95 / 1e6);
    }

    fn forget(&mut self) {
        for cell in &mut self.cells {
            cell.clear();
        }
        for (region, gauges) in self.regions.iter_mut().zip(&self.places) {
            region.start_time.clear();
            (region.arrivals, region.reports, region.starts, region.viewers_error) = (0, 0, 0, 0);
            region.newly_active = 0;
            region.carried_active = gauges.asking.level().max(0) as u64;
        }
        self.interval += 1;
    }
}
