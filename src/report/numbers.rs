//! Numbers as text, for files and for people.

use serde_json::{Number, Value};

use crate::vocabulary::Unit;

/// Rounds a number to what a file shows: whole numbers stay, others keep six significant digits and their whole part.
///
/// Sums of the same terms then give the same text even where a last bit differs, and cells stay short.
pub fn rounded(value: f64) -> f64 {
    if !value.is_finite() || value.fract() == 0.0 {
        return value;
    }
    if value.abs() >= 1e5 {
        return value.round();
    }
    // The text of a number with six digits reads back as the nearest number, which multiplication does not promise.
    format!("{value:.5e}").parse().unwrap_or(value)
}

/// A number in JSON: whole numbers without a point, null for NaN and infinities.
pub fn json(value: f64) -> Value {
    let value = rounded(value);
    if value.fract() == 0.0 && value.abs() < 9e15 {
        return Value::from(value as i64);
    }
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}

/// A number in a file: shortest exact form after [`rounded`]; empty where there is none.
///
/// The text always has a point or an exponent, because readers guess the type of a column from its first rows.
pub fn cell(value: f64) -> String {
    if !value.is_finite() {
        return String::new();
    }
    let value = rounded(value);
    // Minus zero is no other number to a reader.
    if value == 0.0 { "0.0".to_owned() } else { format!("{value:?}") }
}

/// A count or rate in few characters, with an SI suffix: `950`, `1.2k`, `35k`, `4.1M`; never 0 for what is not 0.
pub fn si(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let (scaled, suffix) = with_suffix(value);
    // Two digits say enough; three where the first two would be whole anyway.
    let decimals = match scaled.abs() {
        scaled if scaled >= 9.95 || scaled == 0.0 => 0,
        _ => (1..9).find(|decimals| scaled.abs() * power_of_ten(*decimals) >= 0.95).unwrap_or(9),
    };
    format!("{}{suffix}", trim_zeros(&format!("{scaled:.decimals$}")))
}

/// A rate in few characters: like [`si`], with two digits below one too, since a rate is held against others: `0.53`.
pub fn rate(value: f64) -> String {
    if value <= 0.0 || value >= 0.95 {
        return si(value);
    }
    let decimals = (1..9).find(|decimals| value * power_of_ten(*decimals) >= 9.5).unwrap_or(9);
    trim_zeros(&format!("{value:.decimals$}")).to_owned()
}

/// The ends of an interval of differences with their signs, in as many digits as tell them apart: `−1.3M to −1.1M`.
pub fn signed_range(low: f64, high: f64) -> String {
    let shows: [fn(f64) -> String; 2] = [count, grouped];
    let show = shows.into_iter().find(|show| show(low) != show(high)).unwrap_or(count);
    let signed = |value: f64| match value {
        0.0 => "0".to_owned(),
        value => format!("{}{}", if value < 0.0 { "\u{2212}" } else { "+" }, show(value.abs())),
    };
    format!("{} to {}", signed(low), signed(high))
}

/// A share of a whole on a label: like [`percent`], but a trace is no more than that, and what lacks a trace is nearly all.
pub fn part(share: f64) -> String {
    match share {
        trace if trace > 0.0 && trace < 1e-4 => "under 0.01%".to_owned(),
        some => self::share(some),
    }
}

/// A share of a whole in a sentence: like [`percent`], but what lacks a trace is nearly all, since nobody counts nines.
pub fn share(share: f64) -> String {
    if share > 0.9999 && share < 1.0 { "over 99.99%".to_owned() } else { percent(share) }
}

/// A count as a person reads it: exact below ten thousand, with three digits above: `9,412`, `41.2k`, `1.24M`. A mean count
/// below ten that is not whole has two digits: `0.4`.
pub fn count(value: f64) -> String {
    if value.fract() != 0.0 && value.abs() < 9.95 {
        return si(value);
    }
    if !value.is_finite() || value.abs() < 9_999.5 {
        return grouped(value);
    }
    let (scaled, suffix) = with_suffix(value);
    let decimals = match scaled.abs() {
        scaled if scaled >= 99.95 => 0,
        scaled if scaled >= 9.995 => 1,
        _ => 2,
    };
    format!("{}{suffix}", trim_zeros(&format!("{scaled:.decimals$}")))
}

