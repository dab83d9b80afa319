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
    /// How the trouble begins.
    pub begin: Begin,
    /// How the trouble ends.
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

/// How a trouble begins.
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
    /// How something begins that begins with an interval.
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
pub(super) fn together(stretches: Vec<Range<usize>>, frame: &Frame) -> Vec<Range<usize>> {
    let mut one: Vec<Range<usize>> = Vec::new();
    for next in stretches {
        match one.last_mut() {
            Some(last) if is_close(last, &next, frame) => last.end = next.end,
            _ => one.push(next),
        }
    }
    one
}

fn is_close(last: &Range<usize>, next: &Range<usize>, frame: &Frame) -> bool {
    let gap = (next.start - last.end) as f64;
    let longer = last.len().max(next.len()) as f64;
    gap < (frame.window as f64).max(0.01 * frame.measured.len() as f64).max(0.25 * longer)
}
