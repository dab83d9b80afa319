//! The worst window of some intervals, and the plateau around it.

use std::ops::Range;

use super::frame::{ENOUGH, Frame};
use super::series::Series;
use super::wilson::BEYOND_CHANCE;

/// Difference of rates within which windows are about as bad, whatever their numbers, and beyond which they are not.
const LEAST_APART: f64 = 0.01;
const MOST_APART: f64 = 0.1;
/// Difference of rates as a share of the worst rate, or of what the worst rate leaves to 100%, within which windows are about as
/// bad: failures come in bursts, which chance alone does not account for.
const SHARE_APART: f64 = 0.15;
/// Part of the rate of a plateau from which on another window is nearly as bad.
const ALIKE: f64 = 0.9;
/// Share of the failures of a trouble that its plateau holds at least; one that holds less is the top of a rise or of a wave.
const LEAST_HELD: f64 = 0.5;

/// The highest error rate of a window.
#[derive(Clone, Debug, PartialEq)]
pub struct Worst {
    /// Share of the ended attempts that failed.
    pub rate: f64,
    /// Intervals of the window.
    pub at: Range<usize>,
    /// Start of the window, in seconds from the drop.
    pub from_s: f64,
    /// End of the window, in seconds from the drop.
    pub to_s: f64,
    /// Attempts that ended in the window, at full size.
    pub ended: f64,
    /// Attempts that failed in the window, at full size.
    pub failed: f64,
    /// Start of the stretch of which this is the worst window, in seconds from the drop.
    pub over_from_s: f64,
    /// End of that stretch, in seconds from the drop.
    pub over_to_s: f64,
    /// Whether the stretch has no window with enough ended attempts, so that this is the whole stretch.
    pub is_whole: bool,
}

impl Worst {
    /// Length of the window in seconds.
    pub fn window_s(&self) -> f64 {
        self.to_s - self.from_s
    }

    /// The worst window of the frame's length within a stretch, of those with enough ended attempts; of equals the first.
    pub fn window(series: &Series, frame: &Frame, stretch: &Range<usize>) -> Option<Worst> {
        let worst = windows(stretch, frame.window)
            .filter(|at| series.ended(at.clone()) >= ENOUGH)
            .map(|at| (series.rate(at.clone()), at))
            .reduce(|worst, next| if next.0 > worst.0 { next } else { worst });
        worst.map(|(_, at)| Worst::at(series, frame, at, stretch, false))
    }

    /// The worst window of a stretch, or the whole stretch if that has no window with enough ended attempts.
    pub fn of(series: &Series, frame: &Frame, stretch: &Range<usize>) -> Worst {
        let whole = || Worst::at(series, frame, stretch.clone(), stretch, true);
        Worst::window(series, frame, stretch).unwrap_or_else(whole)
    }

    fn at(series: &Series, frame: &Frame, at: Range<usize>, stretch: &Range<usize>, is_whole: bool) -> Worst {
        Worst {
            rate: series.rate(at.clone()),
            from_s: frame.time_s(at.start),
            to_s: frame.time_s(at.end),
            ended: series.ended(at.clone()) * frame.full(),
            failed: series.failed(at.clone()) * frame.full(),
            over_from_s: frame.time_s(stretch.start),
            over_to_s: frame.time_s(stretch.end),
            is_whole,
            at,
        }
    }
}

/// A stretch around the worst window in which all windows are about as bad, and in which most of the trouble's attempts fail.
#[derive(Clone, Debug, PartialEq)]
pub struct Plateau {
    /// Share of the attempts ended in the stretch that failed.
    pub rate: f64,
    /// Start, in seconds from the drop.
    pub from_s: f64,
    /// End, in seconds from the drop.
    pub to_s: f64,
    /// Attempts that ended in the stretch, at full size.
    pub ended: f64,
    /// Attempts that failed in the stretch, at full size.
    pub failed: f64,
    /// Seconds of the whole trouble in windows of which nearly as large a share of the attempts failed.
    pub alike_s: f64,
}