/// A number over the largest power of a thousand that leaves a whole part, and the letter for that power.
fn with_suffix(value: f64) -> (f64, &'static str) {
    match value.abs() {
        size if size >= 999_500_000.0 => (value / 1e9, "B"),
        size if size >= 999_500.0 => (value / 1e6, "M"),
        size if size >= 999.5 => (value / 1e3, "k"),
        _ => (value, ""),
    }
}

fn power_of_ten(exponent: usize) -> f64 {
    (0..exponent).fold(1.0, |power, _| power * 10.0)
}

/// The text of a number without zeros at the end of its decimals, and without a decimal point that ends the text.
pub fn trim_zeros(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

/// A ratio of 1 or more as a multiple: `1.04 times`, `2.5 times`, `31 times`.
pub fn times(ratio: f64) -> String {
    let decimals = match ratio {
        ratio if ratio < 1.995 => 2,
        ratio if ratio < 9.95 => 1,
        _ => 0,
    };
    format!("{} times", trim_zeros(&format!("{ratio:.decimals$}")))
}

/// A whole number with thin groups: `1,240`.
pub fn grouped(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if value < 0.0 && digits != "0" { format!("\u{2212}{text}") } else { text }
}

/// A share as a percentage that never rounds something to nothing or a part to all: `93%`, `0.4%`, `0.0012%`, `99.96%`.
pub fn percent(share: f64) -> String {
    percent_with(share, |text| matches!(text, "0" | "100"))
}

/// A share as a percentage that also reads differently from another share, unless both are the same.
pub fn percent_beside(share: f64, other: f64) -> String {
    let other = percent(other);
    percent_with(share, |text| matches!(text, "0" | "100") || Some(text) == other.strip_suffix('%'))
}

/// A share as a percentage with one decimal more than [`percent`], for lists in which a bar stands beside each number.
pub fn percent_in_full(share: f64) -> String {
    percent_from(share, 1, |text| matches!(text, "0" | "100"))
}

/// A share as a percentage with as many decimals as its size asks for, and with more as long as the text is misread.
fn percent_with(share: f64, is_misread: impl Fn(&str) -> bool) -> String {
    percent_from(share, 0, is_misread)
}

/// The same with some decimals more at least.
fn percent_from(share: f64, more: usize, is_misread: impl Fn(&str) -> bool) -> String {
    let value = share * 100.0;
    if !value.is_finite() {
        return "–".to_owned();
    }
    let least = match value.abs() {
        size if size < 1.0 => 2 + more,
        size if size < 9.95 => 1 + more,
        _ => more,
    };
    let shown = |decimals: usize| trim_zeros(&format!("{value:.decimals$}")).to_owned();
    // A text with nine decimals that reads back as the value says all there is to say.
    let is_right = |text: &str| !is_misread(text) || text.parse() == Ok(value);
    let decimals = (least..9).find(|decimals| is_right(&shown(*decimals))).unwrap_or(9);
    format!("{}%", shown(decimals))
}

/// A length of time in words short enough for a title: `40 seconds`, `19 minutes`, `2 h 5 min`, `3 days`.
pub fn duration(seconds: f64) -> String {
    let plural = |n: f64, word: &str| format!("{n:.0} {word}{}", if n == 1.0 { "" } else { "s" });
    match seconds {
        _ if !seconds.is_finite() => "–".to_owned(),
        _ if seconds < 0.0 => format!("−{}", duration(-seconds)),
        0.0 => "0 s".to_owned(),
        _ if seconds < 1.0 => format!("{} ms", trim_zeros(&format!("{:.1}", seconds * 1e3))),
        _ if seconds < 90.0 => plural(seconds.round(), "second"),
        _ if seconds < 90.0 * 60.0 => plural((seconds / 60.0).round(), "minute"),
        _ if seconds < 36.0 * 3600.0 => {
            let minutes = (seconds / 60.0).round();
            match minutes % 60.0 {
                0.0 => plural(minutes / 60.0, "hour"),
                rest => format!("{:.0} h {rest:.0} min", (minutes / 60.0).floor()),
            }
        }
        _ => format!("{} days", trim_zeros(&format!("{:.1}", seconds / 86_400.0))),
    }
}

/// Milliseconds on an axis or label: `45 ms`, `2.5 s`, `3 min`.
pub fn millis(value: f64) -> String {
    match value {
        _ if !value.is_finite() => "–".to_owned(),
        _ if value < 999.5 => format!("{} ms", si(value)),
        _ if value < 99_950.0 => format!("{} s", si(value / 1e3)),
        _ if value < 5_970_000.0 => format!("{} min", si(value / 60e3)),
        _ => format!("{} h", si(value / 3600e3)),
    }
}

/// A value in few characters, as its unit wants it: `93%`, `45 ms`, `19 minutes`, `1.2k`.
pub fn in_unit(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Share => percent(value),
        Unit::Milliseconds => millis(value),
        Unit::Seconds => duration(value),
        Unit::Ratio => trim_zeros(&format!("{value:.2}")).to_owned(),
        Unit::Count | Unit::Kbps | Unit::PerSecond => si(value),
    }
}

