//! The page of a search for the cheapest combination of levers.

use super::{figure, shown};
use crate::report::chart::sheet::Sheet;
use crate::report::numbers::grouped;
use crate::report::render::html::{self, Cell, Page, Table};
use crate::report::search::{Searched, amount};
use crate::sweep::cheapest::{Choice, Combination};
use crate::vocabulary::Unit;

/// Most combinations in the table of the page, the cheapest first; `search.csv` has all.
const MOST: usize = 500;

/// The page of a search with its chart.
pub fn bytes(searched: &Searched<'_>, charts: &[(String, Sheet)]) -> Vec<u8> {
    let outline = searched.outline;
    let (points, runs) = (grouped(outline.points() as f64), grouped(searched.found.runs() as f64));
    let about =
        format!("{points} combinations of scenario {}, {runs} runs, seed {}", outline.scenario(), outline.seed());
    html::draw(&Page {
        title: outline.title(),
        about: &about,
        description: outline.description(),
        verdict: searched.sentences(),
        findings: Vec::new(),
        charts,
        part: None,
        tables: vec![table(searched)],
        source: Some(("The plan, with every default", outline.resolved())),
        provenance: charts.first().map(|(_, sheet)| sheet.footer.text.clone()).unwrap_or_default(),
        // The axis of a search is a cost.
        drop_ms: 0,
    })
}

/// The combinations, the cheapest first.
fn table(searched: &Searched<'_>) -> Table {
    let all = &searched.found.combinations;
    let unit = searched.prices.unit.as_str();
    let cost = if unit.is_empty() { "Cost".to_owned() } else { format!("Cost ({unit})") };
    let columns = ["With", cost.as_str(), "Runs", "Held in", "Holds", "Cheapest", "See an error", "Found"];
    let shown = if all.len() > MOST {
        format!("the first {MOST} of {} combinations; all are in search.csv", grouped(all.len() as f64))
    } else {
        "all combinations".to_owned()
    };
    Table {
        heading: "Combinations",
        caption: format!("{shown}; holds and cheapest are probabilities; small: ends of the 95% interval"),
        columns: columns.map(str::to_owned).to_vec(),
        rows: all.iter().take(MOST).enumerate().map(|(index, one)| row(searched, index, one)).collect(),
        folded: false,
    }
}

fn row(searched: &Searched<'_>, index: usize, one: &Combination) -> Vec<Cell> {
    let is = |choice: Option<Choice>| choice.is_some_and(|choice| choice.index == index);
    let found = if is(searched.found.winner) {
        "cheapest"
    } else if is(searched.found.runner_up) {
        "runner-up"
    } else {
        searched.state(one).word()
    };
    let whole = |count: u64| Cell::Number(grouped(count as f64), count as f64, None);
    let chance = |probability: f64| Cell::Number(shown(Unit::Share, probability), probability, None);
    vec![
        Cell::Name(searched.label(one)),
        Cell::Number(amount(one.cost), one.cost, None),
        whole(one.n),
        whole(one.held),
        chance(one.holds),
        chance(one.cheapest),
        figure(Unit::Count, one.harmed),
        Cell::Words(found.to_owned()),
    ]
}
