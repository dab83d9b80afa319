//! The schema of the scenario file, made once from the types that read it.

use std::sync::LazyLock;

use serde_json::Value as Json;

use super::spec::Spec;

static SCHEMA: LazyLock<Json> = LazyLock::new(|| schemars::schema_for!(Spec).to_value());

/// The schema of the whole file.
pub(super) fn root() -> &'static Json {
    &SCHEMA
}

/// What a reference stands for; the schema itself if it is none.
pub(super) fn resolve(mut schema: &'static Json) -> &'static Json {
    while let Some(target) = schema["$ref"].as_str().and_then(|link| SCHEMA.pointer(link.trim_start_matches('#'))) {
        schema = target;
    }
    schema
}

/// The ways in which a value may be written: each with one type, and none of them null.
pub(super) fn alternatives(schema: &'static Json) -> Vec<&'static Json> {
    let schema = resolve(schema);
    match schema["anyOf"].as_array() {
        Some(list) => list.iter().flat_map(alternatives).collect(),
        None if schema["type"] == "null" => Vec::new(),
        None => vec![schema],
    }
}

/// The type of one alternative: `string`, `integer`, `number`, `boolean`, `array` or `object`; empty for any value.
pub(super) fn kind(schema: &Json) -> &str {
    match &schema["type"] {
        Json::String(kind) => kind,
        Json::Array(kinds) => kinds.iter().filter_map(Json::as_str).find(|kind| *kind != "null").unwrap_or_default(),
        _ if schema.get("oneOf").is_some() || schema.get("enum").is_some() => "string",
        _ => "",
    }
}

/// The texts that a choice of texts allows; empty for any other schema.
pub(super) fn texts(schema: &Json) -> Vec<&str> {
    let constants = schema["oneOf"].as_array().into_iter().flatten().filter_map(|one| one["const"].as_str());
    constants.chain(strings(&schema["enum"])).collect()
}

/// The keys of which exactly one must stand in a table.
pub(super) fn choice(schema: &Json) -> Vec<&str> {
    strings(&schema["x-choice"]).collect()
}

/// The strings of a JSON array.
pub(super) fn strings(list: &Json) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Json::as_str)
}

/// The schema of a key or an index below a schema, in whichever of its forms has it.
pub(super) fn child(schema: &'static Json, part: &str) -> Option<&'static Json> {
    alternatives(schema).into_iter().find_map(|schema| match kind(schema) {
        "object" => schema["properties"].get(part).or_else(|| names(schema)),
        "array" => {
            part.parse::<usize>().ok().and_then(|i| schema["prefixItems"].get(i)).or_else(|| schema.get("items"))
        }
        _ => None,
    })
}

/// The schema of every entry of a table whose keys are names that users choose.
pub(super) fn names(schema: &'static Json) -> Option<&'static Json> {
    schema.get("additionalProperties").filter(|entry| entry.is_object())
}

/// The schema of a dotted path.
pub(super) fn at(path: &str) -> Option<&'static Json> {
    path.split('.').try_fold(root(), child)
}

/// Whether a table is one value, which another replaces as a whole: a law, a step, a mix of shares.
pub(super) fn is_one_value(schema: &'static Json) -> bool {
    let forms = alternatives(schema);
    forms.iter().any(|form| kind(form) != "object")
        || forms.iter().any(|form| form["x-replace"] == true)
        || forms.iter().filter_map(|form| names(form)).any(|entry| resolve(entry)["format"] == "probability")
}
