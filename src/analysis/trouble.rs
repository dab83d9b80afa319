//! Stretches in which attempts fail beyond the bound.

use std::ops::Range;

use super::end::End;
use super::frame::{ENOUGH, Frame};
use super::series::Series;
use super::wilson::{BEYOND_CHANCE, wilson};
use super::worst::{Plateau, Worst};

/// Failed attempts, as simulated, from which on a stretch is trouble.
pub const LEAST_FAILED: f64 = 10.0;
/// Share of the failures below which a trouble is slight.
const SLIGHT: f64 = 0.02;

/// A stretch in which attempts fail beyond the bound.
#[derive(Clone, Debug, PartialEq)]
pub struct Trouble {
    /// Intervals of the stretch.
    pub at: Range<usize>,
    /// Begin, in seconds from the drop.
    pub begin_s: f64,
    /// End, in seconds from the drop.
    pub end_s: f64,
    /// Begin of the trouble.
    pub begin: Begin,
    /// End of the trouble.
    pub end: End,
    /// Seconds in intervals whose error rate exceeds the bound.
    pub above_s: f64,
    /// Attempts that ended in the stretch, at full size.
    pub ended: f64,
    /// Attempts that failed in the stretch, at full size.
    pub failed: f64,
    /// The worst window.
    pub worst: Worst,
    /// The plateau around the worst window, if there is one.
    pub plateau: Option<Plateau>,
}

/// Begin of a trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// In the first measured interval, which does not begin with the drop: it may have begun earlier.
    AtTheStart,
    /// Before the drop.
    BeforeTheDrop,
    /// With the drop or after it.
    AfterTheDrop,
}

impl Begin {
    /// The begin of a trouble or a stretch whose first interval is `interval`.
    pub(super) fn of(interval: usize, frame: &Frame) -> Begin {
        match frame.time_s(interval) {
            at if interval == frame.measured.start && at != 0.0 => Begin::AtTheStart,
            at if at < 0.0 => Begin::BeforeTheDrop,
            _ => Begin::AfterTheDrop,
        }
    }
}

impl Trouble {
    /// Length in seconds.
    pub fn length_s(&self) -> f64 {
        self.end_s - self.begin_s
    }

    /// Share of the attempts ended in the stretch that failed.
    pub fn rate(&self) -> f64 {
        self.failed / self.ended
    }

    fn of(series: &Series, frame: &Frame, at: &Range<usize>, until: usize) -> Trouble {
        let worst = Worst::of(series, frame, at);
        let above = at.clone().filter(|interval| series.is_above(*interval, frame.bound)).count();
        Trouble {
            begin_s: frame.time_s(at.start),
            end_s: frame.time_s(at.end),
            begin: Begin::of(at.start, frame),
            end: End::of(series, frame, at, until, Some(frame.bound)),
            above_s: frame.length_s(above),
            ended: series.ended(at.clone()) * frame.full(),
            failed: series.failed(at.clone()) * frame.full(),
            plateau: Plateau::of(series, frame, at, &worst),
            worst,
            at: at.clone(),
        }
    }
}

/// The troubles of the measured intervals in the order of time: those that are told, and those that are slight.
pub(super) fn troubles(series: &Series, frame: &Frame) -> (Vec<Trouble>, Vec<Trouble>) {
    let stretches = together(stretches(series, frame), frame);
    let untils = stretches.iter().skip(1).map(|next| next.start).chain([frame.measured.end]);
    let troubles: Vec<Trouble> =
        stretches.iter().zip(untils).map(|(at, until)| Trouble::of(series, frame, at, until)).collect();
    let failed: f64 = troubles.iter().map(|trouble| trouble.failed).sum();
    troubles.into_iter().partition(|trouble| trouble.failed >= SLIGHT * failed)
}

/// The stretches without calm, each trimmed to the part with the largest excess, that count as trouble.
fn stretches(series: &Series, frame: &Frame) -> Vec<Range<usize>> {
    let all = frame.measured.clone();
    let calm = calm(series, frame);
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut begin = all.start;
    while begin < all.end {
        if calm[begin - all.start] {
            begin += 1;
            continue;
        }
        let end = (begin..all.end).find(|at| calm[at - all.start]).unwrap_or(all.end);
        // A calm window may hold the edge of a trouble, so the stretch is sought a window further to both sides.
        let from = begin.saturating_sub(frame.window).max(found.last().map_or(all.start, |last| last.end));
        let until = (end + frame.window).min(all.end);
        found.extend(largest_excess(series, from..until, frame.bound).filter(|at| counts(series, at, frame.bound)));
        begin = end;
    }
    found
}

