//! The greatest and the least value of a column's cells.

use super::{Case, Decided, agree};
use crate::oracle::rule::WHOLE;
use crate::oracle::table::{Range, Scope};

pub fn decide(case: &Case<'_>) -> Decided {
    extreme(case, |cell, stated| cell > stated * (1.0 + 1e-6))
}

pub fn lowest(case: &Case<'_>) -> Decided {
    extreme(case, |cell, stated| cell < stated * (1.0 - 1e-6))
}

/// Whether a cell has the stated value, and no other goes beyond it.
fn extreme(case: &Case<'_>, beyond: fn(f64, f64) -> bool) -> Decided {
    let (scope, column) = (case.scope()?, case.text("column")?);
    let (at, over) = (case.range()?, case.between("over_from_s", "over_to_s")?);
    if at.len() != 1 || at.start < over.start || at.end > over.end {
        return Err("a cell is of one interval".to_owned());
    }
    let cells = case.evidence.table.column(&scope, column).ok_or_else(|| format!("there is no column `{column}`"))?;
    agree("the cell", case.number("value")?, cells[at.start])?;
    let right = cells[at.start];
    let mut counted = over.filter(|index| beyond(cells[*index], right) && counts(case, &scope, column, *index));
    match counted.next() {
        None => Ok(()),
        Some(index) => {
            Err(format!("it is {} in {}", cells[index], case.spell(&Range { start: index, end: index + 1 })))
        }
    }
}

/// Whether a cell has enough observations to be told.
fn counts(case: &Case<'_>, scope: &Scope, column: &str, index: usize) -> bool {
    let least = match column {
        "stalled_share" | "bitrate_mean_kbps" => 30.0,
        _ if column.contains("p50") => 30.0,
        _ if column.contains("p99") => 1000.0,
        _ if column.contains("p95") || column.contains("p90") => 300.0,
        _ => return true,
    };
    let observed = match column {
        "stalled_share" | "bitrate_mean_kbps" => "streams_mean",
        _ if column.starts_with("start_time") => "starts",
        _ => "served",
    };
    let sum = case.evidence.table.sum(scope, observed, &(index..index + 1)).unwrap_or(0.0);
    sum * case.evidence.frame.scale >= least - WHOLE
}
