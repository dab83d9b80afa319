//! Values that may be written in one of two ways: a plain value, or a table.
//!
//! Serde's `untagged` loses the position of an error, so each is read by the type of its TOML value.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A string that reads as `S`, or a table that reads as `T`.
#[derive(Clone, Debug, PartialEq)]
pub enum StringOr<S, T> {
    /// Written as a string.
    String(S),
    /// Written as a table.
    Table(T),
}

impl<S: Serialize, T: Serialize> Serialize for StringOr<S, T> {
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        match self {
            StringOr::String(value) => value.serialize(serializer),
            StringOr::Table(value) => value.serialize(serializer),
        }
    }
}

impl<'de, S, T> Deserialize<'de> for StringOr<S, T>
where
    S: FromStr,
    S::Err: fmt::Display,
    T: Deserialize<'de>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor<S, T>(PhantomData<(S, T)>);
        impl<'de, S, T> de::Visitor<'de> for Visitor<S, T>
        where
            S: FromStr,
            S::Err: fmt::Display,
            T: Deserialize<'de>,
        {
            type Value = StringOr<S, T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or a table")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                text.parse().map(StringOr::String).map_err(E::custom)
            }
            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(StringOr::Table)
            }
        }
        deserializer.deserialize_any(Visitor(PhantomData))
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
        let string = generator.subschema_for::<S>();
        let table = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [string, table] })
    }
}

/// A whole number, or the same for each of several names.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum CountOr<T> {
    /// One number.
    Count(u64),
    /// A table.
    Table(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for CountOr<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> de::Visitor<'de> for Visitor<T> {
            type Value = CountOr<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number or a table")
            }
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Self::Value, E> {
                Ok(CountOr::Count(value))
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Self::Value, E> {
                u64::try_from(value).map(CountOr::Count).map_err(|_| E::custom("a count cannot be negative"))
            }
            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(CountOr::Table)
            }
        }
        deserializer.deserialize_any(Visitor(PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for CountOr<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("CountOr{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let table = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [{ "type": "integer", "minimum": 0, "maximum": 4_000_000_000_u32, "examples": [100_000] }, table] })
    }
}
