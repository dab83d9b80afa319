//! Quantities in files: their serde forms and their schemas.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::written::Written;
use super::{Bitrate, Probability, Rate, Span};

/// Implements serde and schema traits for a quantity: a string in TOML, with a pattern and an example in the schema.
macro_rules! quantity_in_files {
    ($type:ident, $format:literal, $what:literal, $example:literal, $pattern:literal) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }

        impl JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "type": "string",
                    "format": $format,
                    "title": $what,
                    "pattern": $pattern,
                    "examples": [$example]
                })
            }
        }
    };
}

quantity_in_files!(
    Span,
    "span",
    "a span of time",
    "120 ms",
    r"^[-+]?(\s*[0-9][0-9_.eE+-]*\s*(ns|us|µs|ms|s|min|h|d))+$"
);
quantity_in_files!(Bitrate, "bitrate", "a bit rate", "3 Tbps", r"^[0-9][0-9_.eE+-]*\s*[kMGTP]?bps$");
quantity_in_files!(Rate, "rate", "a rate", "900/s", r"^[0-9][0-9_.eE+-]*\s*/(ms|s|min|h|d)$");

impl Serialize for Probability {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0)
    }
}

impl Written<'_> for Probability {
    const EXPECTED: &'static str = "a share such as 0.3 or \"30%\"";
    fn from_text<E: de::Error>(text: &str) -> Result<Probability, E> {
        text.parse().map_err(E::custom)
    }
    fn from_number<E: de::Error>(value: f64) -> Result<Probability, E> {
        Probability::new(value).map_err(E::custom)
    }
}

impl<'de> Deserialize<'de> for Probability {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Probability::read(deserializer)
    }
}

impl JsonSchema for Probability {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Probability".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "title": "a share",
            "format": "probability",
            "examples": ["30%", 0.3],
            "anyOf": [
                { "type": "number", "minimum": 0.0, "maximum": 1.0 },
                { "type": "string", "pattern": r"^[0-9][0-9_.eE+-]*\s*%$" }
            ]
        })
    }
}
