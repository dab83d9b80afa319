//! The link of a region: its streams share the capacity max-min fairly and stall where the share is below the lowest rung.
//!
//! All streams of one device class have the same share, so the state is kept per class: a stream that joins or leaves
//! costs a few additions. The virtual clock of a class lags behind real time by the playing time that its streams have
//! lost in stalls; a stream ends once its length has passed on that clock. While nothing stalls, the clock agrees with
//! real time and the end of a stream is an ordinary event. A stream whose class has lagged at its planned end waits in an
//! agenda for the rest.

use super::slab::Slab;
use super::viewer::{NEVER, Viewer};
use crate::measure::RegionGauges;
use crate::model::Region;
use crate::policy::virtual_clock::{Agenda, VirtualClock};
use crate::units::Time;

/// Number of stale entries below which an agenda is not worth sweeping.
const FEW_STALE: usize = 64;

/// Row and generation of the viewer of a stream.
type Stream = (u32, u32);

/// The streams of a region on one kind of device.
pub struct Class {
    /// Number of streams.
    streams: u64,
    /// Highest bit rate of a stream, in bits per second.
    peak: u64,
    /// Bit rate of a stream at present, in bits per second.
    carried: u64,
    /// Bit rate of a stream that is alone on the link, in bits per second.
    alone: u64,
    /// The clock of the streams. Its speed is the share of the time in which a stream plays and does not stall.
    clock: VirtualClock,
    /// A clock that stops while a stream has under half of the bit rate that it would have alone; its lag is the time
    /// for which streams were degraded.
    undegraded: VirtualClock,
    /// The nanoseconds for which streams had stalled and been degraded when the measured window opened and closed.
    pub lost_at_edges: [[f64; 2]; 2],
    /// Streams past their planned end, by their end on the clock.
    overdue: Agenda<Stream>,
    /// Streams by the lag of the clock at which their viewers leave.
    impatient: Agenda<Stream>,
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
    /// Whether some stream carries less than it would alone.
    limited: bool,
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
            limited: false,
        }
    }

    /// Bytes of the agendas.
    pub fn bytes(&self) -> usize {
        self.classes.iter().map(|class| class.overdue.bytes() + class.impatient.bytes()).sum()
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
            let rungs = self.ladder.partition_point(|rung| *rung <= class.peak);
            class.alone = if rungs == 0 { class.peak } else { self.ladder[rungs - 1] };
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
        (self.short, self.limited) = (false, false);
        for index in &self.by_peak {
            let class = &mut self.classes[*index];
            let level = if streams == 0 || self.capacity.is_none() { u128::MAX } else { capacity / streams };
            let share = u128::from(class.peak).min(level) as u64;
            self.short |= class.streams > 0 && share < class.peak;
            let used = u128::from(share) * u128::from(class.streams);
            capacity = capacity.saturating_sub(used);
            streams -= u128::from(class.streams);
            let rungs = self.ladder.partition_point(|rung| *rung <= share);
            class.carried = if rungs == 0 { share } else { self.ladder[rungs - 1] };
            class.clock.set_speed(now, if rungs == 0 { share as f64 / lowest as f64 } else { 1.0 });
            class.undegraded.set_speed(now, if 2 * class.carried < class.alone { 0.0 } else { 1.0 });
            self.limited |= class.streams > 0 && class.carried < class.alone;
        }
    }

    /// Adds a stream to a class and returns the lag of the class's clock, in nanoseconds.
    pub fn join(&mut self, device: usize, now: Time) -> f64 {
        let class = &mut self.classes[device];
        class.clock.advance(now);
        class.streams += 1;
        self.demand += u128::from(class.peak);
        class.clock.lag()
    }

    /// Takes a stream out of a class.
    pub fn leave(&mut self, device: usize) {
        let class = &mut self.classes[device];
        class.streams -= 1;
        self.demand -= u128::from(class.peak);
    }

    /// Recomputes the shares after a stream of a class has joined (`change` 1) or left (`change` −1). False if no other
    /// stream's share can have changed and the streams of the class do not stall.
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
        gauges.alone.add(change * class.alone as i64, now);
        if self.capacity.is_some() {
            gauges.limited.add(bits, now);
        }
        let stalls = class.clock.speed() < 1.0;
        if stalls {
            self.record(gauges, now);
        }
        stalls
    }

    /// Sets the gauges to the present bit rate and number of stalled streams.
    pub fn record(&self, gauges: &mut RegionGauges, now: Time) {
        let bitrate = self.bitrate() as i64;
        gauges.bitrate.set(bitrate, now);
        gauges.limited.set(if self.capacity.is_some() { bitrate } else { 0 }, now);
        gauges.stalled.set(self.stalled(), now);
        gauges.alone.set(self.classes.iter().map(|class| (class.streams * class.alone) as i64).sum(), now);
        gauges.short.set(i64::from(self.limited), now);
    }

    /// Bit rate of all streams together, in bits per second.
    fn bitrate(&self) -> u64 {
        self.classes.iter().map(|class| class.streams * class.carried).sum()
    }

    /// Number of streams that stall, in millionths of a stream.
    fn stalled(&self) -> i64 {
        self.classes.iter().map(|class| (class.streams as f64 * (1.0 - class.clock.speed()) * 1e6).round() as i64).sum()
    }
}

