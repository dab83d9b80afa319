//! A sliding window in ten slices, of which each holds a sum.

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Sub, SubAssign};

use crate::units::{Span, Time};

/// Slices of a window, as in Finagle (`WindowedAdder`) and Hystrix (`metrics.rollingStats.numBuckets`).
const SLICES: usize = 10;
/// Slices before the newest one.
const OLDER: usize = SLICES - 1;

/// The width of the slices of a window, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Width(u64);

impl Width {
    /// The width of a tenth of a window.
    pub fn of(window: Span) -> Width {
        Width((window.0.unsigned_abs() / SLICES as u64).max(1))
    }

    /// The length of the window in seconds.
    pub fn seconds(self) -> f64 {
        self.0 as f64 * SLICES as f64 / 1e9
    }

    /// The number of the slice that holds a moment.
    fn number(self, now: Time) -> u64 {
        now.0 / self.0
    }
}

/// The sum of a slice that has passed: narrow in the state of one viewer, wide where many share the state.
pub trait Slice: Copy + Debug + Default + PartialEq {
    /// A sum over the window.
    type Sum: Copy
        + Debug
        + Default
        + PartialEq
        + AddAssign
        + SubAssign
        + Add<Output = Self::Sum>
        + Sub<Output = Self::Sum>;
    /// The slice of a sum, which is limited to the range of a slice.
    fn of(sum: Self::Sum) -> Self;
    /// The sum of the slice.
    fn sum(self) -> Self::Sum;
}

/// Sums over the slice that holds the present and the nine before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window<S: Slice> {
    /// The sum of the ten slices. That of the newest slice is what the others leave.
    total: S::Sum,
    /// Number of the newest slice.
    newest: u64,
    /// The slices before the newest one, by number modulo nine.
    older: [S; OLDER],
}

impl<S: Slice> Window<S> {
    /// The sum over the window at a moment. What is added to it counts in the newest slice.
    #[inline]
    pub fn total_at(&mut self, width: Width, now: Time) -> &mut S::Sum {
        // While the newest slice lasts, nothing moves.
        let since = now.0.wrapping_sub(self.newest.wrapping_mul(width.0));
        if since >= width.0 {
            self.begin(width.number(now));
        }
        &mut self.total
    }

    /// Begins the slice of this number and drops the slices that are older than the last ten.
    fn begin(&mut self, number: u64) {
        // After a change of the width the number may be lower, and nothing is left of the slices before.
        if number.wrapping_sub(self.newest) >= SLICES as u64 {
            *self = Window { newest: number, ..Window::default() };
            return;
        }
        let older = self.older.iter().fold(S::Sum::default(), |sum, slice| sum + slice.sum());
        let mut ended = S::of(self.total - older);
        self.total = older + ended.sum();
        for slice in self.newest..number {
            let place = &mut self.older[(slice % OLDER as u64) as usize];
            self.total -= place.sum();
            *place = std::mem::take(&mut ended);
        }
        self.newest = number;
    }
}

/// Two counts of events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts(pub [u64; 2]);

impl Add for Counts {
    type Output = Counts;
    #[inline]
    fn add(self, Counts([a, b]): Counts) -> Counts {
        Counts([self.0[0] + a, self.0[1] + b])
    }
}

impl Sub for Counts {
    type Output = Counts;
    #[inline]
    fn sub(self, Counts([a, b]): Counts) -> Counts {
        Counts([self.0[0] - a, self.0[1] - b])
    }
}

impl AddAssign for Counts {
    #[inline]
    fn add_assign(&mut self, other: Counts) {
        *self = *self + other;
    }
}

impl SubAssign for Counts {
    #[inline]
    fn sub_assign(&mut self, other: Counts) {
        *self = *self - other;
    }
}

/// The counts of one viewer's slice.
pub type OneCounts = [u16; 2];

/// The counts of a slice that many callers share.
pub type ManyCounts = [u32; 2];

impl Slice for OneCounts {
    type Sum = Counts;
    #[inline]
    fn of(Counts(counts): Counts) -> OneCounts {
        counts.map(|count| count.min(u64::from(u16::MAX)) as u16)
    }
    #[inline]
    fn sum(self) -> Counts {
        Counts(self.map(u64::from))
    }
}

impl Slice for ManyCounts {
    type Sum = Counts;
    #[inline]
    fn of(Counts(counts): Counts) -> ManyCounts {
        counts.map(|count| count.min(u64::from(u32::MAX)) as u32)
    }
    #[inline]
    fn sum(self) -> Counts {
        Counts(self.map(u64::from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The slow twin is a list of all events.
    #[test]
    fn a_window_counts_what_a_list_of_events_says() {
        let width = Width::of(Span::from_seconds(10.0));
        let (mut narrow, mut wide) = (Window::<OneCounts>::default(), Window::<ManyCounts>::default());
        let (mut events, mut now, mut draw) = (Vec::new(), 0_u64, 1_u64);
        for _ in 0..5_000 {
            draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            now += (draw >> 40) * (draw >> 58) * 3;
            let kinds = [draw >> 33 & 1, draw >> 34 & 1];
            *narrow.total_at(width, Time(now)) += Counts(kinds);
            *wide.total_at(width, Time(now)) += Counts(kinds);
            events.push((now / 1_000_000_000, kinds));
            let recent = events.iter().filter(|(second, _)| second + 10 > now / 1_000_000_000);
            let sums = recent.fold([0, 0], |sum, (_, kinds)| [sum[0] + kinds[0], sum[1] + kinds[1]]);
            assert_eq!(*narrow.total_at(width, Time(now)), Counts(sums));
            assert_eq!(*wide.total_at(width, Time(now)), Counts(sums));
        }
        assert!(now > 100_000_000_000, "the steps cover many windows: {now}");
    }

    /// A slice that has passed holds no more than its range, and the window forgets as much as it holds.
    #[test]
    fn a_slice_that_is_full_leaves_nothing_behind() {
        let width = Width::of(Span::from_seconds(10.0));
        let mut window = Window::<OneCounts>::default();
        *window.total_at(width, Time(0)) += Counts([100_000, 7]);
        for (second, sums) in [(0, [100_000, 7]), (1, [65_535, 7]), (9, [65_535, 7]), (10, [0, 0])] {
            assert_eq!(*window.total_at(width, Time(second * 1_000_000_000)), Counts(sums), "at {second} s");
        }
    }
}
