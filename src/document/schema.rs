//! The schema of one kind of document as a value, made from the types that read the document.
//!
//! A [`Schema`] owns the JSON Schema of a type; a [`Shape`] is the part of it for one value. References are resolved
//! within their own schema, so several kinds of documents stand side by side.
//!
//! Beside the keywords of JSON Schema a shape knows these attributes, written as `#[schemars(extend("x-…" = …))]`:
//!
//! - `x-choice`: names of keys of which exactly one must stand in a table. An externally tagged enum needs none.
//! - `x-above`, `x-at-least`: the lower bound of a quantity, such as `0 s` or `0/s`.
//! - `x-change`: a change of the timeline may set the value and every value below it.
//! - `x-table`: a text stands for a table with the text as its key and all defaults. An externally tagged enum needs none.
//! - `x-replace`: the table is one value, which a file that extends another replaces as a whole.
//! - `x-renamed-from`: former names of a key.
//! - `x-noun`: what the reference calls a table, such as `distribution`.

mod choices;
mod lower;
mod publish;

use std::sync::Arc;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::diagnostics::Diagnostic;
use super::kind::Kind;
use super::source::Source;
use super::tree::{Node, Value};

/// The schema of one kind of document.
#[derive(Debug)]
pub(crate) struct Schema {
    json: Json,
    name: &'static str,
    if_empty: &'static str,
    element_names: &'static [&'static str],
}

impl Schema {
    /// The schema of a type; `name` is what messages call such a document.
    pub fn of<T: JsonSchema>(name: &'static str) -> Schema {
        let mut json = schemars::schema_for!(T).to_value();
        choices::rewrite(&mut json);
        Schema { json, name, if_empty: "", element_names: &[] }
    }

    /// The same schema with the help that an empty file gets.
    pub fn if_empty(self, help: &'static str) -> Schema {
        Schema { if_empty: help, ..self }
    }

    /// The same schema with the keys by whose text a path may call an element of a list; the first key that an element has
    /// counts.
    pub fn elements_called_by(self, keys: &'static [&'static str]) -> Schema {
        Schema { element_names: keys, ..self }
    }

    /// The keys by whose text an element of a list may be called in a path.
    pub(super) fn element_names(&self) -> &'static [&'static str] {
        self.element_names
    }

    /// The shape of the whole document.
    pub fn root(&self) -> Shape<'_> {
        Shape { schema: self, json: &self.json }
    }

    /// Reads the text of a document; all errors of its syntax are found at once.
    pub fn parse(&self, source: &Arc<Source>) -> Result<Node, Vec<Diagnostic>> {
        if source.text.trim().is_empty() {
            let error = Diagnostic::error("the file is empty").at(source, 0..0, "nothing here");
            return Err(vec![error.help(self.if_empty)]);
        }
        Node::parse(source)
    }

    /// Turns a tree whose shape was checked into the type that the schema was made from.
    pub fn deserialize<T: DeserializeOwned>(&self, tree: &Node) -> Result<T, Diagnostic> {
        // The check of the shape has found every error that serde could find, with a better message; this is a
        // safeguard.
        T::deserialize(tree.to_toml()).map_err(|error| {
            let label = error.message().lines().collect::<Vec<_>>().join("; ");
            tree.error(format!("the {} cannot be read", self.name), label)
        })
    }
}

/// The part of a schema for one value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape<'s> {
    schema: &'s Schema,
    json: &'s Json,
}

impl<'s> Shape<'s> {
    fn at(self, json: &'s Json) -> Shape<'s> {
        Shape { json, ..self }
    }

    /// The shape that allows any value.
    pub fn any(self) -> Shape<'s> {
        self.at(&Json::Null)
    }

