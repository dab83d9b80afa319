//! The share of calls that a cache makes needless, in the window of a stretch in which it is least or most.

use super::median::spread;
use super::runs::stretch;
use super::{Case, Decided, agree};
use crate::oracle::evidence::Evidence;
use crate::oracle::rule::{Frame, LEAST, WHOLE, parts_of_the_lost, through};
use crate::oracle::table::{Range, Scope, Table};

pub fn decide(case: &Case<'_>) -> Decided {
    case.window()?;
    let (caller, callee) = (case.text("caller")?, case.text("callee")?);
    let shares =
        shares(&case.evidence.table, &case.evidence.frame, caller, callee, &case.between("over_from_s", "over_to_s")?);
    let values = shares.iter().map(|(_, share)| *share);
    let right = match case.text("is")? {
        "lowest" => values.reduce(f64::min),
        "highest" => values.reduce(f64::max),
        other => return Err(format!("`{other}` is neither end")),
    };
    let right = right.ok_or("too few calls")?;
    agree("the share of hits", case.number("value")?, right)?;
    let own = case.range()?;
    let (_, found) = shares.iter().find(|(range, _)| *range == own).ok_or("that is no window of the stretch")?;
    agree("the share of hits in that window", *found, right)
}

/// The same over those replications in which the cache is cold and the called pool is to blame.
pub fn in_runs(case: &Case<'_>) -> Decided {
    case.window()?;
    let (caller, callee) = (case.text("caller")?, case.text("callee")?);
    let cold = case.evidence.runs.iter().filter_map(|run| cold(case.evidence, run, caller, callee, 1.5 - 1e-6));
    let share = match case.text("is")? {
        "lowest" => |(lowest, _): (f64, f64)| lowest,
        "highest" => |(_, highest): (f64, f64)| highest,
        other => return Err(format!("`{other}` is neither end")),
    };
    spread(case, cold.map(share).collect())
}

/// The share of hits of a full cache, which stands in the scenario.
pub fn full(case: &Case<'_>) -> Decided {
    let right = hit(case.evidence, case.text("caller")?, case.text("callee")?);
    agree("the share of a full cache", case.number("value")?, right)
}

/// Whether even at the best a cache lets `more` times as many calls through in a run as a full one would.
pub fn is_never_full(evidence: &Evidence, run: &Table, caller: &str, callee: &str, more: f64) -> bool {
    let shares = shares(run, &evidence.frame, caller, callee, &evidence.frame.range);
    let highest = shares.into_iter().map(|(_, share)| share).reduce(f64::max);
    highest.is_some_and(|highest| 1.0 - highest >= more * (1.0 - hit(evidence, caller, callee)))
}

/// The lowest and the highest share of hits of a cache in a run, if at the lowest it lets `more` times as many calls through as at the
/// best or as a full cache would, and the called pool is to blame for what fails.
pub fn cold(evidence: &Evidence, run: &Table, caller: &str, callee: &str, more: f64) -> Option<(f64, f64)> {
    let frame = &evidence.frame;
    let judged = stretch(run, frame)?;
    let shares = |range| shares(run, frame, caller, callee, range).into_iter().map(|(_, share)| share);
    let (lowest, highest) = (shares(&judged).reduce(f64::min)?, shares(&frame.range).reduce(f64::max)?);
    let suffers = run.names("pool").into_iter().any(|pool| !through(run, frame, pool, callee, &judged).is_empty());
    let loses = || parts_of_the_lost(run, &judged).into_iter().any(|(pool, part)| pool == callee && part >= 0.2);
    let best = highest.max(hit(evidence, caller, callee));
    (1.0 - lowest >= more * (1.0 - best) && (suffers || loses())).then_some((lowest, highest))
}

/// The share of the calls of one pool to another that a full cache makes needless, by the scenario.
fn hit(evidence: &Evidence, caller: &str, callee: &str) -> f64 {
    let calls = evidence.scenario.spec().pool.get(caller).into_iter().flat_map(|pool| pool.calls.each());
    let of_callee = calls.filter(|(_, call)| call.pool.as_deref() == Some(callee));
    of_callee.map(|(_, call)| call.cache.map_or(0.0, |cache| cache.hit.0)).reduce(f64::min).unwrap_or(0.0)
}

/// The share of hits in each window of a range with enough hits and calls of one pool to another.
pub fn shares(table: &Table, frame: &Frame, caller: &str, callee: &str, range: &Range) -> Vec<(Range, f64)> {
    let calls = Scope::request(&format!("{caller}/{callee}"));
    let of = |range: Range| {
        let sum = |column: &str| table.sum(&calls, column, &range);
        let (hits, made) = (sum("cache_hits")?, sum("first_tries")?);
        ((hits + made) * frame.scale >= LEAST - WHOLE).then(|| (range, hits / (hits + made)))
    };
    let last = (range.end + 1).saturating_sub(frame.window);
    (range.start..last).filter_map(|start| of(start..start + frame.window)).collect()
}
