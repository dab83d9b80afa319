//! `summary.json` is what its JSON Schema says, and no more.

use std::path::Path;

use dropstorm::analysis::{Replications, figures_of};
use dropstorm::experiment;
use dropstorm::measure::Measurements;
use dropstorm::model::Model;
use dropstorm::report::Context;
use dropstorm::report::files::summary;
use dropstorm::scenario::Scenario;
use serde_json::{Map, Value, json};

/// The summary of some runs of a scenario.
pub fn of(scenario: &Scenario, model: &Model, runs: &[Measurements]) -> Value {
    let roundings = model.roundings();
    let context = Context::of(scenario, model, &roundings);
    summary::json(&context, &figures_of(runs), &Replications::of(runs))
}

/// Where a summary differs from its schema.
pub fn faults(summary: &Value) -> Vec<String> {
    let schema = summary::json_schema();
    let mut found = Vec::new();
    check(summary, &schema, &schema, "summary", &mut found);
    found
}

/// Checks a value by the keywords of JSON Schema that the schema of the summary uses.
fn check(value: &Value, schema: &Value, root: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let known = root.pointer(reference.trim_start_matches('#'));
        return check(value, known.unwrap_or_else(|| panic!("{reference} is missing")), root, at, found);
    }
    let mut fault = |is: bool, what: &str| found.extend(is.then(|| format!("{at} {what}: {value}")));
    fault(schema.get("const").is_some_and(|only| only != value), "is another constant");
    fault(schema["enum"].as_array().is_some_and(|all| !all.contains(value)), "is none of the words");
    fault(schema["minimum"].as_f64().is_some_and(|least| value.as_f64() < Some(least)), "is too small");
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    fault(!types.is_empty() && !types.iter().any(|wanted| is_of_type(value, wanted)), "has another type");
    if let Some(any) = schema["anyOf"].as_array() {
        let fits = |schema: &Value| {
            let mut inner = Vec::new();
            check(value, schema, root, at, &mut inner);
            inner.is_empty()
        };
        fault(!any.iter().any(fits), "is none of the alternatives");
    }
    match value {
        Value::Array(items) if !schema["items"].is_null() => {
            items.iter().for_each(|item| check(item, &schema["items"], root, &format!("{at}[]"), found));
        }
        Value::Object(entries) => object(entries, schema, root, at, found),
        _ => {}
    }
}

fn object(entries: &Map<String, Value>, schema: &Value, root: &Value, at: &str, found: &mut Vec<String>) {
    for required in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        found.extend((!entries.contains_key(required)).then(|| format!("{at} lacks {required}")));
    }
    for (key, value) in entries {
        let at = format!("{at}.{key}");
        match (schema["properties"].get(key), &schema["additionalProperties"]) {
            (Some(known), _) => check(value, known, root, &at, found),
            (None, Value::Bool(false)) => found.push(format!("{at} is not in the schema")),
            (None, Value::Object(_)) => check(value, &schema["additionalProperties"], root, &at, found),
            (None, _) => {}
        }
    }
}

fn is_of_type(value: &Value, wanted: &str) -> bool {
    match wanted {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_u64() || value.is_i64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("unknown type {other}"),
    }
}

fn of_test_scenario(name: &str, replications: u64) -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios").join(format!("{name}.toml"));
    let scenario = Scenario::read(&file).unwrap_or_else(|problems| panic!("{problems}"));
    let model = Model::compile(&scenario);
    of(&scenario, &model, &experiment::replicate(&model, scenario.spec().seed, 0..replications, |run| run))
}

#[test]
fn summaries_are_as_the_schema_says_with_one_replication_and_with_several() {
    for (name, replications) in [("everything", 1), ("everything", 3), ("patience-and-stalls", 1)] {
        let summary = of_test_scenario(name, replications);
        assert_eq!(faults(&summary), [] as [String; 0], "{name}");
        // Every figure is in it, so that none is known to the schema alone.
        let figures = |path: &str| summary.pointer(path).and_then(|figure| figure["n"].as_u64());
        assert_eq!(figures("/attempts/total"), Some(replications));
    }
}

#[test]
fn the_checker_finds_what_does_not_fit() {
    let right = of_test_scenario("loss-and-laws", 1);
    let wrong = |path: &str, value: Value| {
        let mut tree = right.clone();
        let (folder, key) = path.rsplit_once('/').unwrap();
        tree.pointer_mut(folder).unwrap()[key] = value;
        faults(&tree)
    };
    for (path, value) in [
        ("/format", json!(2)),
        ("/seed", json!("7")),
        ("/surplus", json!(1)),
        ("/attempts/total", json!(7)),
        ("/attempts/total/n", json!(-1)),
        ("/trouble/state", json!("bad")),
        ("/thresholds", json!([{ "text": "" }])),
    ] {
        assert!(!wrong(path, value).is_empty(), "{path}");
    }
    let mut shorter = right.clone();
    shorter.as_object_mut().unwrap().remove("drop");
    assert_eq!(faults(&shorter), ["summary lacks drop"]);
}