/// For each measured interval, whether it lies in a calm window: one with enough ended attempts whose rate keeps to the
/// bound. Where the frame's window has fewer attempts, it is as much longer as they take.
fn calm(series: &Series, frame: &Frame) -> Vec<bool> {
    let all = frame.measured.clone();
    let mut calm = vec![false; all.len()];
    let (mut end, mut told) = (all.start, all.start);
    for begin in all.clone() {
        end = end.max(begin + frame.window);
        while end <= all.end && series.ended(begin..end) < ENOUGH {
            end += 1;
        }
        if end > all.end {
            break;
        }
        let at = begin..end;
        if series.failed(at.clone()) <= frame.bound * series.ended(at) {
            calm[begin.max(told) - all.start..end - all.start].fill(true);
            told = end;
        }
    }
    calm
}

/// The part of some intervals in which the failures exceed the bound by most, of equals the first; it begins with an interval
/// in which attempts ended.
fn largest_excess(series: &Series, within: Range<usize>, bound: f64) -> Option<Range<usize>> {
    let (mut sum, mut begin) = (0.0, within.start);
    let (mut most, mut part) = (0.0, None);
    for interval in within {
        if sum <= 0.0 {
            (sum, begin) = (0.0, interval);
        }
        sum += series.excess(interval, bound);
        if sum > most + 1e-12 {
            (most, part) = (sum, Some(begin..interval + 1));
        }
    }
    let part = part?;
    let begin = part.clone().find(|interval| series.ended(*interval..interval + 1) > 0.0)?;
    Some(begin..part.end)
}

/// Whether a stretch is trouble: enough failures, and a rate above the bound beyond chance.
fn counts(series: &Series, at: &Range<usize>, bound: f64) -> bool {
    let (failed, ended) = (series.failed(at.clone()), series.ended(at.clone()));
    failed >= LEAST_FAILED && wilson(failed, ended, BEYOND_CHANCE).0 > bound
}

/// Stretches, with those made one that lie closer than a window, a hundredth of the run or a quarter of the longer of both.
pub(super) fn together(mut stretches: Vec<Range<usize>>, frame: &Frame) -> Vec<Range<usize>> {
    loop {
        let before = stretches.len();
        let mut one: Vec<Range<usize>> = Vec::with_capacity(before);
        for next in stretches {
            match one.last_mut() {
                Some(last) if is_close(last, &next, frame) => last.end = next.end,
                _ => one.push(next),
            }
        }
        // A stretch that has grown may be close to the one before it.
        if one.len() == before {
            return one;
        }
        stretches = one;
    }
}

