//! Which pools lose the attempts, or make them wait.

use std::ops::Range;

use super::cause::Cause;
use super::course::{Course, outcomes};
use super::frame::Frame;
use super::saturated::{Saturated, is_mostly_free};
use super::through::{Chain, How, Through};
use crate::measure::{Measurements, Row, Scope};
use crate::vocabulary::{Class, Column, Outcome};

/// Part of the loss from which on a pool is named.
const NAMED: f64 = 0.2;
/// Share of what a pool rejects up to which attempts that its failing calls end are not told.
const NEGLIGIBLE: f64 = 0.01;
/// Difference of utilization within which pools are alike.
const ALIKE: f64 = 0.1;

/// Which pools lose the attempts of a stretch, or make them wait.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// Whether attempts of everything, or else of the region or request that fails worst, fail beyond the bound or wait too long.
    pub is_troubled: bool,
    /// Quantity that is shared out among the pools.
    pub basis: Basis,
    /// Start of the stretch, in seconds from the drop: the first begin of a trouble, or of the measured intervals.
    pub from_s: f64,
    /// End of the stretch, in seconds from the drop.
    pub to_s: f64,
    /// Each pool, by index.
    pub pools: Vec<Part>,
    /// Pools with a fifth or more, in the order in which they became saturated; those that never did come last, the greatest
    /// part first.
    pub named: Vec<usize>,
    /// Whether some pool rejects attempts in the stretch though no queue of it holds any, or since calls of it fail.
    pub rejects_unqueued: bool,
    /// All pools with slots, if they are more than three and about equally busy.
    pub alike: Option<Alike>,
}

/// Quantity that is shared out among pools.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Attempts that end as errors.
    Lost,
    /// Time that attempts wait.
    Waited,
}

/// The part of one pool.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Attempts that end as errors at the pool in the stretch, at full size; not those of calls by other pools, whose callers'
    /// attempts are lost with them.
    pub lost: f64,
    /// Seconds that attempts wait at the pool in the stretch, all together, at full size.
    pub waited_s: f64,
    /// The pool's share of what all pools lose, or of the time that attempts wait; NaN if there is nothing to share.
    pub part: f64,
    /// Whether viewers go on whatever becomes of attempts at the pool: each request to it is optional or a heartbeat.
    pub is_optional: bool,
    /// The most frequent error of the pool in the stretch; errors of timers are counted as one kind.
    pub most: Option<(Outcome, f64)>,
    /// When the pool is saturated within the stretch.
    pub saturated: Option<Saturated>,
    /// The most frequent error of the pool in intervals of the stretch in which it and the called pool that it suffers from are mostly
    /// free, as a share of all its errors in the stretch. An attempt that finds no room is left out, since it finds the pool full.
    pub elsewhen: Option<(Outcome, f64)>,
    /// Mean share of busy slots in the stretch; NaN without slots.
    pub utilization: f64,
    /// Why attempts are lost or wait at the pool, by its own figures; `None` if they are not. A pool that is called has a cause if
    /// its caller suffers from it.
    pub cause: Option<Cause>,
    /// The called pool that the pool suffers from, which is the cause then.
    pub through: Option<Through>,
    /// Indices of the pools from this one to that which it suffers from, call by call; empty if it suffers from none.
    pub chain: Vec<usize>,
    /// Index of the request that counts the calls of the pool that it passes on as failed, and the share of the failures of these calls
    /// that are attempts which their client kept back.
    pub kept_back: Option<(usize, f64)>,
    /// Index of a called pool whose failures make a part of those of this pool beside its own cause, and the share that they make.
    pub in_part: Option<(usize, f64)>,
}

/// Pools that are about equally busy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alike {
    /// Number of pools.
    pub pools: usize,
    /// Mean utilization.
    pub mean: f64,
    /// Lowest utilization.
    pub low: f64,
    /// Highest utilization.
    pub high: f64,
}

impl Why {
    /// The parts of the pools with these rows in what became of everything, or of the region or request by which they are judged.
    pub fn of(run: &Measurements, rows: &[usize], judged: &Course, frame: &Frame) -> Why {
        let basis = if judged.fails() { Basis::Lost } else { Basis::Waited };
        let (at, is_troubled) = (stretch(judged, frame), judged.is_in_trouble());
        let mut pools: Vec<Part> = rows.iter().map(|row| Part::of(run, *row, frame, &at)).collect();
        share_out(&mut pools, basis, frame, &at);
        for (part, row) in pools.iter_mut().zip(rows) {
            if let Some(Cause::Rejects { utilization }) = &mut part.cause {
                *utilization = utilization_while_rejecting(run, *row, &at);
            }
        }
        blame(&mut pools, basis, Judged { run, rows, frame, at: &at });
        let named = named(&pools);
        let (from_s, to_s) = (frame.time_s(at.start), frame.time_s(at.end));
        let passes =
            |part: &Part| part.in_part.is_some() || matches!(part.through, Some(Through { how: How::Passes(_), .. }));
        let unqueued = rows
            .iter()
            .enumerate()
            .any(|(pool, row)| rejects_unqueued(run, *row, &at) || rejects_for_calls(run, pool, *row, &at));
        let rejects_unqueued = unqueued || pools.iter().any(passes);
        Why { is_troubled, basis, from_s, to_s, named, rejects_unqueued, alike: alike(&pools), pools }
    }
}

