//! A ratio of two figures.

use super::figure::{by_the_table, calls, figure};
use super::{Case, Decided, agree, same};
use crate::oracle::table::Scope;

pub fn decide(case: &Case<'_>) -> Decided {
    let (path, per) = (case.text("path")?, case.text("per")?);
    let of = |path: &str| by_the_table(case, path).map_or_else(|| figure(case, path), Ok);
    if per == "amplification.first_tries" {
        repeated(case)?;
    }
    let above = match path.strip_prefix("pools.").and_then(|rest| rest.strip_suffix(".attempts.total")) {
        Some(pool) => called(case, pool)?,
        None => of(path)?,
    };
    let below = of(per)?;
    if below == 0.0 {
        return Err("nothing is below the line".to_owned());
    }
    agree("the factor", case.number("value")?, above / below)
}

/// The attempts of calls to a pool, which nobody else sends anything.
fn called(case: &Case<'_>, pool: &str) -> Result<f64, String> {
    let (table, range) = (&case.evidence.table, &case.evidence.frame.range);
    let called = calls(table, Some(pool), range).ok_or(format!("no pool calls `{pool}`"))?;
    let sent = table.sum(&Scope::pool(pool), "attempts", range).ok_or(format!("there is no pool `{pool}`"))?;
    if same(called, sent) {
        Ok(sent)
    } else {
        Err(format!("`{pool}` is sent {sent} attempts, of which {called} are calls"))
    }
}

/// Calls are told where they are repeated.
fn repeated(case: &Case<'_>) -> Decided {
    match case.evidence.tries_of_calls() {
        Some(tries) if tries >= 1.2 - 1e-6 => Ok(()),
        tries => Err(format!("a call takes {tries:?} attempts")),
    }
}
