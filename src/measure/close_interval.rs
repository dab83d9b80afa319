//! The closing of an interval: counters and gauges become rows.

use super::counts::{CellCounts, RegionCounts};
use super::gauge::Gauge;
use super::merged::Spread;
use super::recorder::Recorder;
use super::row::Row;
use crate::units::Time;
use crate::vocabulary::{Column, Distribution, Level, Outcome, PoolLevels, RegionLevels, RowKind, Scope};

/// The integrals of the levels over one interval, in level × seconds.
pub(super) struct Areas {
    /// End of the interval.
    now: Time,
    pools: Vec<PoolAreas>,
    regions: Vec<RegionLevels<f64>>,
}

/// The integrals of the levels of one pool over one interval, in level × seconds.
struct PoolAreas {
    levels: PoolLevels<f64>,
    /// Slots that serve or answer attempts that are not served.
    busy: f64,
    /// Busy slots that are not held for calls.
    working: f64,
}

impl Recorder {
    /// The integrals of the levels over the interval that ends at `now`.
    pub(super) fn areas(&mut self, now: Time) -> Areas {
        let integral = |gauge: &Gauge| gauge.integral(now);
        let pools = self.pools.iter().zip(&mut self.pool_integrals).map(|(gauges, before)| {
            let ends = gauges.map(|_, gauge| integral(gauge));
            let grown = ends.map(|level, end| end - before[level]);
            *before = ends;
            let levels = grown.map(|level, area| level_seconds(*area) / level.attributes().steps);
            // The sum is taken of whole numbers, so it is exact.
            let busy = grown.in_service + grown.answering;
            PoolAreas { levels, busy: level_seconds(busy), working: level_seconds(busy - grown.calling) }
        });
        let pools = pools.collect();
        let regions = self.regions.iter().zip(&mut self.region_integrals).map(|(gauges, before)| {
            let ends = gauges.map(|_, gauge| integral(gauge));
            let levels = ends.map(|level, end| level_seconds(end - before[level]) / level.attributes().steps);
            *before = ends;
            levels
        });
        Areas { now, pools, regions: regions.collect() }
    }

    /// Fills the row of a scope, and `merged` with the distributions of the row. Columns that do not apply to the scope
    /// stay empty.
    pub(super) fn fill_row(&mut self, index: usize, areas: &Areas) -> Row {
        let scope = self.layout.scopes[index];
        let mut row = Row::default();
        self.merged.clear();
        self.fill_attempts(index, &mut row);
        if matches!(scope.kind(), Some(RowKind::Pool | RowKind::Request)) {
            self.fill_first_tries(index, &mut row);
        }
        if scope.pool.is_none() {
            self.fill_requests(index, &mut row);
        }
        if scope.request.is_none() && scope.region.is_none() {
            self.fill_pools(scope, &areas.pools, &mut row);
        }
        if scope.request.is_none() && scope.pool.is_none() {
            self.fill_regions(scope, &areas.regions, &mut row);
            self.fill_origins(index, &mut row);
            self.fill_under_way(index, areas.now, &mut row);
        }
        row
    }

    /// Fills the columns of attempts, from the cells of the row.
    fn fill_attempts(&mut self, index: usize, row: &mut Row) {
        let (mut server, mut wasted) = (0_u128, 0_u128);
        let (mut services, mut calls_ended, mut calls_nanos) = (0, 0, 0.0);
        let of_calls = self.layout.scopes[index].kind().is_some_and(|kind| Column::CacheHits.known().contains(&kind));
        for cell in &self.members[index] {
            let cell = &self.cells[usize::from(*cell)];
            row.add(Column::Attempts, cell.attempts);
            row.add(Column::RetriesDenied, cell.retries_denied);
            if of_calls {
                row.add(Column::CacheHits, cell.cache_hits);
                calls_ended += cell.calls_ended;
                calls_nanos += cell.calls_nanos as f64;
            }
            row.add(Column::Hedges, cell.hedges);
            for (outcome, ended) in Outcome::ALL.iter().zip(cell.ended) {
                row.add(outcome.column(), ended);
            }
            row.add(Column::EndedAttempts, cell.ended_after_sending());
            server += cell.server_nanos;
            wasted += cell.wasted_nanos;
            services += cell.ended[Outcome::Served as usize] + cell.wasted;
            let latency = &mut self.merged[Distribution::Latency].histogram;
            latency.merge(&cell.latency);
            latency.merge(&cell.latency_of_retries);
            self.merged[Distribution::Wait].histogram.merge(&cell.wait);
        }
        set_percentiles(row, &self.merged[Distribution::Latency]);
        let waits = set_percentiles(row, &self.merged[Distribution::Wait]);
        let of_waits = &self.merged[Distribution::Wait].histogram;
        row.set_ratio(Column::WaitMean, of_waits.sum() as f64 / 1e6, waits as f64);
        row.set_ratio(Column::WaitedShare, (waits - of_waits.zeros()) as f64, waits as f64);
        if of_calls {
            row.set_ratio(Column::CallTimeMean, calls_nanos / 1e6, calls_ended as f64);
        }
        row.set_ratio(Column::WastedShare, wasted as f64, server as f64);
        if self.layout.scopes[index].kind() == Some(RowKind::Pool) {
            row.set_ratio(Column::ServiceMean, server as f64 / 1e6, services as f64);
        }
    }

