//! A sliding window in ten buckets that counts two kinds of events.

use crate::units::{Span, Time};

/// Buckets of a window, as in Hystrix (`metrics.rollingStats.numBuckets`).
const BUCKETS: usize = 10;

/// The width of the buckets of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Width(u64);

impl Width {
    /// The width of a tenth of a window.
    pub fn of(window: Span) -> Width {
        Width((window.0.unsigned_abs() / BUCKETS as u64).max(1))
    }

    /// The length of the window in seconds.
    pub fn seconds(self) -> f64 {
        self.0 as f64 * BUCKETS as f64 / 1e9
    }

    /// The number of the bucket that holds a moment. It starts again from 0 after 2³² buckets.
    fn number(self, now: Time) -> u32 {
        (now.0 / self.0) as u32
    }
}

/// Counts of two kinds of events in the bucket that holds the present and the nine before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// Number of the newest bucket.
    newest: u32,
    /// Counts by number of the bucket modulo ten.
    buckets: [[u32; 2]; BUCKETS],
}

impl Window {
    /// Adds to both counts.
    pub fn add(&mut self, width: Width, now: Time, events: [u32; 2]) {
        self.advance(width.number(now));
        let bucket = &mut self.buckets[self.newest as usize % BUCKETS];
        *bucket = [bucket[0].saturating_add(events[0]), bucket[1].saturating_add(events[1])];
    }

    /// Both counts over the window.
    pub fn sums(&mut self, width: Width, now: Time) -> [u64; 2] {
        self.advance(width.number(now));
        [0, 1].map(|kind| self.buckets.iter().map(|bucket| u64::from(bucket[kind])).sum())
    }

    /// Clears the buckets that are older than the last ten.
    fn advance(&mut self, number: u32) {
        let passed = number.wrapping_sub(self.newest).min(BUCKETS as u32);
        for step in 1..=passed {
            self.buckets[self.newest.wrapping_add(step) as usize % BUCKETS] = [0; 2];
        }
        self.newest = number;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The slow twin is a list of all events.
    #[test]
    fn a_window_counts_what_a_list_of_events_says() {
        let width = Width::of(Span::from_seconds(10.0));
        let (mut window, mut events, mut now, mut draw) = (Window::default(), Vec::new(), 0_u64, 1_u64);
        for _ in 0..5_000 {
            draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            now += (draw >> 40) * (draw >> 58) * 3;
            let kinds = [(draw >> 33 & 1) as u32, (draw >> 34 & 1) as u32];
            window.add(width, Time(now), kinds);
            events.push((now / 1_000_000_000, kinds));
            let recent = events.iter().filter(|(second, _)| second + 10 > now / 1_000_000_000);
            let sums =
                recent.fold([0, 0], |sum, (_, kinds)| [sum[0] + u64::from(kinds[0]), sum[1] + u64::from(kinds[1])]);
            assert_eq!(window.sums(width, Time(now)), sums);
        }
        assert!(now > 100_000_000_000, "the steps cover many windows: {now}");
    }
}
