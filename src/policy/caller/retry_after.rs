//! `honour_retry_after`: how an app heeds the `retry_after` of a pool.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::units::Span;
use crate::units::written::Written;

/// How an app heeds a Retry-After.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Honour {
    /// The app ignores it.
    #[default]
    Never,
    /// The app waits for the longer of the Retry-After and its own pause.
    Always,
    /// The same, but at most this span longer than the app's own pause.
    Within(Span),
}

impl Honour {
    /// The pause of an app whose own pause is `own`, after a Retry-After of `asked`.
    pub fn pause(self, own: Span, asked: Span) -> Span {
        match self {
            Honour::Never => own,
            Honour::Always => own.max(asked),
            Honour::Within(added) => own.max(asked.min((own + added).min(Span::LONGEST))),
        }
    }
}

/// The bounded form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Bounded {
    /// Longest time by which a Retry-After prolongs a pause; 5 s in the AWS SDKs of 2026.
    #[schemars(extend("x-at-least" = "0 s"))]
    at_most_added: Span,
}

impl<'de> Written<'de> for Honour {
    const EXPECTED: &'static str = "true, false or a table";
    fn from_flag<E: de::Error>(flag: bool) -> Result<Self, E> {
        Ok(if flag { Honour::Always } else { Honour::Never })
    }
    fn from_table<A: de::MapAccess<'de>>(table: A) -> Result<Self, A::Error> {
        Bounded::deserialize(MapAccessDeserializer::new(table)).map(|bounded| Honour::Within(bounded.at_most_added))
    }
}

impl<'de> Deserialize<'de> for Honour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(deserializer)
    }
}

impl Serialize for Honour {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Honour::Never => serializer.serialize_bool(false),
            Honour::Always => serializer.serialize_bool(true),
            Honour::Within(at_most_added) => Bounded { at_most_added }.serialize(serializer),
        }
    }
}

impl JsonSchema for Honour {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "HonourRetryAfter".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "type": "boolean" }, generator.subschema_for::<Bounded>()] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_true_false_or_bounded_and_reads_back() {
        for (json, honour) in [
            ("false", Honour::Never),
            ("true", Honour::Always),
            ("{\"at_most_added\":\"5 s\"}", Honour::Within(Span::from_seconds(5.0))),
        ] {
            assert_eq!(serde_json::from_str::<Honour>(json).unwrap(), honour);
            assert_eq!(serde_json::from_str::<Honour>(&serde_json::to_string(&honour).unwrap()).unwrap(), honour);
        }
        let error = serde_json::from_str::<Honour>("3").unwrap_err().to_string();
        assert!(error.contains("true, false or a table"), "{error}");
    }
}