    /// Fills the columns of whole requests, from the cells of the row.
    fn fill_requests(&mut self, index: usize, row: &mut Row) {
        let time = &mut self.merged[Distribution::RequestTime].histogram;
        for cell in &self.members[index] {
            let cell = &self.cells[usize::from(*cell)];
            time.merge(&cell.latency);
            time.merge(&cell.time_of_retries);
            row.add(Column::RequestsEnded, cell.requests_ended());
            row.add(Column::RequestsFailed, cell.requests_failed);
            row.add(Column::RequestsWaited, cell.requests_waited);
        }
        set_percentiles(row, &self.merged[Distribution::RequestTime]);
    }

    /// Fills the first tries of a pool or a request, from the cells of the row.
    fn fill_first_tries(&self, index: usize, row: &mut Row) {
        let cells = self.members[index].iter().map(|cell| &self.cells[usize::from(*cell)]);
        row.add(Column::FirstTries, cells.map(|cell| cell.requests.saturating_sub(cell.again)).sum());
    }

    /// Fills the columns of the origins of attempts, of everything or of a region.
    fn fill_origins(&self, index: usize, row: &mut Row) {
        let cells = self.members[index].iter().map(|cell| &self.cells[usize::from(*cell)]);
        let [attempts, requests] = cells.fold([0; 2], |[attempts, requests], cell| {
            // A first attempt that a client kept back counts as a first try; a retry counts only if it was sent. Hedged
            // copies have a column of their own.
            [attempts + cell.attempts - cell.hedges + cell.refused_first, requests + cell.requests]
        });
        let region = self.layout.scopes[index].region;
        let sum = |count: fn(&RegionCounts) -> u64| -> u64 { self.counts_of(region).map(count).sum() };
        let (refreshed, back) = (sum(|counts| counts.refreshed), sum(|counts| counts.again_back));
        let again_refreshed = sum(|counts| counts.again_refreshed);
        // Each request begins with one attempt, and so does each refresh of a failed request; all others are retries.
        row.add(Column::FirstTries, requests - again_refreshed - back);
        row.add(Column::Retries, attempts - requests - refreshed);
        row.add(Column::Refreshes, refreshed + again_refreshed);
        row.add(Column::ComeBacks, back);
        let calls = self.layout.cells.iter().zip(&self.cells).filter(|(([of, _, request], _), _)| {
            region.is_none_or(|region| region == *of) && self.layout.is_call(*request)
        });
        row.add(Column::Calls, calls.map(|(_, cell)| cell.attempts).sum());
        row.add(Column::GaveUp, sum(|counts| counts.gave_up));
    }

    /// The counts of a region, or of all regions.
    fn counts_of(&self, region: Option<usize>) -> impl Iterator<Item = &RegionCounts> {
        let of = self.region_counts.iter().enumerate();
        of.filter(move |(index, _)| region.is_none_or(|region| region == *index)).map(|(_, counts)| counts)
    }

    /// Fills the columns of attempts under way at the end of the interval, of everything or of a region.
    fn fill_under_way(&self, index: usize, now: Time, row: &mut Row) {
        let cells = self.members[index].iter().map(|cell| &self.cells[usize::from(*cell)]);
        row.set(Column::InFlight, cells.map(CellCounts::now_in_flight).sum::<u64>() as f64);
        let oldest = match self.layout.scopes[index].region {
            Some(region) => self.oldest[region],
            None => self.oldest.iter().flatten().min().copied(),
        };
        if let Some(sent) = oldest {
            row.set(Column::OldestWait, now.since(sent).millis());
        }
    }

