//! A search over one setting that is over, in words.

use crate::report::ReportError;
use crate::report::chart::sweep::names::Metric;
use crate::report::files::field::Field;
use crate::report::files::tables::{number, text};
use crate::report::settings::words;
use crate::report::words::claim::{self, Claim, Fact, Named, Tried};
use crate::report::words::phrase::{Phrase, Sentence, phrase};
use crate::report::words::voice::named;
use crate::sweep::{Answer, Condition, Edge, Finding, Search, Setting, Trial};

/// A question, and what was found.
#[derive(Clone, Copy, Debug)]
pub struct Sought<'a> {
    /// The question.
    pub search: &'a Search,
    /// The answer and its trials.
    pub finding: &'a Finding,
}

impl Sought<'_> {
    /// The answer, then what is certain, each a sentence.
    pub fn sentences(&self) -> Vec<String> {
        self.told().iter().map(Sentence::shown).collect()
    }

    /// The sentences with their claims.
    pub fn told(&self) -> Vec<Sentence> {
        let Sought { search, finding } = self;
        let path = || named(&words(search.path()), search.path(), Named::Setting);
        let [low, high] = search.ends();
        let ends = phrase![" between ", tried(&low, "low"), " and ", tried(&high, "high")];
        let certainty = if finding.ends_are_certain() { "" } else { ", though not certain" };
        let edge = |edge: &Edge, which: &'static str| {
            let value = tried(&edge.value, which);
            let answer =
                phrase![path(), " = ", value, " is the ", which, " value for which ", self.condition("edge"), " holds"];
            std::iter::once(answer).chain(bracket(edge)).map(Phrase::sentence).collect()
        };
        let none = |holds: &'static str, at: &'static str, found: Phrase| {
            vec![phrase![self.condition(holds), " holds at ", at, certainty, ": ", found, ends.clone()].sentence()]
        };
        match &finding.answer {
            Answer::Smallest(found) => edge(found, "smallest"),
            Answer::Largest(found) => edge(found, "largest"),
            Answer::Everywhere => none("both", "both ends", phrase!["there is no edge of ", path()]),
            Answer::Nowhere => {
                let mut told = none("neither", "neither end", phrase!["no value of ", path(), " was found"]);
                told.extend(self.bottlenecks());
                told
            }
        }
    }

    /// The bottlenecks at both ends of the range.
    fn bottlenecks(&self) -> Option<Sentence> {
        let at = |trial: &Trial, is: &'static str| {
            let found = trial.bottleneck.as_ref()?;
            let text = format!("{} is the bottleneck in {} of {} runs", found.pool, found.runs, trial.n);
            let (name, value) = (found.pool.clone(), trial.setting.number);
            let fact = Fact::BottleneckAt(claim::BottleneckAt { name, value, k: found.runs, n: trial.n });
            Some(phrase!["at ", tried(&trial.setting, is), " ", Claim { text, fact }])
        };
        let trials = &self.finding.trials;
        let ends = [(trials.first(), "low"), (trials.last(), "high")];
        let told: Vec<Phrase> = ends.into_iter().filter_map(|(trial, is)| at(trial?, is)).collect();
        (!told.is_empty()).then(|| Phrase::join(told, "; ", "; ").sentence())
    }

    /// The condition, and where it holds.
    fn condition(&self, holds: &'static str) -> Claim {
        let condition = self.search.condition();
        let of = if condition.is_of_the_median() { " in the median run" } else { "" };
        let Condition { at_most, strict, bound, .. } = *condition;
        let (path, is_certain) = (condition.name.clone(), self.finding.ends_are_certain());
        let fact = Fact::Condition(claim::Sought { path, at_most, strict, bound, holds, is_certain });
        let metric = Metric::of(&condition.name);
        let sign = match (at_most, strict) {
            (true, true) => '<',
            (true, false) => '≤',
            (false, true) => '>',
            (false, false) => '≥',
        };
        // The bound as it was written, if with its unit.
        let written = condition.text.rsplit(['<', '>', '=']).next().unwrap_or_default().trim();
        let bound = if written.parse::<f64>().is_ok() { metric.show_bound(bound) } else { written.to_owned() };
        Claim { text: format!("{} {sign} {bound}{of}", metric.words()), fact }
    }

    /// The edge, if there is one.
    pub fn edge(&self) -> Option<&Edge> {
        match &self.finding.answer {
            Answer::Smallest(edge) | Answer::Largest(edge) => Some(edge),
            Answer::Everywhere | Answer::Nowhere => None,
        }
    }

    /// Verdict on a value, for a table: whether the condition holds, and whether that is certain.
    pub fn word(trial: &Trial) -> &'static str {
        match (trial.verdict.holds(), trial.verdict.certain()) {
            (true, true) => "holds",
            (true, false) => "holds, not certain",
            (false, false) => "fails, not certain",
            (false, true) => "fails",
        }
    }
}

