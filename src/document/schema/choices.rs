//! Externally tagged enums as choices: a bare name, or a table with one key, the name, that holds the parameters.
//!
//! `enum Discipline { Fifo, Codel(CoDel) }` is written `"fifo"` or `{ codel = { … } }`. If every parameter of CoDel has a
//! default, `"codel"` is short for `{ codel = {} }`. The derived schema lists a variant each; a check that went through
//! them one by one could only say that none fits. Here the variants with content become one table with the attribute
//! `x-choice`, so that an error says which key is wrong and what is wrong below it.

use serde_json::{Map, Value as Json, json};

/// Rewrites every externally tagged enum in a schema.
pub(super) fn rewrite(schema: &mut Json) {
    let definitions = schema["$defs"].clone();
    rewrite_below(schema, &definitions);
}

fn rewrite_below(schema: &mut Json, definitions: &Json) {
    match schema {
        Json::Array(list) => list.iter_mut().for_each(|item| rewrite_below(item, definitions)),
        Json::Object(object) => {
            object.values_mut().for_each(|value| rewrite_below(value, definitions));
            rewrite_one(object, definitions);
        }
        _ => {}
    }
}

fn rewrite_one(object: &mut Map<String, Json>, definitions: &Json) {
    let Some(Json::Array(variants)) = object.get("oneOf") else { return };
    if !variants.iter().any(|variant| tag(variant).is_some()) {
        return;
    }
    let mut table = choice_table(variants, object);
    // A name cannot stand for the table of a flattened enum, which is a struct with keys of its own.
    let is_struct = object.contains_key("type");
    let texts: Vec<Json> =
        variants.iter().filter(|_| !is_struct).flat_map(|variant| texts(variant, definitions)).collect();
    object.shift_remove("oneOf");
    object.shift_remove("properties");
    if texts.is_empty() {
        object.extend(table);
    } else {
        // The reference heads the section of the table with its description.
        table.extend(object.get("description").map(|text| ("description".to_owned(), text.clone())));
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
fn choice_table(variants: &[Json], enclosing: &Map<String, Json>) -> Map<String, Json> {
    let mut keys = Map::new();
    for (tag, variant) in variants.iter().filter_map(|variant| Some((tag(variant)?, variant))) {
        let mut content = variant["properties"][tag].clone();
        if variant["description"].is_string() {
            content["description"] = variant["description"].clone();
        }
        keys.insert(tag.to_owned(), content);
    }
    let tags: Vec<Json> = keys.keys().map(|tag| json!(tag)).collect();
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

/// The texts that name a variant, or several variants without content and meaning.
fn texts(variant: &Json, definitions: &Json) -> Vec<Json> {
    match (tag(variant), variant["enum"].as_array()) {
        (Some(tag), _) if has_defaults(&variant["properties"][tag], definitions) => {
            let mut text = json!({ "type": "string", "const": tag, "x-table": true });
            if variant["description"].is_string() {
                text["description"] = variant["description"].clone();
            }
            vec![text]
        }
        (Some(_), _) => Vec::new(),
        (None, Some(texts)) => texts.iter().map(|text| json!({ "const": text })).collect(),
        (None, None) => vec![variant.clone()],
    }
}

/// Whether content is a table that may be empty, because every key of it has a default.
fn has_defaults(content: &Json, definitions: &Json) -> bool {
    let name = content["$ref"].as_str().and_then(|link| link.strip_prefix("#/$defs/"));
    let table = name.map_or(content, |name| &definitions[name]);
    let needs = ["required", "x-choice", "oneOf", "anyOf"].iter().any(|keyword| table.get(keyword).is_some());
    table["type"] == "object" && !needs
}

#[cfg(test)]
mod tests {
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    use crate::document::kind::Kind;
    use crate::document::read;
    use crate::document::schema::Schema;

    /// A shape.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    enum Form {
        /// No size.
        Point,
        /// As wide as high.
        FlatSquare(Square),
        /// As wide as stated.
        Wide { width: u64 },
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields, default)]
    struct Square {
        /// The length of a side.
        side: u64,
        inner: Option<Box<Form>>,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
    struct File {
        form: Form,
    }

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

    fn form(text: &str) -> Result<Form, String> {
        read::<File>(text).map(|file| file.form)
    }

    #[test]
    fn a_choice_reads_as_a_name_and_as_a_table() {
        let square = |side, inner: Option<Form>| Ok(Form::FlatSquare(Square { side, inner: inner.map(Box::new) }));
        assert_eq!(form("form = 'point'"), Ok(Form::Point));
        assert_eq!(form("form = 'flat_square'"), square(0, None));
        assert_eq!(form("form = { flat_square = {} }"), square(0, None));
        assert_eq!(form("form = { flat_square = { side = 3 } }"), square(3, None));
        assert_eq!(form("[form.flat_square]\nside = 3\ninner = 'flat_square'"), square(3, square(0, None).ok()));
        assert_eq!(form("form = { wide = { width = 3 } }"), Ok(Form::Wide { width: 3 }));
    }

    #[test]
    fn what_is_no_choice_is_refused_at_its_place() {
        for (text, title, caret, help) in [
            ("form = 'pont'", "expected one of \"point\", \"flat_square\"", "'pont'", "did you mean `point`?"),
            (
                "form = 'circle'",
                "expected one of \"point\", \"flat_square\"",
                "'circle'",
                "known: point, flat_square, wide",
            ),
            ("form = 'wide'", "expected one of \"point\", \"flat_square\"", "'wide'", "write { wide = { … } }"),
            ("form = { circle = {} }", "unknown key `circle`", "circle", "known: flat_square, wide"),
            ("form = { flat_square = { sides = 4 } }", "unknown key `sides`", "sides", "did you mean `side`?"),
            ("form = { flat_square = { inner = 'pont' } }", "expected one of", "'pont'", "did you mean `point`?"),
            ("form = { flat_square = {}, wide = {} }", "`wide` cannot stand beside", "wide", "flat_square, wide"),
            ("form = { wide = {} }", "`width` is missing", "{}", "`width` belongs here"),
            ("form = {}", "a choice is missing", "{}", "write exactly one of flat_square, wide"),
            (
                "form = 3",
                "expected one of \"point\", \"flat_square\", or a table",
                "3",
                "write { flat_square = { side = 3 } }",
            ),
        ] {
            let error = form(text).unwrap_err();
            for part in [title, help] {
                assert!(error.contains(part), "{part}\n{error}");
            }
            // A wrong value has a placeholder, so that the rest is read.
            assert!(!error.contains("cannot be read"), "{error}");
            let column = text.find(caret).unwrap() + 1;
            assert!(error.contains(&format!("a.toml:1:{column}")), "{column}\n{error}");
        }
    }

    #[test]
    fn a_choice_is_written_as_it_is_read() {
        let square = Form::FlatSquare(Square { side: 3, inner: Some(Box::new(Form::Point)) });
        for form in [Form::Point, square, Form::Wide { width: 2 }] {
            let file = File { form };
            let text = toml::to_string(&file).unwrap();
            assert_eq!(read(&text), Ok(file), "{text}");
        }
    }

    #[test]
    fn a_name_whose_parameters_have_defaults_stands_in_the_schema_in_both_forms() {
        let schema = Schema::of::<Form>("form").published();
        let [name, table] = schema["anyOf"].as_array().unwrap().as_slice() else { panic!("{schema}") };
        assert_eq!(name["type"], "string");
        let constants = name["oneOf"].as_array().unwrap().iter().map(|one| &one["const"]).collect::<Vec<_>>();
        assert_eq!(constants, ["point", "flat_square"]);
        assert_eq!(name["oneOf"][1]["description"], "As wide as high.");
        assert_eq!((&table["type"], &table["description"]), (&"object".into(), &"A shape.".into()));
        let keys = table["properties"].as_object().unwrap().keys().collect::<Vec<_>>();
        assert_eq!(keys, ["flat_square", "wide"]);
        assert_eq!(table["properties"]["flat_square"]["description"], "As wide as high.");
        assert_eq!(table["additionalProperties"], false);
    }
}
