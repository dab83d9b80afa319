//! Quantities with their units: simulated time, spans, bit rates, rates and probabilities.
//!
//! Each is a plain number in memory and a string with a unit in a scenario file (`"120 ms"`,
//! `"3 Tbps"`, `"900/s"`, `"30%"`). Reading never guesses: a number without a unit is an error
//! whose text shows how to write it.

mod quantity;
pub mod written;

pub(crate) use quantity::tidy;
pub use quantity::{Dimension, Quantity};

use std::borrow::Cow;
use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use written::Written;

/// Nanoseconds in a second.
pub const NANOS_PER_SECOND: f64 = 1e9;

/// A moment of the simulated window, in nanoseconds since its start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub u64);

/// A length of time in nanoseconds; negative where a law is shifted or an offset lies before the drop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(pub i64);

/// Bits per second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bitrate(pub u64);

/// Happenings per second.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Rate(pub f64);

/// A number from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Probability(pub f64);

impl Time {
    /// Seconds since the start of the window.
    pub fn seconds(self) -> f64 {
        self.0 as f64 / NANOS_PER_SECOND
    }

    /// The moment `span` later. A window lasts thirty days at most, so what is [`Span::LONGEST`] after one of its
    /// moments is still far below the end of the type.
    #[inline]
    pub fn after(self, span: Span) -> Time {
        Time(self.0.wrapping_add_signed(span.0))
    }

    /// The span from `earlier` to this moment.
    #[inline]
    pub fn since(self, earlier: Time) -> Span {
        Span(self.0 as i64 - earlier.0 as i64)
    }
}

impl Span {
    /// The empty span.
    pub const ZERO: Span = Span(0);
    /// The longest span that a scenario may state: a hundred years of 365 days.
    pub const LONGEST: Span = Span(100 * 365 * 86_400 * 1_000_000_000);

    /// A span from seconds, rounded to the nearest nanosecond; what is beyond [`Span::LONGEST`] ends there.
    #[inline]
    pub fn from_seconds(seconds: f64) -> Span {
        Span::from_nanos(seconds * NANOS_PER_SECOND)
    }

    /// A span from nanoseconds, rounded half away from zero; what is beyond [`Span::LONGEST`] ends there.
    #[inline]
    pub fn from_nanos(nanos: f64) -> Span {
        let limit = Span::LONGEST.0 as f64;
        let clamped = nanos.clamp(-limit, limit);
        Span((clamped + 0.5_f64.copysign(clamped)) as i64)
    }

    /// This span in seconds.
    pub fn seconds(self) -> f64 {
        self.0 as f64 / NANOS_PER_SECOND
    }

    /// This span in milliseconds.
    pub fn millis(self) -> f64 {
        self.0 as f64 / 1e6
    }
}

impl Add for Span {
    type Output = Span;
    fn add(self, other: Span) -> Span {
        Span(self.0.saturating_add(other.0))
    }
}

impl Sub for Span {
    type Output = Span;
    fn sub(self, other: Span) -> Span {
        Span(self.0.saturating_sub(other.0))
    }
}

const TIME_UNITS: &[(&str, f64)] =
    &[("ns", 1.0), ("us", 1e3), ("µs", 1e3), ("ms", 1e6), ("s", 1e9), ("min", 60e9), ("h", 3600e9), ("d", 86_400e9)];
const BITRATE_UNITS: &[(&str, f64)] =
    &[("bps", 1.0), ("kbps", 1e3), ("Mbps", 1e6), ("Gbps", 1e9), ("Tbps", 1e12), ("Pbps", 1e15)];
const RATE_UNITS: &[(&str, f64)] =
    &[("/ms", 1e3), ("/s", 1.0), ("/min", 1.0 / 60.0), ("/h", 1.0 / 3600.0), ("/d", 1.0 / 86_400.0)];

/// Splits the number off the front of `text`.
fn split_number(text: &str) -> (&str, &str) {
    let text = text.trim();
    let mut end = 0;
    let bytes = text.as_bytes();
    while end < bytes.len() {
        let digit = bytes[end].is_ascii_digit() || matches!(bytes[end], b'.' | b'_');
        let sign = matches!(bytes[end], b'-' | b'+') && (end == 0 || matches!(bytes[end - 1], b'e' | b'E'));
        let exponent = matches!(bytes[end], b'e' | b'E')
            && end > 0
            && bytes.get(end + 1).is_some_and(|next| next.is_ascii_digit() || matches!(next, b'-' | b'+'));
        if !(digit || sign || exponent) {
            break;
        }
        end += 1;
    }
    (&text[..end], text[end..].trim_start())
}

fn number(text: &str, digits: &str) -> Result<f64, String> {
    digits
        .replace('_', "")
        .parse::<f64>()
        .ok()
        .filter(|value| value.is_finite())
        .ok_or_else(|| format!("`{}` does not start with a number", shorten(text)))
}

/// A text short enough to stand in a message.
fn shorten(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(40) {
        Some((cut, _)) => Cow::Owned(format!("{}…", &text[..cut])),
        None => Cow::Borrowed(text),
    }
}

fn with_unit(text: &str, units: &[(&str, f64)]) -> Result<f64, String> {
    let (digits, unit) = split_number(text);
    let value = number(text, digits)?;
    match units.iter().find(|(name, _)| *name == unit) {
        Some((_, factor)) => Ok(value * factor),
        None => {
            let names = units.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
            Err(if unit.is_empty() {
                format!("`{}` has no unit; write one of {names}", shorten(text))
            } else {
                format!("unknown unit `{}`; write one of {names}", shorten(unit))
            })
        }
    }
}

