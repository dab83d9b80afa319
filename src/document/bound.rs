//! A bound of a figure: a number, a share, a span, a bit rate or a rate.

use std::borrow::Cow;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::units::written::Written;
use crate::units::{Bitrate, Probability, Rate, Span};

/// A bound as written, with its value in the unit of the tables: shares from 0 to 1, spans in ms, bit rates in kbps, rates per second.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// The value in the unit of the figure's column.
    pub value: f64,
    /// The bound as the file states it.
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

impl Written<'_> for Bound {
    const EXPECTED: &'static str = "a number, \"1%\" or \"2 s\"";
    fn from_text<E: de::Error>(text: &str) -> Result<Bound, E> {
        text.parse().map_err(E::custom)
    }
    fn from_number<E: de::Error>(value: f64) -> Result<Bound, E> {
        Ok(Bound { value, text: value.to_string() })
    }
}

impl<'de> Deserialize<'de> for Bound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Bound::read(deserializer)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_has_the_value_in_the_unit_of_the_tables_and_reads_back() {
        for (text, value) in [("1%", 0.01), ("2 s", 2000.0), ("3 Mbps", 3000.0), ("60/min", 1.0)] {
            assert_eq!(text.parse::<Bound>().unwrap(), Bound { value, text: text.to_owned() });
        }
        for json in ["1000.0", "0.5", "\"2 s\""] {
            let bound: Bound = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&bound).unwrap(), json);
        }
        assert_eq!(serde_json::from_str::<Bound>("7").unwrap().value, 7.0);
        assert!("soon".parse::<Bound>().unwrap_err().contains("is not a bound"));
    }
}
