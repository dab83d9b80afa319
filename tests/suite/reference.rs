//! The reference page and the editors' schema are made from the code; the copies beside the scenarios must be the same.

use dropstorm::{scenario, sweep};

#[test]
fn the_reference_beside_the_scenarios_is_the_one_that_the_code_prints() {
    let copy = include_str!("../../scenarios/reference.md");
    assert!(copy == scenario::reference(), "make it anew: dropstorm schema --reference > scenarios/reference.md");
}

#[test]
fn the_schema_beside_the_scenarios_is_the_one_that_the_code_prints() {
    let copy = include_str!("../../scenarios/scenario.schema.json");
    let printed = format!("{:#}\n", scenario::json_schema());
    assert!(copy == printed, "make it anew: dropstorm schema > scenarios/scenario.schema.json");
}

#[test]
fn the_schema_beside_the_sweeps_is_the_one_that_the_code_prints() {
    let copy = include_str!("../../scenarios/sweeps/plan.schema.json");
    let printed = format!("{:#}\n", sweep::json_schema());
    assert!(copy == printed, "make it anew: dropstorm schema --sweep > scenarios/sweeps/plan.schema.json");
}
