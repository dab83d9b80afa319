//! The copies of the reference page and of the JSON Schemas beside the scenarios are those that the code generates.

use dropstorm::{scenario, sweep};

#[test]
fn the_reference_beside_the_scenarios_is_that_of_the_code() {
    let copy = include_str!("../../scenarios/reference.md");
    assert!(
        copy == scenario::reference(),
        "generate the copy again: dropstorm schema --reference > scenarios/reference.md"
    );
}

#[test]
fn the_schema_beside_the_scenarios_is_that_of_the_code() {
    let copy = include_str!("../../scenarios/scenario.schema.json");
    let printed = format!("{:#}\n", scenario::json_schema());
    assert!(copy == printed, "generate the copy again: dropstorm schema > scenarios/scenario.schema.json");
}

#[test]
fn the_schema_beside_the_sweeps_is_that_of_the_code() {
    let copy = include_str!("../../scenarios/sweeps/plan.schema.json");
    let printed = format!("{:#}\n", sweep::json_schema());
    assert!(copy == printed, "generate the copy again: dropstorm schema --sweep > scenarios/sweeps/plan.schema.json");
}
