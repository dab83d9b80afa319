//! Quantities as text: read with `FromStr`, written with `Display`.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::number::split_number;
use super::{Bitrate, Probability, Rate, Span, foreign};

/// Units of spans, each with its length in nanoseconds.
pub(super) const TIME_UNITS: &[(&str, f64)] =
    &[("ns", 1.0), ("us", 1e3), ("µs", 1e3), ("ms", 1e6), ("s", 1e9), ("min", 60e9), ("h", 3600e9), ("d", 86_400e9)];
/// Units of bit rates, each in bits per second.
pub(super) const BITRATE_UNITS: &[(&str, f64)] =
    &[("bps", 1.0), ("kbps", 1e3), ("Mbps", 1e6), ("Gbps", 1e9), ("Tbps", 1e12), ("Pbps", 1e15)];
/// Units of rates, each in events per second.
pub(super) const RATE_UNITS: &[(&str, f64)] =
    &[("/ms", 1e3), ("/s", 1.0), ("/min", 1.0 / 60.0), ("/h", 1.0 / 3600.0), ("/d", 1.0 / 86_400.0)];

/// The finite number that `digits` state, where `text` is shown if they state none.
fn number(text: &str, digits: &str) -> Result<f64, String> {
    digits
        .replace('_', "")
        .parse::<f64>()
        .ok()
        .filter(|value| value.is_finite())
        .ok_or_else(|| format!("`{}` does not start with a number", shorten(text)))
}

/// The first 40 characters of a text, for a message.
fn shorten(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(40) {
        Some((cut, _)) => Cow::Owned(format!("{}…", &text[..cut])),
        None => Cow::Borrowed(text),
    }
}

/// The value of a text that is a number and one of `units`, in the base unit of these.
fn with_unit(text: &str, units: &[(&str, f64)]) -> Result<f64, String> {
    let (digits, unit) = split_number(text);
    let value = number(text, digits)?;
    match units.iter().find(|(name, _)| *name == unit) {
        Some((_, factor)) => Ok(value * factor),
        None => {
            let names = units.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
            Err(match foreign::unit(unit, units) {
                _ if is_decimal_comma(unit) => {
                    format!("a point stands before decimals: `{}`", shorten(&text.replacen(',', ".", 1)))
                }
                Some(meant) => format!("unknown unit `{unit}`; did you mean `{meant}`? Units are {names}"),
                None if unit.is_empty() => format!("`{}` has no unit; write one of {names}", shorten(text)),
                None => format!("unknown unit `{}`; write one of {names}", shorten(unit)),
            })
        }
    }
}

/// Whether what follows a number begins with a comma before decimals.
fn is_decimal_comma(rest: &str) -> bool {
    rest.strip_prefix(',').is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()))
}

impl FromStr for Span {
    type Err = String;

    /// Reads `"90 s"`, `"-6 min"` or `"1 h 30 min"`.
    fn from_str(text: &str) -> Result<Span, String> {
        let trimmed = text.trim();
        let (negative, mut rest) = match trimmed.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
        };
        if rest.is_empty() {
            return Err("an empty text is not a span of time".to_owned());
        }
        if let Some(meant) = foreign::span(rest) {
            return Err(format!("`{}` is written {meant}", shorten(text)));
        }
        let mut nanos = 0.0;
        while !rest.is_empty() {
            let (digits, after) = split_number(rest);
            let unit_end = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
            let unit_end = if is_decimal_comma(after) { after.len() } else { unit_end };
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
    /// Writes the span in the largest unit in which it has at most three decimals.
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
            // With at most three decimals the text reads back as the same span.
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

impl FromStr for Probability {
    type Err = String;
    fn from_str(text: &str) -> Result<Probability, String> {
        let (digits, unit) = split_number(text);
        let value = number(text, digits)?;
        match unit {
            "%" => Probability::new(value / 100.0),
            "" => Probability::new(value),
            "percent" | "pct" | "per cent" => Err(format!("unknown unit `{unit}`; did you mean `%`?")),
            other => Err(format!("unknown unit `{}`; write a share such as \"30%\" or 0.3", shorten(other))),
        }
    }
}

impl fmt::Display for Probability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
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
    fn an_error_about_a_missing_unit_lists_the_units() {
        assert!("5".parse::<Span>().unwrap_err().contains("has no unit; write one of ns"));
        assert!("3 Tbit".parse::<Bitrate>().unwrap_err().contains("unknown unit `Tbit`"));
        assert!("1m".parse::<Span>().unwrap_err().starts_with("unknown unit `m`; did you mean `min`?"));
        assert!("100 rps".parse::<Rate>().unwrap_err().starts_with("unknown unit `rps`; did you mean `/s`?"));
        assert!("1.2".parse::<Probability>().unwrap_err().contains("above 1"));
        assert!("1.5M".parse::<Span>().unwrap_err().contains("did you mean `min`"));
        assert!("100 MS".parse::<Span>().unwrap_err().contains("did you mean `ms`"));
        assert!("1,5 s".parse::<Span>().unwrap_err().contains("a point stands before decimals: `1.5 s`"));
        assert!("PT5M".parse::<Span>().unwrap_err().contains("is written `5 min`"));
        assert!("1 percent".parse::<Probability>().unwrap_err().contains("did you mean `%`"));
        assert!("".parse::<Span>().is_err());
        assert!("-5/s".parse::<Rate>().is_err());
    }
}
