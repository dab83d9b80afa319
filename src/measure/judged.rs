//! The windows over which a threshold on a column is judged, and the value in each.

use std::collections::VecDeque;
use std::ops::Range;

use super::aggregate::factor;
use super::measurements::Measurements;
use super::sums::Sums;
use super::windows::windows;
use crate::vocabulary::{Aggregation, Column, Threshold};

/// A window of a run, and the value in it.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub value: f64,
    pub window: Range<usize>,
}

impl Threshold {
    /// Whether a value is worse than `worst`, the worst so far.
    pub(super) fn is_worse(&self, value: f64, worst: f64) -> bool {
        if self.at_most { value > worst } else { value < worst }
    }

    /// Whether a value is within the bound.
    pub(super) fn allows(&self, value: f64) -> bool {
        if self.at_most { value <= self.bound } else { value >= self.bound }
    }

    /// The worst window of a run, the first of equals; `None` if no window counts.
    pub(super) fn worst(&self, run: &Measurements) -> Option<Judged> {
        let column = self.metric.column()?;
        let scope = run.layout.row_of(self.scope)?;
        let full = 1.0 / run.layout.scale;
        let windows: Box<dyn Iterator<Item = Judged>> = match column.aggregation() {
            Aggregation::Percentile(..) => Box::new(self.highest(run, scope, column, 1.0)),
            Aggregation::Highest => Box::new(self.highest(run, scope, column, factor(column, full))),
            Aggregation::AtEnd => Box::new(self.last(run, scope, column, factor(column, full))),
            _ => Box::new(self.over_windows(run, scope, column, full)),
        };
        windows
            .filter(|judged| !judged.value.is_nan())
            .reduce(|worst, next| if self.is_worse(next.value, worst.value) { next } else { worst })
    }

    /// The value of a count, a mean or a ratio in each window, by running sums.
    fn over_windows(
        &self,
        run: &Measurements,
        scope: usize,
        column: Column,
        full: f64,
    ) -> impl Iterator<Item = Judged> + use<> {
        let mut sums = Sums::default();
        for interval in 0..self.range.end {
            let (over, under) = run.row(interval, scope).map_or((0.0, 0.0), |row| row.summands(column));
            sums.push(over, under);
        }
        self.windows_of(&sums).into_iter().map(move |window| {
            let (over, under) = sums.of(window.clone());
            let value = match column.aggregation() {
                Aggregation::Count if under == 0.0 => f64::NAN,
                Aggregation::Count => over * full,
                Aggregation::Mean(_) => over / under * full,
                _ => over / under,
            };
            Judged { value, window }
        })
    }

    /// The windows that count: as wide as stated, or wider where there are too few attempts.
    fn windows_of(&self, sums: &Sums) -> Vec<Range<usize>> {
        let least = self.least as f64;
        let mut counted = Vec::new();
        let mut until = self.range.start;
        for window in windows(&self.range, self.window) {
            until = until.max(window.end);
            while until < self.range.end && sums.of(window.start..until).1 < least {
                until += 1;
            }
            if sums.of(window.start..until).1 >= least {
                counted.push(window.start..until);
                continue;
            }
            // The rest has too few attempts: the last window grows at its begin.
            let mut start = window.start;
            while start > self.range.start && sums.of(start..until).1 < least {
                start -= 1;
            }
            if sums.of(start..until).1 >= least {
                counted.push(start..until);
            }
            break;
        }
        counted
    }

    /// The last value in each window of a level at the ends of intervals.
    fn last(&self, run: &Measurements, scope: usize, column: Column, factor: f64) -> impl Iterator<Item = Judged> {
        let value = move |interval| run.row(interval, scope).map_or(f64::NAN, |row| row.value(column));
        let mut known: Option<(usize, f64)> = None;
        let mut next = self.range.start;
        windows(&self.range, self.window).map(move |window| {
            for interval in next..window.end {
                known = Some((interval, value(interval))).filter(|(_, value)| !value.is_nan()).or(known);
            }
            next = window.end;
            let inside = known.filter(|(interval, _)| *interval >= window.start);
            Judged { value: inside.map_or(f64::NAN, |(_, value)| value * factor), window }
        })
    }

    /// The highest value in each window of a column of highest values or of percentiles. An upper bound is judged by the interval
    /// that has the value, a lower bound by the whole window.
    fn highest(&self, run: &Measurements, scope: usize, column: Column, factor: f64) -> impl Iterator<Item = Judged> {
        let value = move |interval| run.row(interval, scope).map_or(f64::NAN, |row| row.value(column));
        // The queue of the sliding maximum: intervals with falling values, the highest of the window first.
        let mut falling: VecDeque<(usize, f64)> = VecDeque::new();
        let mut next = self.range.start;
        windows(&self.range, self.window).map(move |window| {
            for interval in next..window.end {
                let value = value(interval);
                if value.is_nan() {
                    continue;
                }
                while falling.back().is_some_and(|(_, lower)| *lower <= value) {
                    falling.pop_back();
                }
                falling.push_back((interval, value));
            }
            next = window.end;
            while falling.front().is_some_and(|(interval, _)| *interval < window.start) {
                falling.pop_front();
            }
            let Some((interval, value)) = falling.front() else { return Judged { value: f64::NAN, window } };
            let window = if self.at_most { *interval..interval + 1 } else { window };
            Judged { value: value * factor, window }
        })
    }
}
