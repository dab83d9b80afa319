//! Thresholds, compiled.

use std::ops::Range;

use super::names::names;
use crate::scenario::spec::{self, Spec, WhenEmpty};
use crate::units::Span;
use crate::vocabulary::{Metric, Scope, Threshold};

/// Smallest number of attempts over which a rate is judged, unless the threshold states another.
const LEAST_ATTEMPTS: u64 = 100;

/// The intervals of a run.
struct Intervals {
    /// Begin of the first one, from the drop.
    start: Span,
    /// Width of each, in nanoseconds.
    width: i64,
    count: usize,
}

impl Intervals {
    /// Indices of the intervals that lie between two moments; a run has the ends that are not stated.
    fn between(&self, after: Option<Span>, before: Option<Span>) -> Range<usize> {
        let elapsed = |at: Span| (at - self.start).0.max(0);
        let from = after.map_or(0, |at| ((elapsed(at) + self.width - 1) / self.width) as usize).min(self.count);
        let until = before.map_or(self.count, |at| (elapsed(at) / self.width) as usize);
        from..until.clamp(from, self.count)
    }
}

/// The compiled thresholds of a scenario whose window begins at `start` and has this many intervals.
pub(super) fn compile(spec: &Spec, start: Span, intervals: usize) -> Vec<Threshold> {
    let names = names(spec);
    let intervals = Intervals { start, width: spec.interval.0.max(1), count: intervals };
    // A checked scenario has no unknown metric.
    let compiled = |threshold: &spec::Threshold| {
        let metric = Metric::named(&threshold.metric, &names)?;
        let position =
            |all: &[String], name: &Option<String>| all.iter().position(|known| Some(known) == name.as_ref());
        let scope = Scope {
            region: position(&names.regions, &threshold.of.region),
            pool: position(&names.pools, &threshold.of.pool),
            request: position(&names.requests, &threshold.of.request),
        };
        Some(compile_one(threshold, metric, scope, &intervals))
    };
    spec.threshold.iter().filter_map(compiled).collect()
}

fn compile_one(threshold: &spec::Threshold, metric: Metric, scope: Scope, intervals: &Intervals) -> Threshold {
    let bound = threshold.at_most.as_ref().or(threshold.at_least.as_ref());
    let of = &threshold.of;
    let place: String = [("region", &of.region), ("pool", &of.pool), ("request", &of.request)]
        .iter()
        .filter_map(|(kind, name)| name.as_ref().map(|name| format!(" of {kind} {name}")))
        .collect();
    let window = threshold.window.map_or(1, |window| (window.0 / intervals.width).max(1) as usize);
    let side = if threshold.at_most.is_some() { "at most" } else { "at least" };
    let is_share = metric.column().is_some_and(|column| column.is_share_of_attempts());
    let windows = metric.column().map(|_| format!(" in any {}", Span(intervals.width * window as i64)));
    Threshold {
        metric,
        scope,
        least: if is_share { threshold.at_least_attempts.unwrap_or(LEAST_ATTEMPTS) } else { 0 },
        after: threshold.after,
        before: threshold.before,
        passes_when_empty: threshold.when_empty == WhenEmpty::Pass,
        bound: bound.map_or(f64::NAN, |bound| bound.in_unit(metric.unit())),
        at_most: threshold.at_most.is_some(),
        window,
        range: intervals.between(threshold.after, threshold.before),
        text: format!(
            "{}{place} {side} {}{}",
            threshold.metric,
            bound.map_or("", |bound| bound.text.as_str()),
            windows.unwrap_or_default()
        ),
    }
}
