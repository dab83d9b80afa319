//! The window over which rates are told.

use crate::units::{NANOS_PER_SECOND, Span};

/// Widths of windows that read well, in seconds: up to half a minute, minutes, hours.
const ROUND_S: [f64; 23] = [
    0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1_200.0, 1_800.0, 3_600.0,
    7_200.0, 10_800.0, 21_600.0, 43_200.0, 86_400.0,
];

/// The widest window that a run of any length needs, in seconds.
const ENOUGH_S: f64 = 60.0;

/// The window of a run of `intervals` intervals of this width, in intervals: the smallest round width that is a whole number
/// of intervals and at least the lesser of a minute and a thirtieth of the run.
///
/// An interval that is at least as long is its own window. Where no round width is a whole number of intervals, the window
/// is the smallest number of intervals that is long enough.
pub fn window(width: Span, intervals: usize) -> usize {
    let width = width.0.max(1);
    let least = (ENOUGH_S * NANOS_PER_SECOND).min(intervals as f64 * width as f64 / 30.0);
    if width as f64 >= least {
        return 1;
    }
    let nanos = |seconds: f64| (seconds * NANOS_PER_SECOND).round() as i64;
    let round =
        ROUND_S.iter().map(|seconds| nanos(*seconds)).find(|round| *round as f64 >= least && round % width == 0);
    let length = round.map_or_else(|| (least / width as f64).ceil() as usize, |round| (round / width) as usize);
    if length <= intervals { length } else { (least / width as f64).ceil() as usize }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The window in seconds.
    fn of(width_s: f64, run_s: f64) -> f64 {
        window(Span::from_seconds(width_s), (run_s / width_s).round() as usize) as f64 * width_s
    }

    #[test]
    fn a_window_is_round_and_whole_intervals() {
        for (width_s, run_s, window_s) in [
            (10.0, 7_200.0, 60.0),
            (1.0, 600.0, 20.0),
            (1.0, 60.0, 2.0),
            (0.1, 10.0, 0.5),
            (15.0, 3_600.0, 60.0),
            (20.0, 1_200.0, 60.0),
            (60.0, 86_400.0, 60.0),
            (25.0, 3_600.0, 300.0),
            (7.0, 3_500.0, 63.0),
            (45.0, 86_400.0, 900.0),
        ] {
            assert!((of(width_s, run_s) - window_s).abs() < 1e-9, "{width_s} {run_s}: {}", of(width_s, run_s));
        }
    }

    #[test]
    fn longer_intervals_are_their_own_window() {
        assert_eq!(
            [of(90.0, 90_000.0), of(900.0, 86_400.0), of(30.0, 600.0), of(60.0, 60.0)],
            [90.0, 900.0, 30.0, 60.0]
        );
    }
}
