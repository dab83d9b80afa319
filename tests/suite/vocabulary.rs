//! The tables of the vocabulary hold of what a run leaves and of what a scenario may ask.

use std::path::Path;

use dropstorm::engine::{self, Seed};
use dropstorm::measure::Figures;
use dropstorm::model::Model;
use dropstorm::scenario::Scenario;
use dropstorm::vocabulary::{Column, Outcome, RowKind};

#[test]
fn a_column_has_values_in_rows_of_just_those_kinds_in_which_it_is_known() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let more = ["a-waiting-room.toml", "a-call.toml"].map(|overlay| folder.join(overlay));
    let scenario =
        Scenario::read_with(&folder.join("everything.toml"), &more).unwrap_or_else(|errors| panic!("{errors}"));
    let run = engine::run(&Model::compile(&scenario), Seed { seed: 1, replication: 0 });
    let ended = run.ledger.ended as f64;
    let figures = Figures::of(&[run]);
    assert!(figures.scopes.iter().all(|scope| scope.kind().is_some()));
    for kind in RowKind::ALL {
        let rows: Vec<usize> =
            (0..figures.scopes.len()).filter(|row| figures.scopes[*row].kind() == Some(*kind)).collect();
        assert!(!rows.is_empty(), "no row of {}", kind.each());
        for column in Column::ALL {
            let mut values = rows.iter().flat_map(|row| figures.series(*row, *column));
            let (known, name) = (column.known().contains(kind), column.name());
            assert_eq!(values.any(|value| !value.is_nan()), known, "{name} for {}", kind.each());
        }
    }
    let is_pool = |row: &usize| figures.scopes[*row].kind() == Some(RowKind::Pool);
    let of_row = |row| Outcome::ALL.iter().map(|o| figures.series(row, o.column()).sum::<f64>()).sum::<f64>();
    let counted: f64 = (0..figures.scopes.len()).filter(is_pool).map(of_row).sum();
    assert_eq!(counted * scenario.spec().scale, ended);
}

/// A scenario with one threshold; whether it may be asked for.
fn accepted(threshold: &str) -> bool {
    let text = format!(
        "title = \"t\"\nstart = 2026-01-01T00:00:00Z\ndrop = 2026-01-01T00:00:00Z\nend = 2026-01-01T00:10:00Z\n\
         [region.r]\n[audience.a]\nviewers = 10\narrival = \"1 s\"\njourney = \"j\"\n\
         [journey.j]\nsteps = [{{ request = \"p\" }}]\n[pool.p]\nservers = 1\nservice = \"1 s\"\n[[threshold]]\n{threshold}"
    );
    Scenario::parse("t.toml", &text).is_ok()
}

#[test]
fn a_threshold_may_ask_for_a_column_just_where_it_is_known() {
    for column in Column::ALL {
        for apart in 0..8 {
            let [region, pool, request] = [1, 2, 4].map(|bit| apart & bit > 0);
            let of = [(region, "region = \"r\""), (pool, "pool = \"p\""), (request, "request = \"p\"")];
            let of: Vec<&str> = of.iter().filter(|(apart, _)| *apart).map(|(_, of)| *of).collect();
            let known = RowKind::of(region, pool, request).is_some_and(|kind| column.known().contains(&kind));
            let threshold = format!("metric = \"{}\"\nof = {{ {} }}\nat_most = 1\n", column.name(), of.join(", "));
            assert_eq!(accepted(&threshold), known, "{threshold}");
        }
    }
    assert!(!accepted("metric = \"no_such_column\"\nat_most = 1\n"));
}

#[test]
fn a_bound_may_have_the_unit_of_its_column_and_no_other() {
    for column in Column::ALL {
        let of = if column.known().contains(&RowKind::All) { "{}" } else { "{ pool = \"p\" }" };
        let bounds = ["1%", "2 s", "3 Mbps", "900/s"];
        let fitting = bounds
            .iter()
            .filter(|bound| accepted(&format!("metric = \"{}\"\nof = {of}\nat_most = \"{bound}\"\n", column.name())));
        let fitting: Vec<&str> = fitting.copied().collect();
        let expected: &[&str] = match column.unit().symbol() {
            "%" => &["1%"],
            "ms" => &["2 s"],
            "kbps" => &["3 Mbps"],
            "/s" => &["900/s"],
            _ => &[],
        };
        assert_eq!(fitting, expected, "{}", column.name());
    }
}
