//! The answer of a search over levers, as a screen, as settings and as JSON.

use std::path::{Path, PathBuf};

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use dropstorm::report::numbers::{count, duration, grouped};
use dropstorm::report::search::{Searched, amount, sure};
use dropstorm::sweep::cheapest::{Choice, Combination};
use dropstorm::system::text;
use indexmap::IndexSet;
use serde_json::{Value as Json, json};

/// Combinations that the screen shows, at most: those with the best chances, and of the others the cheapest.
const MOST: usize = 12;

/// The runs that a command made itself, how long they took, and what was written.
pub struct Ran {
    pub runs: u64,
    pub wall_s: f64,
    pub files: Vec<PathBuf>,
}

/// The screen: the answer, the combinations that matter, and how long it took.
pub fn screen(searched: &Searched<'_>, ran: &Ran, folder: &Path) -> String {
    let names = ran.files.iter().filter_map(|file| Some(file.file_name()?.to_string_lossy().into_owned()));
    let more = searched.found.combinations.len().saturating_sub(MOST);
    let more = if more > 0 { format!("\n{} more in search.csv", grouped(more as f64)) } else { String::new() };
    format!(
        "{}\n\n{}{more}\n\n{} runs in {}\nWrote {}: {}\n",
        searched.sentences().join("\n"),
        table(searched).trim_fmt(),
        grouped(ran.runs as f64),
        duration(ran.wall_s),
        text::path(folder),
        names.collect::<Vec<_>>().join(", ")
    )
}

/// The combinations that matter, the cheapest first.
fn table(searched: &Searched<'_>) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    let unit = &searched.prices.unit;
    let cost = if unit.is_empty() { "cost".to_owned() } else { format!("cost ({unit})") };
    table.set_header([cost.as_str(), "held", "holds", "cheapest", "see an error", "", "with"]);
    let all = &searched.found.combinations;
    let mut shown: Vec<usize> = (0..all.len()).collect();
    shown.sort_by(|a, b| all[*b].cheapest.total_cmp(&all[*a].cheapest));
    let chosen = [searched.found.winner, searched.found.runner_up];
    let chosen = chosen.iter().flatten().map(|choice| choice.index);
    let mut shown: Vec<usize> = chosen.chain(shown).collect::<IndexSet<_>>().into_iter().take(MOST).collect();
    shown.sort_unstable();
    for index in shown {
        let one = &all[index];
        let harmed = one.harmed.map_or_else(|| "–".to_owned(), |harmed| count(harmed.mean));
        table.add_row([
            &amount(one.cost),
            &format!("{} of {}", one.held, one.n),
            &chance(one.holds),
            &chance(one.cheapest),
            &harmed,
            role(searched, index),
            &searched.label(one),
        ]);
    }
    for column in table.column_iter_mut().take(5) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// A probability as a percentage; the very small and the very large ones are named as such.
fn chance(probability: f64) -> String {
    match probability {
        _ if probability < 0.01 => "<1%".to_owned(),
        _ => sure(probability),
    }
}

fn role(searched: &Searched<'_>, index: usize) -> &'static str {
    let is = |choice: Option<Choice>| choice.is_some_and(|choice| choice.index == index);
    if is(searched.found.winner) {
        "cheapest"
    } else if is(searched.found.runner_up) {
        "runner-up"
    } else {
        searched.state(&searched.found.combinations[index]).word()
    }
}

/// The values of the cheapest combination as settings for `--set`, one a line; empty if there is none.
pub fn settings(searched: &Searched<'_>) -> String {
    let Some(winner) = searched.found.winner else { return String::new() };
    let point = searched.chosen(winner).point;
    let settings = searched.outline.settings_to_set(point);
    settings.into_iter().map(|(path, value)| format!("{path}={value}\n")).collect()
}

/// The result as JSON.
pub fn tree(searched: &Searched<'_>, ran: &Ran) -> Json {
    let found = searched.found;
    let chosen = |choice: Option<Choice>| {
        choice.map(|choice| {
            let mut tree = combination(searched, searched.chosen(choice));
            tree["sure"] = json!(choice.sure);
            tree
        })
    };
    json!({
        "answer": searched.sentences(), "unit_of_cost": searched.prices.unit, "holds_at_least": searched.prices.holds,
        "winner": chosen(found.winner), "runner_up": chosen(found.runner_up), "none": found.none,
        "runs": found.runs(), "ran": ran.runs, "wall_s": ran.wall_s, "files": ran.files,
        "combinations": found.combinations.iter().map(|one| combination(searched, one)).collect::<Vec<_>>(),
    })
}

fn combination(searched: &Searched<'_>, one: &Combination) -> Json {
    let settings = searched.outline.settings(one.point);
    let paths = searched.outline.parameters().flat_map(|parameter| &parameter.paths);
    let values = paths.zip(settings.iter().flatten());
    let values = values.map(|(path, setting)| (path.clone(), json!(setting.text)));
    json!({
        "point": one.point, "values": values.collect::<serde_json::Map<String, Json>>(), "words": searched.values(one),
        "cost": one.cost, "n": one.n, "held": one.held, "holds": one.holds, "cheapest": one.cheapest,
        "saw_error": one.harmed.map(|harmed| json!({ "mean": harmed.mean, "low": harmed.low, "high": harmed.high, "n": harmed.n })),
        "same_as": one.same_as, "state": searched.state(one).word(),
    })
}
