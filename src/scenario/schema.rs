//! The schema of the scenario file, made once from the types that read it.

use std::sync::LazyLock;

use serde_json::{Value as Json, json};

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

/// Every key of a table with its schema; `*` for a name that users choose, or for an index.
pub(super) fn children(schema: &'static Json) -> Vec<(&'static str, &'static Json)> {
    let below = |form: &'static Json| {
        let keys = form["properties"].as_object().into_iter().flatten().map(|(key, below)| (key.as_str(), below));
        keys.chain(names(form).into_iter().chain(form.get("items")).map(|below| ("*", below)))
    };
    alternatives(schema).into_iter().flat_map(below).collect()
}

/// Whether a `[[change]]` may set the value of a key or an index, and all that lies below it.
pub(super) fn may_change(schema: &Json) -> bool {
    schema["x-change"] == true
}

/// The schema of every entry of a table whose keys are names that users choose.
pub(super) fn names(schema: &'static Json) -> Option<&'static Json> {
    schema.get("additionalProperties").filter(|entry| entry.is_object())
}

/// Whether a table is one value, which another replaces as a whole: a law, a step, a mix of shares.
pub(super) fn is_one_value(schema: &'static Json) -> bool {
    let forms = alternatives(schema);
    forms.iter().any(|form| kind(form) != "object")
        || forms.iter().any(|form| form["x-replace"] == true)
        || forms.iter().filter_map(|form| names(form)).any(|entry| resolve(entry)["format"] == "probability")
}

/// The JSON Schema (2020-12) of the scenario file, for editors.
///
/// It asks for less in a file that `extends` another, whose tables may leave out what the other file states.
pub fn json_schema() -> Json {
    let mut schema = root().clone();
    let mut strict = json!({ "required": schema["required"].take(), "properties": {} });
    let names = schema["properties"].as_object().map(|p| p.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
    for name in names {
        let property = &root()["properties"][&name];
        let Some(form) = alternatives(property).into_iter().find(|form| kind(form) == "object") else { continue };
        let entry = self::names(form).map(resolve);
        let Some(definition) = entry.or_else(|| resolve_reference(property)) else { continue };
        let needed = needs(definition);
        if needed == json!({}) {
            continue;
        }
        strict["properties"][&name] = match entry {
            Some(_) => json!({ "additionalProperties": needed }),
            None => needed,
        };
        for other in schema["$defs"].as_object_mut().into_iter().flat_map(|defs| defs.values_mut()) {
            if other == definition {
                relax(other);
            }
        }
    }
    relax(&mut schema);
    let mut schema = published(schema);
    schema["if"] = json!({ "required": ["extends"] });
    schema["else"] = strict;
    schema
}

/// What a table needs: its keys, and one of its choice.
fn needs(definition: &Json) -> Json {
    let mut needed = json!({});
    if definition["required"].is_array() {
        needed["required"] = definition["required"].clone();
    }
    if definition["x-choice"].is_array() {
        needed["oneOf"] = choice(definition).into_iter().map(|key| json!({ "required": [key] })).collect();
    }
    needed
}

fn relax(definition: &mut Json) {
    if let Some(definition) = definition.as_object_mut() {
        definition.shift_remove("required");
        definition.shift_remove("x-choice");
    }
}

/// What a property refers to, if it is nothing but a reference or the lack of one.
fn resolve_reference(property: &'static Json) -> Option<&'static Json> {
    match &alternatives(property)[..] {
        [only] => Some(*only),
        _ => None,
    }
}

/// A schema that the checks of this crate understand, as every JSON Schema validator does.
pub(crate) fn published(mut schema: Json) -> Json {
    tidy(&mut schema);
    schema
}

fn tidy(schema: &mut Json) {
    match schema {
        Json::Array(list) => list.iter_mut().for_each(tidy),
        Json::Object(_) => {
            let one_of = schema["x-choice"].is_array().then(|| needs(schema)["oneOf"].take());
            // TOML has no null: what is optional is left out.
            if let Json::Array(kinds) = &schema["type"] {
                schema["type"] = kinds.iter().find(|kind| **kind != "null").cloned().unwrap_or_default();
            }
            flatten(schema);
            let Some(table) = schema.as_object_mut() else { return };
            table.retain(|key, value| {
                let own =
                    matches!(key.as_str(), "x-choice" | "x-replace" | "type" | "anyOf" | "default") && value.is_null();
                // Formats of this crate are unknown elsewhere; their patterns say the same.
                let format = key == "format" && value.is_string() && value != "date-time";
                !own && !matches!(key.as_str(), "x-choice" | "x-replace" | "x-above" | "x-at-least") && !format
            });
            if let Some(one_of) = one_of {
                table.insert("oneOf".to_owned(), one_of);
            }
            table.values_mut().for_each(tidy);
        }
        _ => {}
    }
}

/// Takes null out of alternatives, and alternatives out of alternatives.
fn flatten(schema: &mut Json) {
    let Json::Array(forms) = schema["anyOf"].take() else { return };
    let mut flat = Vec::new();
    let mut open = forms;
    open.reverse();
    while let Some(mut form) = open.pop() {
        match form["anyOf"].take() {
            Json::Array(inner) => open.extend(inner.into_iter().rev()),
            _ if form["type"] == "null" => {}
            _ => flat.push(form),
        }
    }
    match (flat.len(), flat.pop()) {
        (1, Some(Json::Object(only))) => {
            for (key, value) in only.into_iter().filter(|(_, value)| !value.is_null()) {
                if schema.get(&key).is_none_or(Json::is_null) {
                    schema[key] = value;
                }
            }
        }
        (_, last) => {
            flat.extend(last);
            schema["anyOf"] = Json::Array(flat);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Calls `visit` for every object in a schema.
    fn walk(schema: &Json, visit: &mut dyn FnMut(&Json)) {
        visit(schema);
        match schema {
            Json::Array(list) => list.iter().for_each(|item| walk(item, visit)),
            Json::Object(table) => table.values().for_each(|item| walk(item, visit)),
            _ => {}
        }
    }

    #[test]
    fn the_schema_speaks_only_what_every_validator_knows() {
        let schema = json_schema();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        walk(&schema, &mut |part| {
            // `x-change` alone stays: validators pass over it, and whoever reads the schema learns what may change.
            let own = part.as_object().into_iter().flat_map(|part| part.keys()).find(|key| key.starts_with("x-"));
            assert!(own.is_none_or(|key| key == "x-change"), "{own:?}");
            assert!(
                part.get("anyOf").is_none_or(|forms| forms.as_array().is_some_and(|forms| forms.len() > 1)),
                "{part}"
            );
            assert!(
                part.get("type").is_none_or(|kind| kind.is_object() || (kind.is_string() && kind != "null")),
                "{part}"
            );
            if let Some(link) = part.get("$ref").and_then(Json::as_str) {
                assert!(schema.pointer(&link[1..]).is_some(), "{link} leads nowhere");
            }
        });
        assert_eq!(
            schema["else"]["properties"]["pool"]["additionalProperties"]["required"],
            json!(["servers", "service"])
        );
        assert_eq!(schema["$defs"]["Choice"]["oneOf"][1], json!({ "required": ["exponential"] }));
        assert!(schema["$defs"]["Pool"].get("required").is_none());
    }
}