    /// The definition behind a reference; the shape itself if it is no reference.
    pub fn resolve(mut self) -> Shape<'s> {
        while let Some(link) = self.json["$ref"].as_str() {
            match self.schema.json.pointer(link.trim_start_matches('#')) {
                Some(target) => self = self.at(target),
                None => return self.any(),
            }
        }
        self
    }

    /// The forms of the value, each of one type. TOML has no null, so no form is null.
    pub fn forms(self) -> Vec<Shape<'s>> {
        let shape = self.resolve();
        match shape.json["anyOf"].as_array() {
            Some(list) if shape.format() != "probability" => {
                list.iter().flat_map(|form| shape.at(form).forms()).collect()
            }
            None if shape.json["type"] == "null" => Vec::new(),
            _ => vec![shape],
        }
    }

    /// The type of one form.
    pub fn kind(self) -> Kind {
        let name = match &self.json["type"] {
            Json::String(kind) => kind,
            Json::Array(kinds) => {
                kinds.iter().filter_map(Json::as_str).find(|kind| *kind != "null").unwrap_or_default()
            }
            _ if self.json.get("oneOf").is_some() || self.json.get("enum").is_some() => "string",
            _ => "",
        };
        match name {
            _ if self.format() == "probability" => Kind::Share,
            "string" if self.format() == "date-time" => Kind::DateTime,
            "string" => Kind::Text,
            "integer" => Kind::Whole,
            "number" => Kind::Number,
            "boolean" => Kind::Boolean,
            "array" => Kind::List,
            "object" => Kind::Table,
            _ => Kind::Any,
        }
    }

    /// The format that a text is written in, such as `span`; empty for a plain text.
    pub fn format(self) -> &'s str {
        self.json["format"].as_str().unwrap_or_default()
    }

    /// The texts that a choice of texts allows, each with its meaning; empty for any other shape.
    pub fn texts_with_meaning(self) -> Vec<(&'s str, String)> {
        let constants = self.json["oneOf"].as_array().into_iter().flatten();
        let constants = constants.filter_map(|one| Some((one["const"].as_str()?, self.at(one).description())));
        constants.chain(strings(&self.json["enum"]).map(|text| (text, String::new()))).collect()
    }

    /// The texts that a choice of texts allows; empty for any other shape.
    pub fn texts(self) -> Vec<&'s str> {
        self.texts_with_meaning().into_iter().map(|(text, _)| text).collect()
    }

    /// The keys of which exactly one must stand in a table.
    pub fn choice(self) -> Vec<&'s str> {
        strings(&self.json["x-choice"]).collect()
    }

    /// Expands the bare name of a choice: `"codel"` becomes `{ codel = {} }`, with all defaults.
    pub fn write_out(self, node: &mut Node) {
        let Some(name) = node.as_str() else { return };
        let mut texts = self.forms().into_iter().flat_map(|form| form.json["oneOf"].as_array().into_iter().flatten());
        if texts.any(|text| text["const"] == *name && text["x-table"] == true) {
            node.value = Value::Table([(name.to_owned(), node.empty())].into());
        }
    }

    /// The keys that a table must have.
    pub fn required(self) -> impl Iterator<Item = &'s str> {
        strings(&self.json["required"])
    }

    /// The known keys of a table.
    pub fn keys(self) -> impl Iterator<Item = (&'s str, Shape<'s>)> {
        let keys = self.json["properties"].as_object();
        keys.into_iter().flatten().map(move |(key, json)| (key.as_str(), self.at(json)))
    }

    /// The shape of a known key of a table.
    pub fn key(self, key: &str) -> Option<Shape<'s>> {
        self.json["properties"].get(key).map(|json| self.at(json))
    }

    /// The present name of a renamed key; `None` if no key had this name.
    pub fn renamed(self, former: &str) -> Option<&'s str> {
        self.keys()
            .find(|(_, shape)| strings(&shape.json["x-renamed-from"]).any(|name| name == former))
            .map(|(key, _)| key)
    }

    /// The shape of every entry of a table whose keys are names that users choose.
    pub fn names(self) -> Option<Shape<'s>> {
        self.json.get("additionalProperties").filter(|entry| entry.is_object()).map(|json| self.at(json))
    }

    /// Whether a table takes any key with any value.
    pub fn is_open(self) -> bool {
        self.json["additionalProperties"] == true
    }

    /// The shape of an element of a list; `None` beyond the end of a list of fixed length.
    pub fn element(self, index: usize) -> Option<Shape<'s>> {
        self.json["prefixItems"].get(index).or_else(|| self.json.get("items")).map(|json| self.at(json))
    }

    /// The shapes of the elements of a list of fixed length.
    pub fn tuple(self) -> Option<Vec<Shape<'s>>> {
        Some(self.json["prefixItems"].as_array()?.iter().map(|json| self.at(json)).collect())
    }

    /// The shape of a key or an index below this one, in whichever form has it. In a list every name stands for an index.
    pub fn child(self, part: &str) -> Option<Shape<'s>> {
        self.forms().into_iter().find_map(|form| match form.kind() {
            Kind::Table => form.key(part).or_else(|| form.names()),
            Kind::List => form.element(part.parse().unwrap_or(0)),
            _ => None,
        })
    }

    /// Whether a table is replaced as a whole, not merged: a choice of one key, a law, a mix of shares.
    pub fn is_one_value(self) -> bool {
        let forms = self.forms();
        forms.iter().any(|form| form.kind() != Kind::Table || form.json["x-replace"] == true)
            || forms.iter().filter_map(|form| form.names()).any(|entry| entry.resolve().kind() == Kind::Share)
    }

    /// Whether two tables state the same variant of a choice, whose parameters then merge. Parameters of laws do not
    /// merge.
    pub fn is_same_choice(self, one: &IndexMap<String, Node>, other: &IndexMap<String, Node>) -> bool {
        let variant = |table: &IndexMap<String, Node>| match (table.len(), table.first()) {
            (1, Some((key, _))) => Some(key.clone()),
            _ => None,
        };
        self.forms().into_iter().any(|form| {
            let names = form.choice();
            let stated = variant(one).filter(|key| names.contains(&key.as_str()));
            form.noun().is_none() && stated.is_some() && stated == variant(other)
        })
    }

    /// The lowest and the highest number allowed, as the schema states them.
    fn bounds(self) -> (Option<&'s Json>, Option<&'s Json>) {
        (self.json.get("minimum"), self.json.get("maximum"))
    }

    /// The lowest number allowed.
    pub fn minimum(self) -> Option<f64> {
        self.bounds().0.and_then(Json::as_f64)
    }

    /// The highest number allowed.
    pub fn maximum(self) -> Option<f64> {
        self.bounds().1.and_then(Json::as_f64)
    }

    /// The range of a number in words.
    pub fn range(self) -> Option<String> {
        match self.bounds() {
            (Some(least), Some(most)) => Some(format!("from {least} to {most}")),
            (Some(least), None) => Some(format!("at least {least}")),
            (None, Some(most)) => Some(format!("at most {most}")),
            (None, None) => None,
        }
    }

    /// The least and the greatest number of elements of a list.
    pub fn lengths(self) -> (u64, u64) {
        (self.json["minItems"].as_u64().unwrap_or(0), self.json["maxItems"].as_u64().unwrap_or(u64::MAX))
    }

    /// The greatest number of characters of a text.
    pub fn longest(self) -> u64 {
        self.json["maxLength"].as_u64().unwrap_or(u64::MAX)
    }

    /// The text of an example that is a text.
    pub fn example_text(self) -> Option<&'s str> {
        self.json["examples"][0].as_str()
    }

    /// An example as it would stand in the file.
    pub fn example(self) -> Option<String> {
        match self.json["examples"].get(0)? {
            Json::String(text) if self.kind() == Kind::DateTime => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    /// The default of a key.
    pub fn default(self) -> Option<&'s Json> {
        self.json.get("default").filter(|default| !default.is_null())
    }

    /// Whether a change may set the value of this shape, and every value below it: `x-change`.
    pub fn may_change(self) -> bool {
        self.json["x-change"] == true || self.resolve().json["x-change"] == true
    }

    /// Every key of a table with its shape; `*` stands for a name that users choose, or for an index.
    pub fn children(self) -> Vec<(&'s str, Shape<'s>)> {
        let below = |form: Shape<'s>| {
            let entries = form.names().into_iter().chain(form.json.get("items").map(|json| form.at(json)));
            form.keys().chain(entries.map(|entry| ("*", entry)))
        };
        self.forms().into_iter().flat_map(below).collect()
    }

    /// Whether two shapes are one definition.
    pub fn is_same(self, other: Shape<'_>) -> bool {
        std::ptr::eq(self.resolve().json, other.resolve().json)
    }

    /// The name of a table of this shape in the reference, if it has one.
    pub fn noun(self) -> Option<&'s str> {
        self.json["x-noun"].as_str()
    }

    /// The meaning of the value, on one line: the doc comment of the field, or else of its type.
    pub fn description(self) -> String {
        let own = self.json["description"].as_str().or_else(|| self.resolve().json["description"].as_str());
        own.unwrap_or_default().replace('\n', " ")
    }
}

/// The strings of a JSON array.
fn strings(list: &Json) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Json::as_str)
}

#[cfg(test)]
mod tests;
