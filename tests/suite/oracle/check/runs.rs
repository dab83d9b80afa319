//! How many of several replications have a state.

use super::{Case, Decided, agree};
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
    let has = |table| {
        let states = course(table, &scope, frame).map(|course| (course.states(frame), course.is_in_trouble()));
        states.is_some_and(|(states, trouble)| if state == "in_trouble" { trouble } else { states.contains(&state) })
    };
    let right = runs.iter().filter(|table| has(table)).count();
    agree("the number with that state", k, right as f64)?;
    let (low, high) = wilson(k, n, Z);
    agree("the lower end", case.number("low")?, low)?;
    agree("the upper end", case.number("high")?, high)
}
