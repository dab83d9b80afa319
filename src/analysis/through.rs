//! Pools that suffer from the pools that they call.

use std::ops::Range;

use super::cause::Cause;
use crate::measure::{Call, Measurements, Row, Scope};
use crate::vocabulary::Column;

/// Share of the busy slots, or of the failed attempts, from which on calls are the cause.
const MOST: f64 = 0.5;
/// Share of failed calls from which on the pool that is called is to blame for slots that are held.
const FAILING: f64 = 0.2;

/// How a pool suffers from one that it calls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Through {
    /// Index of the pool at the end of the chain of calls, which suffers from no other.
    pub pool: usize,
    /// The kind, and the share that decides.
    pub how: How,
}

/// Ways to suffer from calls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum How {
    /// Calls that fail make so large a share of the failed attempts fail.
    Passes(f64),
    /// Attempts that wait for calls hold so large a share of the busy slots.
    Holds(f64),
}

impl Through {
    /// The word for the cause in claims and in `summary.json`.
    pub fn word(self) -> &'static str {
        match self.how {
            How::Passes(_) => "passes",
            How::Holds(_) => "holds",
        }
    }
}

/// The pools of a run in a stretch.
pub struct Chain<'r> {
    /// The run.
    pub run: &'r Measurements,
    /// The rows of the pools, by index.
    pub rows: &'r [usize],
    /// For each pool the cause that its own figures show, whether or not it loses attempts of people.
    pub causes: &'r [Option<Cause>],
    /// Whether each pool is saturated for long.
    pub saturated: &'r [bool],
    /// The stretch.
    pub at: &'r Range<usize>,
}

impl Chain<'_> {
    /// How a pool suffers from one that it calls, directly or through others; `None` if its own figures are the cause.
    pub fn through(&self, pool: usize) -> Option<Through> {
        let (callee, how) = self.next(pool)?;
        // Calls go round in no cycle, so the chain ends.
        let end = self.through(callee).map_or(callee, |further| further.pool);
        Some(Through { pool: end, how })
    }

    /// The called pool that is to blame, if one is.
    fn next(&self, pool: usize) -> Option<(usize, How)> {
        if !matches!(
            self.causes[pool],
            Some(Cause::Full { .. } | Cause::Rejects { .. } | Cause::Errors | Cause::Slow | Cause::Waits)
        ) {
            return None;
        }
        let calls = self.run.layout.calls.iter().enumerate().filter_map(|(request, call)| Some((request, (*call)?)));
        let calls: Vec<(usize, Call)> = calls
            .filter(|(_, call)| call.caller == pool)
            .filter(|(_, call)| self.causes[call.callee].is_some_and(|cause| cause != Cause::Waits))
            .collect();
        // A pool that is full fails because of what holds its slots; any other one because of what its calls end with.
        match self.causes[pool] {
            Some(Cause::Full { .. }) => self.holds(pool, &calls).or_else(|| self.passes(pool, &calls)),
            _ => self.passes(pool, &calls).or_else(|| self.holds(pool, &calls)),
        }
    }

    /// The called pool whose failures make at least half of the failures of the pool.
    fn passes(&self, pool: usize, calls: &[(usize, Call)]) -> Option<(usize, How)> {
        let failed =
            |request: usize| self.sum(Scope { request: Some(request), ..Scope::default() }, Column::RequestsFailed);
        let passed = calls.iter().filter(|(_, call)| !call.is_optional);
        let passed = passed.map(|(request, call)| (call.callee, failed(*request) / self.errors(self.rows[pool])));
        let (callee, share) = greatest(passed).filter(|(_, share)| *share >= MOST)?;
        Some((callee, How::Passes(share.min(1.0))))
    }

    /// The called pool for which at least half of the busy slots of the pool are held.
    fn holds(&self, pool: usize, calls: &[(usize, Call)]) -> Option<(usize, How)> {
        let of_pool = Scope { pool: Some(pool), ..Scope::default() };
        let held = self.sum(of_pool, Column::CallingMean) / self.sum(of_pool, Column::InServiceMean);
        let to_blame =
            calls.iter().filter(|(request, call)| self.saturated[call.callee] || self.error_rate(*request) >= FAILING);
        let blamed = to_blame.map(|(request, call)| (call.callee, self.time_in(*request, call.callee)));
        let callee = greatest(blamed).map(|(callee, _)| callee).filter(|_| held >= MOST)?;
        Some((callee, How::Holds(held)))
    }

    /// A column of counts or levels, added up over the stretch.
    fn sum(&self, scope: Scope, column: Column) -> f64 {
        let row = self.run.layout.scopes.iter().position(|known| *known == scope);
        row.map_or(0.0, |row| self.each(row, |row| row.count(column)))
    }

    fn each(&self, row: usize, of: impl Fn(&Row) -> f64) -> f64 {
        self.at.clone().filter_map(|interval| self.run.row(interval, row)).map(of).sum()
    }

    /// The attempts at a pool that end as errors.
    fn errors(&self, row: usize) -> f64 {
        self.each(row, |row| row.ended_and_failed().1)
    }

    /// The share of the attempts of calls that end as errors.
    fn error_rate(&self, request: usize) -> f64 {
        let scope = Scope { request: Some(request), ..Scope::default() };
        let Some(row) = self.run.layout.scopes.iter().position(|known| *known == scope) else { return 0.0 };
        let ended = self.each(row, |row| row.ended_and_failed().0);
        if ended > 0.0 { self.errors(row) / ended } else { 0.0 }
    }

    /// Time that the attempts of calls spend at the pool that is called, in milliseconds: their waits, and the mean service of the
    /// pool for each.
    fn time_in(&self, request: usize, callee: usize) -> f64 {
        let scope = Scope { pool: Some(callee), request: Some(request), ..Scope::default() };
        let Some(row) = self.run.layout.scopes.iter().position(|known| *known == scope) else { return 0.0 };
        let waited = self.each(row, |row| row.ratio(Column::WaitMean).0);
        let ended = self.each(row, |row| row.ended_and_failed().0);
        let service = self.each(self.rows[callee], |row| row.ratio(Column::ServiceMean).0);
        let services = self.each(self.rows[callee], |row| row.ratio(Column::ServiceMean).1);
        waited + if services > 0.0 { ended * service / services } else { 0.0 }
    }
}

/// The pool with the greatest value.
fn greatest(values: impl Iterator<Item = (usize, f64)>) -> Option<(usize, f64)> {
    values.filter(|(_, value)| value.is_finite()).max_by(|a, b| a.1.total_cmp(&b.1))
}
