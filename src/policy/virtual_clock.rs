//! Virtual clock: the common progress of all jobs that share a resource equally.
//!
//! Such jobs progress at one speed, and the clock runs at this speed: a job with work w that starts when the clock reads v
//! ends when the clock reads v + w, at any speeds in between (A. Parekh and R. Gallager, A generalized processor sharing
//! approach to flow control, IEEE/ACM ToN 1, 1993). A change of speed costs one addition, not one for each job.
//!
//! The speed is a share of real time: for streams on a link, the share of the time in which they play; for n jobs on
//! `c` cores, min(1, c / n). The clock stores its lag behind real time at the last change of speed, which is zero until
//! the resource is overloaded. A reading is computed from that lag by one product, so reading the clock, or setting the
//! same speed again, changes no later reading, to the last bit.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::units::Time;

/// A virtual clock that runs at a speed from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VirtualClock {
    /// Nanoseconds of virtual time in one of real time.
    speed: f64,
    /// Lag behind real time at the last change of speed, in nanoseconds.
    lag_at_change: f64,
    /// The time of the last change of speed.
    changed: Time,
    /// The present time.
    now: Time,
}

impl Default for VirtualClock {
    fn default() -> VirtualClock {
        VirtualClock { speed: 1.0, lag_at_change: 0.0, changed: Time(0), now: Time(0) }
    }
}

impl VirtualClock {
    /// Brings the clock to `now`, to which all other methods refer.
    #[inline]
    pub fn advance(&mut self, now: Time) {
        self.now = now;
    }

    /// Brings the clock to `now` and sets the speed from then on.
    #[inline]
    pub fn set_speed(&mut self, now: Time, speed: f64) {
        self.now = now;
        if speed != self.speed {
            (self.lag_at_change, self.changed, self.speed) = (self.lag(), now, speed);
        }
    }

    /// Nanoseconds of virtual time in one of real time.
    #[inline]
    pub fn speed(&self) -> f64 {
        self.speed
    }

    /// Nanoseconds by which the clock lags behind real time.
    #[inline]
    pub fn lag(&self) -> f64 {
        if self.speed < 1.0 {
            self.lag_at_change + (1.0 - self.speed) * (self.now.0 - self.changed.0) as f64
        } else {
            self.lag_at_change
        }
    }

    /// The reading of the clock, in nanoseconds: real time less the lag.
    #[inline]
    pub fn reading(&self) -> f64 {
        self.now.0 as f64 - self.lag()
    }

    /// The time at which the first entry of an agenda of readings is due if the speed stays; `None` for an empty agenda
    /// or a stopped clock.
    pub fn next_due<P: Copy + Ord>(&self, agenda: &Agenda<P>) -> Option<Time> {
        let reading_at_change = self.changed.0 as f64 - self.lag_at_change;
        self.when(agenda.first()? as f64 - reading_at_change, self.speed)
    }

    /// Takes the first entry off an agenda of readings if the entry is due; entries that are not `current` are dropped.
    #[inline]
    pub fn pop_due<P: Copy + Ord>(&self, agenda: &mut Agenda<P>, current: impl Fn(P) -> bool) -> Option<P> {
        agenda.pop_reached(self.reading(), current)
    }

    /// The time at which the first entry of an agenda of lags is due if the speed stays; `None` for an empty agenda and a clock
    /// at full speed.
    pub fn next_lagged<P: Copy + Ord>(&self, agenda: &Agenda<P>) -> Option<Time> {
        self.when(agenda.first()? as f64 - self.lag_at_change, 1.0 - self.speed)
    }

    /// Takes the first entry off an agenda of lags if the entry is due; entries that are not `current` are dropped.
    #[inline]
    pub fn pop_lagged<P: Copy + Ord>(&self, agenda: &mut Agenda<P>, current: impl Fn(P) -> bool) -> Option<P> {
        agenda.pop_reached(self.lag(), current)
    }

    /// The first whole nanosecond from now on at which `missing` nanoseconds will have passed at a speed since the last change of
    /// speed; `None` at no speed.
    fn when(&self, missing: f64, speed: f64) -> Option<Time> {
        // The limit is far beyond any window and exact in 64 bits.
        const BEYOND_ANY_WINDOW: f64 = 4e18;
        let span = || (missing / speed).ceil().clamp(0.0, BEYOND_ANY_WINDOW) as u64;
        (speed > 0.0).then(|| Time(self.changed.0.saturating_add(span())).max(self.now))
    }
}

/// Entries that are due at a reading or at a lag of a clock, the earliest first, entries of one moment in a given order.
#[derive(Clone, Debug)]
pub struct Agenda<P> {
    heap: BinaryHeap<Reverse<(u64, u64, P)>>,
}

impl<P: Ord> Default for Agenda<P> {
    fn default() -> Agenda<P> {
        Agenda { heap: BinaryHeap::new() }
    }
}

