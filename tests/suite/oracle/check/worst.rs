//! The highest rate of a window.

use super::rate::ratio;
use super::{Case, Decided, agree};
use crate::oracle::rule::{Course, LEAST, WHOLE};
use crate::oracle::table::{Range, Scope};

pub fn decide(case: &Case<'_>) -> Decided {
    let (scope, at, over) = (case.scope()?, case.range()?, case.between("over_from_s", "over_to_s")?);
    let window = case.evidence.frame.window;
    // A trouble that is told as a whole has its own length.
    match at == over && at.len() != window {
        true => agree("the window", case.number("window_s")?, at.len() as f64 * case.evidence.table.interval_s)?,
        false => case.window()?,
    }
    if at.start < over.start || at.end > over.end {
        return Err("the worst lies outside of what it is the worst of".to_owned());
    }
    let of_errors = case.text("num")? == "errors" && case.text("den")? == "ended";
    if of_errors {
        agree("the least count", case.number("least")?, LEAST)?;
        let course = case.course()?;
        if !of_a_trouble(case, &course, &over) {
            return Err(format!(
                "{} is neither a trouble nor, without one, the measured time from the first attempt",
                case.spell(&over)
            ));
        }
    }
    let stated = case.number("value")?;
    if case.text("den")? == "capacity" && case.cells(&scope, "capacity")?[at.clone()].contains(&0.0) {
        return Err(format!("the pool can serve nothing in a part of {}", case.spell(&at)));
    }
    agree("the rate", stated, ratio(case, &scope, &at)?)?;
    let counts = windows(case, &scope, &over, window)?;
    if at.len() == window || over.len() < window {
        if let Some((range, higher)) = counts.into_iter().find(|(_, rate)| *rate > stated * (1.0 + 2e-4) + 1e-9) {
            return Err(format!("the rate is {higher} in {}", case.spell(&range)));
        }
        let whole = at.len() == window || at == over;
        return if whole {
            Ok(())
        } else {
            Err("a trouble that is shorter than a window is told as a whole".to_owned())
        };
    }
    // A trouble is told as a whole if no window of it has enough attempts.
    if at == over && counts.is_empty() {
        Ok(())
    } else {
        Err("the worst is longer or shorter than a window".to_owned())
    }
}

/// Whether a range is a trouble that is told, lasts from the first to the last, or, of a scope that has none, is the measured
/// time from the first attempt on.
fn of_a_trouble(case: &Case<'_>, course: &Course, over: &Range) -> bool {
    let told = &course.troubles;
    let Some((first, last)) = told.first().zip(told.last()) else {
        let measured = case.evidence.frame.range.clone();
        let counts = &course.counts;
        let asked = |index: &usize| counts.sent[*index] > 0.0 || counts.ended[*index] > 0.0;
        let first = measured.clone().find(asked).unwrap_or(measured.start);
        return course.steady.is_none() && *over == (first..measured.end);
    };
    told.iter().any(|trouble| trouble.range == *over) || *over == (first.range.start..last.range.end)
}

/// The windows of a range that have enough attempts, with their rates.
fn windows(case: &Case<'_>, scope: &Scope, over: &Range, window: usize) -> Result<Vec<(Range, f64)>, String> {
    let least = case.number("least")?;
    let (num, den) = (case.cells(scope, case.text("num")?)?, case.cells(scope, case.text("den")?)?);
    let ended = case.cells(scope, "ended")?;
    let sum = |cells: &[f64], range: &Range| cells[range.clone()].iter().sum::<f64>();
    let ranges = (over.start..over.end).map(|from| from..from + window).filter(|range| range.end <= over.end);
    let enough = ranges.filter(|range| sum(&ended, range) * case.evidence.frame.scale >= least - WHOLE);
    // An outage is no demand: of what a pool can serve, each interval must have some.
    let has_part = |range: &Range| case.claim["den"] != "capacity" || !den[range.clone()].contains(&0.0);
    let rated = enough.filter(|range| sum(&den, range) > 0.0 && has_part(range));
    Ok(rated.map(|range| (range.clone(), sum(&num, &range) / sum(&den, &range))).collect())
}
