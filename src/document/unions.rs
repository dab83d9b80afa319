//! Values that may be written in one of two ways: a plain value or a table.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer, StrDeserializer};
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::units::Probability;
use crate::units::written::Written;

/// A string that reads as `S`, or a table that reads as `T`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum StringOr<S, T> {
    /// Written as a string.
    String(S),
    /// Written as a table.
    Table(T),
}

/// One name, or names with shares that add up to 1.
pub type Mix = StringOr<String, IndexMap<String, Probability>>;

impl<'de, S, T> Written<'de> for StringOr<S, T>
where
    S: FromStr,
    S::Err: fmt::Display,
    T: Deserialize<'de>,
{
    const EXPECTED: &'static str = "a string or a table";
    fn from_text<E: de::Error>(text: &str) -> Result<Self, E> {
        text.parse().map(StringOr::String).map_err(E::custom)
    }
    fn from_table<A: de::MapAccess<'de>>(table: A) -> Result<Self, A::Error> {
        T::deserialize(MapAccessDeserializer::new(table)).map(StringOr::Table)
    }
}

impl<'de, S, T> Deserialize<'de> for StringOr<S, T>
where
    StringOr<S, T>: Written<'de>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(deserializer)
    }
}

impl<S: JsonSchema, T: JsonSchema> JsonSchema for StringOr<S, T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("{}Or{}", S::schema_name(), T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [generator.subschema_for::<S>(), generator.subschema_for::<T>()] })
    }
}

/// A whole number, or a table with one for each of several names.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Counts {
    /// One number.
    One(u64),
    /// A number for each name.
    ByName(IndexMap<String, u64>),
}

/// The highest of [`Counts`].
const MOST_COUNT: u64 = 4_000_000_000;

impl<'de> Written<'de> for Counts {
    const EXPECTED: &'static str = "a whole number or a table";
    fn from_count<E: de::Error>(count: u64) -> Result<Self, E> {
        Ok(Counts::One(count))
    }
    fn from_table<A: de::MapAccess<'de>>(table: A) -> Result<Self, A::Error> {
        IndexMap::deserialize(MapAccessDeserializer::new(table)).map(Counts::ByName)
    }
}

impl<'de> Deserialize<'de> for Counts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(deserializer)
    }
}

impl JsonSchema for Counts {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Counts".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let count = json_schema!({ "type": "integer", "minimum": 0, "maximum": MOST_COUNT, "examples": [100_000] });
        json_schema!({ "anyOf": [count, { "type": "object", "additionalProperties": count }] })
    }
}

/// One table or text, or a list of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct OneOrMany<T>(pub Vec<T>);

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        OneOrMany(Vec::new())
    }
}

impl<T> OneOrMany<T> {
    /// Whether there is no table.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The tables in the order of the file.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }
}

impl<'de, T: Deserialize<'de>> Written<'de> for OneOrMany<T> {
    const EXPECTED: &'static str = "a table or a list of tables";
    fn from_text<E: de::Error>(text: &str) -> Result<Self, E> {
        T::deserialize(StrDeserializer::new(text)).map(|one| OneOrMany(vec![one]))
    }
    fn from_table<A: de::MapAccess<'de>>(table: A) -> Result<Self, A::Error> {
        T::deserialize(MapAccessDeserializer::new(table)).map(|one| OneOrMany(vec![one]))
    }
    fn from_list<A: de::SeqAccess<'de>>(list: A) -> Result<Self, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(list)).map(OneOrMany)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(deserializer)
    }
}

impl<T: JsonSchema> JsonSchema for OneOrMany<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("OneOrMany{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [one, { "type": "array", "items": one }] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Span;

    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    struct Values {
        span: StringOr<Span, IndexMap<String, f64>>,
        count: Counts,
        many: OneOrMany<IndexMap<String, u64>>,
    }

    #[test]
    fn each_way_of_writing_reads_back_as_it_was_written() {
        for text in [
            "span = \"5 s\"\ncount = 3\nmany = [{ a = 1 }, { b = 2 }]",
            "span = { a = 1.5 }\ncount = { a = 3 }\nmany = { a = 1 }",
        ] {
            let values: Values = toml::from_str(text).unwrap();
            let again: Values = toml::from_str(&toml::to_string(&values).unwrap()).unwrap();
            assert_eq!(values, again);
        }
    }

    #[test]
    fn a_value_of_another_type_is_refused_with_what_is_allowed() {
        let refused = |json: &str| serde_json::from_str::<Counts>(json).unwrap_err().to_string();
        for wrong in ["-1", "1.5", "\"x\"", "[]"] {
            assert!(refused(wrong).contains("expected a whole number or a table"), "{wrong}: {}", refused(wrong));
        }
        assert!(serde_json::from_str::<StringOr<Span, f64>>("\"5\"").unwrap_err().to_string().contains("has no unit"));
    }
}
