//! Sliding windows over intervals.

use std::ops::Range;

/// The width of a window, in seconds.
const WINDOW_S: f64 = 60.0;

/// Number of intervals that together are closest to a window, from 1 to `available`.
pub fn window_length(width_s: f64, available: usize) -> usize {
    ((WINDOW_S / width_s).round() as usize).clamp(1, available.max(1))
}

/// All windows of `length` intervals within `range`, each one interval after the one before.
pub fn windows(range: &Range<usize>, length: usize) -> impl DoubleEndedIterator<Item = Range<usize>> + Clone + use<> {
    (range.start..(range.end + 1).saturating_sub(length).max(range.start)).map(move |start| start..start + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_a_minute_or_all_available_intervals() {
        assert_eq!(
            [(10.0, 90), (25.0, 90), (60.0, 90), (900.0, 90), (10.0, 4), (10.0, 0), (0.0, 7)]
                .map(|(width_s, available)| window_length(width_s, available)),
            [6, 2, 1, 1, 4, 1, 7]
        );
        assert_eq!(windows(&(2..6), 3).collect::<Vec<_>>(), [2..5, 3..6]);
        assert_eq!(windows(&(2..4), 3).count(), 0);
    }
}
