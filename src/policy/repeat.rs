//! Repetition of a journey: closed-loop users, as in load generators.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::units::written::Written;
use crate::units::{Span, Time};

/// Largest number of rounds that may be stated.
const MOST_ROUNDS: u64 = 1_000_000;

/// The repetition of a journey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Repeat {
    /// Number of rounds in all, or `"forever"`.
    #[serde(default)]
    times: Times,
    /// Pacing: time from the begin of a round to the begin of the next, unless the round takes longer.
    #[serde(default)]
    #[schemars(extend("x-change" = true, "x-at-least" = "0 s"))]
    pacing: Span,
}

/// A number of rounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Times {
    /// No end.
    #[default]
    Forever,
    /// A number of rounds.
    Count(u64),
}

impl Repeat {
    /// Whether another round follows after `rounds` rounds.
    pub fn goes_on(&self, rounds: u32) -> bool {
        match self.times {
            Times::Forever => true,
            Times::Count(times) => u64::from(rounds) < times,
        }
    }

    /// The earliest begin of the round after one that began at `began`, from the start of the window.
    pub fn earliest(&self, began: Span) -> Time {
        Time::START.after((began + self.pacing).max(Span::ZERO))
    }

    /// The number of rounds that a viewer in the steady state has ended, by a uniform number; 0 without an end.
    pub fn rounds_ended(&self, uniform: f64) -> u32 {
        match self.times {
            Times::Forever => 0,
            Times::Count(times) => (uniform * times as f64) as u32,
        }
    }

    /// The number of rounds; infinite without an end.
    pub fn rounds(&self) -> f64 {
        match self.times {
            Times::Forever => f64::INFINITY,
            Times::Count(times) => times as f64,
        }
    }

    /// The least time from the begin of a round to the begin of the next.
    pub fn pacing(&self) -> Span {
        self.pacing
    }
}

impl Serialize for Times {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Times::Forever => serializer.serialize_str("forever"),
            Times::Count(times) => serializer.serialize_u64(*times),
        }
    }
}

impl<'de> Written<'de> for Times {
    const EXPECTED: &'static str = "a whole number or \"forever\"";
    fn from_count<E: de::Error>(count: u64) -> Result<Self, E> {
        Ok(Times::Count(count))
    }
    fn from_text<E: de::Error>(text: &str) -> Result<Self, E> {
        match text {
            "forever" => Ok(Times::Forever),
            _ => Err(E::custom("write a whole number or \"forever\"")),
        }
    }
}

impl<'de> Deserialize<'de> for Times {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(deserializer)
    }
}

impl JsonSchema for Times {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Times".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [
            { "type": "integer", "minimum": 1, "maximum": MOST_ROUNDS, "examples": [10] },
            { "type": "string", "enum": ["forever"] }
        ] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read;

    fn repeat(text: &str) -> Repeat {
        read(text).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn rounds_are_counted_in_all_and_begin_no_earlier_than_their_pacing() {
        let three = repeat("times = 3\npacing = '30 s'");
        assert_eq!([1, 2, 3, 4].map(|rounds| three.goes_on(rounds)), [true, true, false, false]);
        assert_eq!(three.earliest(Span(5)), Time(30_000_000_005));
        assert_eq!(three.earliest(Span(-40_000_000_000)), Time::START);
        assert_eq!([0.1, 0.5, 0.9].map(|uniform| three.rounds_ended(uniform)), [0, 1, 2]);
        assert_eq!((three.rounds(), three.pacing()), (3.0, Span(30_000_000_000)));
        let forever = repeat("pacing = '0 s'");
        assert!(forever.goes_on(u32::MAX) && forever.rounds().is_infinite());
        assert_eq!((forever.earliest(Span(5)), repeat("times = 'forever'")), (Time(5), forever));
        for repeat in [three, forever] {
            assert_eq!(read(&toml::to_string(&repeat).unwrap()), Ok(repeat));
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for (text, error) in [
            ("times = 0", "from 1"),
            ("times = 'often'", "forever"),
            ("pacing = '-1 s'", "negative"),
            ("pacing = 3", "unit"),
            ("paceing = '3 s'", "pacing"),
        ] {
            let found = read::<Repeat>(text).unwrap_err();
            assert!(found.contains(error), "{text}: {found}");
        }
    }
}