/// The text with its first letter large.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_short_exact_and_never_lose_a_whole_part() {
        for (value, text) in [
            (12.0, "12.0"),
            (-0.0, "0.0"),
            (1.0 / 3.0, "0.333333"),
            (1_234_567.4, "1234567.0"),
            (12_345.678, "12345.7"),
            (0.1 + 0.2, "0.3"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e16"),
            (1e-7, "1e-7"),
            (f64::NAN, ""),
            (f64::INFINITY, ""),
        ] {
            assert_eq!(cell(value), text, "{value}");
        }
    }

    #[test]
    fn people_read_few_digits_and_no_false_zeros() {
        assert_eq!(
            [0.0, 7.25, 950.0, 999.6, 1234.0, 35_400.0, 4.1e6, 0.25].map(si).join(" "),
            "0 7.2 950 1k 1.2k 35k 4.1M 0.2"
        );
        assert_eq!(
            [0.0, 0.00001, 0.004, 0.0123, 0.93, 0.9999, 1.0].map(percent).join(" "),
            "0% 0.001% 0.4% 1.2% 93% 99.99% 100%"
        );
        assert_eq!([0.99995, 0.996, 0.4, 1.004, 1e-9].map(percent).join(" "), "99.995% 99.6% 40% 100.4% 0.0000001%");
        assert_eq!(
            [0.5, 0.9999, 0.99991, 0.9999999, 1.0].map(share).join(" "),
            "50% 99.99% over 99.99% over 99.99% 100%"
        );
        assert_eq!(
            [0.0104, 0.00996, 0.01, 0.02].map(|share| percent_beside(share, 0.01)).join(" "),
            "1.04% 0.996% 1% 2%"
        );
        assert_eq!(
            [0.0, 0.04, 12.0, 9_999.0, 10_000.0, 41_240.0, 999_499.0, 1.236e6, 2.5e9].map(count).join(" "),
            "0 0.04 12 9,999 10k 41.2k 999k 1.24M 2.5B"
        );
        assert_eq!([1.04, 2.46, 31.2].map(times).join(", "), "1.04 times, 2.5 times, 31 times");
        assert_eq!([0.0004, 0.096, 0.94].map(si).join(" "), "0.0004 0.1 0.9");
        assert_eq!([0.526, 0.00102, 0.05, 1.26, 0.0].map(rate).join(" "), "0.53 0.001 0.05 1.3 0");
        assert_eq!(grouped(1_240_000.4), "1,240,000");
        assert_eq!(
            [0.0003, 40.0, 1140.0, 7500.0, 7200.0, 2.6e5].map(duration).join("; "),
            "0.3 ms; 40 seconds; 19 minutes; 2 h 5 min; 2 hours; 3 days"
        );
        assert_eq!([45.0, 2500.0, 180e3, 7.2e6].map(millis).join("; "), "45 ms; 2.5 s; 3 min; 2 h");
    }
}
