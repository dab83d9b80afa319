//! The page of a search over one setting.

use crate::report::chart::sheet::Sheet;
use crate::report::numbers::grouped;
use crate::report::render::html::{self, Cell, Page, Table};
use crate::report::search::{Sought, figure};
use crate::sweep::{Bottleneck, Trial};

/// The page of a search with its chart.
pub fn bytes(sought: &Sought<'_>, charts: &[(String, Sheet)]) -> Vec<u8> {
    let (scenario, finding) = (sought.search.scenario(), sought.finding);
    let (values, runs) = (finding.trials.len(), grouped(finding.runs() as f64));
    let about = format!("{values} values of {} in scenario {}, {runs} runs", sought.search.path(), scenario.name());
    html::draw(&Page {
        title: &scenario.spec().title,
        about: &about,
        description: &scenario.spec().description,
        verdict: sought.sentences(),
        findings: Vec::new(),
        charts,
        part: None,
        tables: vec![table(sought)],
        source: None,
        provenance: charts.first().map(|(_, sheet)| sheet.footer.text.clone()).unwrap_or_default(),
        // The axis of a search is a setting.
        drop_ms: 0,
    })
}

/// The values that were tried.
fn table(sought: &Sought<'_>) -> Table {
    let condition = sought.search.condition();
    let middle = if condition.is_of_the_median() { "Median of" } else { "Mean of" };
    let columns = [
        sought.search.path().to_owned(),
        format!("{middle} {}", condition.name),
        "Runs".to_owned(),
        condition.text.clone(),
        "Bottleneck".to_owned(),
    ];
    let shown = |value: f64| figure(condition, value);
    let row = |trial: &Trial| {
        let ends = (trial.low < trial.high).then(|| (shown(trial.low), shown(trial.high)));
        let value = match trial.setting.number {
            Some(number) => Cell::Number(trial.setting.text.clone(), number, None),
            None => Cell::Name(trial.setting.text.clone()),
        };
        let mean = if trial.mean.is_finite() {
            Cell::Number(shown(trial.mean), trial.mean, ends)
        } else {
            Cell::Words(shown(trial.mean))
        };
        let runs = Cell::Number(grouped(trial.n as f64), trial.n as f64, None);
        let found = |found: &Bottleneck| format!("{} in {} of {} runs", found.pool, found.runs, trial.n);
        let bottleneck = trial.bottleneck.as_ref().map_or_else(String::new, found);
        vec![value, mean, runs, Cell::Words(Sought::word(trial).to_owned()), Cell::Words(bottleneck)]
    };
    Table {
        heading: "Values",
        caption: "all values that were tried; small: ends of the interval that decides, 95% for all of them together"
            .to_owned(),
        columns: columns.to_vec(),
        rows: sought.finding.trials.iter().map(row).collect(),
        folded: false,
    }
}
