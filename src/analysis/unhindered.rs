//! The first tries that pools would be offered if nothing were turned away on the way to them.
//!
//! Who fails at one step makes no first try at the next, and an attempt that is turned away makes no calls: first tries that are
//! counted behind a failure are those that it lets through.

use std::ops::Range;

use crate::measure::{Measurements, Scope};
use crate::vocabulary::Column;

/// Requests that follow from one that is served, as a scenario states them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Onward {
    /// The steps of journeys after whose failure people do not go on.
    pub steps: Vec<Served>,
    /// Calls that an attempt makes, by index of the calling pool and of the called one.
    pub calls: Vec<Vec<CallRate>>,
}

/// Calls of one pool to another.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CallRate {
    /// Mean number for each attempt where caches are full.
    pub times: f64,
    /// Whether a cache stands in front of some of them, so that more are made while it is not full.
    pub is_cached: bool,
}

/// Requests of people that follow once a request of a step is served.
#[derive(Clone, Debug, PartialEq)]
pub struct Served {
    /// Index of the request.
    pub request: usize,
    /// The regions whose people take the step, by index, each with the mean number of first tries that follow there, by index of
    /// the pool.
    pub next: Vec<(usize, Vec<f64>)>,
}

/// The first tries that pools would be offered in some intervals, at simulated size.
pub struct Unhindered<'a> {
    run: &'a Measurements,
    onward: &'a Onward,
    at: Range<usize>,
}

