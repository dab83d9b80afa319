//! Trouble: stretches without calm in which the bound is exceeded for certain.

use super::wilson::wilson;
use super::{Frame, LEAST, WHOLE, Z};
use crate::oracle::table::{Range, Scope, Table};

/// Failures from which a stretch counts as trouble, counted as simulated.
const FAILURES: f64 = 10.0;

/// What was sent and what ended in each interval of one scope, at full size.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    pub sent: Vec<f64>,
    pub ended: Vec<f64>,
    pub failed: Vec<f64>,
    /// What ended and is in no rate, since another copy was served; empty where nothing was.
    pub cancelled: Vec<f64>,
}

/// A stretch of intervals in which the error rate is too high.
#[derive(Clone, Debug, PartialEq)]
pub struct Trouble {
    pub range: Range,
    pub ended: f64,
    pub failed: f64,
}

impl Counts {
    pub fn of(table: &Table, scope: &Scope) -> Option<Counts> {
        let clean = |name: &str| {
            let column = table.column(scope, name)?;
            Some(column.into_iter().map(|value| if value.is_nan() { 0.0 } else { value }).collect::<Vec<f64>>())
        };
        let mut sent = clean("attempts")?;
        // What a client kept back ends in all scopes but pools, and was asked for there.
        if scope.pool.is_none() {
            let refused = clean("refused").unwrap_or_else(|| vec![0.0; sent.len()]);
            sent.iter_mut().zip(refused).for_each(|(sent, refused)| *sent += refused);
        }
        let cancelled = clean("cancelled").unwrap_or_default();
        Some(Counts { sent, ended: clean("ended")?, failed: clean("errors")?, cancelled })
    }

    /// The sums of what failed and of what ended over a range.
    pub fn over(&self, range: &Range) -> (f64, f64) {
        (self.failed[range.clone()].iter().sum(), self.ended[range.clone()].iter().sum())
    }

    /// The share of failures over a range; `None` where nothing ended.
    pub fn rate(&self, range: &Range) -> Option<f64> {
        let (failed, ended) = self.over(range);
        (ended > 0.0).then(|| failed / ended)
    }

    pub fn sent(&self, range: &Range) -> f64 {
        self.sent[range.clone()].iter().sum()
    }

    fn trouble(&self, range: Range) -> Trouble {
        let (failed, ended) = self.over(&range);
        Trouble { range, ended, failed }
    }
}

/// The calm window that begins at an interval: a window, or as much more as 100 attempts take, whose rate keeps to the bound.
fn calm_window(counts: &Counts, frame: &Frame, from: usize) -> Option<Range> {
    let mut end = from + frame.window;
    if end > frame.range.end {
        return None;
    }
    let (mut failed, mut ended) = counts.over(&(from..end));
    while ended * frame.scale < LEAST - WHOLE {
        if end == frame.range.end {
            return None;
        }
        (failed, ended, end) = (failed + counts.failed[end], ended + counts.ended[end], end + 1);
    }
    // The share of two whole numbers is compared without a division, so that a rate of exactly the bound keeps to it.
    (failed <= frame.bound * ended * (1.0 + 1e-12)).then_some(from..end)
}

/// The stretches of intervals that lie in no calm window.
fn without_calm(counts: &Counts, frame: &Frame) -> Vec<Range> {
    let mut calm = vec![false; frame.range.end];
    for window in frame.range.clone().filter_map(|from| calm_window(counts, frame, from)) {
        calm[window].fill(true);
    }
    let mut found: Vec<Range> = Vec::new();
    for index in frame.range.clone().filter(|index| !calm[*index]) {
        match found.last_mut() {
            Some(last) if last.end == index => last.end += 1,
            _ => found.push(index..index + 1),
        }
    }
    found
}

