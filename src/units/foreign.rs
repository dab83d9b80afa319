//! Numbers and quantities as other tools and formats write them, each with how it is written here.

use super::number::split_number;

/// Names of units in other tools and in everyday words, each with the name that is read here.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("msec", "ms"),
    ("millis", "ms"),
    ("sec", "s"),
    ("secs", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("m", "min"),
    ("mins", "min"),
    ("minute", "min"),
    ("minutes", "min"),
    ("hr", "h"),
    ("hrs", "h"),
    ("hour", "h"),
    ("hours", "h"),
    ("day", "d"),
    ("days", "d"),
    ("kbit/s", "kbps"),
    ("Mbit/s", "Mbps"),
    ("Gbit/s", "Gbps"),
    ("rps", "/s"),
    ("qps", "/s"),
    ("/sec", "/s"),
    ("/second", "/s"),
    ("per second", "/s"),
    ("/m", "/min"),
    ("/minute", "/min"),
    ("per minute", "/min"),
    ("/hour", "/h"),
    ("/day", "/d"),
    ("nanoseconds", "ns"),
    ("microseconds", "us"),
    ("milliseconds", "ms"),
];

/// The unit of a list that is meant by a name of other tools, or by its own name in other capitals.
pub(super) fn unit<'u>(name: &str, units: &[(&'u str, f64)]) -> Option<&'u str> {
    let folded = name.to_lowercase();
    let is_same = |other: &str| other.to_lowercase() == folded;
    let known = |meant: &str| units.iter().map(|(unit, _)| *unit).find(|unit| *unit == meant);
    let own = units.iter().map(|(unit, _)| *unit).find(|unit| is_same(unit));
    own.or_else(|| OTHER_NAMES.iter().filter(|(other, _)| is_same(other)).find_map(|(_, meant)| known(meant)))
}

/// A span that ISO 8601 or a word of other tools states, as it is written here; `None` for any other text.
pub(super) fn span(text: &str) -> Option<String> {
    if ["none", "never", "inf", "infinite", "infinity", "unlimited", "off"].contains(&text.to_lowercase().as_str()) {
        return Some("by leaving the key out".to_owned());
    }
    let (days, times) = text.strip_prefix('P')?.split_once('T').unwrap_or((text.strip_prefix('P')?, ""));
    let mut parts = Vec::new();
    for (mut rest, units) in [(days, [("D", "d")].as_slice()), (times, &[("H", "h"), ("M", "min"), ("S", "s")])] {
        while !rest.is_empty() {
            let end = rest.find(|letter: char| letter.is_ascii_alphabetic())?;
            let (number, letter) = (&rest[..end], rest.get(end..=end)?);
            number.parse::<f64>().ok()?;
            let (_, unit) = units.iter().find(|(iso, _)| *iso == letter)?;
            parts.push(format!("{number} {unit}"));
            rest = &rest[end + 1..];
        }
    }
    (!parts.is_empty()).then(|| format!("`{}`", parts.join(" ")))
}

/// A whole number in digits, `10_000`, of a text that states one in another way: `10k`, `1.5M`, `1,000`, `1e3`, `10.0`.
pub fn in_digits(text: &str) -> Option<String> {
    let text = text.trim();
    let (number, suffix) = split_number(text);
    let (number, suffix) = match text.split(',').collect::<Vec<_>>().as_slice() {
        [first, groups @ ..] if !groups.is_empty() => {
            let is_group = |group: &&str| group.len() == 3 && group.bytes().all(|digit| digit.is_ascii_digit());
            let whole = (1..=3).contains(&first.len()) && groups.iter().all(is_group);
            (whole.then(|| text.replace(',', ""))?, "")
        }
        _ => (number.replace('_', ""), suffix),
    };
    let factor = match suffix {
        "" => 1.0,
        "k" | "K" => 1e3,
        "M" | "million" => 1e6,
        "G" | "B" | "bn" | "billion" => 1e9,
        _ => return None,
    };
    let value = number.parse::<f64>().ok()? * factor;
    // Above this, floating-point numbers leave out whole numbers.
    if !(0.0..=9e15).contains(&value) || value.fract() != 0.0 {
        return None;
    }
    let digits = format!("{value}");
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    Some(grouped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_other_tools_are_told_in_digits() {
        for (text, digits) in
            [("10k", "10_000"), ("1.5M", "1_500_000"), ("1,000,000", "1_000_000"), ("1e3", "1_000"), ("10.0", "10")]
        {
            assert_eq!(in_digits(text).as_deref(), Some(digits), "{text}");
        }
        for text in ["500m", "1,5", "10 s", "1e300", "-4", "1.5", "", "nan", "1,00"] {
            assert_eq!(in_digits(text), None, "{text}");
        }
    }

    #[test]
    fn spans_of_iso_8601_are_told_in_units() {
        assert_eq!(span("PT5M").as_deref(), Some("`5 min`"));
        assert_eq!(span("P1DT2H30.5S").as_deref(), Some("`1 d 2 h 30.5 s`"));
        assert_eq!(span("none").as_deref(), Some("by leaving the key out"));
        for text in ["P", "PT", "P5M", "5 min", "PTM", "PT5X"] {
            assert_eq!(span(text), None, "{text}");
        }
    }
}
