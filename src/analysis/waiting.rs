//! Attempts that nobody answers for long.

use std::ops::Range;

use super::end::End;
use super::frame::Frame;
use super::series::Series;
use super::trouble::{Begin, together};
use crate::units::Span;

/// Attempts, as simulated, that must wait for it to be trouble.
const LEAST: f64 = 10.0;
/// Share of the last minute's attempts that must wait for it to be trouble.
const SHARE: f64 = 0.01;
/// The time whose attempts those that wait are compared with.
const MINUTE: Span = Span(60_000_000_000);

/// Attempts without an answer, over the measured intervals.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Waiting {
    /// Stretches in which at the end of each interval more than 1% of the last minute's attempts wait too long.
    pub stretches: Vec<Wait>,
    /// Attempts that at one time wait too long, at least, at full size.
    pub most: f64,
    /// That time, in seconds from the drop.
    pub most_at_s: f64,
    /// Attempts under way when the measured intervals end, at full size.
    pub under_way_at_the_end: f64,
    /// Seconds that some attempt waits, at least.
    pub longest_s: f64,
}

/// A stretch in which attempts wait too long.
#[derive(Clone, Debug, PartialEq)]
pub struct Wait {
    /// Intervals of the stretch.
    pub at: Range<usize>,
    /// Begin, in seconds from the drop.
    pub begin_s: f64,
    /// End, in seconds from the drop.
    pub end_s: f64,
    /// Begin of the stretch.
    pub begin: Begin,
    /// End of the stretch.
    pub end: End,
    /// Attempts that at one time of the stretch wait too long, at least, at full size.
    pub most: f64,
}

impl Waiting {
    /// The waiting of a series.
    pub fn of(series: &Series, frame: &Frame) -> Waiting {
        let (all, age) = (frame.measured.clone(), frame.intervals_of(frame.wait_bound));
        let minute = ((MINUTE.0 as f64 / frame.width.0.max(1) as f64).round() as usize).max(1);
        let waits = |interval: usize| {
            let (late, lately) = (late(series, interval, age), interval + 1 - minute.min(interval + 1)..interval + 1);
            late >= LEAST && late > SHARE * series.sent(lately)
        };
        let stretches = together(runs_of(all.clone(), waits), frame);
        let untils = stretches.iter().skip(1).map(|next| next.start).chain([all.end]);
        let wait = |(at, until): (&Range<usize>, usize)| Wait {
            begin_s: frame.time_s(at.start),
            end_s: frame.time_s(at.end),
            begin: Begin::of(at.start, frame),
            end: End::of(series, frame, at, until, None),
            most: most(series, at.clone(), age).1 * frame.full(),
            at: at.clone(),
        };
        let (interval, most) = most(series, all.clone(), age);
        Waiting {
            stretches: stretches.iter().zip(untils).map(wait).collect(),
            most: most * frame.full(),
            most_at_s: frame.time_s(interval + 1),
            under_way_at_the_end: series.under_way(all.end) * frame.full(),
            longest_s: frame.length_s(longest(series, &all)),
        }
    }

    /// The first begin of a stretch, in seconds from the drop.
    pub fn begin_s(&self) -> Option<f64> {
        self.stretches.first().map(|wait| wait.begin_s)
    }
}

/// Attempts that at the end of an interval wait too long, at least.
fn late(series: &Series, interval: usize, age: usize) -> f64 {
    series.under_way_since(interval + 1, age)
}

/// The interval of some at whose end most attempts wait too long, of equals the first, and how many.
fn most(series: &Series, of: Range<usize>, age: usize) -> (usize, f64) {
    let first = of.start;
    let each = of.map(|interval| (interval, late(series, interval, age)));
    each.fold((first, 0.0), |most, next| if next.1 > most.1 { next } else { most })
}

/// Maximal runs of intervals for which something is so.
pub(crate) fn runs_of(all: Range<usize>, is_so: impl Fn(usize) -> bool) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for interval in all.filter(|interval| is_so(*interval)) {
        match runs.last_mut() {
            Some(last) if last.end == interval => last.end += 1,
            _ => runs.push(interval..interval + 1),
        }
    }
    runs
}

/// The most intervals that an attempt is certain to be under way within the measured ones. Both sums grow, so one pass over
/// both is enough.
fn longest(series: &Series, all: &Range<usize>) -> usize {
    let (mut longest, mut oldest) = (0, 0);
    for at in all.start..all.end + 1 {
        while oldest < at && series.under_way_since(at, at - oldest) <= 0.0 {
            oldest += 1;
        }
        longest = longest.max(at - oldest);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::support::frame;

    fn of(intervals: &[[f64; 3]]) -> Waiting {
        Waiting::of(&Series::new(intervals.iter().copied()), &frame(intervals.len(), 5.0, 0.0))
    }

    #[test]
    fn attempts_wait_that_were_sent_ten_seconds_ago_and_have_not_ended() {
        // 100 attempts every 5 s, of which none ends from 10 s to 30 s; then all do.
        let mut intervals = vec![[100.0, 100.0, 0.0]; 12];
        for interval in &mut intervals[2..6] {
            interval[1] = 0.0;
        }
        intervals[6][1] = 500.0;
        let waiting = of(&intervals);
        assert_eq!((waiting.most, waiting.most_at_s, waiting.under_way_at_the_end), (200.0, 30.0, 0.0));
        let [wait] = waiting.stretches.as_slice() else { panic!("{waiting:?}") };
        // At 25 s the attempts of 10 s to 15 s have waited for 10 s.
        assert_eq!((wait.begin_s, wait.end_s, wait.most), (20.0, 30.0, 200.0));
        assert!(wait.end.is_over() && wait.begin == Begin::AfterTheDrop);
        assert_eq!(waiting.longest_s, 15.0);
    }

    #[test]
    fn who_waits_until_the_end_is_not_over_and_few_are_no_trouble() {
        let waiting = of(&[[100.0, 0.0, 0.0]; 6]);
        assert!(matches!(waiting.stretches[0].end, End::NotOver { .. }));
        assert_eq!((waiting.under_way_at_the_end, waiting.longest_s), (600.0, 25.0));
        assert_eq!(of(&[[1.0, 0.0, 0.0]; 6]).stretches, [], "under ten");
        let mut many = [[10_000.0, 10_000.0, 0.0]; 12];
        many[0][1] = 9_950.0;
        assert_eq!(of(&many).stretches, [], "under a hundredth of a minute's attempts");
        assert_eq!((of(&[]).stretches, of(&[]).most), (Vec::new(), 0.0));
    }
}