impl FromStr for Span {
    type Err = String;

    /// Reads `"90 s"`, `"-6 min"`, `"1 h 30 min"`.
    fn from_str(text: &str) -> Result<Span, String> {
        let trimmed = text.trim();
        let (negative, mut rest) = match trimmed.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
        };
        if rest.is_empty() {
            return Err("an empty text is not a span of time".to_owned());
        }
        let mut nanos = 0.0;
        while !rest.is_empty() {
            let (digits, after) = split_number(rest);
            let unit_end = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
            let part_end = rest.len() - after.len() + unit_end;
            if digits.starts_with(['-', '+']) {
                return Err(format!("`{}` has a sign in the middle", shorten(text)));
            }
            nanos += with_unit(&rest[..part_end], TIME_UNITS)?;
            rest = rest[part_end..].trim_start();
        }
        if nanos > Span::LONGEST.0 as f64 {
            return Err(format!("`{}` is longer than a hundred years", shorten(text)));
        }
        Ok(Span::from_nanos(if negative { -nanos } else { nanos }))
    }
}

impl fmt::Display for Span {
    /// Writes the largest unit in which the span is a short number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.0;
        if nanos == 0 {
            return f.write_str("0 s");
        }
        for (unit, size) in [
            ("d", 86_400_000_000_000),
            ("h", 3_600_000_000_000),
            ("min", 60_000_000_000),
            ("s", 1_000_000_000_i64),
            ("ms", 1_000_000),
            ("us", 1_000),
        ] {
            // Three decimals at most, so that the text reads back as the same span.
            if nanos.abs() >= size && (i128::from(nanos) * 1000) % i128::from(size) == 0 {
                return write!(f, "{} {unit}", nanos as f64 / size as f64);
            }
        }
        write!(f, "{nanos} ns")
    }
}

impl FromStr for Bitrate {
    type Err = String;
    fn from_str(text: &str) -> Result<Bitrate, String> {
        let bits = with_unit(text, BITRATE_UNITS)?;
        match bits {
            _ if bits < 0.0 => Err("a bit rate cannot be negative".to_owned()),
            _ if bits > 1e18 => Err("a bit rate above 1000 Pbps cannot be simulated".to_owned()),
            _ => Ok(Bitrate(bits.round() as u64)),
        }
    }
}

impl fmt::Display for Bitrate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (unit, size) in
            [("Tbps", 1_000_000_000_000_u64), ("Gbps", 1_000_000_000), ("Mbps", 1_000_000), ("kbps", 1_000)]
        {
            if self.0 >= size && (u128::from(self.0) * 1000) % u128::from(size) == 0 {
                return write!(f, "{} {unit}", self.0 as f64 / size as f64);
            }
        }
        write!(f, "{} bps", self.0)
    }
}

impl FromStr for Rate {
    type Err = String;
    fn from_str(text: &str) -> Result<Rate, String> {
        let rate = with_unit(text, RATE_UNITS)?;
        match rate {
            _ if rate < 0.0 => Err("a rate cannot be negative".to_owned()),
            _ if rate > 1e9 => Err("a rate above 1e9/s cannot be simulated one to one".to_owned()),
            _ => Ok(Rate(rate)),
        }
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/s", self.0)
    }
}

impl Probability {
    /// Checks the range.
    pub fn new(value: f64) -> Result<Probability, String> {
        match value {
            _ if value.is_nan() => Err("NaN is not a probability".to_owned()),
            _ if value < 0.0 => Err(format!("{value} is below 0")),
            _ if value > 1.0 => Err(format!("{value} is above 1, that is 100%")),
            _ => Ok(Probability(value)),
        }
    }
}

impl FromStr for Probability {
    type Err = String;
    fn from_str(text: &str) -> Result<Probability, String> {
        let (digits, unit) = split_number(text);
        let value = number(text, digits)?;
        match unit {
            "%" => Probability::new(value / 100.0),
            "" => Probability::new(value),
            other => Err(format!("unknown unit `{}`; write a share such as \"30%\" or 0.3", shorten(other))),
        }
    }
}

impl fmt::Display for Probability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Gives a quantity its form in files: a string in TOML, a pattern and an example in the schema.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_back_as_they_were_written() {
        for text in ["120 ms", "-6 min", "1.5 h", "45 s", "0 s", "7 ns", "2 d", "1 h 30 min", "-1 h 30 min", "1e3 ms"] {
            let span: Span = text.parse().unwrap();
            assert_eq!(span.to_string().parse::<Span>().unwrap(), span, "{text}");
        }
        assert_eq!("1 h 30 min".parse::<Span>().unwrap(), Span(5_400_000_000_000));
    }

    #[test]
    fn a_number_without_its_unit_is_refused_with_the_units_that_exist() {
        assert!("5".parse::<Span>().unwrap_err().contains("has no unit; write one of ns"));
        assert!("3 Tbit".parse::<Bitrate>().unwrap_err().contains("unknown unit `Tbit`"));
        assert!("1.2".parse::<Probability>().unwrap_err().contains("above 1"));
        assert!("".parse::<Span>().is_err());
        assert!("-5/s".parse::<Rate>().is_err());
    }
}
