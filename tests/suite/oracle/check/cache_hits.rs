//! The share of calls that a cache makes needless, in the window of a stretch in which it is least or most.

use super::{Case, Decided, agree};
use crate::oracle::rule::{Frame, LEAST, WHOLE};
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
