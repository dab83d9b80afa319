//! Limits are judged a second time, over exactly their time, from the table alone.

use dropstorm::vocabulary::{Aggregation, Column};
use serde_json::Value as Json;

use super::check::{Decided, agree, at_path};
use super::evidence::Evidence;
use super::rule::{LEAST, WHOLE};
use super::table::{Range, Scope};

/// What is wrong with the judgement of each limit of a run.
pub fn faults(evidence: &Evidence) -> Vec<String> {
    let limits = evidence.summary["thresholds"].as_array().into_iter().flatten().enumerate();
    let alone = evidence.runs.is_empty();
    let decided = limits.filter(|_| alone).filter_map(|(index, limit)| {
        let why = decide(evidence, index, limit).err()?;
        Some(format!("limit {index}: {why}\n    {limit}"))
    });
    decided.collect()
}

fn decide(evidence: &Evidence, index: usize, limit: &Json) -> Decided {
    let table = &evidence.table;
    let edge = |key: &str, other: f64| limit[key].as_f64().unwrap_or(other);
    let Some(column) = limit["metric"].as_str().and_then(Column::named) else { return of_figure(evidence, limit) };
    let scope = Scope::of(&limit["of"]);
    if !table.has(&scope) {
        // Of two scopes that never meet there is no row, so that nothing is judged.
        return agree("the number of runs that are judged", edge("judged_in", f64::NAN), 0.0);
    }
    let first =
        ((edge("after_s", table.start_s()) - table.start_s()) / table.interval_s - 1e-6).ceil().max(0.0) as usize;
    let last =
        ((edge("before_s", table.end_s()) - table.start_s()) / table.interval_s + 1e-6).floor().max(0.0) as usize;
    let time = first..last.min(table.len());
    let window = (edge("window_s", table.interval_s) / table.interval_s).round() as usize;
    let Some(worst) = limit["worst"].as_f64() else {
        return agree("the number of runs that are judged", edge("judged_in", 0.0), 0.0);
    };
    let at = table.index(edge("worst_at_s", f64::NAN)).ok_or("the worst is at no edge of an interval")?;
    let width = (edge("worst_window_s", window as f64 * table.interval_s) / table.interval_s).round() as usize;
    let found = at..at + width;
    if found.start < time.start || found.end > time.end {
        return Err("the worst lies outside of the limit's time".to_owned());
    }
    let Some(right) = value(evidence, column, &scope, &found) else { return Ok(()) };
    agree("the worst", worst, right)?;
    let at_most = limit["op"] != ">=";
    let least = stated(evidence, index, "at_least_attempts").unwrap_or(LEAST);
    let beyond =
        |value: f64| if at_most { value > right * (1.0 + 2e-4) + 1e-9 } else { value < right * (1.0 - 2e-4) - 1e-9 };
    for from in time.start..(time.end + 1).saturating_sub(window) {
        let range = from..from + window;
        let few = column == Column::ErrorRate
            && table.sum(&scope, "ended", &range).unwrap_or(0.0) * evidence.frame.scale < least - WHOLE;
        if let Some(worse) = value(evidence, column, &scope, &range).filter(|value| !few && beyond(*value)) {
            return Err(format!("it is {worse} at {} s", table.time(from)));
        }
    }
    let keeps = if at_most { worst <= edge("bound", 0.0) } else { worst >= edge("bound", 0.0) };
    agree("the number of runs in which it holds", edge("held_in", 0.0), f64::from(u8::from(keeps)))
}

/// A limit on a figure: the figure's own value decides.
fn of_figure(evidence: &Evidence, limit: &Json) -> Decided {
    let path = limit["metric"].as_str().ok_or("a limit on nothing")?;
    let number = |key: &str| limit[key].as_f64().ok_or_else(|| format!("no `{key}`"));
    let Some(value) = at_path(&evidence.summary, path) else {
        return agree("the number of runs that are judged", number("judged_in")?, 0.0);
    };
    agree("the worst", number("worst")?, value)?;
    let keeps = if limit["op"] == ">=" { value >= number("bound")? } else { value <= number("bound")? };
    agree("the number of runs in which it holds", number("held_in")?, f64::from(u8::from(keeps)))
}

/// What the scenario states of a limit; `None` if it states nothing.
fn stated(evidence: &Evidence, index: usize, key: &str) -> Option<f64> {
    let spec = serde_json::to_value(evidence.scenario.spec()).ok()?;
    spec["threshold"][index][key].as_f64()
}

/// The value of a column over a range; `None` if cells alone do not tell, or there are none.
fn value(evidence: &Evidence, column: Column, scope: &Scope, range: &Range) -> Option<f64> {
    let table = &evidence.table;
    let cells = || Some(table.cells(scope, column.name())?[range.clone()].to_vec());
    let known = |cells: Vec<f64>| {
        Some(cells.into_iter().filter(|cell| !cell.is_nan()).collect::<Vec<_>>()).filter(|it| !it.is_empty())
    };
    match column.aggregation() {
        Aggregation::ErrorRate => {
            let ended = table.sum(scope, "ended", range)?;
            (ended > 0.0).then_some(table.sum(scope, "errors", range)? / ended)
        }
        Aggregation::Count => Some(known(cells()?)?.iter().sum()),
        Aggregation::Percentile(..) => known(cells()?)?.into_iter().reduce(f64::max),
        _ => None,
    }
}