/// Sets each pool's part of what is shared out, and its cause by its own figures.
fn share_out(pools: &mut [Part], basis: Basis, frame: &Frame, at: &Range<usize>) {
    let whole: f64 = pools.iter().map(|part| part.amount(basis)).sum();
    let length_s = frame.length_s(at.len());
    for part in pools {
        let most = part.most.filter(|_| basis == Basis::Lost).map(|(outcome, _)| outcome);
        part.part = part.amount(basis) / whole;
        part.cause = Cause::of(part.saturated, most, part.utilization, length_s, frame);
    }
}

/// A stretch of a run in which the pools with these rows are judged.
struct Judged<'a> {
    run: &'a Measurements,
    rows: &'a [usize],
    frame: &'a Frame,
    at: &'a Range<usize>,
}

/// Sets what pools suffer from those that they call. A pool keeps its own cause if it loses attempts or makes them wait, or if its
/// caller suffers from it.
fn blame(pools: &mut [Part], basis: Basis, judged: Judged<'_>) {
    let Judged { run, rows, frame, at } = judged;
    let long = Cause::long_s(frame.length_s(at.len()), frame);
    let is_long = |part: &Part| part.saturated.is_some_and(|of| of.full_s.max(of.no_server_s) >= long);
    let causes: Vec<_> = pools.iter().map(|part| part.cause).collect();
    let saturated: Vec<_> = pools.iter().map(is_long).collect();
    let is_named: Vec<bool> = pools.iter().map(|part| part.part >= NAMED).collect();
    let before = frame.measured.start..at.start;
    let chain = Chain { run, rows, causes: &causes, saturated: &saturated, is_named: &is_named, before, at };
    for (pool, part) in pools.iter_mut().enumerate() {
        let loses = part.amount(basis) > 0.0;
        part.through = chain.through(pool).filter(|_| loses);
        part.chain = part.through.map(|_| chain.path(pool)).unwrap_or_default();
        let passes = part.through.is_some_and(|through| matches!(through.how, How::Passes(_)));
        part.kept_back = part.chain.get(1).filter(|_| passes).and_then(|callee| chain.kept_back(pool, *callee));
        if let Some(callee) = part.through.map(|through| through.pool) {
            part.elsewhen = elsewhen(run, rows[pool], &[rows[pool], rows[callee]], at);
        }
        let is_lost = basis == Basis::Lost && loses && part.through.is_none();
        part.in_part = if is_lost { chain.in_part(pool) } else { None };
    }
    let blamed: Vec<_> = pools.iter().filter_map(|part| part.through).collect();
    let in_part: Vec<_> = pools.iter().filter_map(|part| part.in_part).map(|(callee, _)| callee).collect();
    for (pool, part) in pools.iter_mut().enumerate() {
        let mut of_pool = blamed.iter().filter(|through| through.pool == pool).peekable();
        let is_blamed = of_pool.peek().is_some();
        if is_blamed && of_pool.all(|through| through.is_slower) {
            part.cause = Some(Cause::Slower { call_s: chain.call_s(pool) });
        } else if !is_blamed && !in_part.contains(&pool) && part.amount(basis) <= 0.0 {
            part.cause = None;
        }
    }
}

impl Why {
    /// The called pool that a pool suffers from, or else the pool itself.
    pub fn behind(&self, pool: usize) -> usize {
        self.pools.get(pool).and_then(|part| part.through).map_or(pool, |through| through.pool)
    }

    /// The pool in question: the first that is named, of those whose failures end what viewers do if there is one.
    pub fn first(&self) -> Option<usize> {
        let required = self.named.iter().find(|pool| !self.pools[**pool].is_optional);
        required.or(self.named.first()).copied()
    }

    /// The pools that are named, each once; instead of a pool that suffers from one that it calls, the called one.
    pub fn bottlenecks(&self) -> Vec<usize> {
        let mut found = Vec::new();
        for pool in self.named.iter().map(|pool| self.behind(*pool)) {
            if !found.contains(&pool) {
                found.push(pool);
            }
        }
        found
    }

