//! Attempts that fail at a pool in intervals of which it is full, and without a server, for less than half.

use super::{Case, Decided, agree};
use crate::oracle::rule::saturation;
use crate::oracle::table::{Range, Scope, Table};

pub fn decide(case: &Case<'_>) -> Decided {
    let Scope { pool: Some(pool), .. } = case.scope()? else { return Err("no pool is named".to_owned()) };
    let pools: Vec<&str> = [Some(pool.as_str()), case.claim["behind"].as_str()].into_iter().flatten().collect();
    let right = elsewhen(&case.evidence.table, &pools, case.text("column")?, &case.range()?);
    agree("the share", case.number("value")?, right.ok_or("nothing fails at the pool")?)
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