fn is_close(last: &Range<usize>, next: &Range<usize>, frame: &Frame) -> bool {
    let gap = (next.start - last.end) as f64;
    let longer = last.len().max(next.len()) as f64;
    gap < (frame.window as f64).max(0.01 * frame.measured.len() as f64).max(0.25 * longer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::support::{frame, series};

    /// The troubles of a run of minutes with these ended and failed attempts, told and slight.
    fn of(minutes: &[(f64, f64)]) -> (Vec<Trouble>, Vec<Trouble>) {
        troubles(&series(minutes), &frame(minutes.len(), 60.0, 0.0))
    }

    /// Ten calm minutes, then some, then ten calm ones.
    fn between(minutes: &[(f64, f64)]) -> Vec<(f64, f64)> {
        [&[(1000.0, 1.0); 10], minutes, &[(1000.0, 1.0); 10]].concat()
    }

    #[test]
    fn a_trouble_is_the_stretch_in_which_failures_exceed_the_bound() {
        let (told, slight) = of(&between(&[(1000.0, 400.0), (1000.0, 900.0), (1000.0, 15.0), (1000.0, 200.0)]));
        let [trouble] = told.as_slice() else { panic!("{told:?}") };
        assert_eq!((trouble.begin_s, trouble.end_s, trouble.above_s, slight.len()), (600.0, 840.0, 240.0, 0));
        assert_eq!((trouble.ended, trouble.failed, trouble.worst.rate), (4000.0, 1515.0, 0.9));
        assert_eq!(trouble.end, End::Over { attempts_after: 10_000.0, rate_after: 0.001 });
        assert_eq!((trouble.begin, trouble.plateau.is_none()), (Begin::AfterTheDrop, true));
    }

    #[test]
    fn few_failures_and_chance_are_no_trouble() {
        assert_eq!(of(&between(&[(9.0, 9.0)])).0, [], "nine failures");
        assert_eq!(of(&between(&[(1000.0, 12.0)])).0, [], "within chance of the bound");
        assert_eq!(of(&[(0.0, 0.0); 30]).0, []);
        assert_eq!(of(&[]).0, []);
    }

    #[test]
    fn troubles_apart_are_two_and_close_ones_are_one() {
        let bad = [(1000.0, 500.0); 8];
        let apart = [&bad[..], &[(1000.0, 0.0); 2], &bad].concat();
        let (told, _) = of(&between(&apart));
        assert_eq!(told.iter().map(|trouble| trouble.begin_s).collect::<Vec<_>>(), [600.0, 1200.0]);
        assert_eq!(told[0].end, End::Over { attempts_after: 2000.0, rate_after: 0.0 });
        // One minute is under a quarter of eight.
        let close = [&bad[..], &[(1000.0, 0.0); 1], &bad].concat();
        assert_eq!(of(&between(&close)).0.len(), 1);
    }

    #[test]
    fn a_slight_trouble_is_counted_and_not_told() {
        let (told, slight) = of(&between(&[&[(1000.0, 900.0); 9][..], &[(1000.0, 0.0); 9], &[(200.0, 60.0)]].concat()));
        assert_eq!((told.len(), slight.len(), slight[0].failed), (1, 1, 60.0));
    }

    #[test]
    fn the_begin_is_told_apart_from_the_start_of_the_run() {
        let minutes = [[(1000.0, 900.0); 5], [(1000.0, 0.0); 5]].concat();
        let begin = |from_s: f64| troubles(&series(&minutes), &frame(minutes.len(), 60.0, from_s)).0[0].begin;
        assert_eq!((begin(0.0), begin(-120.0)), (Begin::AfterTheDrop, Begin::AtTheStart));
        let (told, _) = of(&minutes);
        assert_eq!(told[0].end_s, 300.0);
        let later = [&[(1000.0, 0.0)][..], &minutes].concat();
        assert_eq!(troubles(&series(&later), &frame(later.len(), 60.0, -120.0)).0[0].begin, Begin::BeforeTheDrop);
    }

    #[test]
    fn with_sparse_attempts_calm_takes_longer_windows() {
        // Ten attempts a minute: no minute has enough of them, ten minutes have.
        let minutes = [[(10.0, 0.0); 20], [(10.0, 10.0); 20], [(10.0, 0.0); 20]].concat();
        let (told, _) = of(&minutes);
        assert_eq!(told.iter().map(|trouble| (trouble.begin_s, trouble.end_s)).collect::<Vec<_>>(), [(1200.0, 2400.0)]);
        assert_eq!((told[0].worst.is_whole, told[0].worst.rate), (true, 1.0));
        assert!(told[0].end.is_over());
    }

    /// The slow twin: every window and every part is tried.
    #[test]
    fn the_fast_way_finds_what_the_slow_way_finds() {
        use crate::random::{Key, Purpose};
        for case in 0..300 {
            let draw = |at: u64| Key::root(11, case).with(at).draw(Purpose::Service).uniform();
            let (mut level, mut minutes) = (0.0, Vec::new());
            for at in 0..60 {
                if draw(3 * at) < 0.2 {
                    level = if draw(3 * at + 1) < 0.5 { 0.0 } else { draw(3 * at + 1) };
                }
                let ended = (400.0 * draw(3 * at + 2)).round();
                minutes.push((ended, (ended * level * draw(1000 + at)).round()));
            }
            let (series, frame) = (series(&minutes), frame(minutes.len(), 60.0, 0.0));
            assert_eq!(calm(&series, &frame), slow_calm(&minutes, &frame), "case {case}");
            let fast = largest_excess(&series, 0..minutes.len(), frame.bound);
            let excess = |at: &Range<usize>| at.clone().map(|i| minutes[i].1 - 0.01 * minutes[i].0).sum::<f64>();
            let parts = (0..60).flat_map(|begin| (begin + 1..61).map(move |end| begin..end));
            let most = parts.map(|part| excess(&part)).fold(0.0, f64::max);
            assert!((fast.map_or(0.0, |part| excess(&part)) - most).abs() < 1e-6, "case {case}");
        }
    }

    fn slow_calm(minutes: &[(f64, f64)], frame: &Frame) -> Vec<bool> {
        let mut calm = vec![false; minutes.len()];
        for begin in 0..minutes.len() {
            let sum = |end: usize| minutes[begin..end].iter().fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
            let end = (begin + frame.window..=minutes.len()).find(|end| sum(*end).0 >= ENOUGH);
            if let Some(end) = end.filter(|end| sum(*end).1 <= frame.bound * sum(*end).0) {
                calm[begin..end].fill(true);
            }
        }
        calm
    }
}
