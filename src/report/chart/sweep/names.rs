//! Names of parameters and figures on charts, and texts of values.

use crate::document::bound::Bound;
use crate::report::chart::axis::Axis;
use crate::report::chart::ticks::{decimal, tick_millis, tick_percent, tick_si};
use crate::report::numbers::{capital, grouped, in_unit, percent, si, trim_zeros};
use crate::report::settings::words;
use crate::sweep::{Parameter, Setting};
use crate::units::Span;
use crate::vocabulary::{Figure, Path, Unit};

/// A figure of the summary by its dotted name, with words and units for charts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metric(pub Figure, String);

impl Metric {
    /// The figure of this name; the plan was checked, so that there is one.
    pub fn of(name: &str) -> Metric {
        Metric(Path::read(name).map_or(super::suited::USUAL, |(figure, ..)| figure), name.to_owned())
    }

    /// Name in files.
    pub fn name(&self) -> &str {
        &self.1
    }

    /// In words, with a small first letter.
    pub fn words(&self) -> String {
        match Path::read(&self.1) {
            Some((figure, _, Some(of))) => format!("{} of {of}", figure.words()),
            _ => self.0.words(),
        }
    }

    /// In words that begin a line.
    pub fn title(&self) -> String {
        capital(&self.words())
    }

    /// Name of the statistic that is drawn of several runs.
    pub fn middle(&self) -> &'static str {
        if self.0.is_of_some_runs() { "median" } else { "mean" }
    }

    /// Name of the band around the statistic of [`middle`](Self::middle).
    pub fn ends(&self) -> &'static str {
        if self.0.is_of_some_runs() { "range" } else { "95% interval" }
    }

    /// The verb that agrees with the words.
    pub fn verb(&self, one: &'static str, several: &'static str) -> &'static str {
        if self.0.is_plural() { several } else { one }
    }

    /// The words within a sentence: `the error rate in the worst minute`, `viewers who see an error`.
    pub fn object(&self) -> String {
        format!("{}{}", self.verb("the ", ""), self.words())
    }

    /// `error rate in the worst minute depends`, `viewers who see an error depend`.
    pub fn depends(&self) -> String {
        format!("{} {}", self.words(), self.verb("depends", "depend"))
    }

    /// A bound in the unit of the figure; where it was stated in another, the number counts.
    pub fn bound(&self, bound: &Bound) -> f64 {
        bound.unit.and_then(|unit| self.0.unit().convert(bound.value, unit)).unwrap_or(bound.value)
    }

    /// A value, short enough for a title or a cell.
    pub fn show(&self, value: f64) -> String {
        match self.0.unit() {
            Unit::Seconds if value == 0.0 => "0 s".to_owned(),
            Unit::Seconds if value.abs() < 9.5 => format!("{} s", trim_zeros(&format!("{value:.1}"))),
            Unit::Seconds if value.abs() < 90.0 => format!("{value:.0} s"),
            Unit::Seconds if value.abs() < 5400.0 => format!("{:.0} min", value / 60.0),
            unit => in_unit(unit, value),
        }
    }

    /// A difference between two values; of shares in points, since a percentage of a percentage would be another number.
    pub fn show_change(&self, change: f64) -> String {
        let sign = if change < 0.0 { "\u{2212}" } else { "+" };
        match self.0.unit() {
            Unit::Share => format!("{sign}{} points", percent(change.abs()).trim_end_matches('%')),
            _ => format!("{sign}{}", self.show(change.abs())),
        }
    }

    /// A value that is told apart from a bound that it exceeds, though both are the same in few digits: `> 30 min`.
    pub fn show_against(&self, value: f64, bound: Option<f64>) -> String {
        match bound {
            Some(bound) if value > bound && self.show(value) == self.show(bound) => {
                format!("> {}", self.show_bound(bound))
            }
            _ => self.show(value),
        }
    }

    /// A bound as the plan states it, without rounding to few digits.
    pub fn show_bound(&self, value: f64) -> String {
        match self.0.unit() {
            Unit::Share => format!("{}%", trim_zeros(&format!("{:.4}", value * 100.0))),
            Unit::Count if value.fract() == 0.0 => grouped(value),
            Unit::Seconds => Span::from_seconds(value).to_string(),
            _ => self.show(value),
        }
    }

    /// The label of a tick on an axis up to `high`.
    pub fn tick(&self, value: f64, high: f64) -> String {
        match self.0.unit() {
            Unit::Share => tick_percent(value),
            Unit::Seconds if high > 180.0 => tick_millis(value * 1e3),
            Unit::Seconds => format!("{} s", decimal(value)),
            Unit::Milliseconds => tick_millis(value),
            Unit::Count | Unit::Ratio | Unit::Kbps | Unit::PerSecond => tick_si(value),
        }
    }

    /// An axis with round ticks that holds `low` and `high`; from zero unless both lie far above zero.
    pub fn axis(&self, low: f64, high: f64, steps: usize) -> Axis {
        let unit = self.0.unit();
        // Times are round in minutes, or in hours.
        let (step, name) = match unit {
            Unit::Seconds if high > 10_800.0 => (3600.0, "h"),
            Unit::Seconds if high > 180.0 => (60.0, "min"),
            _ => (1.0, "s"),
        };
        let label = move |value: f64| match unit {
            Unit::Seconds => format!("{} {name}", decimal(value / step)),
            _ => self.tick(value, high),
        };
        let bound = if unit == Unit::Share && high <= 1.0 { 1.0 } else { f64::INFINITY };
        Axis::around(low, high, bound, steps, step, label)
    }
}

