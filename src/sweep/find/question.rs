//! Reads the question of a search: a range of one setting, and a condition on one figure.

use std::ops::Range as Span;
use std::sync::Arc;

use super::super::axis::{self, Range};
use super::super::table::Setting;
use crate::document::diagnostics::{Diagnostic, Diagnostics, quoted, suggest};
use crate::document::source::{Origin, Source};
use crate::model;
use crate::scenario::{Scenario, is_whole};
use crate::units::{Dimension, Quantity, tidy};
use crate::vocabulary::{Figure, Path, Unit};

/// Precision to which a value that is no whole number is found, as a share of the range.
const FINENESS: f64 = 1e-3;

/// Ratio of the ends above which a range is halved in the logarithm.
const WIDE: f64 = 10.0;

/// The values of one setting between two ends.
#[derive(Clone, Debug)]
pub(super) struct Values {
    pub path: String,
    low: Quantity,
    high: Quantity,
    log: bool,
    whole: bool,
    /// Whether the ends are stated in two units, of which neither fits all values between them.
    mixed: bool,
    source: Arc<Source>,
    /// Positions of the ends in the text, the lower end first.
    ends: [Span<usize>; 2],
}

/// A bound on the mean of a figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The figure, and of what.
    pub path: Path,
    /// The dotted name of the figure.
    pub name: String,
    /// Whether the bound is the highest value allowed; otherwise it is the lowest.
    pub at_most: bool,
    /// Whether the bound itself is excluded.
    pub strict: bool,
    /// The bound, in the unit of the figure.
    pub bound: f64,
    /// The condition as the user wrote it: `error_rate.peak<1%`.
    pub text: String,
}

impl Values {
    /// Reads `pool.api.servers=100..2000` and tries both ends in the scenario.
    pub fn read(text: &str, scenario: &Scenario) -> Result<Values, Vec<Diagnostic>> {
        let (path, range) = text.split_once('=').unwrap_or((text, ""));
        let (path, range) = (path.trim(), range.trim());
        let source = source("--vary", format!("{path}={range}"));
        let start = path.len() + 1;
        let wrong =
            |label: &str| {
                let error = Diagnostic::error("this is no range of a setting").at(&source, 0..source.text.len(), label);
                vec![error.help(
                    "write PATH=LOW..HIGH, for example pool.api.servers=100..2000 or \"client.tv.timeout=1 s..9 s\"",
                )]
            };
        let Some((from, to)) = range.split_once("..").filter(|_| !path.is_empty()) else {
            return Err(wrong("a path, and the two ends of the range"));
        };
        let positions = [start..start + from.len(), start + from.len() + 2..source.text.len()];
        let [from, to] = [from, to].map(value);
        let whole = is_whole(path);
        let (Some(low), Some(high)) = (axis::quantity(&from), axis::quantity(&to)) else {
            return Err(wrong("each end is a number, or a quantity such as 5 s"));
        };
        Range::new(&from, &to, false, whole).map_err(|label| wrong(&label))?;
        let mixed = low.unit != high.unit;
        // The unit is that of the end which was written first.
        let (low, high, ends) = if low.base < high.base {
            (low, low.with_base(high.base), positions)
        } else {
            (low.with_base(high.base), low, [positions[1].clone(), positions[0].clone()])
        };
        let log = low.base > 0.0 && high.base / low.base > WIDE;
        let values = Values { path: path.to_owned(), low, high, log, whole, mixed, source, ends };
        let errors: Vec<Diagnostic> =
            [low.base, high.base].iter().flat_map(|end| values.errors(scenario, *end)).collect();
        if errors.is_empty() { Ok(values) } else { Err(errors) }
    }

    /// The errors that a value causes in the scenario, each located in the question.
    fn errors(&self, scenario: &Scenario, base: f64) -> Vec<Diagnostic> {
        let Err(errors) = scenario.with(&self.path, &self.toml(base)) else { return Vec::new() };
        let located = errors.into_iter().map(|error| match error.in_setting() {
            Some((_, span)) => {
                let end = self.ends[usize::from(base == self.high.base)].clone();
                let position = if span.end <= self.path.len() { span } else { end };
                error.moved(&self.source, position)
            }
            None => error,
        });
        located.collect()
    }

    /// The lowest and the highest value.
    pub fn ends(&self) -> [f64; 2] {
        [self.low.base, self.high.base]
    }

    /// A value about halfway between two others; `None` if the two are neighbours at the precision of the search.
    pub fn between(&self, low: f64, high: f64) -> Option<f64> {
        let [from, to, below, above] = [self.low.base, self.high.base, low, high].map(|base| self.coordinate(base));
        let middle = (below + above) / 2.0;
        let middle = if self.log { libm::exp(middle) } else { middle };
        if self.whole {
            return (high - low >= 2.0).then(|| middle.round().clamp(low + 1.0, high - 1.0));
        }
        let step = (to - from) * FINENESS;
        if above - below <= step {
            return None;
        }
        // Rounding to this decimal digit moves the middle by less than half a step.
        let step = if self.log { low * step } else { step } / self.low.factor;
        let digit = libm::pow(10.0, libm::floor(libm::log10(step / 2.0)));
        Some(tidy((middle / self.low.factor / digit).round() * digit) * self.low.factor)
    }

