//! The vocabularies as tables of the reference.

use std::fmt::Write;

use crate::vocabulary::{Column, Figure, Happening, Outcome, RowKind};

/// The columns of `intervals.csv`, which are the metrics of thresholds, as a section of the reference.
pub(super) fn metrics() -> String {
    let mut page = "\n## Metrics\n\nThe columns of `intervals.csv`, which thresholds may bound.\n\n".to_owned();
    page += "| metric | unit | kind | known for | meaning |\n|---|---|---|---|---|\n";
    for column in Column::ALL {
        let known = match column.known() {
            RowKind::ALL => "every row".to_owned(),
            kinds => RowKind::list(kinds),
        };
        let (name, unit, kind) = (column.name(), column.unit().name(), column.aggregation().word());
        let _ = writeln!(page, "| `{name}` | {unit} | {kind} | {known} | {} |", column.meaning());
    }
    page
}

/// The figures of a run, as a section of the reference.
pub(super) fn figures() -> String {
    let mut page = "\n## Figures\n\nThe figures of a run in `summary.json`, which sweeps and `find` may ask for; \
        the last two are for sweeps and `find` alone.\n\n| figure | unit | meaning |\n|---|---|---|\n"
        .to_owned();
    for figure in Figure::ALL.iter().filter(|figure| figure.is_known_of(RowKind::All)) {
        let _ = writeln!(page, "| `{}` | {} | {} |", figure.name(), figure.unit().name(), figure.meaning());
    }
    page += "\nThe same of each pool, region and request, by its name, such as `pools.api.lost_share`.\n\n\
        | figure | unit | meaning |\n|---|---|---|\n";
    for (kind, folder) in [(RowKind::Pool, "pools"), (RowKind::Region, "regions"), (RowKind::Request, "requests")] {
        for figure in Figure::ALL.iter().filter(|figure| figure.is_known_of(kind)) {
            let (name, unit) = (figure.name_within(), figure.unit().name());
            let _ = writeln!(page, "| `{folder}.NAME.{name}` | {unit} | {} |", figure.meaning());
        }
    }
    page += STATES;
    page
}

/// The states and causes in `summary.json`, beside its figures.
const STATES: &str = "\n`trouble.state` of everything, of each region and of each request is one of `calm`, `over`, \
    `not_over`, `steady` (attempts fail at the same rate throughout), `silent` (nothing is sent) and `too_few` (to say that \
    it is over); `pools.NAME.cause` is one of `no_server`, `full`, `rejects`, `errors`, `slow` (than the timers), `waits`, \
    `holds` (slots, for calls to a pool that is the cause), `passes` (on failures of such a pool) \
    and null. With several replications both are numbers of replications with each. `dropstorm schema --summary` prints the \
    JSON Schema of `summary.json`.\n";

/// Replaces each `{{name}}` of a page by the table or list of a vocabulary.
pub(super) fn fill(page: &str) -> String {
    page.replace("{{outcomes}}", &outcomes())
        .replace("{{rows}}", &RowKind::list(RowKind::ALL))
        .replace("{{scopes}}", &scopes())
        .replace("{{happenings}}", &happenings())
}

/// The names of the kinds of rows: `all`, `region` and so on.
fn scopes() -> String {
    RowKind::ALL.iter().map(|kind| format!("`{}`", kind.name())).collect::<Vec<_>>().join(", ")
}

fn outcomes() -> String {
    let mut table = "| outcome | when | status |\n|---|---|---|\n".to_owned();
    for outcome in Outcome::ALL {
        let status = outcome.status().map_or("none".to_owned(), |status| status.to_string());
        let _ = writeln!(table, "| `{}` | {} | {status} |", outcome.name(), outcome.meaning());
    }
    table
}

fn happenings() -> String {
    let rows = Happening::table().into_iter().map(|(name, about, meaning)| {
        let about = about.word();
        format!("| {name} | {about} | {meaning} |")
    });
    let head = ["| event | about | meaning |".to_owned(), "|---|---|---|".to_owned()];
    head.into_iter().chain(rows).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_stands_in_its_table() {
        let page = metrics() + &figures() + &fill("{{outcomes}}{{rows}}{{scopes}}{{happenings}}");
        let columns = Column::ALL.iter().map(|column| column.name());
        let of_everything = Figure::ALL.iter().filter(|figure| figure.is_known_of(RowKind::All));
        let figures = of_everything.map(|figure| figure.name());
        for name in columns.chain(figures).chain(Outcome::ALL.iter().map(|outcome| outcome.name())) {
            assert!(page.contains(&format!("\n| `{name}` |")), "{name} is missing");
        }
        for (name, ..) in Happening::table() {
            assert!(page.contains(&format!("| {name} | ")), "{name} is missing");
        }
        assert!(!page.contains("{{"));
    }
}
