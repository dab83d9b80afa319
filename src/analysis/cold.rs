//! Caches in front of calls that answer much less than at other times, or than they would if they were full.

use std::ops::Range;

use super::frame::{ENOUGH, Frame};
use super::groups::Spread;
use super::peaks::Peak;
use super::why::Why;
use super::worst::windows;
use crate::measure::{Call, Measurements, Scope};
use crate::vocabulary::Column;

/// Calls that a cache lets through, as a multiple of those that it lets through at the best, from which on it is a cause.
const MORE: f64 = 1.5;

/// A cache in front of the calls of one pool to another that answers much less in trouble than at the best, or than a full one would.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cold {
    /// Index of the pool that calls.
    pub caller: usize,
    /// Index of the pool that is called.
    pub callee: usize,
    /// The window of the stretch in which pools are judged with the lowest share of hits, of equals the first.
    pub lowest: Peak,
    /// The window of all measured intervals with the highest share, of equals the first.
    pub highest: Peak,
    /// Share of hits of a full cache, if even at the best many more calls are let through.
    pub full: Option<f64>,
}

/// A cache in front of the calls of one pool to another that answers much less than it could, over the replications in which it is the
/// one that does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ColdInRuns {
    /// Index of the pool that calls.
    pub caller: usize,
    /// Index of the pool that is called.
    pub callee: usize,
    /// Lowest share of hits of a window in trouble.
    pub lowest: Spread,
    /// Highest share of hits of a window.
    pub highest: Spread,
    /// Share of hits of a full cache, if even at the best many more calls are let through in all of these replications.
    pub full: Option<f64>,
}

impl Cold {
    /// The cache in front of calls to a pool that is a cause, or that one suffers from, which lets through most more calls than at the
    /// best; `None` where no cache lets many more through.
    pub fn of(run: &Measurements, frame: &Frame, why: &Why) -> Option<Cold> {
        let index = |at_s: f64| frame.measured.clone().find(|at| frame.time_s(*at) >= at_s);
        let at = &(index(why.from_s)?..index(why.to_s).unwrap_or(frame.measured.end));
        let is_behind = |pool: usize| why.named.iter().any(|named| why.behind(*named) == pool);
        let is_in_part =
            |pool: usize| why.pools.iter().any(|part| part.in_part.is_some_and(|(callee, _)| callee == pool));
        let blamed = |callee: usize| is_behind(callee) || is_in_part(callee);
        let of = |(request, call): (usize, &Option<Call>)| {
            let Call { caller, callee, hit, .. } = call.filter(|call| why.is_troubled && blamed(call.callee))?;
            let row = run.layout.row_of(Scope::request(request))?;
            let calls = Calls::of(run, row);
            let shares = |of: &Range<usize>| {
                windows(of, frame.window).filter_map(|at| Some(Peak::of(calls.share_of_hits(&at)?, at, frame)))
            };
            let lowest = shares(at).reduce(|low, next| if next.value < low.value { next } else { low })?;
            let highest =
                shares(&frame.measured).reduce(|high, next| if next.value > high.value { next } else { high })?;
            let full = (1.0 - highest.value >= MORE * (1.0 - hit)).then_some(hit);
            Some(Cold { caller, callee, lowest, highest, full }).filter(|cold| cold.times() >= MORE)
        };
        let found = run.layout.calls.iter().enumerate().filter_map(of);
        found.reduce(|most, next| if next.times() > most.times() { next } else { most })
    }

    /// Calls let through at the lowest share of hits over those of a full cache, or else over those at the highest share.
    fn times(&self) -> f64 {
        (1.0 - self.lowest.value) / (1.0 - self.full.unwrap_or(self.highest.value))
    }
}

/// Hits of the cache in front of a request and calls made past the cache, as simulated: for each interval of the run the sums of
/// all intervals before it.
struct Calls(Vec<[f64; 2]>);

impl Calls {
    /// The calls of the request with this row.
    fn of(run: &Measurements, row: usize) -> Calls {
        let mut sums = vec![[0.0; 2]];
        for interval in 0..run.layout.intervals {
            let count = |column: Column| run.row(interval, row).map_or(0.0, |row| row.count(column));
            let [hits, made] = sums[interval];
            sums.push([hits + count(Column::CacheHits), made + count(Column::FirstTries)]);
        }
        Calls(sums)
    }