impl Class {
    /// A class without streams.
    fn new() -> Class {
        Class {
            streams: 0,
            peak: 0,
            carried: 0,
            alone: 0,
            clock: VirtualClock::default(),
            undegraded: VirtualClock::default(),
            lost_at_edges: [[0.0; 2]; 2],
            overdue: Agenda::default(),
            impatient: Agenda::default(),
            scheduled: NEVER,
        }
    }

    /// The nanoseconds by `now` for which streams have stalled and for which they were degraded. The clocks are not
    /// updated, since an update in between would change the rounding of their sums.
    pub fn lost(&self, now: Time) -> [f64; 2] {
        [self.clock, self.undegraded].map(|mut clock| {
            clock.advance(now);
            clock.lag()
        })
    }

    /// Whether a stream that began at this lag of the clock has played in full at its planned end; if not, the stream
    /// is entered as overdue. `position` decides between streams that end at one instant.
    pub fn ends_as_planned(&mut self, now: Time, lag_at_start: Time, position: u64, stream: Stream) -> bool {
        self.clock.advance(now);
        let in_time = self.clock.lag().round() as u64 <= lag_at_start.0;
        if !in_time {
            // On the clock, the planned end is as far back as the clock lagged at the start of the stream.
            self.overdue.push(now.0.saturating_sub(lag_at_start.0), position, stream);
        }
        in_time
    }

    /// Notes that the viewer of a stream leaves once the stream has stalled for `patience` nanoseconds from now on.
    pub fn note_patience(&mut self, patience: f64, position: u64, stream: Stream, viewers: &Slab<Viewer>) {
        // Entries are rounded to the nearest nanosecond, and no viewer leaves without a stall.
        let stalled = (self.clock.lag() + 0.5) as u64 + 1;
        self.impatient.push(((self.clock.lag() + patience) as u64).max(stalled), position, stream);
        // Streams that end without a stall leave stale entries behind, which are swept out once they are the greater
        // part.
        if self.impatient.len() > 2 * self.streams as usize + FEW_STALE {
            self.impatient.sweep(|(viewer, generation)| viewers.is_current(viewer, generation));
        }
    }

    /// Takes out a stream that has ended on the clock by `now`.
    pub fn pop_ended(&mut self, now: Time, viewers: &Slab<Viewer>) -> Option<u32> {
        self.clock.advance(now);
        let current = |(viewer, generation)| viewers.is_current(viewer, generation);
        self.clock.pop_due(&mut self.overdue, current).map(|(viewer, _)| viewer)
    }

    /// Takes out a stream whose viewer has no patience with stalls left by `now`.
    pub fn pop_impatient(&mut self, now: Time, viewers: &Slab<Viewer>) -> Option<u32> {
        self.clock.advance(now);
        let current = |(viewer, generation)| viewers.is_current(viewer, generation);
        self.clock.pop_lagged(&mut self.impatient, current).map(|(viewer, _)| viewer)
    }

    /// The time at which the first stalled stream is due, if no share changes before; `None` if an event is pending by then.
    pub fn next_event(&mut self, now: Time) -> Option<Time> {
        if self.overdue.is_empty() && self.impatient.is_empty() {
            return None;
        }
        self.clock.advance(now);
        let due = [self.clock.next_due(&self.overdue), self.clock.next_lagged(&self.impatient)];
        due.into_iter().flatten().min().filter(|due| *due < self.scheduled)
    }
}
