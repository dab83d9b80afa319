//! Thresholds, compiled.

use std::ops::Range;

use super::arrivals::Names;
use crate::scenario::spec::{self, Spec, WhenEmpty};
use crate::units::Span;
use crate::vocabulary::Column;

/// A bound on a column that must hold in every window of a run.
#[derive(Clone, Debug)]
pub struct Threshold {
    /// The column.
    pub column: Column,
    /// Index of the region; `None` for all.
    pub region: Option<usize>,
    /// Index of the pool; `None` for all.
    pub pool: Option<usize>,
    /// Index of the request; `None` for all.
    pub request: Option<usize>,
    /// The bound, in the unit of the column.
    pub bound: f64,
    /// Whether the bound is the highest value allowed; else the lowest.
    pub at_most: bool,
    /// Width of a window in intervals.
    pub window: usize,
    /// The intervals in which windows lie.
    pub range: Range<usize>,
    /// Least number of attempts of a window, as simulated, for rates; else 0.
    pub least: u64,
    /// Offset from the drop before which no window begins, as stated.
    pub after: Option<Span>,
    /// Offset from the drop after which no window ends, as stated.
    pub before: Option<Span>,
    /// Whether the threshold passes if no window counts.
    pub passes_when_empty: bool,
    /// The threshold in words.
    pub text: String,
}

/// Least number of attempts over which a rate is judged, unless a threshold states another.
const LEAST_ATTEMPTS: u64 = 100;

impl Threshold {
    /// The compiled threshold; `None` for an unknown column, which no checked scenario has.
    pub(super) fn compile(
        threshold: &spec::Threshold,
        spec: &Spec,
        names: &Names,
        start: Span,
        intervals: usize,
    ) -> Option<Threshold> {
        let width = spec.interval.0.max(1);
        // The first interval that begins at an offset or later.
        let edge = |at: Span| ((at - start).0.max(0) + width - 1) / width;
        let from = threshold.after.map_or(0, edge) as usize;
        let until = threshold.before.map_or(intervals, |at| ((at - start).0.max(0) / width) as usize);
        let bound = threshold.at_most.as_ref().or(threshold.at_least.as_ref());
        let of = &threshold.of;
        let scope: String = [("region", &of.region), ("pool", &of.pool), ("request", &of.request)]
            .iter()
            .filter_map(|(kind, name)| name.as_ref().map(|name| format!(" of {kind} {name}")))
            .collect();
        let window = threshold.window.map_or(1, |window| (window.0 / width).max(1) as usize);
        let side = if threshold.at_most.is_some() { "at most" } else { "at least" };
        let column = Column::named(&threshold.metric)?;
        let least =
            if column.is_share_of_attempts() { threshold.at_least_attempts.unwrap_or(LEAST_ATTEMPTS) } else { 0 };
        Some(Threshold {
            column,
            least,
            after: threshold.after,
            before: threshold.before,
            passes_when_empty: threshold.when_empty == WhenEmpty::Pass,
            region: of.region.as_ref().and_then(|name| spec.region.get_index_of(name)),
            pool: of.pool.as_ref().and_then(|name| spec.pool.get_index_of(name)),
            request: of.request.as_ref().map(|name| names.request(name)),
            bound: bound.map_or(f64::NAN, |bound| bound.value),
            at_most: threshold.at_most.is_some(),
            window,
            range: from.min(intervals)..until.clamp(from.min(intervals), intervals),
            text: format!(
                "{}{scope} {side} {} in any {}",
                threshold.metric,
                bound.map_or("", |bound| bound.text.as_str()),
                Span(width * window as i64)
            ),
        })
    }
}
