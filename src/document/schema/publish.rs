//! The JSON Schema (2020-12) of a document, for editors and validators.

use serde_json::{Value as Json, json};

use super::{Kind, Schema, Shape, strings};

impl Schema {
    /// The JSON Schema of a document that stands on its own.
    pub fn published(&self) -> Json {
        published(self.json.clone())
    }

    /// The JSON Schema of a part of a document, which states only what it changes and none of the keys `marks`.
    pub fn published_overlay(&self, marks: &[&str]) -> Json {
        let mut schema = self.published_extending();
        for key in ["if", "else"] {
            schema.as_object_mut().and_then(|schema| schema.shift_remove(key));
        }
        for mark in marks {
            schema["properties"].as_object_mut().and_then(|keys| keys.shift_remove(*mark));
        }
        schema
    }

    /// The JSON Schema of a document that may extend another.
    ///
    /// With the key `extends`, tables need not hold what the other file states.
    pub fn published_extending(&self) -> Json {
        let mut relaxed = Vec::new();
        let strict = strict(self.root(), &mut relaxed);
        let mut schema = self.json.clone();
        for definition in schema["$defs"].as_object_mut().into_iter().flat_map(|defs| defs.values_mut()) {
            if relaxed.contains(&&*definition) {
                relax(definition);
            }
        }
        relax(&mut schema);
        let mut schema = published(schema);
        schema["if"] = json!({ "required": ["extends"] });
        schema["else"] = strict;
        schema
    }
}

/// Required keys of a table and of the tables in it that merge with those of another file; `relaxed` takes their definitions.
fn strict<'s>(table: Shape<'s>, relaxed: &mut Vec<&'s Json>) -> Json {
    let mut needed = needs(table.json);
    if needed != json!({}) {
        relaxed.push(table.json);
    }
    for (name, property) in table.keys() {
        let Some((below, is_entry)) = merged(property) else { continue };
        let of_below = strict(below, relaxed);
        if of_below != json!({}) {
            needed["properties"][name] = if is_entry { json!({ "additionalProperties": of_below }) } else { of_below };
        }
    }
    needed
}

/// The table that a value or each of its entries is, and whether it is that of the entries; `None` of what another file replaces as a
/// whole.
fn merged(property: Shape<'_>) -> Option<(Shape<'_>, bool)> {
    let form = only_form(property).filter(|_| !property.is_one_value())?;
    let (table, is_entry) = match form.names() {
        Some(entry) => (only_form(entry).filter(|_| !entry.is_one_value())?, true),
        None => (form, false),
    };
    (table.kind() == Kind::Table).then_some((table, is_entry))
}

