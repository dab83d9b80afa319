//! Pools that suffer from the pools that they call.

use std::ops::Range;

use super::cause::Cause;
use super::frame::ENOUGH;
use crate::measure::{Call, Measurements, Row, Scope};
use crate::vocabulary::{Column, Outcome};

/// Share of the busy slots, of the failed attempts, or of the time, from which on calls are the cause.
const MOST: f64 = 0.5;
/// Share of the failed attempts from which on calls are told as the cause of a part.
const PART: f64 = 0.2;
/// Share of failed calls, in all and for [`MOST`] of the time, from which on the pool that is called is to blame for slots that are
/// held.
const FAILING: f64 = 0.2;
/// Mean time of a call, as a multiple of that before the stretch, from which on the pool that is called has become slower.
const SLOWER: f64 = 1.5;

/// The called pool that a pool suffers from, with the kind and the share that decide.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Through {
    /// Index of the pool at the end of the chain of calls, which suffers from no other.
    pub pool: usize,
    /// The kind, and the share that decides.
    pub how: How,
    /// Whether calls to the pool at the end of the chain are the cause since they take longer than before the stretch, though the
    /// pool is not saturated and fails few of them.
    pub is_slower: bool,
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
    /// Whether so large a part of the loss is each pool's own that the pool is named for it.
    pub is_named: &'r [bool],
    /// The measured intervals before the stretch.
    pub before: Range<usize>,
    /// The stretch.
    pub at: &'r Range<usize>,
}

