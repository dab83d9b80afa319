//! The least and the greatest value over all parts of a kind.

use super::{Case, Decided, agree};
use crate::oracle::table::{Range, Scope};

pub fn decide(case: &Case<'_>) -> Decided {
    let (range, column) = (case.range()?, case.text("column")?);
    if case.text("of")? != "pools" || column != "utilization" {
        return Err("only pools are compared, by how busy they are".to_owned());
    }
    let pools = case.evidence.table.names("pool");
    let busy: Vec<f64> = pools.iter().filter_map(|pool| mean(case, pool, &range)).collect();
    let least = busy.iter().copied().reduce(f64::min).ok_or("no pool has slots")?;
    let greatest = busy.iter().copied().fold(0.0, f64::max);
    agree("the least", case.number("low")?, least)?;
    agree("the greatest", case.number("high")?, greatest)
}

/// How busy a pool is, by the servers of each interval; `None` where it has no slots.
fn mean(case: &Case<'_>, pool: &str, range: &Range) -> Option<f64> {
    let column = |name: &str| case.evidence.table.column(&Scope::pool(pool), name);
    let (busy, servers) = (column("utilization")?, column("servers")?);
    let cells = || range.clone().filter(|index| !busy[*index].is_nan());
    let slots: f64 = cells().map(|index| servers[index]).sum();
    (slots > 0.0).then(|| cells().map(|index| busy[index] * servers[index]).sum::<f64>() / slots)
}
