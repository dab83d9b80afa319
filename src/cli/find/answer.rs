//! The answer of a search, as a screen and as JSON.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use dropstorm::report::numbers::{capital, duration, grouped};
use dropstorm::sweep::{Answer, Condition, Edge, Finding, Search, Setting, Verdict};
use serde_json::{Value as Json, json};

/// The screen: the answer, each value that was tried, and how long it took.
pub fn screen(search: &Search, finding: &Finding, wall_s: f64) -> String {
    let took = format!("{} runs in {}", grouped(finding.runs() as f64), duration(wall_s));
    format!("{}\n\n{}\n\n{took}\n", sentence(search, finding), table(search, finding).trim_fmt())
}

/// The answer in words.
fn sentence(search: &Search, finding: &Finding) -> String {
    let of = if search.condition().is_of_the_median() { " in the median run" } else { "" };
    let (path, condition) = (search.path(), format!("{}{of}", search.condition().text));
    let [low, high] = search.ends().map(|end| end.text);
    let certainty = if finding.ends_are_certain() { "" } else { ", though too close to be certain" };
    match &finding.answer {
        Answer::Smallest(edge) => {
            format!(
                "{path} = {} is the smallest value for which {condition} holds.\n{}",
                edge.value.text,
                bracket(edge)
            )
        }
        Answer::Largest(edge) => {
            format!("{path} = {} is the largest value for which {condition} holds.\n{}", edge.value.text, bracket(edge))
        }
        Answer::Everywhere => {
            format!("{condition} holds at both ends{certainty}: there is no edge of {path} between {low} and {high}.")
        }
        Answer::Nowhere => {
            format!("{condition} holds at neither end{certainty}: no {path} was found between {low} and {high}.")
        }
    }
}

/// The bracket of an edge, in words: the nearest values that are certain.
fn bracket(edge: &Edge) -> String {
    let at = |setting: &Option<Setting>, holds: &str| match setting {
        Some(setting) => format!("it certainly {holds} at {}", setting.text),
        None => format!("nowhere is it certain that it {holds}"),
    };
    let certain = capital(&format!("{}, and {} (95%).", at(&edge.fails, "fails"), at(&edge.holds, "holds")));
    match &edge.blurred_to {
        Some(blurred) => {
            let (one, other) = (&blurred.text, &edge.value.text);
            format!("{certain}\nThe scale tells nothing apart between {one} and {other}; a larger scale does.")
        }
        None => certain,
    }
}

/// One line for each value that was tried.
fn table(search: &Search, finding: &Finding) -> Table {
    let mut table = Table::new();
    let condition = search.condition();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    let figure_of =
        if condition.is_of_the_median() { format!("median {}", condition.name) } else { condition.name.clone() };
    table.set_header([search.path(), &figure_of, "interval", "runs", ""]);
    for trial in &finding.trials {
        let interval = format!("{} to {}", figure(condition, trial.low), figure(condition, trial.high));
        let (mean, runs) = (figure(condition, trial.mean), grouped(trial.n as f64));
        table.add_row([&trial.setting.text, &mean, &interval, &runs, words(trial.verdict)]);
    }
    for column in table.column_iter_mut().take(4) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

fn words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "holds",
        Verdict::ProbablyHolds => "holds, too close to be certain",
        Verdict::ProbablyFails => "fails, too close to be certain",
        Verdict::Fails => "fails",
    }
}

/// A figure in its unit, with four digits.
fn figure(condition: &Condition, value: f64) -> String {
    let unit = condition.unit();
    let value = if unit == "%" { value * 100.0 } else { value };
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

/// The finding as JSON.
pub fn tree(search: &Search, finding: &Finding, wall_s: f64) -> Json {
    let value = |setting: &Setting| json!({ "text": setting.text, "number": setting.number });
    let (answer, edge) = match &finding.answer {
        Answer::Smallest(edge) => ("smallest", Some(edge)),
        Answer::Largest(edge) => ("largest", Some(edge)),
        Answer::Everywhere => ("everywhere", None),
        Answer::Nowhere => ("nowhere", None),
    };
    let trials = finding.trials.iter().map(|trial| {
        json!({
            "value": value(&trial.setting), "mean": trial.mean, "low": trial.low, "high": trial.high, "n": trial.n,
            "holds": trial.verdict.holds(), "certain": trial.verdict.certain(),
        })
    });
    json!({
        "statistic": if search.condition().is_of_the_median() { "median" } else { "mean" },
        "path": search.path(), "unit": search.unit(), "condition": search.condition().text, "answer": answer,
        "value": edge.map(|edge| value(&edge.value)),
        "certainly_holds": edge.and_then(|edge| edge.holds.as_ref()).map(value),
        "blurred_to": edge.and_then(|edge| edge.blurred_to.as_ref()).map(value),
        "certainly_fails": edge.and_then(|edge| edge.fails.as_ref()).map(value),
        "confidence": 0.95, "runs": finding.runs(), "wall_s": wall_s, "trials": trials.collect::<Vec<_>>(),
    })
}
