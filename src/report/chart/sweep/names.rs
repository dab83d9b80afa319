//! Names of parameters and figures on charts, and texts of values.

use crate::document::bound::Bound;
use crate::report::chart::axis::{Axis, tick_si};
use crate::report::numbers::{capital, grouped, in_unit, millis, percent, si, trim_zeros};
use crate::sweep::{Parameter, Setting};
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
            Unit::Seconds if value.abs() < 1.0 => "0 min".to_owned(),
            Unit::Seconds if value.abs() < 90.0 => format!("{value:.0} s"),
            Unit::Seconds if value.abs() < 5400.0 => format!("{:.0} min", value / 60.0),
            unit => in_unit(unit, value),
        }
    }

    /// A bound as the plan states it, without rounding to few digits.
    pub fn show_bound(&self, value: f64) -> String {
        match self.0.unit() {
            Unit::Share => format!("{}%", trim_zeros(&format!("{:.4}", value * 100.0))),
            Unit::Count if value.fract() == 0.0 => grouped(value),
            _ => self.show(value),
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
            Unit::Share => percent((value * 1e9).round() / 1e9),
            Unit::Seconds => format!("{} {name}", trim_zeros(&format!("{:.2}", value / step))),
            Unit::Milliseconds => millis(value),
            Unit::Count | Unit::Ratio | Unit::Kbps | Unit::PerSecond => tick_si(value),
        };
        let bound = if unit == Unit::Share && high <= 1.0 { 1.0 } else { f64::INFINITY };
        Axis::around(low, high, bound, steps, step, label)
    }
}

/// Name of a parameter: the path without the kinds of things on it, `gateway servers`.
pub fn parameter(parameter: &Parameter) -> String {
    words(parameter.name())
}

fn words(path: &str) -> String {
    let change = path.strip_prefix("change.").and_then(|rest| rest.split_once('.'));
    match change.map(|(number, rest)| (number, rest.strip_prefix("set."), rest)) {
        Some((_, Some(set), _)) => return format!("{} after the change", words(set)),
        Some((_, None, "at")) => return "time of the change".to_owned(),
        _ => {}
    }
    const KINDS: [&str; 8] = ["pool", "client", "multiplier", "audience", "region", "journey", "delivery", "steps"];
    // The names of laws, and of what is written in tables only because of TOML, say nothing on a chart.
    const SILENT: [&str; 5] = ["lognormal", "exponential", "gamma", "uniform", "shared"];
    let parts = path.split('.').filter(|part| !KINDS.contains(part) && !SILENT.contains(part));
    parts.collect::<Vec<_>>().join(" ").replace(['_', '-'], " ")
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
        None => setting.text.clone(),
    }
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
    let name = words(parameter.name());
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
    fn paths_and_figures_have_words() {
        for (path, said) in [
            ("pool.gateway.servers", "gateway servers"),
            ("multiplier.lockdown.factor", "lockdown factor"),
            ("change.0.at", "time of the change"),
            ("change.0.set.pool.gateway.servers", "gateway servers after the change"),
            ("client.app.retry.backoff.exponential.base", "app retry backoff base"),
            ("region.united-kingdom.drop_delay", "united kingdom drop delay"),
            ("seed", "seed"),
        ] {
            assert_eq!(words(path), said);
        }
        assert_eq!(Metric::of("latency_ms.p99").words(), "latency p99");
        assert_eq!(Metric::of("recovery_s").show(1926.0), "32 min");
        assert_eq!(Metric::of("error_rate.peak").show_bound(0.005), "0.5%");
    }
}
