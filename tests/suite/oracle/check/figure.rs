//! A figure by its dotted path; where the table decides it, by the table.

use super::{Case, Decided, agree, at_path};
use crate::oracle::rule::worst;
use crate::oracle::table::{Range, Scope, Table};

pub fn decide(case: &Case<'_>) -> Decided {
    let (path, stated) = (case.text("path")?, case.number("value")?);
    agree(path, stated, figure(case, path)?)?;
    match by_the_table(case, path) {
        Some(right) => agree(path, stated, right),
        None => Ok(()),
    }
}

/// The figure of the summary.
pub fn figure(case: &Case<'_>, path: &str) -> Result<f64, String> {
    at_path(&case.evidence.summary, path).ok_or_else(|| format!("there is no figure `{path}`"))
}

/// The attempts of calls between pools, of all or of those to one; `None` where there are none.
pub fn calls(table: &Table, callee: Option<&str>, range: &Range) -> Option<f64> {
    let each = table.calls(None, callee).into_iter().map(|call| table.sum(&Scope::request(call), "attempts", range));
    each.sum::<Option<f64>>().filter(|attempts| *attempts > 0.0)
}

/// The figure as the table has it, over replications the mean of what their tables have; `None` if no table decides it.
pub fn by_the_table(case: &Case<'_>, path: &str) -> Option<f64> {
    let (evidence, all) = (case.evidence, Scope::default());
    if !evidence.runs.is_empty() {
        let each: Vec<f64> = evidence.runs.iter().filter_map(|run| evidence.of_run(run, path)?).collect();
        return (!each.is_empty()).then(|| each.iter().sum::<f64>() / each.len() as f64);
    }
    let range = &evidence.frame.range;
    let sum = |column: &str| evidence.table.sum(&all, column, range);
    match path {
        "error_rate.overall" => Some(sum("errors")? / sum("ended")?),
        "amplification.total" => {
            sum("first_tries").filter(|first| *first > 0.0).and_then(|first| Some(sum("attempts")? / first))
        }
        "amplification.first_tries" => sum("first_tries"),
        "amplification.calls" => calls(&evidence.table, None, range),
        "waiting_room.admitted" => sum("admitted"),
        "waiting_room.most" => {
            let inside = evidence.table.column(&all, "waiting_room_mean")?;
            inside[range.clone()].iter().copied().reduce(f64::max)
        }
        "error_rate.peak" => {
            let course = evidence.course(&all)?;
            let rates =
                course.troubles.iter().filter_map(|trouble| worst(&course.counts, &evidence.frame, &trouble.range));
            rates.map(|worst| worst.rate).reduce(f64::max)
        }
        _ => None,
    }
}
