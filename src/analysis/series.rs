//! Attempts of a scope over time, as sums from the start of the run.

use std::ops::Range;

use crate::measure::Measurements;
use crate::vocabulary::{Column, Outcome};

/// Attempts of one scope, as simulated: for each interval of the run the sums of all intervals before it.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    sent: Vec<f64>,
    ended: Vec<f64>,
    failed: Vec<f64>,
    /// Attempts ended of which another copy was served: they are in no rate.
    cancelled: Vec<f64>,
}

impl Series {
    /// The attempts of the scope with this row; intervals that the run did not reach count nothing.
    pub fn of(run: &Measurements, scope: usize) -> Series {
        Series::summed((0..run.layout.intervals).map(|interval| {
            run.row(interval, scope).map_or([0.0; 4], |row| {
                let (ended, failed) = row.ended_and_failed();
                // What a client kept back ends where the scope counts it, and was asked for though it was not sent.
                let all = Outcome::ALL.iter().map(|outcome| row.count(outcome.column())).sum::<f64>();
                let cancelled = row.count(Outcome::Cancelled.column());
                let kept_back = row.count(Outcome::Refused.column()) - (all - ended - cancelled);
                [row.count(Column::Attempts) + kept_back, ended, failed, cancelled]
            })
        }))
    }

    /// The series of attempts sent, ended, failed and cancelled in each interval; the cancelled are not among the ended.
    fn summed(intervals: impl Iterator<Item = [f64; 4]>) -> Series {
        let mut series = Series { sent: vec![0.0], ended: vec![0.0], failed: vec![0.0], cancelled: vec![0.0] };
        let mut sums = [0.0; 4];
        for [sent, ended, failed, cancelled] in intervals {
            sums = [sums[0] + sent, sums[1] + ended, sums[2] + failed, sums[3] + cancelled];
            series.sent.push(sums[0]);
            series.ended.push(sums[1]);
            series.failed.push(sums[2]);
            series.cancelled.push(sums[3]);
        }
        series
    }

    /// The series of attempts sent, ended and failed in each interval, none of them cancelled.
    #[cfg(test)]
    pub fn new(intervals: impl Iterator<Item = [f64; 3]>) -> Series {
        Series::summed(intervals.map(|[sent, ended, failed]| [sent, ended, failed, 0.0]))
    }

    /// Attempts sent in some intervals.
    pub fn sent(&self, of: Range<usize>) -> f64 {
        self.sent[of.end] - self.sent[of.start]
    }

    /// Attempts ended in some intervals.
    pub fn ended(&self, of: Range<usize>) -> f64 {
        self.ended[of.end] - self.ended[of.start]
    }

    /// Attempts that failed in some intervals.
    pub fn failed(&self, of: Range<usize>) -> f64 {
        self.failed[of.end] - self.failed[of.start]
    }

    /// The share of the attempts ended in some intervals that failed; NaN if none ended.
    pub fn rate(&self, of: Range<usize>) -> f64 {
        self.failed(of.clone()) / self.ended(of)
    }

    /// Failed attempts of an interval beyond the share `bound` of the ended ones.
    pub fn excess(&self, interval: usize, bound: f64) -> f64 {
        let of = interval..interval + 1;
        self.failed(of.clone()) - bound * self.ended(of)
    }

    /// Whether the error rate of an interval exceeds the bound.
    pub fn is_above(&self, interval: usize, bound: f64) -> bool {
        self.rate(interval..interval + 1) > bound
    }

    /// Attempts under way at the start of an interval, from all before.
    pub fn under_way(&self, at: usize) -> f64 {
        self.sent[at] - self.gone(at)
    }

    /// Attempts that at the start of an interval are certain to be under way for `age` intervals or more: sent before that
    /// age, less all ended since the start of the run.
    pub fn under_way_since(&self, at: usize, age: usize) -> f64 {
        at.checked_sub(age).map_or(0.0, |then| (self.sent[then] - self.gone(at)).max(0.0))
    }

    /// Attempts under way no more at the start of an interval, the cancelled included.
    fn gone(&self, at: usize) -> f64 {
        self.ended[at] + self.cancelled[at]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_of_the_intervals_asked_for() {
        let series = Series::summed([[10.0, 4.0, 1.0, 0.0], [0.0; 4], [5.0, 6.0, 3.0, 2.0]].into_iter());
        assert_eq!((series.sent(0..3), series.ended(1..3), series.failed(2..3)), (15.0, 6.0, 3.0));
        assert_eq!(series.rate(2..3), 0.5);
        assert!(series.rate(1..2).is_nan() && !series.is_above(1, 0.0) && series.is_above(2, 0.49));
        assert_eq!((series.excess(2, 0.25), series.under_way(2), series.under_way(3)), (1.5, 6.0, 3.0));
        assert_eq!([0, 1, 2, 3].map(|age| series.under_way_since(3, age)), [3.0, 0.0, 0.0, 0.0]);
        assert_eq!((series.under_way_since(2, 1), series.under_way_since(2, 3)), (6.0, 0.0));
    }
}
