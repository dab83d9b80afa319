//! A length of time.

use super::cause::share;
use super::figure::figure;
use super::{Case, Decided, agree, same};
use crate::oracle::table::Scope;

pub fn decide(case: &Case<'_>) -> Decided {
    let (stated, table, frame) = (case.number("value")?, &case.evidence.table, &case.evidence.frame);
    let right = match case.text("of")? {
        // A trouble that is told as a whole has its own length.
        "window" => {
            let mut whole =
                case.beside.iter().filter(|it| it["kind"] == "worst").filter_map(|it| it["window_s"].as_f64());
            whole.find(|length| same(stated, *length)).unwrap_or(frame.window_s())
        }
        "run" => frame.range.len() as f64 * table.interval_s,
        "late" => frame.wait_s,
        "stretch" if is_unmeasured(case) => case.number("to_s")? - case.number("from_s")?,
        "stretch" => case.range()?.len() as f64 * table.interval_s,
        "above" => above(case)?,
        "full" => full(case, "full_share")?,
        "no_server" => full(case, "no_server_share")?,
        "limited" => case.total(&case.scope()?, "limited_share", &case.range()?)? * table.interval_s,
        "troubles" => troubles(case)?,
        "figure" => {
            let path = case.text("path")?;
            let scale = if path.contains("_ms") { 1e-3 } else { 1.0 };
            figure(case, path)? * scale
        }
        other => return Err(format!("nothing measures `{other}`")),
    };
    agree("the length", stated, right)
}

/// Whether the stretch is that of a trouble that the sentence tells of and that is not measured.
fn is_unmeasured(case: &Case<'_>) -> bool {
    let same = |it: &serde_json::Value| ["from_s", "to_s"].iter().all(|edge| it[*edge] == case.claim[*edge]);
    case.beside.iter().any(|it| it["kind"] == "unmeasured" && same(it))
}

/// The intervals of a stretch whose error rate exceeds the bound.
fn above(case: &Case<'_>) -> Result<f64, String> {
    agree("the bound", case.number("bound")?, case.evidence.frame.bound)?;
    let (course, bound) = (case.course()?, case.evidence.frame.bound);
    let counts = course.counts;
    let above = case.range()?.filter(|index| counts.failed[*index] > bound * counts.ended[*index] * (1.0 + 1e-12));
    Ok(above.count() as f64 * case.evidence.table.interval_s)
}

/// The time in which a pool is full or has no server.
fn full(case: &Case<'_>, column: &str) -> Result<f64, String> {
    match case.scope()? {
        Scope { pool: Some(pool), region: None, request: None } => share(case, &pool, column, &case.range()?),
        scope => Err(format!("{scope:?} is no pool")),
    }
}

/// All troubles that are told, together.
fn troubles(case: &Case<'_>) -> Result<f64, String> {
    case.window()?;
    case.bound()?;
    let course = case.course()?;
    let intervals: usize = match case.text("of_trouble")? {
        "waiting" => course.waiting.iter().map(ExactSizeIterator::len).sum(),
        _ => course.troubles.iter().map(|trouble| trouble.range.len()).sum(),
    };
    Ok(intervals as f64 * case.evidence.table.interval_s)
}
