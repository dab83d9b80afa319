//! The page of a run.

use serde_json::Value;

use super::{figure, levers, shown};
use crate::measure::{Scope, ThresholdResult};
use crate::model;
use crate::report::chart::page::Provenance;
use crate::report::chart::sheet::Sheet;
use crate::report::clock::Clock;
use crate::report::render::html::{self, Cell, Page, Table};
use crate::report::states;
use crate::report::words::phrase::Sentence;
use crate::report::{Finished, Subject};
use crate::vocabulary::{Names, Path, RowKind};

/// The page of a run with its charts and the scenario as it was run; it opens with a part of the run if there is one.
pub fn bytes(run: &Finished<'_>, charts: &[(String, Sheet)], part: Option<(f64, f64)>) -> Vec<u8> {
    let (subject, resolved) = (&run.subject, run.resolved);
    let Subject { context, figures, words, .. } = *subject;
    let names = model::names(context.spec);
    let mut tables: Vec<Table> = thresholds(subject).into_iter().collect();
    tables.extend(run.levers.map(levers::table));
    for (kind, heading) in [(RowKind::Region, "Regions"), (RowKind::Pool, "Pools"), (RowKind::Request, "Requests")] {
        tables.extend(within(subject, &names, kind, heading));
    }
    tables.push(everything(subject));
    tables.extend(claims(&[words.verdict.as_slice(), &words.findings].concat()));
    html::draw(&Page {
        title: &context.spec.title,
        about: &about(subject),
        description: &context.spec.description,
        verdict: words.verdict.iter().map(Sentence::shown).collect(),
        findings: words.findings.iter().map(Sentence::shown).collect(),
        charts,
        part,
        tables,
        source: Some(("The scenario, with every default", resolved)),
        provenance: Provenance::of(context, figures.replications).footer,
        drop_ms: context.spec.drop.timestamp.as_millisecond(),
    })
}

/// The name of the scenario, and its days.
fn about(subject: &Subject<'_>) -> String {
    let Subject { context, figures, .. } = *subject;
    let clock = Clock::of_drop(context.spec);
    let dates = clock.dates(figures.first_s, figures.time_s(figures.intervals));
    let when = format!("{dates}, {}", clock.offset());
    let several =
        if figures.replications > 1 { format!(", {} replications", figures.replications) } else { String::new() };
    format!("Scenario {}, {when}{several}", context.name)
}

fn thresholds(subject: &Subject<'_>) -> Option<Table> {
    let Subject { context, figures, .. } = *subject;
    let clock = Clock::of_drop(context.spec);
    let row = |result: &ThresholdResult| {
        let fared = match (result.held, result.is_judged()) {
            (true, true) => Cell::Words("held".to_owned()),
            (false, true) => Cell::Bad("failed".to_owned()),
            (true, false) => Cell::Words("not judged".to_owned()),
            (false, false) => Cell::Bad("not judged".to_owned()),
        };
        let worst = if result.worst.is_finite() {
            Cell::Number(shown(result.metric.unit(), result.worst), result.worst, None)
        } else {
            Cell::Empty
        };
        let at = if result.worst_at_s.is_finite() { clock.exact(result.worst_at_s) } else { String::new() };
        let held = format!("{} of {}", result.held_in, result.n);
        vec![Cell::Name(result.text.clone()), fared, worst, Cell::Name(at), Cell::Name(held)]
    };
    let rows: Vec<Vec<Cell>> = figures.thresholds.iter().map(row).collect();
    (!rows.is_empty()).then(|| Table {
        heading: "Thresholds",
        caption: "What was asked of the run, and how it fared".to_owned(),
        columns: ["Threshold", "Result", "Worst", "From", "Held in"].map(str::to_owned).to_vec(),
        rows,
        folded: false,
    })
}