/// Name of the folder of the files of a search.
pub fn folder(search: &Search) -> String {
    format!("{}-find", search.scenario().name())
}

/// Columns of `find.csv` behind the setting and the figure.
pub const FIELDS: [Field; 4] = [
    Field::whole("runs", "number of independent runs of the value"),
    Field::text(
        "found",
        "holds or fails, with \", not certain\" behind it where the bound is too close or the runs are too few",
    ),
    Field::text("bottleneck", "the pool that is a bottleneck in most runs of the value; empty where no pool is in any"),
    Field::whole("bottleneck_runs", "number of runs in which it is"),
];

/// The table of the values, from the lowest to the highest: mean of the figure, or median where that is judged, ends of the interval
/// that decides, runs, whether the condition holds, and the pool that is a bottleneck in most runs, with their number.
///
/// # Errors
/// Only if the table cannot be put together.
pub fn csv(sought: &Sought<'_>) -> Result<Vec<u8>, ReportError> {
    let Sought { search, finding } = sought;
    let condition = search.condition();
    let middle = if condition.is_of_the_median() { "median" } else { "mean" };
    let unit = search.unit();
    let setting = if unit.is_empty() { search.path().to_owned() } else { format!("{} [{unit}]", search.path()) };
    let of = |end: &str| format!("{}.{end}", condition.name);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(
        [setting, of(middle), of("low"), of("high")]
            .iter()
            .map(String::as_str)
            .chain(FIELDS.map(|field| field.name))
            .map(text),
    )?;
    for trial in &finding.trials {
        let value = trial.setting.number.map_or_else(|| trial.setting.text.clone(), number);
        let [mean, low, high] = [trial.mean, trial.low, trial.high].map(number);
        let (pool, runs) = match &trial.bottleneck {
            Some(found) => (text(&found.pool), found.runs.to_string()),
            None => (String::new(), String::new()),
        };
        writer.write_record([
            value,
            mean,
            low,
            high,
            trial.n.to_string(),
            Sought::word(trial).to_owned(),
            pool,
            runs,
        ])?;
    }
    Ok(writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?)
}

/// The bracket of an edge, in sentences: the nearest values that are certain, and what the scale blurs.
fn bracket(edge: &Edge) -> Vec<Phrase> {
    let at = |setting: &Option<Setting>, is: &'static str| match setting {
        Some(setting) => phrase!["it certainly ", is, " at ", tried(setting, is)],
        None => {
            let fact = Fact::Tried(Tried { is, value: None });
            phrase![Claim { text: "nowhere".to_owned(), fact }, " is it certain that it ", is]
        }
    };
    let level = Claim { text: "95%".to_owned(), fact: Fact::Bound { value: 0.95, of: "certainty".to_owned() } };
    let mut told = vec![phrase![at(&edge.fails, "fails"), ", and ", at(&edge.holds, "holds"), " (", level, ")"]];
    if let Some(blurred) = &edge.blurred_to {
        let (one, other) = (tried(blurred, "alike"), tried(&edge.value, "found"));
        told.push(phrase!["the scale tells nothing apart between ", one, " and ", other, "; a larger scale does"]);
    }
    told
}

/// A value that was tried, and what is said of it.
fn tried(setting: &Setting, is: &'static str) -> Claim {
    Claim { text: setting.text.clone(), fact: Fact::Tried(Tried { is, value: setting.number }) }
}

/// A figure in its unit, with four digits.
pub fn figure(condition: &Condition, value: f64) -> String {
    let unit = condition.unit();
    // An interval of a share ends where shares do.
    let value = if unit == "%" && value.is_finite() { (value * 100.0).clamp(0.0, 100.0) } else { value };
    if value == f64::NEG_INFINITY {
        return "–".to_owned();
    }
    if !value.is_finite() {
        return "never".to_owned();
    }
    let digits: f64 = format!("{value:.3e}").parse().unwrap_or(value);
    let apart = if unit.is_empty() || unit == "%" { "" } else { " " };
    format!("{digits}{apart}{unit}")
}
