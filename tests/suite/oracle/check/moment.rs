//! A moment.

use super::{Case, Decided, agree, same};
use crate::oracle::rule::saturation;
use crate::oracle::table::{Range, Scope};

pub fn decide(case: &Case<'_>) -> Decided {
    let (stated, table) = (case.number("value")?, &case.evidence.table);
    let measured = case.evidence.frame.range.clone();
    match case.text("of")? {
        "drop" => agree("the drop", stated, 0.0),
        "from" => {
            let mut begins = case
                .beside
                .iter()
                .flat_map(|it| [&it["from_s"], &it["over_from_s"]])
                .filter_map(serde_json::Value::as_f64);
            let known = begins.any(|from| same(stated, from));
            if known { Ok(()) } else { Err("nothing in the sentence is told from then on".to_owned()) }
        }
        of @ ("full_from" | "no_server_from") => {
            let edges: Vec<f64> = saturated(case, &measured, of)?.into_iter().map(|index| table.time(index)).collect();
            if edges.iter().any(|edge| same(stated, *edge)) { Ok(()) } else { Err(format!("`{of}` is {edges:?}")) }
        }
        "peak" => {
            let column = table.column(&case.scope()?, case.text("column")?).ok_or("there is no such column")?;
            let index = case.index("value")?;
            let most = measured.clone().map(|index| column[index]).filter(|value| !value.is_nan()).fold(0.0, f64::max);
            let at = measured.contains(&index) && same(column[index], most);
            if at { Ok(()) } else { Err(format!("the peak is {most}")) }
        }
        "change" => {
            let changes: Vec<f64> =
                case.evidence.scenario.timeline().iter().map(|change| change.at.seconds()).collect();
            if changes.iter().any(|at| same(stated, *at)) { Ok(()) } else { Err(format!("changes are at {changes:?}")) }
        }
        other => Err(format!("no moment is known as `{other}`")),
    }
}

/// The first interval in which the pool is full, or has no server: of the measured time and of each trouble.
fn saturated(case: &Case<'_>, measured: &Range, of: &str) -> Result<Vec<usize>, String> {
    let Scope { pool: Some(pool), .. } = case.scope()? else { return Err("no pool is named".to_owned()) };
    let saturation = saturation(&case.evidence.table, &pool).ok_or("there is no such pool")?;
    let saturated = if of == "full_from" { &saturation.full } else { &saturation.without };
    let course = case.evidence.course(&Scope::default()).ok_or("there are no attempts")?;
    let mut within = vec![measured.clone()];
    within.extend(course.troubles.iter().map(|trouble| trouble.range.clone()));
    within.extend(course.waiting.iter().cloned());
    if let (Some(first), Some(last)) = (course.troubles.first(), course.troubles.last()) {
        within.push(first.range.start..last.range.end);
    }
    // A pool is full, or without a server, from when on it is so, be that before the trouble.
    let since =
        |first: usize| (measured.start..first).rev().take_while(|index| saturated[*index]).last().unwrap_or(first);
    let begin = |range: &Range| {
        let all: Vec<usize> = range.clone().filter(|index| saturated[*index]).collect();
        // It may be told from when on only if interruptions are shorter than a window in all.
        let interrupted = all.last()? + 1 - all.first()? - all.len();
        (interrupted < case.evidence.frame.window).then(|| since(all[0]))
    };
    Ok(within.iter().filter_map(begin).collect())
}