impl<'a> Unhindered<'a> {
    /// Of a run in some of its intervals.
    pub fn new(run: &'a Measurements, onward: &'a Onward, at: Range<usize>) -> Unhindered<'a> {
        Unhindered { run, onward, at }
    }

    /// First tries by index of the pool: those that were made, and those that would follow if all were served that were not. Calls
    /// behind a cache count as those that a full one lets through: a trouble that keeps the cache from filling makes the others.
    /// Calls go round in no cycle, so after as many rounds as there are pools all is counted.
    pub fn by_pool(&self) -> Vec<f64> {
        let people = self.of_people();
        let mut offered = people.clone();
        for _ in 0..people.len() {
            let mut next = people.clone();
            for (caller, callees) in self.onward.calls.iter().enumerate() {
                for (callee, calls) in callees.iter().enumerate().filter(|(_, calls)| calls.times > 0.0) {
                    let made = if calls.is_cached { 0.0 } else { self.called(caller, callee) };
                    next[callee] += (offered[caller] * calls.times).max(made);
                }
            }
            if next == offered {
                break;
            }
            offered = next;
        }
        offered
    }

    /// First tries of people by index of the pool, without those of calls.
    fn of_people(&self) -> Vec<f64> {
        let pools = 0..self.run.layout.pools;
        let mut offered: Vec<f64> = pools
            .map(|pool| {
                let made = self.sum(Scope::pool(pool), Column::FirstTries);
                let callers = 0..self.run.layout.pools;
                made - callers.map(|caller| self.called(caller, pool)).sum::<f64>()
            })
            .collect();
        for request in 0..self.run.layout.requests {
            let lost = self.lost(request);
            if lost > 0.0 {
                let next = (0..offered.len()).map(|pool| self.next(request, pool));
                offered.iter_mut().zip(next).for_each(|(sum, next)| *sum += lost * next);
            }
        }
        offered
    }

    /// First tries of the calls of one pool to another.
    fn called(&self, caller: usize, callee: usize) -> f64 {
        let calls = self.run.layout.calls.iter().enumerate();
        let of_pair = calls.filter(|(_, call)| call.is_some_and(|call| (call.caller, call.callee) == (caller, callee)));
        of_pair.map(|(request, _)| self.of_request(request, Column::FirstTries)).sum()
    }

    /// First tries of a request that are more than were served of it.
    fn lost(&self, request: usize) -> f64 {
        let [first, ended, failed] = [Column::FirstTries, Column::RequestsEnded, Column::RequestsFailed];
        let served = self.of_request(request, ended) - self.of_request(request, failed);
        (self.of_request(request, first) - served).max(0.0)
    }

    /// First tries at a pool that follow once a request is served: where several steps make it, those of the one with most. Regions
    /// count by the first tries of their people.
    fn next(&self, request: usize, pool: usize) -> f64 {
        let steps = self.onward.steps.iter().filter(|step| step.request == request);
        let mean = |step: &Served| {
            let regions = step.next.iter().map(|(region, next)| {
                let scope = Scope::region(*region);
                (self.sum(scope, Column::FirstTries), next.get(pool).copied().unwrap_or(0.0))
            });
            let add = |sum: (f64, f64), (people, next): (f64, f64)| (sum.0 + people, sum.1 + people * next);
            let (people, next) = regions.fold((0.0, 0.0), add);
            if people > 0.0 { next / people } else { 0.0 }
        };
        steps.map(mean).fold(0.0, f64::max)
    }

    fn of_request(&self, request: usize, column: Column) -> f64 {
        self.sum(Scope::request(request), column)
    }

    /// The sum of a column of a scope.
    fn sum(&self, scope: Scope, column: Column) -> f64 {
        let Some(row) = self.run.layout.row_of(scope) else { return 0.0 };
        self.at.clone().filter_map(|interval| self.run.row(interval, row)).map(|row| row.count(column)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{Call, Layout, Row};

    /// One interval in two regions, in which people ask the first pool and then the second, and the first calls the third.
    fn run(first_tries: [u64; 3], served: [u64; 3], of_regions: [u64; 2]) -> Measurements {
        let cells = vec![([0, 0, 0], true), ([1, 1, 1], true), ([0, 2, 2], false)];
        let mut layout = Layout { regions: 2, pools: 3, requests: 3, cells, intervals: 1, ..Layout::default() };
        layout.calls = vec![None, None, Some(Call { caller: 0, callee: 2, is_optional: false, hit: 0.0 })];
        layout.lay_out_rows();
        let row = |scope: &Scope| {
            let mut row = Row::default();
            match (scope.region, scope.pool, scope.request) {
                (Some(region), None, None) => row.add(Column::FirstTries, of_regions[region]),
                (None, Some(index), None) => row.add(Column::FirstTries, first_tries[index]),
                (None, None, Some(index)) => {
                    row.add(Column::FirstTries, first_tries[index]);
                    row.add(Column::RequestsEnded, served[index] + 1000);
                    row.add(Column::RequestsFailed, 1000);
                }
                _ => {}
            }
            row
        };
        let rows = layout.scopes.iter().map(row).collect();
        Measurements { layout, rows, ..Measurements::default() }
    }

    /// Each attempt at the first pool makes three calls to the third. In the first region one first try at the second pool follows
    /// a served one at the first, in the second region three do.
    fn onward() -> Onward {
        let mut calls = vec![vec![CallRate::default(); 3]; 3];
        calls[0][2].times = 3.0;
        let next = vec![(0, vec![0.0, 1.0, 0.0]), (1, vec![0.0, 3.0, 0.0])];
        Onward { steps: vec![Served { request: 0, next }], calls }
    }

    fn offered(run: &Measurements) -> Vec<f64> {
        Unhindered::new(run, &onward(), 0..1).by_pool()
    }

    #[test]
    fn what_is_held_back_by_failures_further_up_is_added() {
        // Of 100 that begin 40 are served: 60 more would have gone on, and 100 attempts would have made 300 calls.
        let run = run([100, 40, 90], [40, 40, 90], [100, 0]);
        assert_eq!(offered(&run), [100.0, 100.0, 300.0]);
    }

    #[test]
    fn regions_count_by_their_people() {
        assert_eq!(offered(&run([100, 40, 300], [60, 40, 300], [50, 50])), [100.0, 40.0 + 40.0 * 2.0, 300.0]);
    }

    #[test]
    fn where_all_are_served_first_tries_are_those_that_are_made() {
        // More may be served than begin.
        assert_eq!(offered(&run([100, 110, 400], [120, 110, 400], [100, 0])), [100.0, 110.0, 400.0]);
    }

    #[test]
    fn a_full_cache_lets_fewer_calls_through_than_an_empty_one() {
        let mut onward = onward();
        onward.calls[0][2].is_cached = true;
        let run = run([100, 110, 400], [120, 110, 400], [100, 0]);
        assert_eq!(Unhindered::new(&run, &onward, 0..1).by_pool(), [100.0, 110.0, 300.0]);
    }
}
