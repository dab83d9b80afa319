//! The link of a region: its streams share the capacity max-min fairly and stall where the share is below the lowest rung.
//!
//! All streams of one device class have the same share, so the state is kept per class: a stream that joins or leaves
//! costs a few additions. The clock of a class lags behind real time by the playing time that its streams have lost in
//! stalls; a stream ends once its length has passed on that clock. While nothing stalls, the clock agrees with real time
//! and the end of a stream is an ordinary event. A stream whose class has lagged at its planned end waits in a heap for
//! the rest (virtual time: A. Parekh and R. Gallager, A generalized processor sharing approach to flow control, IEEE/ACM
//! ToN 1, 1993).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::slab::Slab;
use super::viewer::{NEVER, Viewer};
use crate::measure::RegionGauges;
use crate::model::Region;
use crate::units::Time;

/// Number of stale entries below which a heap is not worth sweeping.
const FEW_STALE: usize = 64;

/// A stream and the reading of its class's clock or lag, in nanoseconds, at which something happens to it: reading,
/// position of the viewer, row, generation. The position decides ties, so that row numbers do not.
type Due = Reverse<(u64, u64, u32, u32)>;

/// The streams of a region on one kind of device.
pub struct Class {
    /// Number of streams.
    streams: u64,
    /// Highest bit rate of a stream, in bits per second.
    peak: u64,
    /// Bit rate of a stream at present, in bits per second.
    carried: u64,
    /// Share of the time in which a stream plays and does not stall.
    playing: f64,
    /// Lag of the class's clock behind real time, in nanoseconds.
    pub lag: f64,
    /// Time at which the lag was computed last.
    updated: Time,
    /// Streams past their planned end, by their end on the class's clock.
    pub overdue: BinaryHeap<Due>,
    /// Streams by the lag at which their viewers leave.
    pub impatient: BinaryHeap<Due>,
    /// Time of the pending event of this class, or [`NEVER`].
    pub scheduled: Time,
}

/// The link of a region.
pub struct Link {
    /// Capacity in bits per second; `None` where it is unlimited.
    capacity: Option<u64>,
    /// Bit rates of the encodings, ascending; empty where video is not modelled.
    ladder: Vec<u64>,
    /// By device.
    pub classes: Vec<Class>,
    /// Indices of the classes, by ascending peak.
    by_peak: Vec<usize>,
    /// Sum of the peaks of all streams, in bits per second.
    demand: u128,
    /// Whether the share of some class is below its peak.
    short: bool,
}

impl Link {
    /// The link of a region, without streams.
    pub fn new(region: &Region) -> Link {
        Link {
            capacity: None,
            ladder: Vec::new(),
            classes: region.devices.iter().map(|_| Class::new()).collect(),
            by_peak: Vec::new(),
            demand: 0,
            short: false,
        }
    }

    /// Puts new settings into force.
    pub fn configure(&mut self, region: &Region) {
        self.capacity = region.capacity;
        self.ladder.clone_from(&region.ladder);
        // A change may add devices. A device that it removes keeps its streams and gets no new ones.
        while self.classes.len() < region.devices.len() {
            self.classes.push(Class::new());
        }
        for (class, device) in self.classes.iter_mut().zip(&region.devices) {
            class.peak = device.peak;
        }
        self.by_peak = (0..self.classes.len()).collect();
        self.by_peak.sort_by_key(|index| self.classes[*index].peak);
        self.demand = self.classes.iter().map(|class| u128::from(class.streams) * u128::from(class.peak)).sum();
    }

    /// Computes the bit rate of each class and the share of the time in which it plays.
    ///
    /// Max-min fairness under peaks: a class whose peak is under the water level gets its peak, every other class gets the
    /// level (D. Bertsekas and R. Gallager, Data Networks, 1992, 6.5.2).
    pub fn share(&mut self, now: Time) {
        let Some(&lowest) = self.ladder.first() else { return };
        let mut capacity = u128::from(self.capacity.unwrap_or(u64::MAX));
        let mut streams: u128 = self.classes.iter().map(|class| u128::from(class.streams)).sum();
        self.short = false;
        for index in &self.by_peak {
            let class = &mut self.classes[*index];
            let level = if streams == 0 || self.capacity.is_none() { u128::MAX } else { capacity / streams };
            let share = u128::from(class.peak).min(level) as u64;
            self.short |= class.streams > 0 && share < class.peak;
            let used = u128::from(share) * u128::from(class.streams);
            capacity = capacity.saturating_sub(used);
            streams -= u128::from(class.streams);
            let rungs = self.ladder.partition_point(|rung| *rung <= share);
            class.advance(now);
            class.carried = if rungs == 0 { share } else { self.ladder[rungs - 1] };
            class.playing = if rungs == 0 { share as f64 / lowest as f64 } else { 1.0 };
        }
    }