/// Name of a parameter: its label, or the path without the kinds of things on it, `gateway servers`.
pub fn parameter(parameter: &Parameter) -> String {
    if parameter.label.is_empty() { words(parameter.name()) } else { parameter.label.clone() }
}

/// The dotted path of a parameter, and how many other paths move together with that path.
pub fn path(parameter: &Parameter) -> String {
    match parameter.paths.len() {
        0 | 1 => parameter.name().to_owned(),
        2 => format!("{} and 1 more", parameter.name()),
        count => format!("{} and {} more", parameter.name(), count - 1),
    }
}

/// A value of a parameter with the unit: `120`, `5 s`, `full`.
pub fn value(parameter: &Parameter, setting: &Setting) -> String {
    match setting.number {
        Some(number) if setting.text.ends_with('%') => percent(number),
        Some(number) => with_unit(parameter, number),
        None => plain(&setting.text),
    }
}

/// A value that is no number in words: TOML without its brackets, `exponential mean 5 min`.
fn plain(text: &str) -> String {
    if !text.starts_with(['{', '[']) {
        return text.to_owned();
    }
    let bare: String = text.chars().filter(|letter| !"{}[]\"".contains(*letter)).collect();
    let spaced = bare.replace(" = ", " ").split_whitespace().collect::<Vec<_>>().join(" ");
    // A table without keys takes what its keys are by default.
    if spaced.is_empty() { "default".to_owned() } else { spaced.replace(" ,", ",") }
}

/// A time of the day, in seconds from midnight: `09:05`, `09:05:30`.
pub fn clock(seconds: f64) -> String {
    let all = seconds.round().max(0.0) as u64;
    let (hours, minutes, seconds) = (all / 3600, all / 60 % 60, all % 60);
    if seconds == 0 { format!("{hours:02}:{minutes:02}") } else { format!("{hours:02}:{minutes:02}:{seconds:02}") }
}

/// Which values of a parameter a phrase names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// One value.
    At,
    /// A value and all values above.
    From,
    /// A value and all values below.
    UpTo,
}

/// A parameter with values, as words of a sentence: `64 or more gateway servers`, `lockdown factor up to 1.4`, `app retry
/// jitter full`.
pub fn phrase(parameter: &Parameter, value: &str, reach: Reach) -> String {
    let name = self::parameter(parameter);
    let counted =
        parameter.unit().is_empty() && ["servers", "attempts", "viewers"].iter().any(|noun| name.contains(noun));
    match (counted, reach) {
        (true, Reach::At) => format!("{value} {name}"),
        (true, Reach::From) => format!("{value} or more {name}"),
        (true, Reach::UpTo) => format!("{value} or fewer {name}"),
        (false, Reach::At) => format!("{name} {value}"),
        (false, Reach::From) => format!("{name} from {value}"),
        (false, Reach::UpTo) => format!("{name} up to {value}"),
    }
}

/// A number on the axis of a parameter.
pub fn with_unit(parameter: &Parameter, number: f64) -> String {
    let text = short(number);
    match parameter.unit() {
        "" => text,
        "%" => percent(number),
        unit if unit.starts_with('/') => format!("{text}{unit}"),
        unit => format!("{text} {unit}"),
    }
}

/// A number in few digits, without zeros at the end.
pub fn short(number: f64) -> String {
    match number.abs() {
        size if size >= 100_000.0 => si(number),
        size if size >= 1000.0 => grouped(number),
        size if size >= 100.0 => trim_zeros(&format!("{number:.1}")).to_owned(),
        size if size >= 1.0 || number == 0.0 => trim_zeros(&format!("{number:.2}")).to_owned(),
        _ => trim_zeros(&format!("{number:.4}")).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_words() {
        assert_eq!(Metric::of("latency_ms.p99").words(), "latency p99");
        assert_eq!(Metric::of("recovery_s").show(1926.0), "32 min");
        let beside = |value: f64| Metric::of("recovery_s").show_against(value, Some(1800.0));
        assert_eq!([1795.0, 1800.0, 1810.0, 1900.0].map(beside).join(", "), "30 min, 30 min, > 30 min, 32 min");
        assert_eq!([0.0, 0.7, 45.0].map(|value| Metric::of("recovery_s").show(value)).join(", "), "0 s, 0.7 s, 45 s");
    }

    #[test]
    fn values_have_words() {
        assert_eq!(plain(r#"{ exponential = { mean = "5 min" } }"#), "exponential mean 5 min");
        assert_eq!(plain(r#"{ uniform = { low = "0 s", high = "10 min" } }"#), "uniform low 0 s, high 10 min");
        let mixed = r#"{ hyperexponential = [{ weight = 1, mean = "1 min" }, { weight = 2, mean = "8 min" }] }"#;
        assert_eq!(plain(mixed), "hyperexponential weight 1, mean 1 min, weight 2, mean 8 min");
        assert_eq!((plain("{}"), plain("[ ]")), ("default".into(), "default".into()));
        assert_eq!((plain("full"), clock(300.0), clock(33_330.0)), ("full".into(), "00:05".into(), "09:15:30".into()));
        assert_eq!(Metric::of("error_rate.peak").show_bound(0.005), "0.5%");
    }
}