    fn coordinate(&self, base: f64) -> f64 {
        if self.log { libm::log(base) } else { base }
    }

    /// Most values that are tried on the way to an edge.
    pub fn halvings(&self) -> f64 {
        let range = self.coordinate(self.high.base) - self.coordinate(self.low.base);
        // On a logarithmic scale whole numbers are closest at the upper end.
        let finest = if self.log { 1.0 / self.high.base } else { 1.0 };
        let cells = if self.whole { range / finest } else { 1.0 / FINENESS };
        // One more, since rounding makes the halves unequal.
        libm::ceil(libm::log2(cells.max(2.0))) + 1.0
    }

    /// A value as tables show it.
    pub fn setting(&self, base: f64) -> Setting {
        let quantity = self.low.with_base(base);
        let text = if self.mixed { quantity.short() } else { quantity.text() };
        Setting { text, number: Some(quantity.in_unit_of(&self.low)) }
    }

    /// Unit of the values' numbers; empty for plain numbers and shares.
    pub fn unit(&self) -> &'static str {
        if self.low.dimension == Dimension::Number { "" } else { self.low.unit }
    }

    /// A value as TOML, for the scenario.
    pub fn toml(&self, base: f64) -> String {
        let quantity = self.low.with_base(base);
        if quantity.unit.is_empty() { quantity.text() } else { format!("\"{}\"", quantity.text()) }
    }
}

impl Condition {
    /// Reads `error_rate.peak<1%`.
    pub fn read(text: &str, scenario: &Scenario) -> Result<Condition, Diagnostic> {
        let source = source("--until", text.trim().to_owned());
        let text = source.text.as_str();
        let wrong = |label: String| Diagnostic::error("this is no condition").at(&source, 0..text.len(), label);
        let example = "write FIGURE<BOUND or FIGURE>BOUND, for example error_rate.peak<1% or latency_ms.p99<=2 s";
        let Some(at) = text.find(['<', '>']) else {
            return Err(wrong("there is neither < nor >".to_owned()).help(example));
        };
        let metric = text[..at].trim_end();
        let strict = !text[at + 1..].starts_with('=');
        let bound = at + 1 + usize::from(!strict);
        let names = model::names(scenario.spec());
        let Some(path) = Path::named(metric, &names) else {
            let error = Diagnostic::error(format!("there is no figure {}", quoted(metric)));
            let error = error.at(&source, 0..metric.len(), "no such figure");
            let known: Vec<String> = Path::every(&names).iter().map(|path| path.name(&names)).collect();
            return Err(error.help(suggest(metric, known.iter().map(String::as_str))));
        };
        if path.figure == Figure::ThresholdsHeld && scenario.spec().threshold.is_empty() {
            let error = Diagnostic::error("the scenario has no thresholds");
            return Err(error.at(&source, 0..metric.len(), "none could hold").help("state one with [[threshold]]"));
        }
        let in_unit = in_unit_of(path.figure, text[bound..].trim())
            .map_err(|label| Diagnostic::error("this is no bound of the figure").at(&source, bound..text.len(), label));
        let at_most = text[at..].starts_with('<');
        let in_unit = in_unit.and_then(|value| match beyond(path.figure, value) {
            None => Ok(value),
            Some(label) => {
                let error =
                    Diagnostic::error("the bound decides nothing: every value of the figure is on one side of it");
                Err(error.at(&source, bound..text.len(), label))
            }
        });
        in_unit.map(|bound| Condition { path, name: metric.to_owned(), at_most, strict, bound, text: text.to_owned() })
    }

    /// Unit of the figure: `%` for a share, which is a number from 0 to 1; empty for a count or a ratio.
    pub fn unit(&self) -> &'static str {
        self.path.figure.unit().symbol()
    }

    /// Whether the median of the runs must keep to the bound, not the mean: for `recovery_s`, which not every run has.
    pub fn is_of_the_median(&self) -> bool {
        self.path.figure == Figure::Recovery
    }

    /// Whether the bound is 100% of a share, to which nearly every run keeps.
    pub fn is_of_all(&self) -> bool {
        self.at_most && self.path.figure.unit() == Unit::Share && self.bound >= 1.0
    }

    /// Whether a value of the figure keeps to the bound.
    pub(super) fn holds(&self, value: f64) -> bool {
        match (self.at_most, self.strict) {
            (true, true) => value < self.bound,
            (true, false) => value <= self.bound,
            (false, true) => value > self.bound,
            (false, false) => value >= self.bound,
        }
    }
}