impl<P: Copy + Ord> Agenda<P> {
    /// Adds an entry that is due at `at` nanoseconds on the clock. Entries of one moment come in ascending `order`.
    pub fn push(&mut self, at: u64, order: u64, payload: P) {
        self.heap.push(Reverse((at, order, payload)));
    }

    /// The number of entries, current or not.
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Bytes of the entries.
    pub fn bytes(&self) -> usize {
        self.heap.capacity() * size_of::<Reverse<(u64, u64, P)>>()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    /// Drops all entries that are not `current`.
    pub fn sweep(&mut self, current: impl Fn(P) -> bool) {
        self.heap.retain(|Reverse((_, _, payload))| current(*payload));
    }

    /// The moment of the first entry, in nanoseconds on the clock.
    #[inline]
    fn first(&self) -> Option<u64> {
        self.heap.peek().map(|Reverse((at, ..))| *at)
    }

    /// Takes off the first current entry if the clock has reached the entry's moment, to the nearest nanosecond.
    #[inline]
    fn pop_reached(&mut self, clock: f64, current: impl Fn(P) -> bool) -> Option<P> {
        while let Some(Reverse((at, _, payload))) = self.heap.peek().copied() {
            let current = current(payload);
            if current && at as f64 > clock + 0.5 {
                return None;
            }
            self.heap.pop();
            if current {
                return Some(payload);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The slow twin: the remaining work of each job, in nanoseconds, updated at each change of speed.
    struct Twin {
        left: Vec<f64>,
        updated: u64,
    }

    impl Twin {
        fn advance(&mut self, now: u64, speed: f64) {
            let done = speed * (now - self.updated) as f64;
            self.left.iter_mut().for_each(|left| *left -= done);
            self.updated = now;
        }
    }

    /// Rounding of an end to whole nanoseconds, and the half of one by which an end may come early.
    const ROUNDING: f64 = 1.01;

    proptest! {
        /// Jobs come at random to `cores` cores and run at min(1, cores / jobs) each, to the end of the last.
        #[test]
        fn jobs_on_shared_cores_end_when_their_work_is_done(
            cores in 1_u32..5,
            jobs in prop::collection::vec((0_u64..3_000_000, 0_u64..9_000_000), 1..80),
        ) {
            let (mut clock, mut agenda) = (VirtualClock::default(), Agenda::<usize>::default());
            let mut twin = Twin { left: Vec::new(), updated: 0 };
            let mut running: Vec<usize> = Vec::new();
            let (mut now, mut next) = (0, 0);
            while next < jobs.len() || !running.is_empty() {
                let arrival = jobs.get(next).map(|(gap, _)| jobs[..next].iter().map(|job| job.0).sum::<u64>() + gap);
                let end = clock.next_due(&agenda).map(|time| time.0);
                let event = arrival.into_iter().chain(end).min().unwrap();
                prop_assert!(event >= now, "time goes on");
                now = event;
                twin.advance(now, clock.speed());
                clock.advance(Time(now));
                if Some(now) == end {
                    while let Some(job) = clock.pop_due(&mut agenda, |_| true) {
                        prop_assert!(twin.left[job].abs() < ROUNDING + clock.speed(), "{} ns left", twin.left[job]);
                        running.retain(|other| *other != job);
                    }
                } else {
                    agenda.push((clock.reading() + jobs[next].1 as f64).round() as u64, next as u64, next);
                    twin.left.push(jobs[next].1 as f64);
                    running.push(next);
                    next += 1;
                }
                for job in &running {
                    prop_assert!(twin.left[*job] > -ROUNDING, "{} ns overdue", -twin.left[*job]);
                }
                clock.set_speed(Time(now), f64::min(1.0, f64::from(cores) / running.len().max(1) as f64));
            }
        }

        /// Streams play a share of the time, and end when they have played enough, have lost too much, or are stopped.
        #[test]
        fn streams_end_when_they_have_played_or_lost_enough(
            steps in prop::collection::vec((0_u8..8, 0_u64..4_000_000_000, 0_u64..=10), 1..120),
        ) {
            let (mut clock, mut ends, mut limits) = (VirtualClock::default(), Agenda::default(), Agenda::default());
            // The remaining playing time of each stream, and the remaining time that it may stall.
            let mut twin = [Twin { left: Vec::new(), updated: 0 }, Twin { left: Vec::new(), updated: 0 }];
            let mut playing: Vec<bool> = Vec::new();
            let mut now = 0;
            for (what, span, share) in steps {
                let until = now + span / 4;
                loop {
                    let due = [clock.next_due(&ends), clock.next_lagged(&limits)].into_iter().flatten().min();
                    now = due.map_or(until, |due| until.min(due.0));
                    twin[0].advance(now, clock.speed());
                    twin[1].advance(now, 1.0 - clock.speed());
                    clock.advance(Time(now));
                    while let Some(stream) = clock.pop_due(&mut ends, |stream: usize| playing[stream]) {
                        prop_assert!(twin[0].left[stream].abs() < 2.0 * ROUNDING);
                        playing[stream] = false;
                    }
                    while let Some(stream) = clock.pop_lagged(&mut limits, |stream: usize| playing[stream]) {
                        prop_assert!(twin[1].left[stream].abs() < 2.0 * ROUNDING);
                        playing[stream] = false;
                    }
                    for stream in (0..playing.len()).filter(|stream| playing[*stream]) {
                        prop_assert!(twin.iter().all(|twin| twin.left[stream] > -2.0 * ROUNDING));
                    }
                    if now == until {
                        break;
                    }
                }
                match what {
                    0..4 => {
                        let (stream, [length, limit]) = (playing.len(), [span + 1, span / (share + 1) + 1]);
                        ends.push((clock.reading() + length as f64).round() as u64, 0, stream);
                        limits.push((clock.lag() + limit as f64).round() as u64, 0, stream);
                        twin[0].left.push(length as f64);
                        twin[1].left.push(limit as f64);
                        playing.push(true);
                    }
                    4 => if let Some(stream) = playing.iter().position(|playing| *playing) {
                        playing[stream] = false;
                        ends.sweep(|stream| playing[stream]);
                        prop_assert_eq!(ends.len(), playing.iter().filter(|playing| **playing).count());
                    },
                    _ => clock.set_speed(Time(now), share as f64 / 10.0),
                }
            }
        }
    }

    proptest! {
        /// Looks at the clock, and the same speed set again, whenever they come, shift no later reading by a bit.
        #[test]
        fn looks_change_nothing(steps in prop::collection::vec((0_u64..9_000_000_000, 1_u64..40, any::<bool>()), 1..60)) {
            let (mut looked_at, mut left_alone) = (VirtualClock::default(), VirtualClock::default());
            let mut agenda = Agenda::default();
            agenda.push(40_000_000_000, 0, ());
            let mut now = 0;
            for (gap, jobs, changes) in steps {
                for part in 1..=3 {
                    looked_at.advance(Time(now + gap * part / 7));
                    looked_at.set_speed(Time(now + gap * part / 5), looked_at.speed());
                }
                now += gap;
                looked_at.advance(Time(now));
                left_alone.advance(Time(now));
                prop_assert_eq!(looked_at.reading().to_bits(), left_alone.reading().to_bits());
                prop_assert_eq!(looked_at.lag().to_bits(), left_alone.lag().to_bits());
                prop_assert_eq!(looked_at.next_due(&agenda), left_alone.next_due(&agenda));
                prop_assert_eq!(looked_at.next_lagged(&agenda), left_alone.next_lagged(&agenda));
                if changes {
                    looked_at.set_speed(Time(now), 3.0_f64.min(jobs as f64) / jobs as f64);
                    left_alone.set_speed(Time(now), 3.0_f64.min(jobs as f64) / jobs as f64);
                }
            }
        }
    }

    #[test]
    fn a_clock_that_stands_makes_nothing_due_and_one_at_full_speed_loses_nothing() {
        let (mut clock, mut agenda) = (VirtualClock::default(), Agenda::default());
        agenda.push(5_000, 0, 'a');
        assert_eq!(clock.next_due(&agenda), Some(Time(5_000)));
        assert_eq!(clock.next_lagged(&agenda), None);
        clock.set_speed(Time(1_000), 0.0);
        assert_eq!(clock.next_due(&agenda), None);
        assert_eq!(clock.next_lagged(&agenda), Some(Time(6_000)));
        clock.set_speed(Time(3_000), 0.5);
        assert_eq!((clock.reading(), clock.lag()), (1_000.0, 2_000.0));
        assert_eq!(clock.next_due(&agenda), Some(Time(11_000)));
        assert_eq!(clock.next_due(&Agenda::<char>::default()), None);
    }

    #[test]
    fn entries_come_by_reading_and_then_by_order_and_stale_ones_are_passed_over() {
        let (mut clock, mut agenda) = (VirtualClock::default(), Agenda::default());
        for (at, order, name) in [(7, 0, 'd'), (5, 2, 'b'), (5, 1, 'a'), (6, 0, 'c'), (8, 0, 'e')] {
            agenda.push(at, order, name);
        }
        clock.advance(Time(7));
        let mut popped = String::new();
        while let Some(name) = clock.pop_due(&mut agenda, |name| name != 'c') {
            popped.push(name);
        }
        assert_eq!((popped.as_str(), agenda.len()), ("abd", 1));
        assert!(!agenda.is_empty());
    }

    #[test]
    fn entries_beyond_any_window_stay_in_order() {
        let (mut clock, mut agenda) = (VirtualClock::default(), Agenda::default());
        agenda.push(u64::MAX, 0, ());
        clock.set_speed(Time(0), 1e-300);
        assert!(clock.next_due(&agenda).is_some_and(|due| due.0 >= 4_000_000_000_000_000_000));
    }
}
