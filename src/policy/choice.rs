//! Choices in files: a bare name, or a table with one key, the name, that holds the parameters.
//!
//! `"least_of"` and `{ least_of = { choices = 2 } }` are the same choice, because every parameter of a choice has a default.
//! An enum becomes such a choice by deriving serde's and schemars' traits with the attributes `remote = "Self"`,
//! `rename_all = "snake_case"` and `transform = as_name_or_table`, and by [`choice_in_files`].

use schemars::Schema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, DeserializeSeed, IntoDeserializer, MapAccess};
use serde_json::{Map, Value as Json, json};

/// Implements `Serialize` and `Deserialize` for an enum whose derived forms are `remote = "Self"`.
///
/// Serde's own form of an enum reads a name only where a variant has no parameters, and a table only where it has some.
macro_rules! choice_in_files {
    ($type:ident) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $type::serialize(self, serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                struct Visitor;
                impl<'de> serde::de::Visitor<'de> for Visitor {
                    type Value = $type;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("a name, or a table with the name as its only key")
                    }
                    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<$type, E> {
                        let plain = serde::de::value::StrDeserializer::<E>::new(name);
                        $type::deserialize(plain).or_else(|_| $type::deserialize($crate::policy::choice::by_name(name)))
                    }
                    fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<$type, A::Error> {
                        $type::deserialize(serde::de::value::MapAccessDeserializer::new(
                            $crate::policy::choice::OneKey::new(map),
                        ))
                    }
                }
                deserializer.deserialize_any(Visitor)
            }
        }
    };
}
pub(crate) use choice_in_files;

/// The table `{ name = {} }`: a choice with all its defaults.
pub(crate) fn by_name<E: de::Error>(name: &str) -> MapAccessDeserializer<ByName<'_, E>> {
    MapAccessDeserializer::new(ByName { name: Some(name), error: std::marker::PhantomData })
}

/// The one entry of the table `{ name = {} }`.
pub(crate) struct ByName<'a, E> {
    name: Option<&'a str>,
    error: std::marker::PhantomData<E>,
}

impl<'de, E: de::Error> MapAccess<'de> for ByName<'_, E> {
    type Error = E;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, E> {
        self.name.take().map(|name| seed.deserialize(name.into_deserializer())).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, E> {
        seed.deserialize(de::value::MapDeserializer::<'_, std::iter::Empty<((), ())>, E>::new(std::iter::empty()))
    }
}

/// A table that must not have a second key.
pub(crate) struct OneKey<A>(A);

impl<A> OneKey<A> {
    /// The table behind `map`.
    pub(crate) fn new(map: A) -> OneKey<A> {
        OneKey(map)
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for OneKey<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        self.0.next_key_seed(seed)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        let value = self.0.next_value_seed(seed)?;
        match self.0.next_key::<String>()? {
            Some(second) => Err(de::Error::custom(format!("`{second}` is one too many; write one choice"))),
            None => Ok(value),
        }
    }
}

/// Turns the schema of an enum into that of a choice: one of the names as a string, or a table with one of the names as
/// its key.
///
/// A name without parameters has no form as a table. A table that replaces another one in a file that extends it does so as
/// a whole, since the parameters of two choices do not mix.
pub fn as_name_or_table(schema: &mut Schema) {
    let Some(Json::Array(variants)) = schema.remove("oneOf") else { return };
    let (mut names, mut tables) = (Vec::new(), Map::new());
    for variant in variants {
        match variant["properties"].as_object().and_then(|properties| properties.iter().next()) {
            Some((name, parameters)) => {
                let mut parameters = parameters.clone();
                names.push(json!({ "type": "string", "const": name, "description": variant["description"] }));
                parameters["description"] = variant["description"].clone();
                tables.insert(name.clone(), parameters);
            }
            None => names.push(variant),
        }
    }
    let keys: Vec<Json> = tables.keys().map(|name| json!(name)).collect();
    let name = json!({ "type": "string", "oneOf": names });
    let table = json!({
        "type": "object",
        "description": schema.get("description"),
        "properties": tables,
        "additionalProperties": false,
        "x-choice": keys,
        "x-replace": true
    });
    schema.insert("anyOf".to_owned(), json!([name, table]));
}

#[cfg(test)]
mod tests {
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    use super::*;

    /// A shape.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
    #[serde(remote = "Self", rename_all = "snake_case")]
    #[schemars(transform = as_name_or_table)]
    enum Shape {
        /// No size.
        Point,
        /// As wide as high.
        FlatSquare(Square),
    }
    choice_in_files!(Shape);

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields, default)]
    struct Square {
        /// The length of a side.
        side: u64,
    }

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
    struct File {
        shape: Shape,
    }

    fn read(text: &str) -> Result<Shape, String> {
        toml::from_str::<File>(text).map(|file| file.shape).map_err(|error| error.to_string())
    }

    #[test]
    fn a_choice_reads_as_a_name_and_as_a_table() {
        assert_eq!(read("shape = 'point'"), Ok(Shape::Point));
        assert_eq!(read("shape = 'flat_square'"), Ok(Shape::FlatSquare(Square { side: 0 })));
        assert_eq!(read("shape = { flat_square = {} }"), Ok(Shape::FlatSquare(Square { side: 0 })));
        assert_eq!(read("shape = { flat_square = { side = 3 } }"), Ok(Shape::FlatSquare(Square { side: 3 })));
        assert_eq!(read("[shape.flat_square]\nside = 3"), Ok(Shape::FlatSquare(Square { side: 3 })));
    }

    #[test]
    fn what_is_no_choice_is_refused_at_its_place() {
        for (text, says) in [
            ("shape = 'circle'", "unknown variant `circle`"),
            ("shape = { circle = {} }", "unknown variant `circle`"),
            ("shape = { flat_square = { side = 3, sides = 4 } }", "unknown field `sides`"),
            ("shape = { flat_square = {}, point = {} }", "one too many"),
            ("shape = 3", "a name, or a table with the name as its only key"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(says), "{text}: {error}");
            assert!(error.contains("line 1, column"), "{text}: {error}");
        }
    }

    #[test]
    fn a_choice_is_written_as_it_is_read() {
        for shape in [Shape::Point, Shape::FlatSquare(Square { side: 3 })] {
            let text = toml::to_string(&File { shape: shape.clone() }).unwrap();
            assert_eq!(read(&text), Ok(shape), "{text}");
        }
    }

    #[test]
    fn the_schema_has_both_forms() {
        let schema = schemars::schema_for!(Shape).to_value();
        assert_eq!(schema["oneOf"], Json::Null);
        let [name, table] = schema["anyOf"].as_array().unwrap().as_slice() else { panic!("{schema}") };
        assert_eq!(name["type"], "string");
        assert_eq!(name["oneOf"][0]["const"], "point");
        assert_eq!(name["oneOf"][1]["const"], "flat_square");
        assert_eq!(table["type"], "object");
        assert_eq!(table["x-choice"], json!(["flat_square"]));
        assert_eq!(table["properties"]["flat_square"]["description"], "As wide as high.");
        assert_eq!(table["additionalProperties"], false);
    }
}
