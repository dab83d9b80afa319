//! Whether a run fails at the same rate throughout.

use std::ops::Range;

use super::frame::{ENOUGH, Frame};
use super::series::Series;
use super::trouble::LEAST_FAILED;
use super::wilson::{BEYOND_CHANCE, wilson};
use super::worst::windows;

/// Parts of equal numbers of attempts that are compared with the whole.
const PARTS: f64 = 10.0;
/// Share of the failures, and of the time, that windows which do not fit may hold at most. The share of the time tells a
/// crowd that fails within one hour of six from a run that fails throughout.
const ODD: f64 = 0.2;
/// Share of the time that attempts must span.
const SPAN: f64 = 0.9;

/// A rate at which attempts fail throughout.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Steady {
    /// Share of the ended attempts that failed.
    pub rate: f64,
    /// Position of the rate relative to the bound.
    pub level: Level,
}

/// Position of a rate relative to a bound, beyond chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Above the bound.
    Above,
    /// So close to the bound that chance may have put the rate on either side.
    About,
    /// Below the bound.
    Within,
}

impl Level {
    /// The word for the level in claims.
    pub fn word(self) -> &'static str {
        match self {
            Level::Above => "above",
            Level::About => "about",
            Level::Within => "within",
        }
    }

    fn of(failed: f64, ended: f64, bound: f64) -> Level {
        match wilson(failed, ended, BEYOND_CHANCE) {
            (low, _) if low > bound => Level::Above,
            (_, high) if high < bound => Level::Within,
            _ => Level::About,
        }
    }
}

impl Steady {
    /// The steady rate of the measured intervals, if it is one.
    pub fn of(series: &Series, frame: &Frame) -> Option<Steady> {
        let all = frame.measured.clone();
        let (ended, failed) = (series.ended(all.clone()), series.failed(all.clone()));
        let enough = ended >= PARTS * ENOUGH && failed >= LEAST_FAILED;
        let rate = failed / ended;
        let steady = enough && spans(series, &all) && parts_fit(series, &all, rate) && windows_fit(series, frame, rate);
        steady.then(|| Steady { rate, level: Level::of(failed, ended, frame.bound) })
    }
}

/// Whether attempts span most of the time.
fn spans(series: &Series, all: &Range<usize>) -> bool {
    let is_on = |interval: &usize| series.ended(*interval..interval + 1) > 0.0;
    match (all.clone().find(is_on), all.clone().rev().find(is_on)) {
        (Some(first), Some(last)) => (last + 1 - first) as f64 >= SPAN * all.len() as f64,
        _ => false,
    }
}

/// Whether ten parts of equal numbers of attempts are each within a quarter of the rate, or within chance of it. Long
/// intervals may leave fewer parts, at least five.
fn parts_fit(series: &Series, all: &Range<usize>, rate: f64) -> bool {
    let (mut begin, mut parts) = (all.start, 0.0);
    let whole = series.ended(all.clone());
    for interval in all.clone() {
        let until = series.ended(all.start..interval + 1);
        if until >= whole / PARTS * (parts + 1.0) - 1e-9 {
            let part = begin..interval + 1;
            if !fits(series.failed(part.clone()), series.ended(part), rate, [0.75, 1.25]) {
                return false;
            }
            (begin, parts) = (interval + 1, parts + 1.0);
        }
    }
    parts >= PARTS / 2.0
}

/// Whether windows are within half to double of the rate, or within chance of it: the first, the last, and all others but
/// for some that together hold a fifth of the failures and of the time.
fn windows_fit(series: &Series, frame: &Frame, rate: f64) -> bool {
    let all = &frame.measured;
    let does = |at: Range<usize>| fits(series.failed(at.clone()), series.ended(at), rate, [0.5, 2.0]);
    let ends = [all.start..all.start + frame.window, all.end - frame.window..all.end];
    if !ends.into_iter().all(does) {
        return false;
    }
    let (mut failed, mut intervals, mut told) = (0.0, 0, all.start);
    for at in windows(all, frame.window).filter(|at| !does(at.clone())) {
        let untold = at.start.max(told)..at.end;
        (failed, intervals) = (failed + series.failed(untold.clone()), intervals + untold.len());
        told = at.end;
    }
    failed <= ODD * series.failed(all.clone()) && intervals as f64 <= ODD * all.len() as f64
}

/// Whether a part's rate is between these multiples of the rate, or the rate within chance of the part's.
fn fits(failed: f64, ended: f64, rate: f64, [low, high]: [f64; 2]) -> bool {
    if ended <= 0.0 {
        return true;
    }
    let share = failed / ended;
    let by_chance = || {
        let (least, most) = wilson(failed, ended, BEYOND_CHANCE);
        least <= rate && rate <= most
    };
    (low * rate <= share && share <= high * rate) || by_chance()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::support::{frame, series};

    fn of(minutes: &[(f64, f64)]) -> Option<Level> {
        Steady::of(&series(minutes), &frame(minutes.len(), 60.0, 0.0)).map(|steady| steady.level)
    }

    #[test]
    fn the_same_rate_throughout_is_steady_and_lies_to_the_bound() {
        assert_eq!(of(&[(10_000.0, 50.0); 60]), Some(Level::Within));
        assert_eq!(of(&[(10_000.0, 100.0); 60]), Some(Level::About));
        assert_eq!(of(&[(10_000.0, 200.0); 60]), Some(Level::Above));
        assert_eq!(of(&[(10_000.0, 10_000.0); 60]), Some(Level::Above));
        let steady = Steady::of(&series(&[(10_000.0, 150.0); 60]), &frame(60, 60.0, 0.0)).unwrap();
        assert_eq!(steady.rate, 0.015);
    }

    #[test]
    fn a_rate_that_changes_is_not_steady() {
        let calm = [(10_000.0, 0.0); 30];
        assert_eq!(of(&[&calm[..], &[(10_000.0, 400.0); 30]].concat()), None, "half and half");
        assert_eq!(of(&[&[(10_000.0, 900.0)], &[(10_000.0, 200.0); 59][..]].concat()), None, "the first window");
        assert_eq!(of(&[&[(10_000.0, 200.0); 40], &[(0.0, 0.0); 20][..]].concat()), None, "silence at the end");
        let few_later = [&[(10_000.0, 9_800.0); 20][..], &[(10.0, 0.0); 39], &[(10.0, 10.0)]].concat();
        assert_eq!(of(&few_later), None, "nearly all attempts within a third of the time");
        assert_eq!(of(&[(10.0, 1.0); 60]), None, "under 1,000 attempts");
        assert_eq!(of(&[(10_000.0, 0.0); 60]), None, "nothing fails");
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn some_windows_may_be_odd_if_they_hold_few_failures() {
        let mut minutes = vec![(10_000.0, 200.0); 60];
        minutes[30] = (10_000.0, 450.0);
        assert_eq!(of(&minutes), Some(Level::Above));
    }
}
