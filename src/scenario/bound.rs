//! The bound of a threshold: a number, a share or a span.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::units::{Bitrate, Probability, Rate, Span};

/// A bound as written, with its value in the unit of the tables (shares as 0 to 1, spans in ms, bit rates in kbps).
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// In the unit of the metric's column.
    pub value: f64,
    /// As the file says it.
    pub text: String,
}

impl FromStr for Bound {
    type Err = String;
    fn from_str(text: &str) -> Result<Bound, String> {
        let value = if text.trim_end().ends_with('%') {
            text.parse::<Probability>()?.0
        } else if text.trim_end().ends_with("bps") {
            text.parse::<Bitrate>()?.0 as f64 / 1e3
        } else if text.contains('/') {
            text.parse::<Rate>()?.0
        } else {
            text.parse::<Span>()
                .map_err(|_| format!("`{text}` is not a bound; write a number, \"1%\", \"2 s\" or \"3 Mbps\""))?
                .millis()
        };
        Ok(Bound { value, text: text.to_owned() })
    }
}

impl Serialize for Bound {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.text.parse::<f64>() {
            Ok(number) => serializer.serialize_f64(number),
            Err(_) => serializer.serialize_str(&self.text),
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
                Ok(Bound { value, text: value.to_string() })
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Bound, E> {
                Ok(Bound { value: value as f64, text: value.to_string() })
            }
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Bound, E> {
                Ok(Bound { value: value as f64, text: value.to_string() })
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