    /// Fills the columns of servers, from the pools of the row.
    fn fill_pools(&self, scope: Scope, pools: &[PoolAreas], row: &mut Row) {
        let mut sums = PoolLevels::<f64>::default();
        let (mut busy, mut slots, mut working, mut workers) = (0.0, 0.0, 0.0, 0.0);
        for (pool, areas) in pools.iter().enumerate() {
            if scope.pool.is_none_or(|wanted| wanted == pool) {
                sums = sums.map(|level, sum| sum + areas.levels[level]);
                // Utilization leaves out pools with unlimited slots.
                let [held, of_held] = share(areas.busy, areas.levels.slots);
                busy += held;
                slots += of_held;
                let [work, of] = if areas.levels.cores > 0.0 {
                    share(areas.levels.busy_cores, areas.levels.cores)
                } else {
                    [areas.working.min(held), of_held]
                };
                working += work;
                workers += of;
            }
        }
        row.set_ratio(Column::Utilization, busy, slots);
        row.set_ratio(Column::Cpu, working, workers);
        self.set_means(scope, row, |level| match level {
            Level::Pool(level) => Some(sums[level]),
            Level::Region(_) => None,
        });
        if let Some(pool) = scope.pool {
            let width = self.layout.width.seconds();
            row.set_ratio(Column::FullShare, sums.full, width);
            row.set_ratio(Column::NoServerShare, sums.no_server, width);
            row.set(Column::QueueMax, self.pools[pool].queue.most() as f64);
            if sums.no_server > 0.0 && sums.capacity == 0.0 {
                row.set(Column::CapacityPerSecond, 0.0);
            }
        }
    }

    /// Fills the columns of viewers, streams and links, from the regions of the row.
    fn fill_regions(&mut self, scope: Scope, regions: &[RegionLevels<f64>], row: &mut Row) {
        let mut sums = RegionLevels::<f64>::default();
        let mut limited_s = 0.0;
        for (region, areas) in regions.iter().enumerate() {
            if scope.region.is_some_and(|wanted| wanted != region) {
                continue;
            }
            let counts = &self.region_counts[region];
            row.add(Column::Arrivals, counts.arrivals);
            row.add(Column::Reports, counts.reports);
            row.add(Column::Starts, counts.starts);
            row.add(Column::ViewersError, counts.viewers_error);
            row.add(Column::ViewersActive, counts.carried_active + counts.newly_active);
            row.add(Column::Admitted, counts.admitted);
            self.merged[Distribution::StartTime].histogram.merge(&counts.start_time);
            self.merged[Distribution::RoomWait].histogram.merge(&counts.room_wait);
            sums = sums.map(|level, sum| sum + areas[level]);
            limited_s += if areas.capacity > 0.0 { self.layout.width.seconds() } else { 0.0 };
        }
        let kilobits = if sums.bitrate > 0.0 { sums.bitrate / 1e3 } else { f64::NAN };
        row.set_ratio(Column::BitrateMean, kilobits, sums.streams);
        row.set_ratio(Column::LinkUtilization, sums.limited, sums.capacity);
        row.set_ratio(Column::StalledShare, sums.stalled, sums.streams);
        row.set_ratio(Column::LimitedShare, sums.short, limited_s);
        row.set_ratio(Column::PeakBitrate, sums.alone / 1e3, if sums.alone > 0.0 { sums.streams } else { 0.0 });
        set_percentiles(row, &self.merged[Distribution::StartTime]);
        set_percentiles(row, &self.merged[Distribution::RoomWait]);
        self.set_means(scope, row, |level| match level {
            Level::Region(level) => Some(sums[level]),
            Level::Pool(_) => None,
        });
    }

    /// Sets the columns that are means of levels and apply to the scope.
    fn set_means(&self, scope: Scope, row: &mut Row, area: impl Fn(Level) -> Option<f64>) {
        let Some(kind) = scope.kind() else { return };
        let width = self.layout.width.seconds();
        for (column, level) in self.means.iter().filter(|(column, _)| column.known().contains(&kind)) {
            if let Some(area) = area(*level)
                && (area > 0.0 || !level.attributes().unlimited_at_zero)
            {
                row.set(*column, area / width);
            }
        }
    }
}

/// Sets the columns that are percentiles of a distribution, in milliseconds. Returns the number of spans in the
/// distribution.
fn set_percentiles(row: &mut Row, spread: &Spread) -> u64 {
    let mut walk = spread.histogram.walk();
    for (column, share) in &spread.columns {
        row.set(*column, walk.to(*share) / 1e6);
    }
    walk.total()
}

/// Numerator and denominator of the share of `part` in `whole`. The denominator is at least the part, since draining
/// servers hold more slots than there are; both are 0 where the whole has no bound.
fn share(part: f64, whole: f64) -> [f64; 2] {
    if whole > 0.0 { [part, whole.max(part)] } else { [0.0; 2] }
}

/// An integral of a level over simulated time, in level × seconds.
fn level_seconds(nanos: i128) -> f64 {
    nanos as f64 / 1e9
}
