//! The bound of a threshold: a number, a share or a span.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::units::{Bitrate, Probability, Rate, Span};
use crate::vocabulary::Unit;

/// A bound as written: a plain number in the unit of the figure, or a number with a unit of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// The number, in the bound's own unit where it has one.
    pub value: f64,
    /// The unit in which the bound was stated; `None` for a plain number. Spans are in milliseconds.
    pub unit: Option<Unit>,
    /// As the file says it.
    pub text: String,
}

impl Bound {
    /// A bound that is a share.
    pub fn share(value: f64) -> Bound {
        Bound { value, unit: Some(Unit::Share), text: format!("{}%", value * 100.0) }
    }

    /// A bound that is a plain number.
    fn number(value: f64) -> Bound {
        Bound { value, unit: None, text: value.to_string() }
    }
}

impl FromStr for Bound {
    type Err = String;
    fn from_str(text: &str) -> Result<Bound, String> {
        let (value, unit) = match text.trim_end() {
            share if share.ends_with('%') => (text.parse::<Probability>()?.0, Unit::Share),
            bitrate if bitrate.ends_with("bps") => (text.parse::<Bitrate>()?.0 as f64 / 1e3, Unit::Kbps),
            rate if rate.contains('/') => (text.parse::<Rate>()?.0, Unit::PerSecond),
            span => match span.parse::<Span>() {
                Ok(span) => (span.millis(), Unit::Milliseconds),
                Err(_) => {
                    return Err(format!("`{text}` is not a bound; write a number, \"1%\", \"2 s\" or \"3 Mbps\""));
                }
            },
        };
        Ok(Bound { value, unit: Some(unit), text: text.to_owned() })
    }
}

impl Serialize for Bound {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.unit {
            None => serializer.serialize_f64(self.value),
            Some(_) => serializer.serialize_str(&self.text),
        }
    }
}

impl<'de> Deserialize<'de> for Bound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Bound;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, \"1%\" or \"2 s\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Bound, E> {
                text.parse().map_err(E::custom)
            }
            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Bound, E> {
                Ok(Bound::number(value))
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Bound, E> {
                Ok(Bound::number(value as f64))
            }
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Bound, E> {
                Ok(Bound::number(value as f64))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl JsonSchema for Bound {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Bound".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "title": "a bound",
            "examples": ["1%", "2 s", 1000],
            "anyOf": [{ "type": "number" }, { "type": "string", "format": "bound", "title": "a bound with its unit", "examples": ["1%"] }]
        })
    }
}
