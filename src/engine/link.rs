//! Links: the streams of a region share its capacity max-min fairly, and stall where the share falls below the lowest rung.
//!
//! All streams of one device class get the same share, so the state is per class, not per stream: a
//! stream that joins or leaves costs a few additions. The clock of a class lags behind real time by
//! what its streams have lost in stalls; a stream is over when its own length has passed on that
//! clock. While nothing stalls the clocks agree and the end is an ordinary event; a stream that finds at its
//! planned end that the class has lagged waits in a heap for the rest (virtual time, as in A. Parekh and R. Gallager, A
//! generalized processor sharing approach to flow control, IEEE/ACM ToN 1, 1993).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::event::{Event, Kind};
use super::probe::Probe;
use super::tables::Phase;
use super::world::World;
use crate::model::Region;
use crate::random::Purpose;
use crate::units::Time;
use crate::vocabulary::Happening;

/// Something that happens once the clock of a class has come so far: time on it in nanoseconds, the viewer's place
/// among all, row, generation. The place orders those of one instant, so that the numbers of the rows do not.
type Due = Reverse<(u64, u64, u32, u32)>;

/// The streams of a region on one kind of device.
struct Class {
    /// Streams that play.
    streams: u64,
    /// The highest bit rate of one, in bits a second.
    peak: u64,
    /// What each carries.
    carried: u64,
    /// The share of the time in which they play.
    playing: f64,
    /// What their clock lags behind, in nanoseconds.
    lag: f64,
    /// When the lag was brought up to date.
    updated: Time,
    /// Streams past their planned end, by their end on the class's clock.
    overdue: BinaryHeap<Due>,
    /// Streams whose viewers have had enough once the lag is so great.
    impatient: BinaryHeap<Due>,
    /// When the next event of this class is due; [`Time`] of the far future if none is pending.
    armed: Time,
}

/// A region's link.
pub struct Link {
    capacity: Option<u64>,
    ladder: Vec<u64>,
    classes: Vec<Class>,
    /// Indices of the classes, by ascending peak.
    by_peak: Vec<usize>,
    /// Sum of the peaks of all streams.
    demand: u128,
    /// Whether some class gets less than its peak.
    short: bool,
}

const UNARMED: Time = Time(u64::MAX);

impl Link {
    /// The link of a region, empty.
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

    /// Takes over new settings.
    fn configure(&mut self, region: &Region) {
        self.capacity = region.capacity;
        self.ladder.clone_from(&region.ladder);
        // A change may add devices; those that it takes away keep their streams and get no more.
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

    /// Works out what each class carries and how much of the time it plays.
    ///
    /// Max-min fairness under peaks: classes of a peak under the water level get their peak, the others the level
    /// (D. Bertsekas and R. Gallager, Data Networks, 1992, 6.5.2).
    fn share(&mut self, now: Time) {
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

    /// Bits a second that all streams carry.
    fn bitrate(&self) -> u64 {
        self.classes.iter().map(|class| class.streams * class.carried).sum()
    }

    /// Streams that stall, in millionths.
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
            armed: UNARMED,
        }
    }

    /// Brings the lag up to `now`.
    #[inline]
    fn advance(&mut self, now: Time) {
        if self.playing < 1.0 {
            self.lag += (1.0 - self.playing) * (now.0 - self.updated.0) as f64;
        }
        self.updated = now;
    }

    /// When the first stream in one of the heaps is due, if all stays as it is.
    fn next_due(&self, now: Time) -> Option<Time> {
        let after = |missing: f64, speed: f64| {
            // A stream that makes no progress is due when something changes, not before.
            (speed > 0.0).then(|| Time(now.0.saturating_add((missing / speed).ceil().clamp(0.0, 4e18) as u64)))
        };
        let clock = now.0 as f64 - self.lag;
        let over = self.overdue.peek().and_then(|Reverse((end, ..))| after(*end as f64 - clock, self.playing));
        let enough =
            self.impatient.peek().and_then(|Reverse((lag, ..))| after(*lag as f64 - self.lag, 1.0 - self.playing));
        [over, enough].into_iter().flatten().min()
    }
}

