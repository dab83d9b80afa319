//! How many of several replications have a state.

use super::{Case, Decided, agree, figure, stuck};
use crate::oracle::rule::{
    Course, Frame, Level, causes, course, has_slowed, parts_of_the_lost, saturation, through, wilson,
};
use crate::oracle::table::{Range, Scope, Table};

/// The width of a 95% interval in standard errors.
const Z: f64 = 1.959_963_984_540_054;

pub fn decide(case: &Case<'_>) -> Decided {
    let runs = &case.evidence.runs;
    let (k, n, state) = (case.number("k")?, case.number("n")?, case.text("state")?);
    agree("the number of replications", n, runs.len() as f64)?;
    let scope = if case.claim["scope"].is_object() { case.scope()? } else { Scope::default() };
    let frame = &case.evidence.frame;
    if let Some(pool) = &scope.pool {
        return caused(case, pool, state, (k, n));
    }
    let states = |table| {
        let course = course(table, &scope, frame)?;
        let in_trouble = course.is_in_trouble().then_some("in_trouble");
        Some(if state == "in_trouble" { in_trouble.into_iter().collect() } else { course.states(frame) })
    };
    if state == "stuck" {
        agree("the share that is stuck", figure::figure(case, "trouble.stuck")? * n, k)?;
        let scenario = &case.evidence.scenario;
        let may_be = runs.iter().filter(|table| stuck::may_be(table, frame, scenario).is_ok()).count() as f64;
        let (low, high) = wilson(k, n, Z);
        agree("the lower end", case.number("low")?, low)?;
        agree("the upper end", case.number("high")?, high)?;
        return if k <= may_be { Ok(()) } else { Err(format!("at most {may_be} replications can be stuck, not {k}")) };
    }
    let of_runs: Vec<Vec<&str>> = runs.iter().filter_map(states).collect();
    // Some runs may be told in two ways.
    let at_least = of_runs.iter().filter(|states| states[..] == [state]).count() as f64;
    let at_most = of_runs.iter().filter(|states| states.contains(&state)).count() as f64;
    if k < at_least || k > at_most {
        return Err(format!("{at_least} to {at_most} replications are {state}, not {k}: {of_runs:?}"));
    }
    let (low, high) = wilson(k, n, Z);
    agree("the lower end", case.number("low")?, low)?;
    agree("the upper end", case.number("high")?, high)
}

/// In how many replications in trouble a pool loses attempts or makes them wait for a reason.
fn caused(case: &Case<'_>, pool: &str, is: &str, (k, n): (f64, f64)) -> Decided {
    let frame = &case.evidence.frame;
    let words: Vec<(Vec<&str>, bool)> = case.evidence.runs.iter().filter_map(|run| reasons(run, frame, pool)).collect();
    let at_least = words.iter().filter(|(words, is_sure)| *is_sure && words[..] == [is]).count() as f64;
    let at_most = words.iter().filter(|(words, _)| words.contains(&is)).count() as f64;
    if k < at_least || k > at_most {
        return Err(format!("`{pool}` is {is} in {at_least} to {at_most} replications, not in {k}: {words:?}"));
    }
    let (low, high) = wilson(k, n, Z);
    agree("the lower end", case.number("low")?, low)?;
    agree("the upper end", case.number("high")?, high)
}

/// The time in which the pools of a run are judged; `None` without trouble.
pub fn stretch(run: &Table, frame: &Frame) -> Option<Range> {
    let course = course(run, &Scope::default(), frame)?;
    let whole = |ranges: Vec<&Range>| Some(ranges.first()?.start..ranges.last()?.end);
    let troubles = whole(course.troubles.iter().map(|trouble| &trouble.range).collect());
    // Where an interval is longer than the wait that is late, nobody knows when attempts wait for so long.
    let waits = || match course.waiting.is_empty() || frame.interval_s <= frame.wait_s {
        true => whole(course.waiting.iter().collect()),
        false => Some(frame.range.clone()),
    };
    match is_above(&course) {
        true => Some(frame.range.clone()),
        false => troubles.or_else(waits),
    }
}

/// Whether attempts fail beyond the bound in a run: in troubles, or at a steady rate.
pub fn failing(run: &Table, frame: &Frame) -> bool {
    course(run, &Scope::default(), frame).is_some_and(|course| !course.troubles.is_empty() || is_above(&course))
}

/// Whether attempts fail at a steady rate above the bound.
fn is_above(course: &Course) -> bool {
    course.steady.as_ref().is_some_and(|steady| steady.level == Level::Above)
}

/// The reasons that may be told of a pool in a run, and whether one of them must be; `None` without trouble.
pub fn reasons(run: &Table, frame: &Frame, pool: &str) -> Option<(Vec<&'static str>, bool)> {
    let course = course(run, &Scope::default(), frame)?;
    let above = is_above(&course);
    let range = stretch(run, frame)?;
    let others = run.names("pool").into_iter().filter(|other| *other != pool);
    let mut found: Vec<&str> =
        others.clone().flat_map(|other| through(run, frame, pool, other, &range)).map(|(way, _)| way).collect();
    if others.into_iter().any(|caller| has_slowed(run, frame, caller, pool, &range)) {
        found.push("slower");
    }
    let suffers = !found.is_empty();
    let fails = above || !course.troubles.is_empty();
    let part = parts_of_the_lost(run, &range).into_iter().find(|(name, _)| name == pool).map_or(0.0, |(_, part)| part);
    if fails {
        found.extend(causes(run, frame, pool, &range).into_iter().map(|cause| cause.word()));
    } else {
        let saturation = saturation(run, pool)?;
        let count = |of: &[bool]| range.clone().filter(|index| of[*index]).count();
        found.extend((count(&saturation.no_server) > 0).then_some("no_server"));
        found.extend((count(&saturation.full) > 0).then_some("full"));
        found.push("waits");
    }
    Some((found, fails && !suffers && part >= 0.2 + 1e-6))
}