/// The form of a value that can be written in one way only.
fn only_form(property: Shape<'_>) -> Option<Shape<'_>> {
    match property.forms()[..] {
        [only] => Some(only),
        _ => None,
    }
}

/// The keys that a table must have, and one of its choice.
fn needs(definition: &Json) -> Json {
    let mut needed = json!({});
    if definition["required"].is_array() {
        needed["required"] = definition["required"].clone();
    }
    if definition["x-choice"].is_array() {
        needed["oneOf"] = strings(&definition["x-choice"]).map(|key| json!({ "required": [key] })).collect();
    }
    needed
}

/// Removes the required keys of a table.
fn relax(definition: &mut Json) {
    if let Some(definition) = definition.as_object_mut() {
        definition.shift_remove("required");
        definition.shift_remove("x-choice");
    }
}

/// The schema in standard keywords.
fn published(mut schema: Json) -> Json {
    tidy(&mut schema);
    schema
}

fn tidy(schema: &mut Json) {
    match schema {
        Json::Array(list) => list.iter_mut().for_each(tidy),
        Json::Object(_) => {
            let one_of = schema["x-choice"].is_array().then(|| needs(schema)["oneOf"].take());
            // TOML has no null: an optional key is left out.
            if let Json::Array(kinds) = &schema["type"] {
                schema["type"] = kinds.iter().find(|kind| **kind != "null").cloned().unwrap_or_default();
            }
            flatten(schema);
            let Some(table) = schema.as_object_mut() else { return };
            table.retain(|key, value| {
                // Indexing has put null where a keyword was missing; a default of null is no default in TOML.
                let missing = matches!(key.as_str(), "type" | "anyOf" | "default") && value.is_null();
                // Formats of this crate are unknown to validators; their patterns are equivalent.
                let own_format = key == "format" && value.is_string() && value != "date-time";
                // `x-change` stays: validators ignore it, and it documents which values may change.
                !missing && !own_format && (!key.starts_with("x-") || key == "x-change")
            });
            if let Some(one_of) = one_of {
                table.insert("oneOf".to_owned(), one_of);
            }
            table.values_mut().for_each(tidy);
        }
        _ => {}
    }
}

/// Removes null from alternatives, and flattens nested alternatives.
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
    use indexmap::IndexMap;
    use schemars::JsonSchema;

    use super::*;
    use crate::document::distribution::Distribution;
    use crate::units::Probability;

    #[derive(JsonSchema)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only the schema is of interest")]
    struct Shop {
        extends: Option<String>,
        title: String,
        #[serde(default)]
        room: IndexMap<String, Room>,
        door: Option<Door>,
    }

    #[derive(JsonSchema)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only the schema is of interest")]
    struct Room {
        share: Probability,
        #[schemars(extend("x-renamed-from" = ["staying"]))]
        stay: Option<Distribution>,
        lock: Option<Lock>,
    }

    #[derive(JsonSchema)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only the schema is of interest")]
    struct Lock {
        wards: u8,
    }

    #[derive(JsonSchema)]
    #[serde(rename_all = "snake_case")]
    #[expect(dead_code, reason = "only the schema is of interest")]
    enum Door {
        Open,
        Guarded { by: Room },
    }

    /// Calls `visit` for every part of a schema.
    fn walk(schema: &Json, visit: &mut dyn FnMut(&Json)) {
        visit(schema);
        match schema {
            Json::Array(list) => list.iter().for_each(|item| walk(item, visit)),
            Json::Object(table) => table.values().for_each(|item| walk(item, visit)),
            _ => {}
        }
    }

    #[test]
    fn a_published_schema_speaks_only_what_every_validator_knows() {
        let schema = Schema::of::<Shop>("shop");
        for schema in [schema.published(), schema.published_extending()] {
            assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
            walk(&schema, &mut |part| {
                let own = |key: &str| key.starts_with("x-");
                assert!(!part.as_object().is_some_and(|object| object.keys().any(|key| own(key))), "{part}");
                let forms = part.get("anyOf").map(|forms| forms.as_array().map_or(0, Vec::len));
                assert!(forms.is_none_or(|count| count > 1), "{part}");
                let kind = part.get("type");
                assert!(kind.is_none_or(|kind| kind.is_object() || (kind.is_string() && kind != "null")), "{part}");
                let link = part.get("$ref").and_then(Json::as_str);
                assert!(link.is_none_or(|link| schema.pointer(&link[1..]).is_some()), "{link:?} leads nowhere");
            });
        }
    }

    #[test]
    fn a_choice_asks_for_exactly_one_of_its_keys() {
        let schema = Schema::of::<Shop>("shop").published();
        assert_eq!(schema["$defs"]["ShiftedLaw"]["oneOf"][1], json!({ "required": ["exponential"] }));
        let door = &schema["$defs"]["Door"]["anyOf"];
        assert_eq!(door[0]["oneOf"][0]["const"], "open");
        assert_eq!(
            (&door[1]["oneOf"], &door[1]["additionalProperties"]),
            (&json!([{ "required": ["guarded"] }]), &json!(false))
        );
    }

    #[test]
    fn an_overlay_needs_nothing_and_extends_nothing() {
        let schema = Schema::of::<Shop>("shop").published_overlay(&["extends"]);
        assert!(["required", "if", "else"].iter().all(|key| schema.get(key).is_none()), "{schema}");
        let keys = schema["properties"].as_object().unwrap();
        assert!(!keys.contains_key("extends") && keys.contains_key("title"));
    }

    #[test]
    fn a_document_that_extends_another_may_leave_out_what_the_other_states() {
        let schema = Schema::of::<Shop>("shop").published_extending();
        assert!(schema.get("required").is_none() && schema["$defs"]["Room"].get("required").is_none());
        assert_eq!(schema["if"], json!({ "required": ["extends"] }));
        assert_eq!(schema["else"]["required"], json!(["title"]));
        let room = &schema["else"]["properties"]["room"]["additionalProperties"];
        assert_eq!(room["required"], json!(["share"]));
        assert!(schema["$defs"]["Lock"].get("required").is_none(), "a table in a table merges too");
        assert_eq!(room["properties"]["lock"], json!({ "required": ["wards"] }));
    }
}
