//! Moments: a date-time with its offset from UTC, a clock time, an offset from the drop.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::tz::Offset;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::units::Span;

/// A TOML date-time with its offset from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTime {
    /// The instant.
    pub timestamp: Timestamp,
    /// The offset from UTC as written; clock times of the document are read in the offset of the drop.
    pub offset: Offset,
}

impl DateTime {
    /// The span from `earlier` to this moment.
    pub fn since(self, earlier: DateTime) -> Span {
        let nanos = self.timestamp.as_nanosecond() - earlier.timestamp.as_nanosecond();
        Span(nanos.clamp(-i128::from(i64::MAX), i128::from(i64::MAX)) as i64)
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.timestamp.display_with_offset(self.offset))
    }
}

impl FromStr for DateTime {
    type Err = String;
    fn from_str(text: &str) -> Result<DateTime, String> {
        let wanted = "a date-time needs its offset from UTC, for example 2020-04-03T09:00:00+02:00";
        let datetime: toml::value::Datetime = text.parse().map_err(|_| wanted.to_owned())?;
        let offset = match datetime.offset {
            Some(toml::value::Offset::Z) => Offset::UTC,
            Some(toml::value::Offset::Custom { minutes }) => {
                Offset::from_seconds(i32::from(minutes) * 60).map_err(|e| e.to_string())?
            }
            None => return Err(wanted.to_owned()),
        };
        // TOML allows a space for the `T`; the timestamp's reader does too.
        let beyond = |_| "the moment lies beyond the calendar, which ends with the 30th of December 9999".to_owned();
        let timestamp: Timestamp = text.parse().map_err(beyond)?;
        Ok(DateTime { timestamp, offset })
    }
}

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.to_string();
        match text.parse::<toml::value::Datetime>() {
            Ok(datetime) => datetime.serialize(serializer),
            Err(_) => serializer.serialize_str(&text),
        }
    }
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let datetime = toml::value::Datetime::deserialize(deserializer)?;
        datetime.to_string().parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for DateTime {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "DateTime".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": "date-time",
            "title": "a date-time with its offset",
            "examples": ["2020-04-03T09:00:00+02:00"]
        })
    }
}

/// A clock time on the day of the drop, or an offset from the drop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Seconds after midnight, `"09:00"` or `"09:00:30"`; hours up to 47 reach into the next day.
    Clock(i64),
    /// Time from the drop, `"+20 min"` or `"-5 min"`.
    Offset(Span),
}

impl When {
    /// The offset of the moment from the drop. A clock time is read at the offset from UTC with which the drop is written.
    pub fn from_drop(self, drop: DateTime) -> Span {
        match self {
            When::Offset(span) => span,
            When::Clock(seconds) => {
                let clock = drop.offset.to_datetime(drop.timestamp).time();
                let midnight =
                    i64::from(clock.hour()) * 3600 + i64::from(clock.minute()) * 60 + i64::from(clock.second());
                Span((seconds - midnight).saturating_mul(1_000_000_000) - i64::from(clock.subsec_nanosecond()))
            }
        }
    }
}

impl FromStr for When {
    type Err = String;
    fn from_str(text: &str) -> Result<When, String> {
        if !text.contains(':') {
            return text.parse().map(When::Offset).map_err(|e| format!("{e}; or write a clock time such as \"09:00\""));
        }
        let wrong = || format!("`{text}` is not a clock time from 00:00 to 47:59:59");
        let parts = text
            .trim()
            .split(':')
            .map(|part| part.parse::<u32>().map_err(|_| wrong()))
            .collect::<Result<Vec<_>, _>>()?;
        let (hours, minutes, seconds) = match parts[..] {
            [h, m] => (h, m, 0),
            [h, m, s] => (h, m, s),
            _ => return Err(wrong()),
        };
        if hours >= 48 || minutes >= 60 || seconds >= 60 {
            return Err(wrong());
        }
        Ok(When::Clock(i64::from(hours * 3600 + minutes * 60 + seconds)))
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            When::Clock(s) if s % 60 == 0 => write!(f, "{:02}:{:02}", s / 3600, s / 60 % 60),
            When::Clock(s) => write!(f, "{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60),
            When::Offset(span) if span.0 >= 0 => write!(f, "+{span}"),
            When::Offset(span) => write!(f, "{span}"),
        }
    }
}

impl Serialize for When {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for When {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "When".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": "when",
            "title": "a clock time or an offset from the drop",
            "examples": ["+20 min", "09:00"]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_read_back_as_they_were_written() {
        for text in ["2020-04-03T09:00:00+02:00", "2020-04-03T09:00:00.5Z", "2020-04-03 09:00:00-08:00"] {
            let moment: DateTime = text.parse().unwrap();
            assert_eq!(moment.to_string().parse::<DateTime>().unwrap(), moment, "{text}");
        }
        for text in ["09:00", "09:00:30", "47:59", "+20 min", "-5 min"] {
            assert_eq!(text.parse::<When>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_moment_that_cannot_be_placed_is_refused() {
        assert!("9999-12-31T23:59:59Z".parse::<DateTime>().unwrap_err().contains("beyond the calendar"));
        assert!("2020-04-03T09:00:00".parse::<DateTime>().unwrap_err().contains("needs its offset"));
        for text in ["48:00", "09:60", "9", "1:2:3:4", "noon"] {
            assert!(text.parse::<When>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_span_between_two_moments_counts_their_offsets() {
        let [early, late] =
            ["2020-04-03T09:00:00+02:00", "2020-04-03T09:00:00Z"].map(|text| text.parse::<DateTime>().unwrap());
        assert_eq!(late.since(early), Span(2 * 3_600 * 1_000_000_000));
    }
}