    /// Share of the calls in some intervals that hits made needless; `None` of fewer than a hundred.
    fn share_of_hits(&self, at: &Range<usize>) -> Option<f64> {
        let [hits, made] = [0, 1].map(|of| self.0[at.end][of] - self.0[at.start][of]);
        (hits + made >= ENOUGH).then(|| hits / (hits + made))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analysis;
    use crate::measure::{Layout, Row};
    use crate::units::Span;
    use crate::vocabulary::Outcome;

    /// What is found in thirty minutes in which the first pool asks the second as often, past a cache with so many hits in each that would
    /// have a share of `full` if it were full; from the tenth to the fifteenth minute most attempts fail at the second.
    fn of_cache(full: f64, hits: impl Fn(usize) -> u64) -> Option<Cold> {
        let cells = vec![([0, 0, 0], true), ([0, 1, 1], false)];
        let width = Span::from_seconds(60.0);
        let mut layout = Layout { regions: 1, pools: 2, requests: 2, cells, width, intervals: 30, ..Layout::default() };
        (layout.measured, layout.scale) = (0..30, 1.0);
        layout.calls = vec![None, Some(Call { caller: 0, callee: 1, is_optional: false, hit: full })];
        layout.lay_out_rows();
        let row = |minute: usize, scope: &Scope| {
            let mut row = Row::default();
            let (failed, hits) = (if (10..15).contains(&minute) { 800 } else { 0 }, hits(minute));
            let sent = if scope.pool == Some(1) || scope.request == Some(1) { 1000 - hits } else { 1000 };
            for (column, value) in
                [(Column::Attempts, sent), (Column::FirstTries, sent), (Outcome::Failed.column(), failed)]
            {
                row.add(column, value);
            }
            row.add(Outcome::Served.column(), 1000 - failed);
            row.add(Column::CacheHits, if scope.request == Some(1) { hits } else { 0 });
            row.add(Column::RequestsEnded, 1000);
            row.add(Column::RequestsFailed, failed);
            row
        };
        let rows = (0..30).flat_map(|minute| layout.scopes.iter().map(move |scope| (minute, scope)));
        let rows = rows.map(|(minute, scope)| row(minute, scope)).collect();
        Analysis::of(&Measurements { layout, rows, ..Measurements::default() }).cold
    }

    /// The same of a cache that is full at the best.
    fn of(hits: impl Fn(usize) -> u64) -> Option<Cold> {
        of_cache(0.5, hits)
    }

    #[test]
    fn a_cache_that_is_emptied_is_a_cause_of_what_fails_behind_it() {
        let cold = of(|minute| if minute == 10 { 100 } else { 900 }).unwrap();
        assert_eq!((cold.caller, cold.callee, cold.lowest.value, cold.highest.value), (0, 1, 0.1, 0.9));
        assert_eq!((cold.lowest.from_s, cold.lowest.to_s), (600.0, 660.0));
    }

    #[test]
    fn a_cache_that_answers_as_before_or_was_cold_at_another_time_is_no_cause() {
        assert_eq!(of(|_| 500), None);
        assert_eq!(of(|minute| if minute == 10 { 300 } else { 500 }), None, "it lets 1.4 times as many through");
        assert_eq!(of(|minute| if minute == 20 { 0 } else { 500 }), None);
    }

    #[test]
    fn a_cache_that_is_never_nearly_full_is_a_cause() {
        let cold = of_cache(0.9, |_| 500).unwrap();
        assert_eq!((cold.lowest.value, cold.highest.value, cold.full), (0.5, 0.5, Some(0.9)));
        assert_eq!(of_cache(0.6, |_| 500), None, "it lets 1.25 times as many through");
        assert_eq!(of_cache(0.9, |minute| if minute == 10 { 100 } else { 880 }).unwrap().full, None);
        assert!(of_cache(1.0, |_| 999).is_some());
    }
}