    /// A pool's share of the attempts that all pools lose in trouble; `None` without trouble.
    pub fn lost_share(&self, pool: usize) -> Option<f64> {
        let part = self.pools.get(pool).filter(|_| self.basis == Basis::Lost)?;
        Some(part.part).filter(|share| share.is_finite())
    }
}

/// The intervals from the first begin to the last end of what goes wrong, or all measured ones. Intervals that are longer than the wait
/// beyond which an answer is late do not show when attempts wait for longer than that.
fn stretch(judged: &Course, frame: &Frame) -> Range<usize> {
    let troubles = judged.troubles.iter().map(|trouble| &trouble.at);
    let waits = judged.waiting.stretches.iter().map(|wait| &wait.at).filter(|_| frame.width <= frame.wait_bound);
    let at: Vec<&Range<usize>> = if judged.troubles.is_empty() { waits.collect() } else { troubles.collect() };
    match (at.first(), at.last()) {
        (Some(first), Some(last)) if judged.steady.is_none() => first.start..last.end,
        _ => frame.measured.clone(),
    }
}

impl Part {
    /// The word for the cause of what is lost at the pool, or waits there.
    pub fn word(&self) -> Option<&'static str> {
        self.through.map(Through::word).or(self.cause.map(Cause::word))
    }

    /// The pool's part of the quantity that is shared out.
    fn amount(&self, basis: Basis) -> f64 {
        match basis {
            Basis::Lost => self.lost,
            Basis::Waited => self.waited_s,
        }
    }

    fn of(run: &Measurements, row: usize, frame: &Frame, at: &Range<usize>) -> Part {
        let rows_of = |row: usize| at.clone().filter_map(move |interval| run.row(interval, row));
        let rows = || rows_of(row);
        let failed = |row: usize| rows_of(row).map(|row| row.ended_and_failed().1).sum::<f64>();
        // The integral of the queue length is all the time spent waiting, also by those whose wait has no end yet.
        let waited: f64 = rows().map(|row| row.count(Column::QueueMean)).sum();
        let within = Frame { measured: at.clone(), ..frame.clone() };
        Part {
            lost: (failed(row) - calls_at(run, row).map(failed).sum::<f64>()) * frame.full(),
            waited_s: waited * frame.width.seconds() * frame.full(),
            part: f64::NAN,
            is_optional: is_optional(run, row),
            most: most(outcomes(run, row, &within)),
            saturated: Saturated::of(run, row, frame, at.clone()),
            elsewhen: elsewhen(run, row, &[row], at),
            utilization: mean_utilization(run, row, at),
            cause: None,
            through: None,
            chain: Vec::new(),
            kept_back: None,
            in_part: None,
        }
    }
}

/// The most frequent error of a pool's row in those of some intervals in which the pools with the rows `of` are mostly free, as a
/// share of all errors of the intervals; `None` without one.
fn elsewhen(run: &Measurements, row: usize, of: &[usize], at: &Range<usize>) -> Option<(Outcome, f64)> {
    let rows = || at.clone().filter_map(|interval| run.row(interval, row));
    let failed: f64 = rows().map(|row| row.ended_and_failed().1).sum();
    let is_told = |outcome: &Outcome| outcome.class() != Class::NotSent && *outcome != Outcome::Rejected;
    let share = |outcome: Outcome| {
        let is_free = |at: &usize| of.iter().all(|row| run.row(*at, *row).is_some_and(is_mostly_free));
        let free = at.clone().filter(is_free).filter_map(|interval| run.row(interval, row));
        (outcome, free.map(|row| row.count(outcome.column())).sum::<f64>() / failed)
    };
    let each = Outcome::errors().into_iter().filter(is_told).map(share).filter(|(_, share)| *share > 0.0);
    each.reduce(|most, next| if next.1 > most.1 { next } else { most })
}

/// The most frequent of some errors, with the most frequent first; those whose timers end count together.
fn most(outcomes: Vec<(Outcome, f64)>) -> Option<(Outcome, f64)> {
    // What a client kept back was never sent to the pool.
    let sent = outcomes.into_iter().filter(|(outcome, _)| outcome.class() != Class::NotSent);
    let (slow, others): (Vec<_>, Vec<_>) =
        sent.partition(|(outcome, _)| matches!(outcome, Outcome::TimedOut | Outcome::Abandoned));
    let together: f64 = slow.iter().map(|(_, count)| count).sum();
    let slow = slow.first().map(|(outcome, _)| (*outcome, together));
    others.first().copied().filter(|(_, count)| *count >= together).or(slow)
}

