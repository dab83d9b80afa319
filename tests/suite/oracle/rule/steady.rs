//! Steady: whether the failures of a run are spread so evenly that nothing happened.

use super::wilson::wilson;
use super::{Counts, Frame, WHOLE, Z};
use crate::oracle::table::Range;

/// Where a steady rate lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Above,
    About,
    Within,
}

/// The rate of a steady run, and where it lies by the bound.
#[derive(Clone, Debug, PartialEq)]
pub struct Steady {
    pub rate: f64,
    pub level: Level,
    /// From the first to the last interval in which attempts ended.
    pub range: Range,
}

impl Level {
    pub fn word(self) -> &'static str {
        match self {
            Level::Above => "above",
            Level::About => "about",
            Level::Within => "within",
        }
    }
}

/// Whether a rate may be that of the run: it lies within a factor of it, or misses it by chance.
fn fits(counts: &Counts, range: &Range, rate: f64, (least, most): (f64, f64), scale: f64) -> bool {
    let (failed, ended) = counts.over(range);
    if ended <= 0.0 {
        return true;
    }
    let share = failed / ended;
    if share >= least * rate - 1e-12 && share <= most * rate + 1e-12 {
        return true;
    }
    let (low, high) = wilson(failed * scale, ended * scale, Z);
    low <= rate && rate <= high
}

/// Ten parts with equal numbers of attempts, each of whole intervals; fewer where intervals are long.
fn parts(counts: &Counts, range: &Range) -> Vec<Range> {
    let total: f64 = counts.ended[range.clone()].iter().sum();
    let (mut parts, mut from, mut sum) = (Vec::new(), range.start, 0.0);
    for index in range.clone() {
        sum += counts.ended[index];
        if sum >= total * (parts.len() + 1) as f64 / 10.0 - 1e-9 {
            parts.push(from..index + 1);
            from = index + 1;
        }
    }
    parts
}

/// Parts that long intervals leave at least.
const PARTS: usize = 5;
/// Attempts that ended and failures, as simulated, from which on a rate can be steady.
const ENOUGH: (f64, f64) = (1000.0, 10.0);

/// The steady rate of a scope; `None` if the scope is not steady, or hardly anything fails.
pub fn steady(counts: &Counts, frame: &Frame) -> Option<Steady> {
    let ended = |index: &usize| counts.ended[*index] > 0.0;
    let first = frame.range.clone().find(ended)?;
    let last = frame.range.clone().rev().find(ended)?;
    let range = first..last + 1;
    if (range.len() as f64) < 0.9 * frame.range.len() as f64 {
        return None;
    }
    let (failed, of) = counts.over(&range);
    let rate = failed / of;
    if failed * frame.scale < ENOUGH.1 - WHOLE || of * frame.scale < ENOUGH.0 - WHOLE {
        return None;
    }
    let parts = parts(counts, &range);
    if parts.len() < PARTS || !parts.iter().all(|part| fits(counts, part, rate, (0.75, 1.25), frame.scale)) {
        return None;
    }
    let fits = |window: &Range| fits(counts, window, rate, (0.5, 2.0), frame.scale);
    let (start, end) = (frame.range.start, frame.range.end);
    if !fits(&(start..start + frame.window)) || !fits(&(end - frame.window..end)) {
        return None;
    }
    let mut apart = vec![false; end];
    for window in (start..end + 1 - frame.window).map(|from| from..from + frame.window) {
        if !fits(&window) {
            apart[window].fill(true);
        }
    }
    let failed_apart: f64 = frame.range.clone().filter(|index| apart[*index]).map(|index| counts.failed[index]).sum();
    let time_apart = apart.iter().filter(|is_apart| **is_apart).count();
    if failed_apart > failed / 5.0 + 1e-9 || 5 * time_apart > frame.range.len() {
        return None;
    }
    let (low, high) = wilson(failed * frame.scale, of * frame.scale, Z);
    let level = match frame.bound {
        bound if low > bound => Level::Above,
        bound if high <= bound => Level::Within,
        _ => Level::About,
    };
    Some(Steady { rate, level, range })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(failed: Vec<f64>) -> Option<Steady> {
        let run = failed.len();
        let counts = Counts { sent: vec![1e3; run], ended: vec![1e3; run], failed, ..Counts::default() };
        steady(
            &counts,
            &Frame { window: 3, bound: 0.01, scale: 1.0, range: 0..run, wait_s: 10.0, interval_s: 10.0, run },
        )
    }

    #[test]
    fn an_even_rate_is_steady_and_its_level_is_decided_by_its_interval() {
        assert_eq!(judged(vec![5.0; 200]).unwrap().level, Level::Within);
        assert_eq!(judged(vec![10.0; 200]).unwrap().level, Level::About);
        assert_eq!(judged(vec![20.0; 200]).unwrap().level, Level::Above);
        assert_eq!(judged(vec![0.0; 200]), None);
    }

    #[test]
    fn what_happens_in_a_part_of_the_run_is_not_steady() {
        let mut failed = vec![50.0; 200];
        failed[100..120].fill(700.0);
        assert_eq!(judged(failed), None);
        let mut failed = vec![50.0; 200];
        failed[..3].fill(900.0);
        assert_eq!(judged(failed), None);
    }
}
