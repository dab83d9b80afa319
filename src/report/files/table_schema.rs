//! The tables that runs, comparisons, sweeps and searches leave, for programs: `dropstorm schema --tables`.
//!
//! A package of tables by the Data Package standard, version 2: each table is a resource with a Table Schema. Columns that depend on a
//! plan have no fixed names, for which the standard has no word: `patternFields`, a property of our own, has a regular expression for
//! each kind of them, and `unit` is one too.

use serde_json::{Value, json};

use super::field::{Field, Kind};
use super::{comparison, intervals, tables, trace};
use crate::report::outputs;
use crate::report::search::{FIELDS_OF_FIND, FIELDS_OF_SEARCH, POINT};
use crate::vocabulary::{Column, Figure, RowKind};

/// Ends of the columns of a figure in `points.csv`, in `paired.csv` and in `find.csv`.
const OF_POINTS: &str = "mean|low|high|n|median|least|most";
const OF_DIFFERENCES: &str = "difference|difference_low|difference_high|difference_n";
const OF_FIND: &str = "mean|median|low|high";

/// The schema of all tables.
pub fn json() -> Value {
    let intervals = of_intervals();
    let of_points = |ends: &str| [figures(ends), vec![path()]].concat();
    let of_search = [vec![cost()], vec![path()]].concat();
    let search: Vec<Field> = std::iter::once(POINT).chain(FIELDS_OF_SEARCH).collect();
    let tables = [
        table(intervals::FILE, &intervals, &[]),
        table(intervals::ORDINARY, &intervals, &[]),
        table(trace::FILE, &fields(&trace::FIELDS), &[]),
        table(comparison::FILE, &fields(&comparison::FIELDS), &[]),
        table("points.csv", &fields(&tables::FIELDS_OF_POINTS), &of_points(OF_POINTS)),
        table("paired.csv", &fields(&tables::FIELDS_OF_POINTS), &of_points(OF_DIFFERENCES)),
        table(tables::UNITS, &fields(&tables::FIELDS_OF_UNITS), &of_points("")),
        table(outputs::TABLE_OF_FIND.0, &fields(&FIELDS_OF_FIND), &of_points(OF_FIND)),
        table(outputs::TABLE_OF_SEARCH.0, &fields(&search), &of_search),
    ];
    json!({
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "dropstorm-tables",
        "version": env!("CARGO_PKG_VERSION"),
        "description": "The tables that dropstorm leaves. Columns whose names depend on a plan are described by patternFields.",
        "resources": tables,
    })
}

/// A table with its fixed columns, and the patterns of others.
fn table(path: &str, fields: &[Value], patterns: &[Value]) -> Value {
    let about = outputs::all().find(|(name, _)| name == path).map_or("", |(_, about)| about);
    let mut schema = json!({
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fieldsMatch": if patterns.is_empty() { ["exact"] } else { ["subset"] },
        "missingValues": [""],
        "fields": fields,
    });
    if !patterns.is_empty() {
        schema["patternFields"] = json!(patterns);
    }
    let name = path.trim_end_matches(".csv");
    json!({
        "name": name, "path": path, "description": about, "type": "table", "format": "csv", "mediatype": "text/csv",
        "encoding": "utf-8", "schema": schema,
    })
}

/// Description of a column, by its name or its pattern.
fn described(key: &str, name: &str, kind: Kind, unit: &str, about: &str) -> Value {
    let mut field = json!({ key: name, "type": kind.name(), "description": about });
    if !unit.is_empty() {
        field["unit"] = json!(unit);
    }
    field
}

fn fields(all: &[Field]) -> Vec<Value> {
    all.iter().map(|field| described("name", field.name, field.kind, field.unit, field.about)).collect()
}

fn of_intervals() -> Vec<Value> {
    let measured = Column::ALL
        .iter()
        .map(|column| described("name", column.name(), Kind::Number, column.unit().name(), &column.meaning()));
    fields(&intervals::FIRST).into_iter().chain(measured).chain(fields(&intervals::LAST)).collect()
}

/// The columns of the figures of everything, and of those of single pools, regions and requests, with these ends of their names.
fn figures(ends: &str) -> Vec<Value> {
    let ends = if ends.is_empty() { String::new() } else { format!("\\.({ends})") };
    let described = |figure: &Figure, name: &str| {
        let pattern = format!("^{name}{ends}$");
        self::described("pattern", &pattern, Kind::Number, figure.unit().name(), &figure.meaning())
    };
    let escaped = |name: &str| name.replace('.', "\\.");
    let of_all = Figure::ALL.iter().filter(|figure| figure.is_known_of(RowKind::All));
    let mut found: Vec<Value> = of_all.map(|figure| described(figure, &escaped(figure.name()))).collect();
    for (kind, object) in [(RowKind::Pool, "pools"), (RowKind::Region, "regions"), (RowKind::Request, "requests")] {
        let known = Figure::ALL.iter().filter(|figure| figure.is_known_of(kind));
        found.extend(
            known.map(|figure| described(figure, &format!("{object}\\..+\\.{}", escaped(figure.name_within())))),
        );
    }
    found
}

/// The columns of the paths that vary.
fn path() -> Value {
    let about = "value of a setting that varies, by its dotted path, with the unit in brackets behind it";
    described("pattern", "^.+$", Kind::Any, "", about)
}

/// The column of the cost of a combination.
fn cost() -> Value {
    described("pattern", "^cost( \\[.+\\])?$", Kind::Number, "in brackets behind it", "sum of the costs of the values")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_a_schema_and_every_column_a_meaning() {
        let schema = json();
        let tables = schema["resources"].as_array().unwrap();
        let described: Vec<&str> = tables.iter().filter_map(|table| table["path"].as_str()).collect();
        let left: Vec<String> = outputs::all().map(|(name, _)| name).filter(|name| name.ends_with(".csv")).collect();
        assert!(left.len() == described.len() && left.iter().all(|name| described.contains(&name.as_str())));
        for table in tables {
            assert!(table["description"].as_str().is_some_and(|about| about.len() > 10), "{table}");
            for field in table["schema"]["fields"].as_array().unwrap() {
                assert!(field["description"].as_str().is_some_and(|about| about.len() > 5), "{field}");
            }
        }
    }
}