impl Chain<'_> {
    /// The called pool that a pool suffers from, directly or through others; `None` if the pool's own figures are the cause.
    pub fn through(&self, pool: usize) -> Option<Through> {
        let next = self.next(pool)?;
        // Calls go round in no cycle, so the chain ends.
        let end = self.through(next.pool).unwrap_or(next);
        Some(Through { how: next.how, ..end })
    }

    /// The pools from one to the end of the chain of calls that it suffers from, both included.
    pub fn path(&self, pool: usize) -> Vec<usize> {
        let next = |pool: &usize| self.next(*pool).map(|next| next.pool);
        std::iter::successors(Some(pool), next).collect()
    }

    /// Mean time of the calls to a pool in the stretch, in seconds; NaN if none ended.
    pub fn call_s(&self, pool: usize) -> f64 {
        let [millis, calls] = self.call_times(Scope::pool(pool), self.at);
        millis / calls / 1e3
    }

    /// The called pool that is to blame, if one is.
    fn next(&self, pool: usize) -> Option<Through> {
        if !matches!(
            self.causes[pool],
            Some(Cause::Full { .. } | Cause::Rejects { .. } | Cause::Errors | Cause::Slow | Cause::Waits)
        ) {
            return None;
        }
        let calls: Vec<(usize, Call)> = self.calls(pool).collect();
        // A pool that is full fails because of what holds its slots; any other one because of what its calls end with.
        match self.causes[pool] {
            Some(Cause::Full { .. }) => self.holds(pool, &calls).or_else(|| self.passes(pool, &calls)),
            _ => self.passes(pool, &calls).or_else(|| self.holds(pool, &calls)),
        }
    }

    /// The called pool whose failures make at least half of the failures of the pool.
    fn passes(&self, pool: usize, calls: &[(usize, Call)]) -> Option<Through> {
        let (pool, share) = self.most_passed(pool, calls).filter(|(_, share)| *share >= MOST)?;
        Some(Through { pool, how: How::Passes(share.min(1.0)), is_slower: false })
    }

    /// The called pool whose failures make a part of the failures of a pool that is worth telling, though not the most, and that
    /// part.
    pub fn in_part(&self, pool: usize) -> Option<(usize, f64)> {
        let calls: Vec<(usize, Call)> = self.calls(pool).collect();
        self.most_passed(pool, &calls).filter(|(_, share)| (PART..MOST).contains(share))
    }

    /// Index of the request that counts the calls of one pool to another, and the share of the failures of these calls that are attempts
    /// which their client kept back; `None` where none fails.
    pub fn kept_back(&self, caller: usize, callee: usize) -> Option<(usize, f64)> {
        let (request, _) = self.calls(caller).find(|(_, call)| call.callee == callee)?;
        let failed = self.errors(self.run.layout.row_of(Scope::request(request))?);
        let kept = self.sum(Scope::request(request), Outcome::Refused.column());
        (failed > 0.0).then(|| (request, kept / failed))
    }

    /// The called pool whose failures make the largest part of the failures of the pool, and that part.
    fn most_passed(&self, pool: usize, calls: &[(usize, Call)]) -> Option<(usize, f64)> {
        let failed = |request: usize| self.sum(Scope::request(request), Column::RequestsFailed);
        let passed = calls.iter().filter(|(_, call)| !call.is_optional && self.has_cause(call.callee));
        greatest(passed.map(|(request, call)| (call.callee, failed(*request) / self.errors(self.rows[pool]))))
    }

    /// The calls that a pool makes, each with the number of its request.
    fn calls(&self, pool: usize) -> impl Iterator<Item = (usize, Call)> + '_ {
        let calls = self.run.layout.calls.iter().enumerate();
        calls.filter_map(|(request, call)| Some((request, (*call)?))).filter(move |(_, call)| call.caller == pool)
    }

    /// The called pool for which at least half of the busy slots of the pool are held.
    fn holds(&self, pool: usize, calls: &[(usize, Call)]) -> Option<Through> {
        let of_pool = Scope::pool(pool);
        let held = self.sum(of_pool, Column::CallingMean) / self.sum(of_pool, Column::InServiceMean);
        let how = How::Holds(Some(held).filter(|held| *held >= MOST)?);
        let time = |request: usize| self.call_times(Scope::request(request), self.at)[0];
        let whole: f64 = calls.iter().map(|(request, _)| time(*request)).sum();
        let slower = calls.iter().find(|(request, call)| {
            let is_most = time(*request) >= MOST * whole && !self.fails_calls(*request, call.callee);
            is_most && !self.is_named[call.callee] && self.is_slower(*request)
        });
        if let Some((_, call)) = slower.filter(|_| self.causes[pool] != Some(Cause::Errors)) {
            return Some(Through { pool: call.callee, how, is_slower: true });
        }
        let to_blame = calls.iter().filter(|(request, call)| self.fails_calls(*request, call.callee));
        let (pool, _) = greatest(to_blame.map(|(request, call)| (call.callee, time(*request))))?;
        Some(Through { pool, how, is_slower: false })
    }

    /// Whether a pool has a cause of its own by which it can harm its callers.
    fn has_cause(&self, pool: usize) -> bool {
        self.causes[pool].is_some_and(|cause| cause != Cause::Waits)
    }

    /// Whether a pool is saturated for long, or fails many of the calls of a request, in all and most of the time: an outage that
    /// is over does not explain what goes on after it.
    fn fails_calls(&self, request: usize, callee: usize) -> bool {
        self.has_cause(callee) && (self.saturated[callee] || self.fails_many(request))
    }

    /// Whether the calls of a request take longer than those that ended before the stretch.
    fn is_slower(&self, request: usize) -> bool {
        let [[now, calls], [before, earlier]] =
            [self.at, &self.before].map(|at| self.call_times(Scope::request(request), at));
        calls > 0.0 && earlier >= ENOUGH && now / calls >= SLOWER * before / earlier
    }

    /// The sum of the times of the calls that ended in some intervals, in milliseconds, and their number.
    fn call_times(&self, scope: Scope, at: &Range<usize>) -> [f64; 2] {
        let Some(row) = self.run.layout.row_of(scope) else { return [0.0; 2] };
        let rows = at.clone().filter_map(|interval| self.run.row(interval, row));
        rows.map(|row| row.ratio(Column::CallTimeMean))
            .fold([0.0; 2], |[time, calls], (more, of)| [time + more, calls + of])
    }

    /// A column of counts or levels, added up over the stretch.
    fn sum(&self, scope: Scope, column: Column) -> f64 {
        let row = self.run.layout.row_of(scope);
        row.map_or(0.0, |row| self.each(row, |row| row.count(column)))
    }

    fn each(&self, row: usize, of: impl Fn(&Row) -> f64) -> f64 {
        self.at.clone().filter_map(|interval| self.run.row(interval, row)).map(of).sum()
    }

    /// The attempts at a pool that end as errors.
    fn errors(&self, row: usize) -> f64 {
        self.each(row, |row| row.ended_and_failed().1)
    }

    /// Whether many of the attempts of calls end as errors, in all and in most of the intervals in which any end.
    fn fails_many(&self, request: usize) -> bool {
        let Some(row) = self.run.layout.row_of(Scope::request(request)) else {
            return false;
        };
        let many = |(ended, failed): (f64, f64)| ended > 0.0 && failed >= FAILING * ended;
        let count = |holds: &dyn Fn(&Row) -> bool| self.each(row, |row| f64::from(u8::from(holds(row))));
        let with_many = count(&|row| many(row.ended_and_failed()));
        let with_any = count(&|row| row.ended_and_failed().0 > 0.0);
        many((self.each(row, |row| row.ended_and_failed().0), self.errors(row))) && with_many >= MOST * with_any
    }
}

/// The pool with the greatest value.
fn greatest(values: impl Iterator<Item = (usize, f64)>) -> Option<(usize, f64)> {
    values.filter(|(_, value)| value.is_finite()).max_by(|a, b| a.1.total_cmp(&b.1))
}
