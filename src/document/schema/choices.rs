//! Externally tagged enums as choice tables.
//!
//! `enum Discipline { Fifo, Codel(CoDel) }` is written `"fifo"` or `{ codel = { … } }`. The derived schema lists a variant
//! each; a check that went through them one by one could only say that none fits. Here the variants with content become one
//! table with the attribute `x-choice`, so that an error says which key is wrong and what is wrong below it.

use serde_json::{Map, Value as Json, json};

/// Rewrites every externally tagged enum in a schema.
pub(super) fn rewrite(schema: &mut Json) {
    match schema {
        Json::Array(list) => list.iter_mut().for_each(rewrite),
        Json::Object(object) => {
            object.values_mut().for_each(rewrite);
            rewrite_one(object);
        }
        _ => {}
    }
}

fn rewrite_one(object: &mut Map<String, Json>) {
    let Some(Json::Array(variants)) = object.get("oneOf") else { return };
    let (tables, texts): (Vec<&Json>, Vec<&Json>) = variants.iter().partition(|variant| tag(variant).is_some());
    if tables.is_empty() {
        return;
    }
    let table = choice_table(&tables, object);
    let texts: Vec<Json> = texts.into_iter().flat_map(constants).collect();
    object.shift_remove("oneOf");
    object.shift_remove("properties");
    if texts.is_empty() {
        object.extend(table);
    } else {
        object.insert("anyOf".to_owned(), json!([{ "type": "string", "oneOf": texts }, table]));
    }
}

/// The only key of a variant with content.
fn tag(variant: &Json) -> Option<&str> {
    let required = variant["required"].as_array()?;
    let [tag] = &required[..] else { return None };
    tag.as_str().filter(|tag| variant["properties"][tag].is_object())
}

/// One table with the key of every variant, and the keys that stand beside a flattened enum.
fn choice_table(variants: &[&Json], enclosing: &Map<String, Json>) -> Map<String, Json> {
    let tags: Vec<&str> = variants.iter().filter_map(|variant| tag(variant)).collect();
    let mut keys = Map::new();
    for (tag, variant) in tags.iter().zip(variants) {
        let mut content = variant["properties"][tag].clone();
        if variant["description"].is_string() {
            content["description"] = variant["description"].clone();
        }
        keys.insert((*tag).to_owned(), content);
    }
    let beside = enclosing.get("properties").and_then(Json::as_object);
    keys.extend(beside.into_iter().flatten().map(|(key, shape)| (key.clone(), shape.clone())));
    let table = json!({
        "type": "object",
        "properties": keys,
        "additionalProperties": false,
        "x-choice": tags,
        "x-replace": true,
    });
    table.as_object().cloned().unwrap_or_default()
}

/// The texts of unit variants: one with its meaning, or several without.
fn constants(variant: &Json) -> Vec<Json> {
    match variant["enum"].as_array() {
        Some(texts) => texts.iter().map(|text| json!({ "const": text })).collect(),
        None => vec![variant.clone()],
    }
}

#[cfg(test)]
mod tests {
    use schemars::JsonSchema;

    use crate::document::schema::{Kind, Schema};

    #[derive(JsonSchema)]
    #[schemars(rename_all = "snake_case")]
    #[expect(dead_code, reason = "only the schema is of interest")]
    enum Discipline {
        /// Oldest first.
        Fifo,
        Lifo,
        Random,
        /// Controlled delay.
        Codel(CoDel),
        Adaptive {
            after: u64,
        },
    }

    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only the schema is of interest")]
    struct CoDel {
        target: u64,
    }

    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only the schema is of interest")]
    struct Limit {
        #[serde(flatten)]
        rule: Rule,
        /// Who is counted.
        per: Option<String>,
    }

    #[derive(JsonSchema)]
    #[schemars(rename_all = "snake_case")]
    #[expect(dead_code, reason = "only the schema is of interest")]
    enum Rule {
        Bucket(CoDel),
        Window(Vec<u64>),
    }

    #[test]
    fn an_enum_with_and_without_content_is_a_text_or_a_choice_table() {
        let schema = Schema::of::<Discipline>("discipline");
        let forms = schema.root().forms();
        assert_eq!(forms.iter().map(|form| form.kind()).collect::<Vec<_>>(), [Kind::Text, Kind::Table]);
        let mut texts = forms[0].texts();
        texts.sort_unstable();
        assert_eq!(texts, ["fifo", "lifo", "random"]);
        assert_eq!(forms[1].choice(), ["codel", "adaptive"]);
        assert_eq!(forms[1].key("codel").unwrap().description(), "Controlled delay.");
        assert_eq!(schema.root().child("adaptive").unwrap().child("after").unwrap().kind(), Kind::Whole);
        assert!(schema.root().is_one_value());
    }

    #[test]
    fn keys_beside_a_flattened_enum_stay_in_its_table() {
        let schema = Schema::of::<Limit>("limit");
        let [table] = schema.root().forms()[..] else { panic!("one form") };
        assert_eq!(table.choice(), ["bucket", "window"]);
        assert_eq!(table.keys().map(|(key, _)| key).collect::<Vec<_>>(), ["bucket", "window", "per"]);
        assert!(!table.is_open() && table.names().is_none() && table.required().next().is_none());
    }
}
