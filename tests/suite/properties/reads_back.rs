//! The resolved scenario against the one that it was made from.

use dropstorm::scenario::Scenario;

use super::case::{Case, ensure, ensure_same, holds};

pub fn reads_back(case: &Case) -> Result<(), String> {
    let resolved = case.scenario.resolved();
    let again = Scenario::parse("drawn.toml", &resolved).map_err(|found| format!("{found}\n{resolved}"))?;
    ensure_same!(again.spec(), case.scenario.spec(), "the scenario");
    ensure_same!(again.timeline(), case.scenario.timeline(), "the timeline");
    ensure!(again.resolved() == resolved, "it is written otherwise:\n{}", again.resolved());
    Ok(())
}

#[test]
fn a_resolved_scenario_reads_back_as_the_same() {
    holds(reads_back);
}