impl Plateau {
    /// The plateau around the worst window of a stretch, if it is at least four windows long and holds at least half of the
    /// failures of the stretch: each of its windows has ended attempts, however few, and a rate within a point of the worst, or
    /// up to ten points within seven standard errors or 15% of the worst rate or of its complement.
    pub fn of(series: &Series, frame: &Frame, stretch: &Range<usize>, worst: &Worst) -> Option<Plateau> {
        if worst.is_whole {
            return None;
        }
        let most = series.ended(worst.at.clone());
        let is_level = |start: usize| {
            let at = start..start + frame.window;
            let ended = series.ended(at.clone());
            let error = (worst.rate * (1.0 - worst.rate) / ended.max(most)).sqrt();
            let apart = (BEYOND_CHANCE * error).max(SHARE_APART * worst.rate.min(1.0 - worst.rate));
            // A window in which nothing ended has no rate, and is not level.
            (series.rate(at) - worst.rate).abs() <= apart.clamp(LEAST_APART, MOST_APART)
        };
        let last = stretch.end.saturating_sub(frame.window);
        let first = (stretch.start..worst.at.start).rev().take_while(|start| is_level(*start)).last();
        let final_ = (worst.at.start + 1..last + 1).take_while(|start| is_level(*start)).last();
        let at = first.unwrap_or(worst.at.start)..final_.unwrap_or(worst.at.start) + frame.window;
        let holds_most = series.failed(at.clone()) >= LEAST_HELD * series.failed(stretch.clone());
        let rate = series.rate(at.clone());
        let is_alike = |interval: &usize| {
            let start = (*interval).min(last).max(stretch.start);
            series.rate(start..start + frame.window) >= ALIKE * rate
        };
        let alike = stretch.clone().filter(is_alike).count();
        (at.len() >= 4 * frame.window && holds_most).then(|| Plateau {
            rate,
            alike_s: frame.length_s(alike),
            from_s: frame.time_s(at.start),
            to_s: frame.time_s(at.end),
            ended: series.ended(at.clone()) * frame.full(),
            failed: series.failed(at) * frame.full(),
        })
    }
}

/// All windows of `length` intervals within a stretch, each one interval after the one before.
pub(super) fn windows(stretch: &Range<usize>, length: usize) -> impl Iterator<Item = Range<usize>> + use<> {
    (stretch.start..(stretch.end + 1).saturating_sub(length).max(stretch.start)).map(move |start| start..start + length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::support::{frame, series};

    #[test]
    fn the_worst_window_lies_within_the_stretch_and_comes_first_of_equals() {
        let series = series(&[(1000.0, 900.0), (1000.0, 300.0), (4.0, 4.0), (1000.0, 300.0), (1000.0, 100.0)]);
        let frame = frame(5, 60.0, -60.0);
        let worst = Worst::of(&series, &frame, &(1..5));
        assert_eq!((worst.rate, worst.from_s, worst.to_s, worst.is_whole), (0.3, 0.0, 60.0, false));
        assert_eq!((worst.over_from_s, worst.over_to_s, worst.failed), (0.0, 240.0, 300.0));
        let few = Worst::of(&series, &frame, &(2..3));
        assert_eq!((few.rate, few.ended, few.is_whole), (1.0, 4.0, true));
        assert_eq!(Worst::window(&series, &frame, &(2..3)), None);
    }

    #[test]
    fn a_plateau_is_four_windows_about_as_bad_as_the_worst() {
        let minutes = |rates: &[f64]| series(&rates.iter().map(|rate| (10_000.0, 10_000.0 * rate)).collect::<Vec<_>>());
        let of = |rates: &[f64]| {
            let (series, frame) = (minutes(rates), frame(rates.len(), 60.0, 0.0));
            let all = 0..rates.len();
            Plateau::of(&series, &frame, &all, &Worst::of(&series, &frame, &all))
        };
        let plateau = of(&[0.2, 0.5, 0.495, 0.5, 0.49, 0.3]).unwrap();
        assert_eq!((plateau.from_s, plateau.to_s, plateau.alike_s), (60.0, 300.0, 240.0));
        let dip = of(&[0.5, 0.5, 0.5, 0.5, 0.5, 0.47, 0.5, 0.5, 0.2]).unwrap();
        assert_eq!((dip.to_s, dip.alike_s), (540.0 - 60.0, 540.0 - 60.0), "within seven standard errors");
        assert!((plateau.rate - 0.49625).abs() < 1e-12);
        assert_eq!(of(&[0.2, 0.5, 0.495, 0.5, 0.3]), None, "three windows");
        let bursts = of(&[0.05, 0.24, 0.21, 0.23, 0.22, 0.235, 0.05]).unwrap();
        assert_eq!((bursts.from_s, bursts.to_s), (60.0, 360.0), "within 15% of the worst");
        let rise: Vec<f64> = (0..30).map(|minute| 0.01 * f64::from(minute.min(26))).collect();
        assert_eq!(of(&rise), None, "the last five windows are level, but most of the failures come before them");
        let fading = series(&[(1000.0, 1000.0), (1000.0, 1000.0), (50.0, 50.0), (5.0, 5.0), (0.0, 0.0)]);
        let frame = frame(5, 60.0, 0.0);
        let plateau = Plateau::of(&fading, &frame, &(0..4), &Worst::of(&fading, &frame, &(0..4))).unwrap();
        assert_eq!(
            (plateau.from_s, plateau.to_s),
            (0.0, 240.0),
            "the last windows have few attempts, and all of these fail"
        );
    }
}
