//! What a claim prints must be its figure, to half of the last digit.

use serde_json::Value as Json;

use super::check::Decided;
use super::evidence::Evidence;

/// A number that a text states, and how far the true one may be from it.
#[derive(Clone, Debug, PartialEq)]
struct Reading {
    value: f64,
    half: f64,
    kind: Kind,
}

/// What a number in a text is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Plain,
    Share,
    /// Seconds.
    Time,
    Kbps,
}

/// Units of time in seconds.
const TIMES: &[(&[&str], f64)] = &[
    (&["ms"], 1e-3),
    (&["s", "second", "seconds"], 1.0),
    (&["min", "minute", "minutes"], 60.0),
    (&["h", "hour", "hours"], 3600.0),
    (&["d", "day", "days"], 86_400.0),
];

const RATES: &[(&str, f64)] = &[("kbps", 1.0), ("Mbps", 1e3), ("Gbps", 1e6), ("Tbps", 1e9)];

const MONTHS: &[&str] = &["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Kinds whose text need not state a figure.
const WORDS_ALONE: &[&str] = &["cause", "not_over", "few_after", "name", "most", "none", "steady", "over", "stuck"];

/// Decides whether a claim's text states its figures and no others.
///
/// # Errors
/// What the text states that no figure of the claim is, or which figure is missing in the text.
pub fn decide(evidence: &Evidence, claim: &Json) -> Decided {
    let text = claim["text"].as_str().ok_or("`text` is missing")?;
    let numbers = |keys: &[&str]| keys.iter().filter_map(|key| claim[*key].as_f64()).collect::<Vec<f64>>();
    let (needed, allowed) = match claim["kind"].as_str().unwrap_or_default() {
        "range" | "among" => (numbers(&["low", "high"]), Vec::new()),
        "median" => (numbers(&["value"]), numbers(&["k", "n"])),
        "runs" => (numbers(&["k", "n"]), numbers(&["low", "high"])),
        kind if kind == "group" || kind.ends_with("_in_runs") => {
            (numbers(&["median"]), numbers(&["low", "high", "k", "n"]))
        }
        "name" | "most" => return named(evidence, claim, text),
        _ => (numbers(&["value"]), Vec::new()),
    };
    let found = readings(text, evidence);
    if found.is_empty() {
        return in_words(evidence, claim, text, &needed);
    }
    for reading in &found {
        if !needed.iter().chain(&allowed).any(|figure| states(reading, *figure)) {
            return Err(format!("`{text}` states {}, not one of {needed:?}", reading.value));
        }
    }
    match needed.iter().find(|figure| !found.iter().any(|reading| states(reading, **figure))) {
        Some(figure) => Err(format!("`{text}` does not state {figure}")),
        None => Ok(()),
    }
}

/// Whether a number that is printed is a figure, to half of its last digit.
fn states(reading: &Reading, figure: f64) -> bool {
    let near = |figure: f64| (reading.value - figure).abs() <= reading.half * (1.0 + 1e-6) + 1e-9;
    // Spans are printed in seconds or more, and stand in the figures as seconds or milliseconds; lengths have no sign.
    near(figure) || (reading.kind == Kind::Time && near(figure / 1e3))
}

/// A text without a number: it may say that something is nothing, or where the run stands still.
fn in_words(evidence: &Evidence, claim: &Json, text: &str, needed: &[f64]) -> Decided {
    let kind = claim["kind"].as_str().unwrap_or_default();
    let words: Vec<String> = text.split(|letter: char| !letter.is_alphanumeric()).map(str::to_lowercase).collect();
    let says = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    if let Some(figure) = needed.first() {
        let right = match () {
            () if text.contains("start of the run") => Some(evidence.table.start_s()),
            () if text.contains("end of the run") => Some(evidence.table.end_s()),
            () if text.contains("start of the measured time") => Some(evidence.table.time(evidence.frame.range.start)),
            () if text.contains("end of the measured time") => Some(evidence.table.time(evidence.frame.range.end)),
            () if says(&["drop"]) => Some(0.0),
            () if says(&["no", "nobody", "nothing", "none", "never"]) && kind != "not_over" => Some(0.0),
            () if text == "as many" => Some(1.0),
            () if says(&["all", "everybody", "everything", "each", "every"]) => Some(1.0),
            () if says(&["half"]) => Some(0.5),
            () if says(&["twice", "both"]) => Some(2.0),
            () => None,
        };
        return match right {
            Some(right) if (right - figure).abs() < 1e-9 => Ok(()),
            Some(right) => Err(format!("`{text}` states {right}, not {figure}")),
            None if WORDS_ALONE.contains(&kind) => Ok(()),
            None => Err(format!("`{text}` does not state {figure}")),
        };
    }
    if WORDS_ALONE.contains(&kind) && !text.is_empty() { Ok(()) } else { Err(format!("`{text}` states nothing")) }
}

/// A text that names something must hold its name or its label.
fn named(evidence: &Evidence, claim: &Json, text: &str) -> Decided {
    let name = claim["name"].as_str().ok_or("`name` is missing")?;
    let label = evidence.scenario.spec().region.get(name).map(|region| region.label.as_str()).unwrap_or_default();
    let phrase =
        dropstorm::vocabulary::Outcome::ALL.iter().find(|outcome| outcome.name() == name).map(|it| it.phrase());
    let title = (claim["of"] == "scenario").then(|| evidence.scenario.spec().title.as_str());
    let metric = (claim["of"] == "metric").then_some(text);
    let known = [Some(name), Some(label).filter(|label| !label.is_empty()), phrase, title, metric];
    if known.into_iter().flatten().any(|known| text.contains(known)) {
        return Ok(());
    }
    Err(format!("`{text}` does not name `{name}`"))
}

/// The numbers of a text, lengths of several units as one, moments with their sign.
fn readings(text: &str, evidence: &Evidence) -> Vec<Reading> {
    let words: Vec<&str> =
        text.split([' ', '\u{a0}']).map(|word| word.trim_matches(|letter| ",;()".contains(letter))).collect();
    let mut found: Vec<Reading> = Vec::new();
    let mut index = 0;
    while index < words.len() {
        if let Some((reading, used)) = date(&words[index..], evidence) {
            found.push(reading);
            index += used;
            continue;
        }
        let Some((value, half, kind)) = number(words[index]) else {
            index += 1;
            continue;
        };
        let (mut reading, mut used) = (Reading { value, half, kind }, 1);
        if kind == Kind::Plain {
            (reading, used) = with_unit(&words[index..], value, half);
        }
        // Nearly all is no number of nines: over 99.99% and under 100%.
        if reading.kind == Kind::Share && index > 0 && words[index - 1].eq_ignore_ascii_case("over") {
            reading = Reading { value: (reading.value + 1.0) / 2.0, half: (1.0 - reading.value) / 2.0, ..reading };
        }
        index += used;
        if reading.kind == Kind::Time && words.get(index) == Some(&"before") {
            reading.value = -reading.value;
        }
        found.push(reading);
    }
    found
}

/// A number with the unit after it; lengths such as `2 h 5 min` are one.
fn with_unit(words: &[&str], value: f64, half: f64) -> (Reading, usize) {
    let next = words.get(1).copied().unwrap_or_default();
    if let Some((_, kbps)) = RATES.iter().find(|(unit, _)| *unit == next) {
        return (Reading { value: value * kbps, half: half * kbps, kind: Kind::Kbps }, 2);
    }
    let seconds = |word: &str| TIMES.iter().find(|(units, _)| units.contains(&word)).map(|(_, seconds)| *seconds);
    let Some(mut unit) = seconds(next) else {
        return (Reading { value, half, kind: Kind::Plain }, 1);
    };
    let (mut sum, mut last, mut used) = (value * unit, half * unit, 2);
    while let (Some((more, half, Kind::Plain)), Some(smaller)) =
        (words.get(used).and_then(|word| number(word)), words.get(used + 1).and_then(|word| seconds(word)))
    {
        if smaller >= unit {
            break;
        }
        sum += more * smaller;
        (last, unit, used) = (half * smaller, smaller, used + 2);
    }
    (Reading { value: sum, half: last, kind: Kind::Time }, used)
}

/// A number, with half of its last digit.
fn number(word: &str) -> Option<(f64, f64, Kind)> {
    let negative = word.starts_with(['-', '\u{2212}']);
    let word = word.trim_start_matches(['-', '\u{2212}', '+']);
    let plain = word.trim_end_matches(['%', 'k', 'M', 'B', '×']);
    let suffix = &word[plain.len()..];
    let digits = plain.replace(',', "");
    let valid = digits.starts_with(|letter: char| letter.is_ascii_digit());
    let value: f64 = digits.parse().ok().filter(|_| valid)?;
    let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let (factor, kind) = match suffix {
        "" | "×" => (1.0, Kind::Plain),
        "%" => (0.01, Kind::Share),
        "k" => (1e3, Kind::Plain),
        "M" => (1e6, Kind::Plain),
        "B" => (1e9, Kind::Plain),
        _ => return None,
    };
    let half = 0.5 * libm::pow(10.0, -(decimals as f64)) * factor;
    Some((if negative { -value } else { value } * factor, half, kind))
}

/// A moment such as `2 Mar 19:30` on the drop's offset, in seconds from the drop.
fn date(words: &[&str], evidence: &Evidence) -> Option<(Reading, usize)> {
    let [day, month, time, ..] = words else { return None };
    let month = MONTHS.iter().position(|known| known == month)? as i8 + 1;
    let day: i8 = day.parse().ok()?;
    let parts: Vec<&str> = time.split(':').collect();
    let part = |index: usize| parts.get(index).map_or(Some(0.0), |part| part.parse::<f64>().ok());
    let (hour, minute, second) = (part(0)?, part(1)?, part(2)?);
    let drop = &evidence.scenario.spec().drop;
    let local = drop.offset.to_datetime(drop.timestamp);
    let midnight = |year: i16| jiff::civil::date(year, month, day).to_datetime(jiff::civil::Time::midnight());
    let from_drop = |year: i16| {
        let day_s = midnight(year).duration_since(local).as_secs_f64();
        day_s + hour * 3600.0 + minute * 60.0 + second
    };
    // A run may reach into the next year or from the last one.
    let years = [local.year() - 1, local.year(), local.year() + 1];
    let value = years.map(from_drop).into_iter().min_by(|one, other| one.abs().total_cmp(&other.abs()))?;
    let half = if parts.len() > 2 { 0.5 } else { 30.0 };
    Some((Reading { value, half, kind: Kind::Time }, 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(f64, f64)> {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let owned = words(text);
        let words: Vec<&str> = owned.iter().map(String::as_str).collect();
        let (value, half, kind) = number(words[0]).unwrap();
        let reading = match kind {
            Kind::Plain => with_unit(&words, value, half).0,
            _ => Reading { value, half, kind },
        };
        vec![(reading.value, reading.half)]
    }

    #[test]
    fn numbers_are_read_to_half_of_their_last_digit() {
        for (text, value, half) in [
            ("12% of", 0.12, 0.005),
            ("99.96%", 0.9996, 0.00005),
            ("9,412 viewers", 9412.0, 0.5),
            ("41.2k people", 41_200.0, 50.0),
            ("2 h 5 min", 7500.0, 30.0),
            ("7 min 36 s after the drop", 456.0, 0.5),
            ("45 ms", 0.045, 0.0005),
            ("3.3 times", 3.3, 0.05),
            ("5 Mbps", 5000.0, 500.0),
        ] {
            let (read_value, read_half) = read(text)[0];
            assert!(
                (read_value - value).abs() < 1e-9 && (read_half - half).abs() < 1e-9,
                "{text}: {read_value} {read_half}"
            );
        }
        assert_eq!(number("min"), None);
    }

    #[test]
    fn a_printed_number_is_right_within_half_of_its_last_digit() {
        let reading = Reading { value: 0.12, half: 0.005, kind: Kind::Share };
        assert!(
            states(&reading, 0.1249)
                && states(&reading, 0.125)
                && !states(&reading, 0.1251)
                && !states(&reading, 0.114)
        );
        let spell = Reading { value: 45.0, half: 0.5, kind: Kind::Time };
        assert!(states(&spell, 45_300.0) && !states(&spell, 47_000.0));
    }
}
