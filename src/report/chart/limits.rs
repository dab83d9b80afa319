//! Thresholds on a panel: drawn over exactly the time for which they hold, and red where they are broken.

use std::ops::Range;

use super::View;
use super::model::Colour;
use super::panel::{End, Panel};
use crate::analysis::frame::ENOUGH;
use crate::measure::{Figures, Scope, ThresholdResult, windows};
use crate::vocabulary::{Aggregation, Column, Metric, Outcome};

/// Result of a threshold in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was kept.
    Held,
    /// It was broken.
    Broken,
    /// There was too little to judge by.
    NotJudged,
}

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
    /// Result of the threshold in the run.
    pub verdict: Verdict,
    /// Width of a window, in seconds.
    pub window_s: f64,
    /// The windows that break the threshold, those that touch as one.
    pub broken: Vec<(f64, f64)>,
}

impl Limit {
    /// The thresholds of a run on a column of a scope.
    pub fn of(view: &View<'_>, column: Column, scope: Scope) -> Vec<Limit> {
        let (run, drawn) = (view.span(), view.drawn_span());
        let judged = view.whole.thresholds.iter().enumerate();
        let wanted = judged.filter(|(_, result)| result.metric == Metric::Column(column) && result.scope == scope);
        let limit = |(index, result): (usize, &ThresholdResult)| {
            let stated = view.context.spec.threshold.get(index).and_then(|stated| stated.at_least_attempts);
            let least = stated.map_or(ENOUGH, |least| least as f64) / view.context.scale.clamp(1e-9, 1.0);
            let from_s = result.after_s.unwrap_or(run.0).clamp(run.0, run.1);
            let until_s = result.before_s.unwrap_or(run.1).clamp(from_s, run.1);
            let verdict = match (result.is_judged(), result.held) {
                (false, _) => Verdict::NotJudged,
                (true, true) => Verdict::Held,
                (true, false) => Verdict::Broken,
            };
            let mut limit = Limit {
                from_s,
                until_s,
                bound: result.bound,
                at_most: result.at_most,
                verdict,
                window_s: result.window_s,
                broken: Vec::new(),
            };
            if verdict == Verdict::Broken {
                limit.broken = broken(view.whole, column, scope, &limit, least);
                // A single replication may have broken what the mean of all keeps to, and windows grow until they hold
                // enough attempts.
                if limit.broken.is_empty() && result.worst_at_s.is_finite() {
                    let end = (result.worst_at_s + result.worst_window_s).min(until_s);
                    limit.broken.push((result.worst_at_s, end));
                }
                limit.broken.retain(|(from, until)| *from < drawn.1 && *until > drawn.0);
            }
            limit
        };
        wanted.map(limit).filter(|limit| limit.from_s < drawn.1 && limit.until_s > drawn.0).collect()
    }

    /// The words beside the line: `limit 1%`, `limit 5%, broken`.
    pub fn words(&self, show: impl Fn(f64) -> String) -> String {
        let side = if self.at_most { "limit" } else { "at least" };
        let verdict = match self.verdict {
            Verdict::Held => "",
            Verdict::Broken => ", broken",
            Verdict::NotJudged => ", not judged",
        };
        format!("{side} {}{verdict}", show(self.bound))
    }
}

/// Upper end of an axis that shows limits: a limit over three times the highest value is left out, since it would flatten the
/// curves.
pub fn reach(limits: &[Limit], highest: f64) -> f64 {
    let wanted = limits.iter().map(|limit| limit.bound * 1.15).filter(|bound| *bound <= 3.0 * highest);
    wanted.fold(highest, f64::max)
}

/// The windows of a run that break a limit, those that touch as one.
fn broken(figures: &Figures, column: Column, scope: Scope, limit: &Limit, least: f64) -> Vec<(f64, f64)> {
    let Some(row) = figures.scope(scope) else { return Vec::new() };
    let interval = |at_s: f64| ((at_s - figures.first_s) / figures.width_s).clamp(0.0, figures.intervals as f64);
    let range = (interval(limit.from_s) - 1e-6).ceil() as usize..(interval(limit.until_s) + 1e-6).floor() as usize;
    let length = ((limit.window_s / figures.width_s + 1e-6) as usize).max(1);
    let mut broken: Vec<(f64, f64)> = Vec::new();
    for window in windows(&range, length) {
        let value = over(figures, column, row, window.clone(), least);
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

/// The value of a column over a window; NaN if there is none, or if too few attempts ended in it for a rate.
fn over(figures: &Figures, column: Column, row: usize, window: Range<usize>, least: f64) -> f64 {
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
            let ended = failed + sum(Outcome::Served.column()).unwrap_or(0.0);
            if ended >= least { failed / ended } else { f64::NAN }
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
            let colour = if limit.verdict == Verdict::Broken { Colour::Broken } else { Colour::Ink };
            let text = limit.words(&show);
            if !self.y.holds(y) {
                let text = format!("{text} ({} the picture)", if y > self.y.high { "above" } else { "below" });
                ends.push(End { at: (limit.until_s, y), text, colour });
                continue;
            }
            self.dashes(&[(limit.from_s, y), (limit.until_s, y)], Colour::Ink, 1.5);
            for (from, until) in &limit.broken {
                // On areas of the same red a rim of paper sets the line off.
                self.line(&[(*from, y), (*until, y)], Colour::Paper, 8.0);
                self.line(&[(*from, y), (*until, y)], Colour::Broken, 4.0);
            }
            ends.push(End { at: (limit.until_s, y), text, colour });
        }
        ends
    }
}
