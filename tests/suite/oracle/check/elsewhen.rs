//! Attempts that fail at a pool in intervals of which it is full, and without a server, for less than half.

use super::median::spread;
use super::runs::{failing, stretch};
use super::{Case, Decided, agree};
use crate::oracle::rule::{Frame, saturation, through};
use crate::oracle::table::{Range, Scope, Table};

/// Errors of which a pool may have some though it is fine: those of attempts that were sent and found room.
pub const OUTCOMES: &[&str] = &["failed", "timed_out", "abandoned", "shed", "limited"];

pub fn decide(case: &Case<'_>) -> Decided {
    let Scope { pool: Some(pool), .. } = case.scope()? else { return Err("no pool is named".to_owned()) };
    let pools: Vec<&str> = [Some(pool.as_str()), case.claim["behind"].as_str()].into_iter().flatten().collect();
    let right = elsewhen(&case.evidence.table, &pools, case.text("column")?, &case.range()?);
    agree("the share", case.number("value")?, right.ok_or("nothing fails at the pool")?)
}

/// The same in each of several replications.
pub fn in_runs(case: &Case<'_>) -> Decided {
    let Scope { pool: Some(pool), .. } = case.scope()? else { return Err("no pool is named".to_owned()) };
    let (column, behind) = (case.text("column")?, case.claim["behind"].as_str());
    let frame = &case.evidence.frame;
    let most = case.evidence.runs.iter().filter_map(|run| most_of_run(run, frame, &pool, behind));
    spread(case, most.filter(|(outcome, _)| *outcome == column).map(|(_, share)| share).collect())
}

/// The most frequent error of a pool while it is fine, and the pool behind it if it suffers from that, with its share; `None` of a
/// replication without trouble, or where the pool suffers from another one.
pub fn most_of_run(run: &Table, frame: &Frame, pool: &str, behind: Option<&str>) -> Option<(&'static str, f64)> {
    let range = stretch(run, frame).filter(|_| failing(run, frame))?;
    let others = run.names("pool").into_iter().filter(|other| *other != pool);
    let suffers = others.filter(|other| !through(run, frame, pool, other, &range).is_empty()).collect::<Vec<_>>();
    let is_so = behind.map_or(suffers.is_empty(), |behind| suffers.contains(&behind));
    let pools: Vec<&str> = std::iter::once(pool).chain(behind).collect();
    let share = |outcome: &&'static str| Some((*outcome, elsewhen(run, &pools, outcome, &range)?));
    let shares = OUTCOMES.iter().filter_map(share).filter(|(_, share)| *share > 0.0 && is_so);
    shares.reduce(|most, next| if next.1 > most.1 { next } else { most })
}

/// Attempts of one outcome at the first of some pools in those intervals of a range, as a share of all its errors in the range. Of the
/// other pools too none is full or without a server then.
pub fn elsewhen(table: &Table, pools: &[&str], outcome: &str, range: &Range) -> Option<f64> {
    let scope = Scope::pool(pools.first()?);
    let is_fine = |index: &usize| pools.iter().all(|pool| is_fine(table, pool, *index).unwrap_or(false));
    let cells = table.column(&scope, outcome)?;
    let failed: f64 = range.clone().filter(is_fine).map(|index| cells[index]).filter(|cell| !cell.is_nan()).sum();
    let all = table.sum(&scope, "errors", range).filter(|all| *all > 0.0)?;
    Some(failed / all)
}

/// Whether a pool is full, and without a server, for less than half of an interval.
fn is_fine(table: &Table, pool: &str, index: usize) -> Option<bool> {
    let saturation = saturation(table, pool)?;
    let some = |column: &str| table.column(&Scope::pool(pool), column).is_some_and(|cells| cells[index] >= 0.5);
    let saturated = saturation.full[index] || saturation.without[index];
    Some(!saturated && !some("full_share") && !some("no_server_share"))
}
