//! Worst and plateau: the highest rate of a window, and the stretch around it that is as bad.

use super::{Counts, Frame, LEAST, WHOLE, Z};
use crate::oracle::table::Range;

/// A rate that is quoted, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Quoted {
    pub rate: f64,
    pub range: Range,
}

/// The highest rate of a window within a range that has enough attempts; the range as a whole if there is none.
pub fn worst(counts: &Counts, frame: &Frame, within: &Range) -> Option<Quoted> {
    let mut found: Option<Quoted> = None;
    for from in within.clone() {
        let range = from..from + frame.window;
        if range.end > within.end {
            break;
        }
        let (failed, ended) = counts.over(&range);
        if ended * frame.scale < LEAST - WHOLE {
            continue;
        }
        let rate = failed / ended;
        if found.as_ref().is_none_or(|worst| rate > worst.rate) {
            found = Some(Quoted { rate, range });
        }
    }
    found.or_else(|| Some(Quoted { rate: counts.rate(within)?, range: within.clone() }))
}

/// The stretch around the worst of which each window is as bad as the worst; `None` if it is shorter than four windows, or has
/// less than half of what failed in the trouble.
pub fn plateau(counts: &Counts, frame: &Frame, within: &Range, worst: &Quoted) -> Option<Quoted> {
    if worst.range.len() != frame.window {
        return None;
    }
    let near = |from: usize| {
        let range = from..from + frame.window;
        let (failed, ended) = counts.over(&range);
        let error = Z * (worst.rate * (1.0 - worst.rate) / (ended * frame.scale).max(1.0)).sqrt();
        let part = 0.15 * worst.rate.min(1.0 - worst.rate);
        ended > 0.0 && (failed / ended - worst.rate).abs() <= error.max(part).clamp(0.01, 0.1) + 1e-12
    };
    let (mut from, mut last) = (worst.range.start, worst.range.start);
    while from > within.start && near(from - 1) {
        from -= 1;
    }
    while last + 1 + frame.window <= within.end && near(last + 1) {
        last += 1;
    }
    let range = from..last + frame.window;
    let (held, all) = (counts.over(&range).0, counts.over(within).0);
    let is_told = range.len() >= 4 * frame.window && held >= 0.5 * all * (1.0 - 1e-12);
    is_told.then(|| counts.rate(&range).map(|rate| Quoted { rate, range })).flatten()
}

#[test]
fn the_worst_lies_within_its_trouble_and_a_short_trouble_is_told_as_a_whole() {
    let failed = vec![0.0, 10.0, 90.0, 95.0, 95.0, 95.0, 95.0, 95.0, 95.0, 95.0, 95.0, 20.0, 0.0, 0.0];
    let counts = Counts { sent: vec![100.0; 14], ended: vec![100.0; 14], failed, ..Counts::default() };
    let frame = Frame { window: 2, bound: 0.01, scale: 1.0, range: 0..14, wait_s: 10.0, interval_s: 10.0, run: 14 };
    let found = worst(&counts, &frame, &(1..12)).unwrap();
    assert_eq!(found, Quoted { rate: 0.95, range: 3..5 });
    assert_eq!(plateau(&counts, &frame, &(1..12), &found), Some(Quoted { rate: 850.0 / 900.0, range: 2..11 }));
    assert_eq!(worst(&counts, &frame, &(3..4)), Some(Quoted { rate: 0.95, range: 3..4 }));
}

#[test]
fn the_top_of_a_slow_rise_is_no_plateau() {
    let failed: Vec<f64> = (0..30).map(|index: u32| 100.0 * f64::from(index.min(26))).collect();
    let counts = Counts { sent: vec![1e4; 30], ended: vec![1e4; 30], failed, ..Counts::default() };
    let frame = Frame { window: 1, bound: 0.01, scale: 1.0, range: 0..30, wait_s: 10.0, interval_s: 60.0, run: 30 };
    let found = worst(&counts, &frame, &(1..30)).unwrap();
    assert_eq!(found, Quoted { rate: 0.26, range: 26..27 });
    assert_eq!(plateau(&counts, &frame, &(1..30), &found), None);
}
