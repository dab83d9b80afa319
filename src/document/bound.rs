//! A bound of a figure: a number, a share, a span, a bit rate or a rate.

use std::borrow::Cow;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::units::written::Written;
use crate::units::{Bitrate, Probability, Rate, Span};
use crate::vocabulary::Unit;

/// A bound as written: a plain number in the unit of the figure, or a number with a unit of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// The number, in the bound's own unit if it has one.
    pub value: f64,
    /// The unit in which the bound was stated; `None` for a plain number. Spans are in milliseconds.
    pub unit: Option<Unit>,
    /// The bound as written.
    pub text: String,
}

impl Bound {
    /// A bound that is a share.
    pub fn share(value: f64) -> Bound {
        Bound { value, unit: Some(Unit::Share), text: format!("{}%", value * 100.0) }
    }

    /// The value in a unit of the bound's own dimension; a plain number is taken to be in that unit.
    pub fn in_unit(&self, unit: Unit) -> f64 {
        self.unit.and_then(|stated| unit.convert(self.value, stated)).unwrap_or(self.value)
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

impl Written<'_> for Bound {
    const EXPECTED: &'static str = "a number, \"1%\" or \"2 s\"";
    fn from_text<E: de::Error>(text: &str) -> Result<Bound, E> {
        text.parse().map_err(E::custom)
    }
    fn from_number<E: de::Error>(value: f64) -> Result<Bound, E> {
        Ok(Bound::number(value))
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
            let bound = text.parse::<Bound>().unwrap();
            assert_eq!((bound.value, bound.unit.is_some(), bound.text.as_str()), (value, true, text));
        }
        for json in ["1000.0", "0.5", "\"2 s\""] {
            let bound: Bound = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&bound).unwrap(), json);
        }
        assert_eq!(serde_json::from_str::<Bound>("7").unwrap().value, 7.0);
        assert!("soon".parse::<Bound>().unwrap_err().contains("is not a bound"));
    }
}
