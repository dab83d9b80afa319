//! What the drawn cases cover: most can run, every key of the schema is in some of them, and everything happens.

use std::collections::{BTreeMap, BTreeSet};

use dropstorm::scenario::json_schema;
use dropstorm::vocabulary::Happening;
use serde_json::Value as Json;

use super::case::{Case, Unfit, fixed};
use super::draw::NOT_DRAWN;

/// At least so many of the cases that run have each key.
const LEAST_CASES: usize = 8;

fn good() -> impl Iterator<Item = &'static Case> {
    fixed().iter().filter_map(|(_, case)| case.as_ref().ok())
}

#[test]
fn most_drawn_scenarios_can_run() {
    let (all, good) = (fixed().len(), good().collect::<Vec<_>>());
    let at_once = good.iter().filter(|case| case.drawn.refused.is_empty()).count();
    let wrong = fixed().iter().filter(|(_, case)| matches!(case, Err(Unfit::NotMended))).count();
    println!("{all} drawn, {at_once} right at once, {} when mended, {wrong} never", good.len());
    assert!(good.len() * 10 >= all * 9, "only {} of {all} can run", good.len());
    let asking = good.iter().filter(|case| case.run.ledger.sent > 0).count();
    assert!(asking * 2 >= all, "only in {asking} of {all} anybody asks for anything");
}

#[test]
fn every_key_of_the_schema_is_in_several_scenarios_that_run() {
    let mut all = BTreeSet::new();
    let schema = json_schema();
    positions("Spec", &schema, &mut all);
    for (name, definition) in schema["$defs"].as_object().unwrap() {
        positions(name, definition, &mut all);
    }
    let mut uses: BTreeMap<&String, usize> = BTreeMap::new();
    for used in good().flat_map(|case| &case.drawn.used) {
        *uses.entry(used).or_default() += 1;
    }
    let drawn = |position: &String| NOT_DRAWN.iter().all(|key| *position != format!("Spec.{key}"));
    let counts = all.iter().filter(|position| drawn(position));
    let counts = counts.map(|position| (uses.get(position).copied().unwrap_or(0), position));
    let few: Vec<(usize, &String)> = counts.filter(|(count, _)| *count < LEAST_CASES).collect();
    assert!(few.is_empty(), "in fewer than {LEAST_CASES} cases; draw/hints.rs can say what they need: {few:#?}");
}

/// Every key and every text to choose from below a schema, as the walk of the draws calls them.
fn positions(at: &str, schema: &Json, found: &mut BTreeSet<String>) {
    for (key, below) in schema["properties"].as_object().into_iter().flatten() {
        let position = format!("{at}.{key}");
        positions(&position, below, found);
        found.insert(position);
    }
    for form in ["anyOf", "oneOf", "enum"].into_iter().flat_map(|key| schema[key].as_array().into_iter().flatten()) {
        if let Some(text) = form.as_str().or(form["const"].as_str()) {
            found.insert(format!("{at} = {text}"));
        }
        positions(at, form, found);
    }
    if schema["additionalProperties"].is_object() {
        positions(&format!("{at}.*"), &schema["additionalProperties"], found);
    }
    if schema["items"].is_object() {
        positions(&format!("{at}[]"), &schema["items"], found);
    }
}

#[test]
fn drawn_scenarios_meet_every_happening() {
    let seen: BTreeSet<&str> = good().flat_map(|case| &case.observer.names).copied().collect();
    let never: Vec<&str> =
        Happening::table().into_iter().map(|(name, ..)| name).filter(|name| !seen.contains(name)).collect();
    assert!(never.is_empty(), "{never:?}");
}