/// The figures of each region, pool or request, a row each; columns without any value are left out.
fn within(subject: &Subject<'_>, names: &Names, kind: RowKind, heading: &'static str) -> Option<Table> {
    let summary = &subject.figures.summary;
    let of_kind = || summary.iter().filter(|(path, _)| path.kind == kind);
    let mut columns: Vec<&Path> = Vec::new();
    for (path, estimate) in of_kind() {
        if estimate.is_some() && !columns.iter().any(|known| known.figure == path.figure) {
            columns.push(path);
        }
    }
    let cell = |index: usize, column: &Path| {
        let found = of_kind().find(|(path, _)| path.index == index && path.figure == column.figure);
        figure(column.figure.unit(), found.and_then(|(_, estimate)| *estimate))
    };
    let label = |index: usize, name: &String| match kind {
        RowKind::Region => subject.context.region(index).to_owned(),
        _ => name.clone(),
    };
    let rows: Vec<Vec<Cell>> = names
        .of(kind)
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let cells = columns.iter().map(|column| cell(index, column));
            [Cell::Name(label(index, name)), fared(subject, kind, index)].into_iter().chain(cells).collect()
        })
        .collect();
    if rows.is_empty() || columns.is_empty() {
        return None;
    }
    let first = heading.strip_suffix('s').unwrap_or(heading).to_owned();
    let named = columns.iter().map(|column| column.figure.name_within().to_owned());
    Some(Table {
        heading,
        caption: format!("Figures of each of the {heading}, as in summary.json").to_lowercase(),
        columns: [first, if kind == RowKind::Pool { "cause" } else { "state" }.to_owned()]
            .into_iter()
            .chain(named)
            .collect(),
        rows,
        folded: true,
    })
}

/// Whether the trouble of a region or request is over, or why a pool loses attempts.
fn fared(subject: &Subject<'_>, kind: RowKind, index: usize) -> Cell {
    let all = subject.analyses;
    Cell::Name(match kind {
        RowKind::Pool => states::cause(all, index),
        RowKind::Region => states::state(all, Scope::region(index)),
        _ => states::state(all, Scope::request(index)),
    })
}

/// Every figure of everything, a row each.
fn everything(subject: &Subject<'_>) -> Table {
    let of_everything = subject.figures.summary.iter().filter(|(path, _)| path.kind == RowKind::All);
    let state = vec![
        Cell::Name("trouble.state".to_owned()),
        Cell::Name(states::state(subject.analyses, Scope::default())),
        Cell::Words("What became of the attempts of everything.".to_owned()),
    ];
    let row = |(path, estimate): &(Path, _)| {
        vec![
            Cell::Name(path.figure.name().to_owned()),
            figure(path.figure.unit(), *estimate),
            Cell::Words(path.figure.meaning()),
        ]
    };
    Table {
        heading: "Every figure",
        caption: "figures of everything, as in summary.json; small: ends of the 95% interval".to_owned(),
        columns: ["Figure", "Value", "Meaning"].map(str::to_owned).to_vec(),
        rows: [state].into_iter().chain(of_everything.map(row)).collect(),
        folded: true,
    }
}

/// Table of the claims in some sentences; `None` if there is none.
pub(super) fn claims(sentences: &[Sentence]) -> Option<Table> {
    let each = sentences
        .iter()
        .enumerate()
        .flat_map(|(index, sentence)| sentence.claims.iter().map(move |claim| (index, claim)));
    let row = |(index, claim): (usize, &crate::report::words::claim::Claim)| {
        let tree = serde_json::to_value(&claim.fact).unwrap_or_default();
        let kind = tree["kind"].as_str().unwrap_or_default().replace('_', " ");
        let value = match tree["value"].as_f64() {
            Some(value) => Cell::Number(crate::report::numbers::cell(value), value, None),
            None => Cell::Empty,
        };
        let rest = tree.as_object().into_iter().flatten().filter(|(key, value)| {
            !matches!(key.as_str(), "kind" | "value")
                && !value.is_null()
                && **value != Value::Object(Default::default())
        });
        let rest: Vec<String> = rest.map(|(key, value)| format!("{key} {}", plain(value))).collect();
        let sentence = Cell::Number((index + 1).to_string(), (index + 1) as f64, None);
        vec![Cell::Name(claim.text.clone()), sentence, Cell::Name(kind), value, Cell::Words(rest.join(", "))]
    };
    let rows: Vec<Vec<Cell>> = each.map(row).collect();
    (!rows.is_empty()).then(|| Table {
        heading: "What the verdict rests on",
        caption: "each claim of the verdict and the findings after it, and the figures that decide it".to_owned(),
        columns: ["Words", "Sentence", "Kind", "Value", "Decided by"].map(str::to_owned).to_vec(),
        rows,
        folded: true,
    })
}

/// A value without the quotes of JSON.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(fields) => {
            fields.iter().map(|(key, value)| format!("{key} {}", plain(value))).collect::<Vec<_>>().join(" ")
        }
        other => other.to_string(),
    }
}