/// The part of a stretch in which failures most exceed what the bound allows; none if they never do.
fn trimmed(counts: &Counts, stretch: Range, bound: f64) -> Option<Range> {
    let (mut best, mut found) = (0.0, None);
    let (mut sum, mut from) = (0.0, stretch.start);
    for index in stretch {
        if sum <= 0.0 {
            (sum, from) = (0.0, index);
        }
        sum += counts.failed[index] - bound * counts.ended[index];
        if sum > best + 1e-9 {
            (best, found) = (sum, Some(from..index + 1));
        }
    }
    // It begins with an interval in which attempts ended.
    let found = found?;
    let begin = found.clone().find(|index| counts.ended[*index] > 0.0)?;
    Some(begin..found.end)
}

/// Every trouble of a scope, slight ones too, in the order of time.
pub fn troubles(counts: &Counts, frame: &Frame) -> Vec<Trouble> {
    let mut found: Vec<Range> = Vec::new();
    for stretch in without_calm(counts, frame) {
        // An edge of the trouble may lie in a calm window, so it is sought a window further to both sides.
        let before = found.last().map_or(frame.range.start, |last| last.end);
        let from = stretch.start.saturating_sub(frame.window).max(before);
        let wide = from..(stretch.end + frame.window).min(frame.range.end);
        let Some(range) = trimmed(counts, wide, frame.bound) else { continue };
        let (failed, ended) = counts.over(&range);
        let (failed, ended) = (failed * frame.scale, ended * frame.scale);
        if failed >= FAILURES - WHOLE && wilson(failed, ended, Z).0 > frame.bound {
            found.push(range);
        }
    }
    joined(found, frame).into_iter().map(|range| counts.trouble(range)).collect()
}

/// Troubles that are close to one another are one.
pub(super) fn joined(mut ranges: Vec<Range>, frame: &Frame) -> Vec<Range> {
    let close = |one: &Range, other: &Range| {
        let gap = other.start as f64 - one.end as f64;
        let longer = one.len().max(other.len()) as f64;
        gap < frame.window as f64 || gap < 0.01 * frame.run as f64 || gap < 0.25 * longer
    };
    while let Some(index) = ranges.windows(2).position(|pair| close(&pair[0], &pair[1])) {
        let next = ranges.remove(index + 1);
        ranges[index].end = ranges[index].end.max(next.end);
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(run: usize) -> Frame {
        Frame { window: 2, bound: 0.01, scale: 1.0, range: 0..run, wait_s: 10.0, interval_s: 10.0, run }
    }

    fn counts(failed: &[f64]) -> Counts {
        Counts {
            sent: vec![200.0; failed.len()],
            ended: vec![200.0; failed.len()],
            failed: failed.to_vec(),
            ..Counts::default()
        }
    }

    #[test]
    fn a_trouble_is_trimmed_to_where_failures_exceed_the_bound() {
        let counts = counts(&[0.0, 0.0, 3.0, 90.0, 100.0, 40.0, 1.0, 0.0, 0.0, 0.0]);
        let found = troubles(&counts, &frame(10));
        assert_eq!(found, [Trouble { range: 2..6, ended: 800.0, failed: 233.0 }]);
    }

    #[test]
    fn troubles_that_are_close_are_one() {
        let mut failed = vec![0.0; 400];
        failed[100..110].fill(100.0);
        failed[114..120].fill(100.0);
        failed[300..304].fill(100.0);
        let found: Vec<Range> =
            troubles(&counts(&failed), &frame(400)).into_iter().map(|trouble| trouble.range).collect();
        // A gap of four intervals is one of a hundredth of the run and no less; that of ten and six is a quarter of neither.
        assert_eq!(found, [100..110, 114..120, 300..304]);
        failed[113] = 100.0;
        assert_eq!(troubles(&counts(&failed), &frame(400)).len(), 2);
    }

    #[test]
    fn a_rate_of_exactly_the_bound_keeps_to_it_and_few_failures_are_no_trouble() {
        assert_eq!(troubles(&counts(&[2.0; 20]), &frame(20)), []);
        let few = Counts {
            sent: vec![3.0; 20],
            ended: vec![3.0; 20],
            failed: [vec![0.0; 17], vec![3.0; 3]].concat(),
            ..Counts::default()
        };
        assert_eq!(troubles(&few, &frame(20)), []);
    }
}
