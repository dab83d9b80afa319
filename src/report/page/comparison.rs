//! The page of several scenarios.

use super::run::claims;
use super::{difference, figure};
use crate::report::chart::sheet::Sheet;
use crate::report::numbers::{capital, grouped};
use crate::report::render::html::{self, Cell, Page, Table};
use crate::report::several::Several;
use crate::scenario::Difference;
use crate::vocabulary::{Figure, Unit};

/// Figures of the table of scenarios, of those that exist.
const SHOWN: [&str; 12] = [
    "harm.saw_error",
    "harm.gave_up",
    "harm.waited",
    "harm.stalled",
    "harm.degraded",
    "error_rate.peak",
    "error_rate.overall",
    "recovery_s",
    "latency_ms.p99",
    "wait_ms.p90",
    "amplification.total",
    "utilization",
];

/// The page of a comparison with its charts; none without a scenario.
pub fn bytes(several: &Several<'_>, charts: &[(String, Sheet)]) -> Option<Vec<u8>> {
    let base = several.subjects.first()?;
    let names: Vec<&str> = (0..several.subjects.len()).map(|arm| several.short_name(arm)).collect();
    let verdict: Vec<_> = several.verdict().into_iter().collect();
    let others = match &names[1..] {
        few if few.len() <= 3 => few.join(", "),
        many => format!("{} scenarios", many.len()),
    };
    let title = format!("{others} compared with {}", names[0]);
    let replications = several.comparison.replications;
    let runs = if replications == 1 {
        "one run each".to_owned()
    } else {
        format!("{} runs each", grouped(replications as f64))
    };
    let crowds =
        if several.share_people() { "The same crowds in each scenario" } else { "Each scenario with its own crowds" };
    let about = format!("{crowds}, {runs}. Differences are taken run by run.");
    let mut tables = vec![scenarios(several)];
    tables.extend(settings(several));
    tables.push(all(several));
    tables.extend(claims(&verdict));
    Some(html::draw(&Page {
        title: &title,
        about: &about,
        description: "",
        verdict: verdict.iter().map(|sentence| sentence.shown()).collect(),
        findings: Vec::new(),
        charts,
        part: None,
        tables,
        source: None,
        provenance: crate::report::chart::page::Provenance::of(base.context, base.figures.replications).footer,
        drop_ms: base.context.spec.drop.timestamp.as_millisecond(),
    }))
}

/// A row for each scenario, those that burden fewest people first.
fn scenarios(several: &Several<'_>) -> Table {
    let shown: Vec<Figure> = SHOWN.iter().filter_map(|name| Figure::named(name)).collect();
    let kind = several.kind();
    let row = |arm: usize| {
        let name = several.short_name(arm);
        let name = if arm == 0 { format!("{name} (base)") } else { name.to_owned() };
        let against = match arm {
            0 => Cell::Empty,
            arm => difference(Unit::Count, several.comparison.difference(arm, kind.path())),
        };
        let figures = shown.iter().map(|known| figure(known.unit(), several.comparison.figure(arm, known.name())));
        [Cell::Name(name), against].into_iter().chain(figures).collect()
    };
    let against = format!("{}, against base", capital(kind.heading));
    let names = shown.iter().map(|figure| figure.name().to_owned());
    Table {
        heading: "Scenarios",
        caption: "fewest people harmed or kept waiting in rooms first; small: ends of the 95% interval".to_owned(),
        columns: ["Scenario".to_owned(), against].into_iter().chain(names).collect(),
        rows: several.order().into_iter().map(row).collect(),
        folded: false,
    }
}

/// The settings in which the scenarios differ, each value as the file states it, or its default.
fn settings(several: &Several<'_>) -> Option<Table> {
    let cell = |value: &Option<String>| value.clone().map_or(Cell::Empty, Cell::Words);
    let row = |setting: &Difference| {
        std::iter::once(Cell::Name(setting.path.clone())).chain(setting.values.iter().map(cell)).collect()
    };
    let rows: Vec<Vec<Cell>> = several.settings.iter().map(row).collect();
    let names = (0..several.subjects.len()).map(|arm| several.short_name(arm).to_owned());
    (!rows.is_empty()).then(|| Table {
        heading: "What differs",
        caption: "settings in which the scenarios differ, as the files state them, with every default filled in"
            .to_owned(),
        columns: std::iter::once("Setting".to_owned()).chain(names).collect(),
        rows,
        folded: false,
    })
}

/// Every figure of every scenario, with its difference from the first.
fn all(several: &Several<'_>) -> Table {
    let mut columns = vec!["Figure".to_owned()];
    for arm in 0..several.subjects.len() {
        let name = several.short_name(arm);
        columns.push(name.to_owned());
        if arm > 0 {
            columns.push(format!("{name}, difference"));
        }
    }
    let row = |known: &Figure| {
        let mut cells = vec![Cell::Name(known.name().to_owned())];
        for arm in 0..several.subjects.len() {
            cells.push(figure(known.unit(), several.comparison.figure(arm, known.name())));
            if arm > 0 {
                cells.push(difference(known.unit(), several.comparison.difference(arm, known.name())));
            }
        }
        cells
    };
    Table {
        heading: "Every figure",
        caption: "figures of everything, and their paired differences from the first scenario, as in comparison.csv"
            .to_owned(),
        columns,
        rows: several.comparison.metrics.iter().map(row).collect(),
        folded: true,
    }
}
