//! The answer of a search, as a screen and as JSON.

use std::path::{Path, PathBuf};

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use dropstorm::report::numbers::{duration, grouped};
use dropstorm::report::search::{Sought, figure};
use dropstorm::sweep::{Answer, Finding, Search, Setting};
use dropstorm::system::text;
use serde_json::{Value as Json, json};

/// The screen: the answer, each value that was tried, how long it took, and what was written.
pub fn screen(sought: &Sought<'_>, wall_s: f64, files: &[PathBuf], folder: &Path) -> String {
    let Sought { search, finding } = sought;
    let took = format!("{} runs in {}", grouped(finding.runs() as f64), duration(wall_s));
    let names = files.iter().filter_map(|file| Some(file.file_name()?.to_string_lossy().into_owned()));
    let names = names.collect::<Vec<_>>().join(", ");
    let (told, table) = (sought.sentences().join("\n"), table(search, finding));
    format!("{told}\n\n{}\n\n{took}\nWrote {}: {names}\n", table.trim_fmt(), text::path(folder))
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
        table.add_row([&trial.setting.text, &mean, &interval, &runs, Sought::word(trial)]);
    }
    for column in table.column_iter_mut().take(4) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// The finding as JSON.
pub fn tree(sought: &Sought<'_>, wall_s: f64, files: &[PathBuf]) -> Json {
    let Sought { search, finding } = sought;
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
            "bottleneck": trial.bottleneck.as_ref().map(|found| json!({ "pool": found.pool, "runs": found.runs })),
        })
    });
    json!({
        "statistic": if search.condition().is_of_the_median() { "median" } else { "mean" },
        "path": search.path(), "unit": search.unit(), "condition": search.condition().text, "answer": answer,
        "value": edge.map(|edge| value(&edge.value)),
        "certainly_holds": edge.and_then(|edge| edge.holds.as_ref()).map(value),
        "blurred_to": edge.and_then(|edge| edge.blurred_to.as_ref()).map(value),
        "certainly_fails": edge.and_then(|edge| edge.fails.as_ref()).map(value),
        "confidence": 0.95, "runs": finding.runs(), "wall_s": wall_s, "files": files, "trials": trials.collect::<Vec<_>>(),
    })
}