/// Whether a pool rejects attempts over some intervals in none of which an attempt is in its queue.
fn rejects_unqueued(run: &Measurements, row: usize, at: &Range<usize>) -> bool {
    let rows = || at.clone().filter_map(|interval| run.row(interval, row));
    let rejected: f64 = rows().map(|row| row.count(Outcome::Rejected.column())).sum();
    rejected > 0.0 && rows().all(|row| row.value(Column::QueueMax) <= 0.0)
}

/// Whether calls that fail, other than by timers and errors, make more of what a pool rejects over some intervals than is negligible.
fn rejects_for_calls(run: &Measurements, pool: usize, row: usize, at: &Range<usize>) -> bool {
    let sum = |row: usize, column: Column| -> f64 {
        at.clone().filter_map(|interval| run.row(interval, row)).map(|row| row.count(column)).sum()
    };
    let calls = run.layout.calls.iter().enumerate().filter_map(|(request, call)| {
        call.filter(|call| call.caller == pool && !call.is_optional)?;
        run.layout.row_of(Scope::request(request))
    });
    let turned_away = |row: usize| -> f64 {
        let outcomes = [Outcome::Rejected, Outcome::Shed, Outcome::Limited, Outcome::Refused];
        outcomes.into_iter().map(|outcome| sum(row, outcome.column())).sum()
    };
    let failed: f64 = calls.map(|row| sum(row, Column::RequestsFailed).min(turned_away(row))).sum();
    failed > NEGLIGIBLE * sum(row, Outcome::Rejected.column())
}

/// Whether each request to the pool of a row is optional or a heartbeat.
fn is_optional(run: &Measurements, row: usize) -> bool {
    let layout = &run.layout;
    let requests = layout.cells.iter().filter(|([_, pool, _], _)| Some(*pool) == layout.scopes[row].pool);
    let mut optional = requests.map(|([.., request], in_all)| match layout.calls.get(*request).copied().flatten() {
        Some(call) => call.is_optional,
        None => !in_all || layout.optional.get(*request) == Some(&true),
    });
    optional.next().is_some_and(|first| first && optional.all(|each| each))
}

/// The rows of the calls by other pools to the pool of a row.
fn calls_at(run: &Measurements, row: usize) -> impl Iterator<Item = usize> + '_ {
    let pool = run.layout.scopes[row].pool;
    let is_call = |request: usize| run.layout.is_call(request);
    let rows = run.layout.scopes.iter().enumerate();
    rows.filter(move |(_, scope)| scope.pool == pool && scope.request.is_some_and(is_call)).map(|(row, _)| row)
}

/// Mean share of busy slots over some intervals; NaN without slots.
pub(super) fn mean_utilization(run: &Measurements, row: usize, at: &Range<usize>) -> f64 {
    busy(at.clone().filter_map(|interval| run.row(interval, row)))
}

/// The same over those of the intervals in which the pool rejects attempts.
fn utilization_while_rejecting(run: &Measurements, row: usize, at: &Range<usize>) -> f64 {
    let rows = at.clone().filter_map(|interval| run.row(interval, row));
    busy(rows.filter(|row| row.count(Outcome::Rejected.column()) > 0.0))
}

/// Mean share of busy slots over some rows of a pool.
fn busy<'r>(rows: impl Iterator<Item = &'r Row>) -> f64 {
    let (busy, slots) = rows.map(|row| row.ratio(Column::Utilization)).fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
    busy / slots
}

fn named(pools: &[Part]) -> Vec<usize> {
    let mut named: Vec<usize> = (0..pools.len()).filter(|pool| pools[*pool].part >= NAMED).collect();
    let filled = |pool: usize| pools[pool].saturated.map_or(f64::INFINITY, |saturated| saturated.from_s);
    named.sort_by(|a, b| filled(*a).total_cmp(&filled(*b)).then(pools[*b].part.total_cmp(&pools[*a].part)));
    named
}

fn alike(pools: &[Part]) -> Option<Alike> {
    let busy: Vec<f64> = pools.iter().map(|part| part.utilization).filter(|share| share.is_finite()).collect();
    let (low, high) = (busy.iter().copied().reduce(f64::min)?, busy.iter().copied().reduce(f64::max)?);
    let mean = busy.iter().sum::<f64>() / busy.len() as f64;
    (busy.len() > 3 && high - low <= ALIKE).then_some(Alike { pools: busy.len(), mean, low, high })
}

/// The rows of the pools, by index of the pool.
pub(super) fn rows_of_pools(run: &Measurements) -> Vec<usize> {
    let layout = &run.layout;
    let row = |pool| layout.row_of(Scope::pool(pool));
    (0..layout.pools).filter_map(row).collect()
}
