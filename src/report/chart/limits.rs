//! Thresholds on a panel: drawn over exactly the time for which they hold, and red where they are broken.

use super::View;
use super::model::Colour;
use super::panel::{End, Panel};
use crate::measure::{Figures, Scope, windows};
use crate::vocabulary::{Aggregation, Column, Outcome};

/// A threshold on a column of a scope.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// From when to when the threshold holds, in seconds from the drop.
    pub from_s: f64,
    /// The end of that time.
    pub until_s: f64,
    /// The bound, in the unit of the column.
    pub bound: f64,
    /// Whether the bound is the highest value allowed; else the lowest.
    pub at_most: bool,
    /// Whether the threshold held.
    pub held: bool,
    /// Width of a window, in seconds.
    pub window_s: f64,
    /// The windows that break the threshold, those that touch as one.
    pub broken: Vec<(f64, f64)>,
}

impl Limit {
    /// The thresholds of a run on a column of a scope.
    pub fn of(view: &View<'_>, column: Column, scope: Scope) -> Vec<Limit> {
        let (stated, judged) = (&view.context.spec.threshold, &view.whole.thresholds);
        let run = (view.whole.first_s, view.whole.time_s(view.whole.intervals));
        let wanted = judged.iter().enumerate().filter(|(_, result)| result.column == column && result.scope == scope);
        let limit = |(index, result): (usize, &crate::measure::ThresholdResult)| {
            let stated = stated.get(index).filter(|_| stated.len() == judged.len());
            let at = |pick: fn(&crate::scenario::spec::Threshold) -> Option<crate::units::Span>| {
                stated.and_then(pick).map(crate::units::Span::seconds)
            };
            let from_s = at(|threshold| threshold.after).unwrap_or(run.0).clamp(run.0, run.1);
            let until_s = at(|threshold| threshold.before).unwrap_or(run.1).clamp(from_s, run.1);
            let window_s = at(|threshold| threshold.window).unwrap_or(view.whole.width_s);
            let mut limit = Limit {
                from_s,
                until_s,
                bound: result.bound,
                at_most: result.at_most,
                held: result.held,
                window_s,
                broken: Vec::new(),
            };
            if !result.held {
                limit.broken = broken(view.whole, column, scope, &limit);
                // A single replication may have broken what the mean of all keeps to.
                if limit.broken.is_empty() && result.worst_at_s.is_finite() {
                    limit.broken.push((result.worst_at_s, (result.worst_at_s + window_s).min(until_s)));
                }
            }
            limit
        };
        wanted.map(limit).collect()
    }

    /// The words beside the line: `limit 1%`, `limit 5%, broken`.
    pub fn words(&self, show: impl Fn(f64) -> String) -> String {
        let side = if self.at_most { "limit" } else { "at least" };
        format!("{side} {}{}", show(self.bound), if self.held { "" } else { ", broken" })
    }
}

/// How far an axis reaches for limits: not so far that they flatten what is drawn.
pub fn reach(limits: &[Limit], highest: f64) -> f64 {
    let wanted = limits.iter().map(|limit| limit.bound * 1.15).filter(|bound| *bound <= 3.0 * highest);
    wanted.fold(highest, f64::max)
}

/// The windows of a run that break a limit, those that touch as one.
fn broken(figures: &Figures, column: Column, scope: Scope, limit: &Limit) -> Vec<(f64, f64)> {
    let Some(row) = figures.scope(scope) else { return Vec::new() };
    let interval = |at_s: f64| ((at_s - figures.first_s) / figures.width_s).clamp(0.0, figures.intervals as f64);
    let range = (interval(limit.from_s) - 1e-6).ceil() as usize..(interval(limit.until_s) + 1e-6).floor() as usize;
    let length = ((limit.window_s / figures.width_s + 1e-6) as usize).max(1);
    let mut broken: Vec<(f64, f64)> = Vec::new();
    for window in windows(&range, length) {
        let value = over(figures, column, row, window.clone());
        let breaks = if limit.at_most { value > limit.bound } else { value < limit.bound };
        if !breaks {
            continue;
        }
        let (from, until) = (figures.time_s(window.start), figures.time_s(window.end));
        match broken.last_mut() {
            Some(last) if from <= last.1 + 1e-9 => last.1 = until,
            _ => broken.push((from, until)),
        }
    }
    broken
}

/// The value of a column over a window; NaN if there is none.
fn over(figures: &Figures, column: Column, row: usize, window: std::ops::Range<usize>) -> f64 {
    let known =
        |column: Column| window.clone().map(move |i| figures.value(i, row, column)).filter(|value| !value.is_nan());
    let sum = |column: Column| known(column).reduce(|a, b| a + b);
    match column.aggregation() {
        Aggregation::Count => sum(column).unwrap_or(f64::NAN),
        Aggregation::Percentile(..) | Aggregation::Highest => known(column).fold(f64::NAN, f64::max),
        Aggregation::AtEnd => known(column).next_back().unwrap_or(f64::NAN),
        Aggregation::Mean(_) | Aggregation::Ratio => {
            sum(column).map_or(f64::NAN, |all| all / known(column).count() as f64)
        }
        Aggregation::ErrorRate => {
            let failed: f64 = Outcome::errors().iter().filter_map(|outcome| sum(outcome.column())).sum();
            failed / (failed + sum(Outcome::Served.column()).unwrap_or(0.0))
        }
    }
}

impl Panel {
    /// Adds limits that are in the unit of the axis, and returns the words for their ends. A limit that the axis does not
    /// reach is told in words alone.
    pub fn limits(&mut self, limits: &[Limit], show: impl Fn(f64) -> String) -> Vec<End> {
        let mut ends = Vec::new();
        for limit in limits {
            let y = limit.bound;
            let colour = if limit.held { Colour::Ink } else { Colour::Broken };
            let text = limit.words(&show);
            if !self.y.holds(y) {
                let text = format!("{text} ({} the picture)", if y > self.y.high { "above" } else { "below" });
                ends.push(End { at: (limit.until_s, y), text, colour });
                continue;
            }
            self.dashes(&[(limit.from_s, y), (limit.until_s, y)], Colour::Ink, 1.5);
            for (from, until) in &limit.broken {
                self.line(&[(*from, y), (*until, y)], Colour::Broken, 4.0);
            }
            ends.push(End { at: (limit.until_s, y), text, colour });
        }
        ends
    }
}