/// The reason why a figure never reaches a bound; `None` if it may.
fn beyond(figure: Figure, bound: f64) -> Option<String> {
    let share = figure.unit() == Unit::Share;
    // Moments may lie before the drop.
    let moment = figure.unit() == Unit::Seconds;
    match bound {
        _ if share && bound > 1.0 => Some("a share is at most 100%".to_owned()),
        _ if bound < 0.0 && !moment => Some("no such figure is negative".to_owned()),
        _ => None,
    }
}

/// Reads a bound in the unit of its figure.
fn in_unit_of(figure: Figure, text: &str) -> Result<f64, String> {
    if let Ok(number) = text.replace('_', "").parse::<f64>() {
        return if number.is_finite() { Ok(number) } else { Err("a bound is a finite number".to_owned()) };
    }
    let Some(quantity) = Quantity::read(text) else {
        return Err("a bound is a number, a share such as 1%, or a span such as 2 s".to_owned());
    };
    let unit = figure.unit();
    unit.read(&quantity).ok_or_else(|| {
        let share = figure.share().map(|share| format!("; its share is {}", quoted(share.name())));
        format!("{} is {}{}", quoted(figure.name()), unit.advice(), share.unwrap_or_default())
    })
}

/// Reads one end of a range: a number, or a text with a unit.
fn value(text: &str) -> toml::Value {
    let text = text.trim().trim_matches(['"', '\'']).trim();
    let digits = text.replace('_', "");
    let number = digits.parse().map(toml::Value::Integer).ok();
    number
        .or_else(|| digits.parse().map(toml::Value::Float).ok())
        .unwrap_or_else(|| toml::Value::String(text.to_owned()))
}

fn source(name: &str, text: String) -> Arc<Source> {
    Source::new(name, &text, Origin::Question)
}

/// Reads both parts of a question, or returns every error of both.
pub(super) fn read(scenario: &Scenario, vary: &str, until: &str) -> Result<(Values, Condition), Diagnostics> {
    match (Values::read(vary, scenario), Condition::read(until, scenario)) {
        (Ok(values), Ok(condition)) => Ok((values, condition)),
        (values, condition) => {
            let mut found = values.err().unwrap_or_default();
            found.extend(condition.err());
            Err(Diagnostics::new(found))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Values {
        let scenario = Scenario::parse("drop.toml", crate::scenario::starter()).unwrap();
        Values::read(text, &scenario).unwrap_or_else(|errors| panic!("{}", Diagnostics::new(errors)))
    }

    #[test]
    fn halving_ends_at_the_next_whole_number_or_a_thousandth_of_the_range_in_round_values() {
        let servers = values("pool.playback.servers=4..1000");
        assert_eq!((servers.between(4.0, 1000.0), servers.between(4.0, 6.0)), (Some(63.0), Some(5.0)));
        assert_eq!(servers.between(5.0, 6.0), None);
        let (mut below, mut steps) = (4.0, 0.0);
        while let Some(middle) = servers.between(below, 1000.0) {
            (below, steps) = (middle, steps + 1.0);
        }
        assert!(below == 999.0 && steps <= servers.halvings(), "{steps}");
        let failure = values("pool.playback.failure=\"9%\"..2%");
        let mut ends = failure.ends();
        let mut tried = Vec::new();
        while let Some(middle) = failure.between(ends[0], ends[1]) {
            tried.push(failure.setting(middle).text);
            ends[1] = middle;
        }
        assert_eq!(tried[..3], ["5.5%", "3.75%", "2.875%"]);
        assert!(tried.len() as f64 <= failure.halvings() && tried.iter().all(|text| text.len() <= 6), "{tried:?}");
        let timeout = values("client.tv.timeout=1 ms..100 d");
        let texts = [86.4e14, 60e9, 1.5e6].map(|base| timeout.setting(base).text);
        assert_eq!((texts, timeout.unit()), (["100 d", "1 min", "1.5 ms"].map(str::to_owned), "ms"));
    }

    #[test]
    fn a_bound_has_the_unit_of_its_figure() {
        assert_eq!(in_unit_of(Figure::ErrorRatePeak, "1%"), Ok(0.01));
        assert_eq!(in_unit_of(Figure::LatencyP99, "2 s"), Ok(2000.0));
        assert_eq!(in_unit_of(Figure::Recovery, "5 min"), Ok(300.0));
        assert_eq!(in_unit_of(Figure::ReportsPeak, "1_000"), Ok(1000.0));
        for (figure, text) in [
            (Figure::ReportsPeak, "5%"),
            (Figure::ErrorRatePeak, "2 s"),
            (Figure::Recovery, "2%"),
            (Figure::QueueMean, "x"),
        ] {
            assert!(in_unit_of(figure, text).is_err(), "{} {text}", figure.name());
        }
    }
}