impl<P: Probe> World<'_, P> {
    /// Brings a region's link in line with the settings.
    pub fn apply_link(&mut self, region: usize) {
        let now = self.now;
        let settings = &self.settings.regions[region];
        let link = &mut self.links[region];
        link.configure(settings);
        link.share(now);
        self.recorder.regions[region].capacity.set(settings.capacity.unwrap_or(0).min(i64::MAX as u64) as i64, now);
        self.record_link(region);
        self.arm_classes(region);
    }

    /// A stream begins.
    pub fn join_link(&mut self, region: usize, viewer: u32) {
        let now = self.now;
        let row = &mut self.viewers[viewer];
        let device = usize::from(row.device);
        self.recorder.regions[region].streams.add(1, now);
        let link = &mut self.links[region];
        let class = &mut link.classes[device];
        class.advance(now);
        row.since = Time(class.lag.round() as u64);
        class.streams += 1;
        link.demand += u128::from(class.peak);
        if let Some(law) = &self.settings.clients[usize::from(row.client)].stall_patience {
            let patience = law.nanos(row.step_key(&self.cohort_keys).draw(Purpose::StallPatience));
            let place = row.place();
            let generation = self.viewers.generation(viewer);
            let enough = (self.links[region].classes[device].lag + patience) as u64;
            let class = &mut self.links[region].classes[device];
            class.impatient.push(Reverse((enough, place, viewer, generation)));
            // Streams that ended in peace leave entries behind, which are swept out once they are the greater part.
            if class.impatient.len() > 2 * class.streams as usize + 64 {
                class
                    .impatient
                    .retain(|Reverse((_, _, viewer, generation))| self.viewers.is_current(*viewer, *generation));
            }
        }
        self.streams_changed(region, device, 1);
    }

    /// A stream ends.
    pub fn leave_link(&mut self, viewer: u32) {
        let row = &self.viewers[viewer];
        let region = self.model.cohorts[usize::from(row.cohort)].region;
        let device = usize::from(row.device);
        self.recorder.regions[region].streams.add(-1, self.now);
        let link = &mut self.links[region];
        let class = &mut link.classes[device];
        class.streams -= 1;
        link.demand -= u128::from(class.peak);
        self.streams_changed(region, device, -1);
    }

    /// One stream more or less: everyone's share may change.
    #[inline]
    fn streams_changed(&mut self, region: usize, device: usize, change: i64) {
        let link = &mut self.links[region];
        if link.ladder.is_empty() {
            return;
        }
        let fits = link.capacity.is_none_or(|capacity| link.demand <= u128::from(capacity));
        if fits && !link.short {
            // Nobody else's share changes, and nothing stalls that did not stall before.
            let class = &link.classes[device];
            let stalls = class.playing < 1.0;
            let change = change * class.carried as i64;
            let gauges = &mut self.recorder.regions[region];
            gauges.bitrate.add(change, self.now);
            if link.capacity.is_some() {
                gauges.limited.add(change, self.now);
            }
            if stalls {
                self.record_link(region);
            }
            return;
        }
        link.share(self.now);
        self.record_link(region);
        self.arm_classes(region);
    }

    fn record_link(&mut self, region: usize) {
        let link = &self.links[region];
        let (bitrate, stalled) = (link.bitrate() as i64, link.stalled());
        let gauges = &mut self.recorder.regions[region];
        gauges.bitrate.set(bitrate, self.now);
        gauges.limited.set(if link.capacity.is_some() { bitrate } else { 0 }, self.now);
        gauges.stalled.set(stalled, self.now);
    }

    /// A stream reached its planned end; it is over unless its class has stalled meanwhile.
    pub fn stream_may_end(&mut self, viewer: u32) {
        let row = &self.viewers[viewer];
        let region = self.model.cohorts[usize::from(row.cohort)].region;
        let now = self.now;
        let class = &mut self.links[region].classes[usize::from(row.device)];
        class.advance(now);
        let lost = class.lag.round() as u64 - row.since.0.min(class.lag.round() as u64);
        if lost == 0 {
            return self.end_stream(viewer);
        }
        // On the class's clock the planned end lies as far back as the lag at the beginning says.
        let end = now.0.saturating_sub(row.since.0);
        let place = row.place();
        let generation = self.viewers.generation(viewer);
        class.overdue.push(Reverse((end, place, viewer, generation)));
        self.arm_classes(region);
    }

    /// Sees to it that an event is pending for the next stream that is due in each class.
    fn arm_classes(&mut self, region: usize) {
        let now = self.now;
        for device in 0..self.links[region].classes.len() {
            let class = &mut self.links[region].classes[device];
            if class.overdue.is_empty() && class.impatient.is_empty() {
                continue;
            }
            class.advance(now);
            if let Some(due) = class.next_due(now)
                && due < class.armed
            {
                class.armed = due;
                let slot = region << 16 | device;
                self.future.push(due, Event::about(Kind::Stall, slot).pack());
            }
        }
    }

    /// The clock of a class may have come far enough for the first stream in its heaps.
    pub fn stall_event(&mut self, slot: usize) {
        let (region, device) = (slot >> 16, slot & 0xffff);
        let now = self.now;
        loop {
            let class = &mut self.links[region].classes[device];
            class.advance(now);
            if class.armed <= now {
                class.armed = UNARMED;
            }
            let clock = now.0 as f64 - class.lag;
            if let Some(Reverse((end, _, viewer, generation))) = class.overdue.peek().copied()
                && (!self.viewers.is_current(viewer, generation) || end as f64 <= clock + 0.5)
            {
                class.overdue.pop();
                if self.viewers.is_current(viewer, generation) {
                    self.end_stream(viewer);
                }
                continue;
            }
            if let Some(Reverse((lag, _, viewer, generation))) = class.impatient.peek().copied()
                && (!self.viewers.is_current(viewer, generation) || lag as f64 <= class.lag + 0.5)
            {
                class.impatient.pop();
                if self.viewers.is_current(viewer, generation) {
                    self.leave_stalled_stream(viewer);
                }
                continue;
            }
            break;
        }
        self.arm_classes(region);
    }

    /// A viewer has had enough of stalling.
    fn leave_stalled_stream(&mut self, viewer: u32) {
        self.leave_link(viewer);
        self.ledger.streaming -= 1;
        self.tell(viewer, Happening::StallLeft);
        self.viewers.renew(viewer);
        self.viewers[viewer].phase = Phase::Between;
        self.give_up(viewer);
    }
}
