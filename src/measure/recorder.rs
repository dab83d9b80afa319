//! The recorder of a run: counters by cell and region, gauges by pool and region.

use super::counts::{CellCounts, RegionCounts};
use super::gauge::Gauge;
use super::histogram::{CLASSES, Histogram};
use super::layout::Layout;
use super::measurements::{Distributions, Measurements, People};
use super::merged::Merged;
use super::row::Row;
use crate::units::{Span, Time};
use crate::vocabulary::{Column, Distribution, Harm, Level, Outcome, PoolLevels, RegionLevels};

/// The row of everything, the first of each interval.
const EVERYTHING: usize = 0;

/// The gauges of the levels of one pool.
pub type PoolGauges = PoolLevels<Gauge>;

/// The gauges of the levels of one region.
pub type RegionGauges = RegionLevels<Gauge>;

/// Counts events and closes the counts interval by interval.
pub struct Recorder {
    pub(super) layout: Layout,
    pub(super) cells: Vec<CellCounts>,
    pub(super) region_counts: Vec<RegionCounts>,
    /// Gauges by pool.
    pub(super) pools: Vec<PoolGauges>,
    /// Gauges by region.
    pub(super) regions: Vec<RegionGauges>,
    /// By region, the time at which the oldest attempt under way was sent; `None` if there is none.
    pub(super) oldest: Vec<Option<Time>>,
    /// The people of each region.
    people: Vec<People>,
    /// For each request that `[harm]` names, its index and the people who came to harm in it.
    people_of_requests: Vec<(usize, [u64; Harm::COUNT])>,
    /// Integrals of the levels of each pool at the end of the last interval, in steps × nanoseconds.
    pub(super) pool_integrals: Vec<PoolLevels<i128>>,
    /// Integrals of the levels of each region at the end of the last interval, in steps × nanoseconds.
    pub(super) region_integrals: Vec<RegionLevels<i128>>,
    /// For each row, the cells that it sums up.
    pub(super) members: Vec<Vec<u16>>,
    rows: Vec<Row>,
    /// Served attempts of everything by their latency, `[interval][class]`, flat.
    latencies: Vec<u32>,
    /// The distributions of the row that is being closed.
    pub(super) merged: Merged,
    /// The columns that are means of levels.
    pub(super) means: Vec<(Column, Level)>,
    distributions: Vec<Distributions>,
    requests: u64,
    interval: usize,
}

impl Recorder {
    /// A recorder for a run of this layout.
    pub fn new(layout: Layout) -> Recorder {
        let members = layout.scopes.iter().map(|scope| layout.members(*scope)).collect();
        Recorder {
            // Made one by one, since a copy would touch the memory of its histograms.
            cells: layout.cells.iter().map(|_| CellCounts::default()).collect(),
            region_counts: (0..layout.regions).map(|_| RegionCounts::default()).collect(),
            pools: vec![PoolGauges::default(); layout.pools],
            regions: vec![RegionGauges::default(); layout.regions],
            oldest: vec![None; layout.regions],
            people: vec![People::default(); layout.regions],
            people_of_requests: layout.harm_requests.iter().map(|request| (*request, [0; Harm::COUNT])).collect(),
            pool_integrals: vec![PoolLevels::default(); layout.pools],
            region_integrals: vec![RegionLevels::default(); layout.regions],
            members,
            rows: Vec::with_capacity(layout.intervals * layout.scopes.len()),
            latencies: Vec::with_capacity(layout.intervals * CLASSES),
            merged: Merged::new(),
            means: Level::means().collect(),
            distributions: (0..layout.single_scopes()).map(|_| Distributions::default()).collect(),
            requests: 0,
            interval: 0,
            layout,
        }
    }

    /// Bytes of the bins of all histograms in a run of this layout.
    pub fn bytes_of_bins(layout: &Layout) -> usize {
        let of_cells = layout.cells.len() * CellCounts::HISTOGRAMS;
        let of_regions = layout.regions * RegionCounts::HISTOGRAMS;
        (of_cells + of_regions) * Histogram::BYTES + (layout.single_scopes() + 1) * Distributions::BYTES
    }

    /// Gauges of all pools.
    pub fn pools(&self) -> &[PoolGauges] {
        &self.pools
    }

    /// Gauges of a pool.
    #[inline(always)]
    pub fn pool(&self, pool: usize) -> &PoolGauges {
        &self.pools[pool]
    }

