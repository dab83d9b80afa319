//! A bound that the scenario states, or that of the run.

use super::{Case, Decided, same};

pub fn decide(case: &Case<'_>) -> Decided {
    let (stated, metric) = (case.number("value")?, case.text("of")?);
    let thresholds = case.evidence.summary["thresholds"].as_array().into_iter().flatten();
    let mut stands = thresholds.filter(|threshold| threshold["metric"] == metric);
    let of_run = metric == "error_rate" && same(stated, case.evidence.frame.bound);
    let known = of_run || stands.any(|threshold| threshold["bound"].as_f64().is_some_and(|bound| same(stated, bound)));
    if known { Ok(()) } else { Err(format!("no threshold bounds `{metric}` by {stated}")) }
}
