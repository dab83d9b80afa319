//! How many of several replications have a state.

use super::{Case, Decided, agree, figure, stuck};
use crate::oracle::rule::{course, wilson};
use crate::oracle::table::Scope;

/// The width of a 95% interval in standard errors.
const Z: f64 = 1.959_963_984_540_054;

pub fn decide(case: &Case<'_>) -> Decided {
    let runs = &case.evidence.runs;
    let (k, n, state) = (case.number("k")?, case.number("n")?, case.text("state")?);
    agree("the number of replications", n, runs.len() as f64)?;
    let scope = if case.claim["scope"].is_object() { case.scope()? } else { Scope::default() };
    let frame = &case.evidence.frame;
    let states = |table| {
        let course = course(table, &scope, frame)?;
        let in_trouble = course.is_in_trouble().then_some("in_trouble");
        Some(if state == "in_trouble" { in_trouble.into_iter().collect() } else { course.states(frame) })
    };
    if state == "stuck" {
        agree("the share that is stuck", figure::figure(case, "trouble.stuck")? * n, k)?;
        let pools: Vec<&String> = case.evidence.scenario.spec().pool.keys().collect();
        let may_be = runs.iter().filter(|table| stuck::may_be(table, frame, &pools).is_ok()).count() as f64;
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