    /// Gauges of a pool, to move their levels.
    #[inline(always)]
    pub fn pool_mut(&mut self, pool: usize) -> &mut PoolGauges {
        &mut self.pools[pool]
    }

    /// Gauges of all regions.
    pub fn regions(&self) -> &[RegionGauges] {
        &self.regions
    }

    /// Gauges of a region, to move their levels.
    #[inline(always)]
    pub fn region_mut(&mut self, region: usize) -> &mut RegionGauges {
        &mut self.regions[region]
    }

    /// Sets the time at which the oldest attempt under way of a region was sent, before an interval closes.
    pub fn oldest_under_way(&mut self, region: usize, sent: Option<Time>) {
        self.oldest[region] = sent;
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

    /// Records the begin of a request, other than by a refresh.
    #[inline]
    pub fn request(&mut self, cell: usize) {
        self.cells[cell].requests += 1;
    }

    /// Records that an attempt was sent.
    #[inline]
    pub fn sent(&mut self, cell: usize) {
        self.cells[cell].attempts += 1;
    }

    /// Records that a client kept an attempt back; `first` if it was the first of its request.
    pub fn refused(&mut self, cell: usize, first: bool) {
        self.cells[cell].ended[Outcome::Refused as usize] += 1;
        self.cells[cell].refused_first += u64::from(first);
    }

    /// Records that an attempt sent is a hedged copy.
    pub fn hedged(&mut self, cell: usize) {
        self.cells[cell].hedges += 1;
    }

    /// Records that a client's budget forbade the retry or a hedged copy of an attempt.
    pub fn retry_denied(&mut self, cell: usize) {
        self.cells[cell].retries_denied += 1;
    }

    /// Records that a cache made a call needless.
    pub fn cache_hit(&mut self, cell: usize) {
        self.cells[cell].cache_hits += 1;
    }

    /// Records that a call ended, served or not, `nanos` nanoseconds after its first attempt was sent.
    pub fn call_ended(&mut self, cell: usize, nanos: f32) {
        let cell = &mut self.cells[cell];
        cell.calls_ended += 1;
        cell.calls_nanos = cell.calls_nanos.saturating_add(nanos as u64);
    }

    /// Records that an attempt ended, `latency` after it was sent. The attempt was sent `before` nanoseconds after its
    /// request began.
    #[inline(always)]
    pub fn ended(&mut self, cell: usize, outcome: Outcome, latency: Span, before: f32) {
        let cell = &mut self.cells[cell];
        cell.ended[outcome as usize] += 1;
        if outcome == Outcome::Served {
            if before > 0.0 {
                return cell.served_by_retry(latency, before);
            }
            cell.latency.record(latency);
        }
    }

    /// Records that a request failed.
    #[inline]
    pub fn request_failed(&mut self, cell: usize) {
        self.cells[cell].requests_failed += 1;
    }

    /// Records that a request ended after a longer wait than `[harm]` states.
    pub fn request_waited(&mut self, cell: usize) {
        self.cells[cell].requests_waited += 1;
    }

    /// Records that a refresh makes a failed request anew.
    pub fn refreshed(&mut self, region: usize) {
        self.region_counts[region].refreshed += 1;
    }

    /// Records that a viewer who began the journey again begins a request that the viewer had reached before; `back` if
    /// the viewer came back after giving up, otherwise after a refresh.
    pub fn begun_again(&mut self, region: usize, cell: usize, back: bool) {
        self.cells[cell].again += 1;
        let counts = &mut self.region_counts[region];
        *if back { &mut counts.again_back } else { &mut counts.again_refreshed } += 1;
    }

    /// Records that a call is made by an attempt that is a retry or a hedged copy.
    pub fn called_again(&mut self, cell: usize) {
        self.cells[cell].again += 1;
    }

    /// Records that a viewer gave up.
    #[inline]
    pub fn gave_up(&mut self, region: usize) {
        self.region_counts[region].gave_up += 1;
    }

    /// Records that a person came to a kind of harm for the first time in the measured window.
    #[inline]
    pub fn harmed(&mut self, region: usize, harm: Harm) {
        self.people[region].harmed[harm as usize] += 1;
    }

    /// Records that a person came to a kind of harm for the first time in a request that `[harm]` names by its number there.
    pub fn harmed_in_request(&mut self, number: usize, harm: Harm) {
        self.people_of_requests[number].1[harm as usize] += 1;
    }

    /// Records that a person is present when the measured window opens.
    pub fn present(&mut self, region: usize) {
        self.people[region].present += 1;
    }

    /// Number of the interval that is open, from 0.
    pub fn interval(&self) -> usize {
        self.interval
    }

    /// Whether a cell counts in rows of everything and of regions; the cells of heartbeats and of calls do not.
    #[inline]
    pub fn counts_in_all(&self, cell: usize) -> bool {
        self.layout.cells[cell].1
    }

    /// Records that an attempt was sent and turned away in the same moment.
    #[inline]
    pub fn sent_and_turned_away(&mut self, cell: usize, outcome: Outcome) {
        let cell = &mut self.cells[cell];
        cell.attempts += 1;
        cell.ended[outcome as usize] += 1;
    }

    /// Records the waiting time of an attempt whose service began, whose client left, or whose timer expired.
    #[inline]
    pub fn waited(&mut self, cell: usize, wait: Span) {
        self.cells[cell].wait.record(wait);
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
        self.cells[cell].wasted += 1;
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

    /// Records that a waiting room admitted a viewer after this wait.
    pub fn admitted(&mut self, region: usize, wait: Span) {
        self.region_counts[region].admitted += 1;
        self.region_counts[region].room_wait.record(wait);
    }

    /// Bytes of the rows of all closed intervals.
    pub fn bytes(&self) -> usize {
        self.rows.len() * size_of::<Row>()
    }

    /// Attempts sent and attempts ended in the open interval.
    pub fn attempts(&self) -> [u64; 2] {
        let count =
            |[sent, ended]: [u64; 2], cell: &CellCounts| [sent + cell.attempts, ended + cell.ended_after_sending()];
        self.cells.iter().fold([0; 2], count)
    }

    /// Calls between pools in the open interval: attempts sent, attempts ended, requests begun, requests ended.
    pub fn calls(&self) -> [u64; 4] {
        let cells = self.layout.cells.iter().zip(&self.cells);
        let of_calls = cells.filter(|(([.., request], _), _)| self.layout.is_call(*request));
        of_calls.fold([0; 4], |[sent, ended, begun, done], (_, cell)| {
            let [sent, ended] = [sent + cell.attempts, ended + cell.ended_after_sending()];
            [sent, ended, begun + cell.requests, done + cell.requests_ended()]
        })
    }

    /// Closes the interval that ends at `now`.
    pub fn close(&mut self, now: Time) {
        let areas = self.areas(now);
        for index in 0..self.layout.scopes.len() {
            let row = self.fill_row(index, &areas);
            self.rows.push(row);
            if index == EVERYTHING {
                self.latencies.extend(self.merged[Distribution::Latency].histogram.classes());
            }
            if self.layout.measured.contains(&self.interval) {
                self.add_merged_to_whole(index);
            }
        }
        for cell in &mut self.cells {
            cell.clear();
        }
        for gauges in &mut self.pools {
            gauges.queue.begin_interval();
        }
        self.count_arrivals_as_present();
        for (counts, gauges) in self.region_counts.iter_mut().zip(&self.regions) {
            counts.clear(gauges.asking.level().max(0) as u64);
        }
        self.interval += 1;
    }

    /// Adds the people who arrived in the open interval, if that is measured, to those who are present.
    fn count_arrivals_as_present(&mut self) {
        if self.layout.measured.contains(&self.interval) {
            for (counts, people) in self.region_counts.iter().zip(&mut self.people) {
                people.present += counts.arrivals;
            }
        }
    }

    /// Adds the distributions of the row that was filled last, and the number of requests, to those of the measured
    /// window.
    fn add_merged_to_whole(&mut self, index: usize) {
        if index == EVERYTHING {
            self.requests +=
                self.members[EVERYTHING].iter().map(|cell| self.cells[usize::from(*cell)].requests).sum::<u64>();
        }
        if let Some(whole) = self.distributions.get_mut(index) {
            for kind in Distribution::ALL {
                whole[kind].merge(&self.merged[kind].histogram);
            }
        }
    }

    /// The measurements, once the run is over. People are counted to the moment at which a run ended, be it within an interval.
    pub fn finish(mut self) -> Measurements {
        self.count_arrivals_as_present();
        Measurements {
            layout: self.layout,
            rows: self.rows,
            latencies: self.latencies,
            distributions: self.distributions,
            people: self.people,
            people_of_requests: self.people_of_requests,
            requests: self.requests,
            ..Measurements::default()
        }
    }
}