    /// Adds a stream to a class and returns the lag of the class's clock, in nanoseconds.
    pub fn join(&mut self, device: usize, now: Time) -> f64 {
        let class = &mut self.classes[device];
        class.advance(now);
        class.streams += 1;
        self.demand += u128::from(class.peak);
        class.lag
    }

    /// Takes a stream out of a class.
    pub fn leave(&mut self, device: usize) {
        let class = &mut self.classes[device];
        class.streams -= 1;
        self.demand -= u128::from(class.peak);
    }

    /// Shares the capacity anew after a stream of a class has joined (`change` 1) or left (`change` −1). False if nobody
    /// else's share can have changed.
    #[inline]
    pub fn share_after(&mut self, device: usize, change: i64, gauges: &mut RegionGauges, now: Time) -> bool {
        if self.ladder.is_empty() {
            return false;
        }
        let fits = self.capacity.is_none_or(|capacity| self.demand <= u128::from(capacity));
        if !fits || self.short {
            self.share(now);
            self.record(gauges, now);
            return true;
        }
        let class = &self.classes[device];
        let bits = change * class.carried as i64;
        gauges.bitrate.add(bits, now);
        if self.capacity.is_some() {
            gauges.limited.add(bits, now);
        }
        if class.playing < 1.0 {
            self.record(gauges, now);
        }
        false
    }

    /// Sets the gauges to the present bit rate and number of stalled streams.
    pub fn record(&self, gauges: &mut RegionGauges, now: Time) {
        let bitrate = self.bitrate() as i64;
        gauges.bitrate.set(bitrate, now);
        gauges.limited.set(if self.capacity.is_some() { bitrate } else { 0 }, now);
        gauges.stalled.set(self.stalled(), now);
    }

    /// Bit rate of all streams together, in bits per second.
    fn bitrate(&self) -> u64 {
        self.classes.iter().map(|class| class.streams * class.carried).sum()
    }

    /// Number of streams that stall, in millionths of a stream.
    fn stalled(&self) -> i64 {
        self.classes.iter().map(|class| (class.streams as f64 * (1.0 - class.playing) * 1e6).round() as i64).sum()
    }
}

impl Class {
    /// A class without streams.
    fn new() -> Class {
        Class {
            streams: 0,
            peak: 0,
            carried: 0,
            playing: 1.0,
            lag: 0.0,
            updated: Time(0),
            overdue: BinaryHeap::new(),
            impatient: BinaryHeap::new(),
            scheduled: NEVER,
        }
    }

    /// Computes the lag at `now`.
    #[inline]
    pub fn advance(&mut self, now: Time) {
        if self.playing < 1.0 {
            self.lag += (1.0 - self.playing) * (now.0 - self.updated.0) as f64;
        }
        self.updated = now;
    }

    /// The time at which the first stream of the heaps is due, if no share changes before.
    pub fn next_due(&self, now: Time) -> Option<Time> {
        let after = |missing: f64, speed: f64| {
            // A stream without progress is due after a change only.
            (speed > 0.0).then(|| Time(now.0.saturating_add((missing / speed).ceil().clamp(0.0, 4e18) as u64)))
        };
        let clock = now.0 as f64 - self.lag;
        let over = self.overdue.peek().and_then(|Reverse((end, ..))| after(*end as f64 - clock, self.playing));
        let enough =
            self.impatient.peek().and_then(|Reverse((lag, ..))| after(*lag as f64 - self.lag, 1.0 - self.playing));
        [over, enough].into_iter().flatten().min()
    }

    /// Sweeps the entries of streams that have ended out of the heap of impatient viewers, once they are the greater part.
    pub fn sweep_impatient(&mut self, viewers: &Slab<Viewer>) {
        if self.impatient.len() > 2 * self.streams as usize + FEW_STALE {
            self.impatient.retain(|Reverse((_, _, viewer, generation))| viewers.is_current(*viewer, *generation));
        }
    }
}
