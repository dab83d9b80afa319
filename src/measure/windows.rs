//! Sliding windows of a minute over intervals: one code for the summary of a single run and for the figures of several.

use std::ops::Range;

/// Width of a window in seconds.
pub const WINDOW_S: f64 = 60.0;
/// Least number of ended attempts with which a window counts for the worst error rate.
pub const ENOUGH_ENDED: f64 = 100.0;
/// Error rate above which a service is in trouble, unless a threshold of the scenario states another.
pub const USUAL_BOUND: f64 = 0.01;

/// Number of intervals that come closest to a window: at least one, at most `available`.
pub fn window_length(width_s: f64, available: usize) -> usize {
    ((WINDOW_S / width_s).round() as usize).clamp(1, available.max(1))
}

/// All windows of `length` intervals within `range`, each one interval after the last.
pub fn windows(range: &Range<usize>, length: usize) -> impl DoubleEndedIterator<Item = Range<usize>> + Clone + use<> {
    (range.start..(range.end + 1).saturating_sub(length).max(range.start)).map(move |start| start..start + length)
}

/// Attempts that ended, and those of them that failed, summed over windows.
#[derive(Clone, Debug)]
pub struct ErrorWindows {
    /// Ended and failed attempts of each interval, from the first of the run to the last of `range`.
    ended_and_failed: Vec<(f64, f64)>,
    /// Intervals in which windows lie.
    range: Range<usize>,
    /// Intervals in a window.
    length: usize,
    first_s: f64,
    width_s: f64,
}

impl ErrorWindows {
    /// Windows within `range` over intervals of `width_s` seconds, the first of which begins at `first_s` from the drop.
    pub fn new(ended_and_failed: Vec<(f64, f64)>, range: Range<usize>, first_s: f64, width_s: f64) -> ErrorWindows {
        let length = window_length(width_s, range.len());
        ErrorWindows { ended_and_failed, range, length, first_s, width_s }
    }

    /// Number of intervals in a window.
    pub fn length(&self) -> usize {
        self.length
    }

    /// Ended attempts over some intervals.
    pub fn ended(&self, intervals: Range<usize>) -> f64 {
        self.ended_and_failed[intervals].iter().map(|(ended, _)| ended).sum()
    }

    /// Failed attempts over some intervals.
    pub fn failed(&self, intervals: Range<usize>) -> f64 {
        self.ended_and_failed[intervals].iter().map(|(_, failed)| failed).sum()
    }

    /// Error rate over some intervals; NaN if no attempt ended in them.
    pub fn rate(&self, intervals: Range<usize>) -> f64 {
        let ended = self.ended(intervals.clone());
        if ended > 0.0 { self.failed(intervals) / ended } else { f64::NAN }
    }

    /// First interval and error rate of the worst window with at least `least` ended attempts; the first of equals.
    pub fn worst(&self, least: f64) -> Option<(usize, f64)> {
        windows(&self.range, self.length)
            .filter(|window| self.ended(window.clone()) >= least)
            .map(|window| (window.start, self.rate(window)))
            .filter(|(_, rate)| rate.is_finite())
            .reduce(|worst, next| if next.1 > worst.1 { next } else { worst })
    }

    /// End of the last window whose error rate exceeds `bound`, in seconds from the drop, at least 0: 0 if there is no
    /// such window, NaN if it ends with the range.
    pub fn recovery_s(&self, bound: f64) -> f64 {
        let Some(last) = windows(&self.range, self.length).rev().find(|window| self.rate(window.clone()) > bound)
        else {
            return 0.0;
        };
        let until_s = self.time_s(last.start) + self.length as f64 * self.width_s;
        if until_s >= self.time_s(self.range.end) - 1e-9 { f64::NAN } else { until_s.max(0.0) }
    }

    /// Start of an interval in seconds from the drop.
    pub fn time_s(&self, interval: usize) -> f64 {
        self.first_s + interval as f64 * self.width_s
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_a_minute_or_what_there_is() {
        assert_eq!(
            [(10.0, 90), (25.0, 90), (60.0, 90), (900.0, 90), (10.0, 4), (10.0, 0), (0.0, 7)]
                .map(|(width_s, available)| window_length(width_s, available)),
            [6, 2, 1, 1, 4, 1, 7]
        );
        assert_eq!(windows(&(2..6), 3).collect::<Vec<_>>(), [2..5, 3..6]);
        assert_eq!(windows(&(2..4), 3).count(), 0);
    }

    #[test]
    fn the_worst_window_needs_enough_attempts_and_comes_first_of_equals() {
        let mut intervals = vec![(100.0, 10.0); 6];
        intervals[1] = (4.0, 4.0);
        intervals[3].1 = 30.0;
        intervals[4].1 = 30.0;
        let windows = ErrorWindows::new(intervals, 0..6, -60.0, 60.0);
        assert_eq!(windows.worst(100.0), Some((3, 0.3)));
        assert_eq!(windows.worst(0.0), Some((1, 1.0)));
        assert_eq!(windows.worst(1e9), None);
        assert_eq!(windows.time_s(3), 120.0);
    }

    #[test]
    fn recovery_is_the_end_of_the_last_window_above_the_bound() {
        let of = |failed: [f64; 4]| {
            let intervals = failed.iter().map(|failed| (100.0, *failed)).collect();
            ErrorWindows::new(intervals, 0..4, -120.0, 60.0).recovery_s(0.01)
        };
        assert_eq!(of([0.0; 4]), 0.0);
        assert_eq!(of([50.0, 0.0, 0.0, 0.0]), 0.0, "before the drop");
        assert_eq!(of([0.0, 0.0, 50.0, 0.0]), 60.0);
        assert!(of([0.0, 0.0, 0.0, 50.0]).is_nan());
    }
}
