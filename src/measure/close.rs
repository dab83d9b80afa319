//! The closing of an interval: counters and gauges become rows.

use super::gauge::Gauge;
use super::layout::Scope;
use super::recorder::{Recorder, Spread};
use super::row::Row;
use crate::units::Time;
use crate::vocabulary::{Column, Level, Outcome, PoolLevels, RegionLevels};

/// The integrals of the levels over one interval, in level × seconds.
pub(super) struct Areas {
    pools: Vec<PoolAreas>,
    regions: Vec<RegionLevels<f64>>,
}

/// The integrals of the levels of one pool over one interval, in level × seconds.
struct PoolAreas {
    levels: PoolLevels<f64>,
    /// Slots that serve or answer attempts that are not served.
    busy: f64,
}

impl Recorder {
    /// The integrals of the levels over the interval that ends at `now`.
    pub(super) fn areas(&mut self, now: Time) -> Areas {
        let integral = |gauge: &Gauge| gauge.integral(now);
        let pools = self.pools.iter().zip(&mut self.pool_integrals).map(|(gauges, before)| {
            let ends = gauges.map(|_, gauge| integral(gauge));
            let grown = ends.map(|level, end| end - before[level]);
            *before = ends;
            let levels = grown.map(|level, area| seconds(*area) / level.attributes().steps);
            // The sum is taken of whole numbers, so it is exact.
            PoolAreas { levels, busy: seconds(grown.in_service + grown.answering) }
        });
        let pools = pools.collect();
        let regions = self.regions.iter().zip(&mut self.region_integrals).map(|(gauges, before)| {
            let ends = gauges.map(|_, gauge| integral(gauge));
            let levels = ends.map(|level, end| seconds(end - before[level]) / level.attributes().steps);
            *before = ends;
            levels
        });
        Areas { pools, regions: regions.collect() }
    }

    /// The row of a scope. Columns that are not known of the scope stay as in an empty row.
    pub(super) fn row(&mut self, index: usize, areas: &Areas) -> Row {
        let scope = self.layout.scopes[index];
        let mut row = Row::default();
        self.merged.start_time.histogram.clear();
        self.fill_attempts(index, &mut row);
        if scope.request.is_none() && scope.region.is_none() {
            self.fill_pools(scope, &areas.pools, &mut row);
        }
        if scope.request.is_none() && scope.pool.is_none() {
            self.fill_regions(scope, &areas.regions, &mut row);
        }
        row
    }

    /// Fills the columns of attempts, from the cells of the row.
    fn fill_attempts(&mut self, index: usize, row: &mut Row) {
        let (latency, wait) = (&mut self.merged.latency.histogram, &mut self.merged.wait.histogram);
        latency.clear();
        wait.clear();
        let (mut wait_nanos, mut server, mut wasted) = (0_u128, 0_u128, 0_u128);
        for cell in &self.members[index] {
            let cell = &self.cells[usize::from(*cell)];
            row.add(Column::Attempts, cell.attempts);
            row.add(Column::RetriesDenied, cell.retries_denied);
            for (outcome, ended) in Outcome::ALL.iter().zip(cell.ended) {
                row.add(outcome.column(), ended);
                row.add(Column::EndedAttempts, ended);
            }
            wait_nanos += cell.wait_nanos;
            server += cell.server_nanos;
            wasted += cell.wasted_nanos;
            latency.merge(&cell.latency);
            wait.merge(&cell.wait);
        }
        let at_once = wait.zeros();
        set_percentiles(row, &self.merged.latency);
        let waits = set_percentiles(row, &self.merged.wait);
        row.set_ratio(Column::WaitMean, wait_nanos as f64 / 1e6, waits as f64);
        row.set_ratio(Column::WaitedShare, (waits - at_once) as f64, waits as f64);
        row.set_ratio(Column::WastedShare, wasted as f64, server as f64);
    }

    /// Fills the columns of servers, from the pools of the row.
    fn fill_pools(&self, scope: Scope, pools: &[PoolAreas], row: &mut Row) {
        let mut sums = PoolLevels::<f64>::default();
        let mut busy = 0.0;
        for (pool, areas) in pools.iter().enumerate() {
            if scope.pool.is_none_or(|wanted| wanted == pool) {
                sums = sums.map(|level, sum| sum + areas.levels[level]);
                // Utilization leaves out pools with unlimited slots.
                busy += if areas.levels.slots > 0.0 { areas.busy } else { 0.0 };
            }
        }
        row.set_ratio(Column::Utilization, busy, sums.slots);
        self.set_means(scope, row, |level| match level {
            Level::Pool(level) => Some(sums[level]),
            Level::Region(_) => None,
        });
    }

    /// Fills the columns of viewers, streams and links, from the regions of the row.
    fn fill_regions(&mut self, scope: Scope, regions: &[RegionLevels<f64>], row: &mut Row) {
        let mut sums = RegionLevels::<f64>::default();
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
            self.merged.start_time.histogram.merge(&counts.start_time);
            sums = sums.map(|level, sum| sum + areas[level]);
        }
        let kilobits = if sums.bitrate > 0.0 { sums.bitrate / 1e3 } else { f64::NAN };
        row.set_ratio(Column::BitrateMean, kilobits, sums.streams);
        row.set_ratio(Column::LinkUtilization, sums.limited, sums.capacity);
        row.set_ratio(Column::StalledShare, sums.stalled, sums.streams);
        set_percentiles(row, &self.merged.start_time);
        self.set_means(scope, row, |level| match level {
            Level::Region(level) => Some(sums[level]),
            Level::Pool(_) => None,
        });
    }

    /// Sets the columns that are means of levels and are known of the scope.
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

/// Sets the columns that are percentiles of a distribution, in milliseconds; the number of spans in it.
fn set_percentiles(row: &mut Row, spread: &Spread) -> u64 {
    let mut walk = spread.histogram.walk();
    for (column, share) in &spread.columns {
        row.set(*column, walk.to(*share) / 1e6);
    }
    walk.total()
}

fn seconds(nanos: i128) -> f64 {
    nanos as f64 / 1e9
}
