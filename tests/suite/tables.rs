//! The tables that commands leave are those that `schema --tables` describes.

use serde_json::Value as Json;

use crate::desk::{Desk, SMALL};

/// Whether a name is of a pattern of the schema: letters, `.+` for any name, and a choice of ends in brackets.
fn is_of(pattern: &str, name: &str) -> bool {
    let inner = pattern.strip_prefix('^').and_then(|rest| rest.strip_suffix('$')).unwrap();
    if inner == ".+" {
        return !name.is_empty();
    }
    if let Some(cost) = inner.strip_suffix("( \\[.+\\])?") {
        return name.split(" [").next() == Some(cost);
    }
    let (stem, ends) = match inner.strip_suffix(')').and_then(|rest| rest.rsplit_once("\\.(")) {
        Some((stem, ends)) => (stem, ends.split('|').map(|end| format!(".{end}")).collect()),
        None => (inner, vec![String::new()]),
    };
    let fits = |stem: &str| match stem.split_once("\\..+\\.") {
        Some((object, figure)) => {
            let (before, behind) = (format!("{object}."), format!(".{}", figure.replace("\\.", ".")));
            name.len() > before.len() + behind.len() && name.starts_with(&before) && name.ends_with(&behind)
        }
        None => name == stem.replace("\\.", "."),
    };
    ends.iter().any(|end| fits(&format!("{stem}{}", end.replace('.', "\\."))))
}

/// Whether a cell has the type of its column.
fn is_typed(kind: &str, cell: &str) -> bool {
    match kind {
        _ if cell.is_empty() => true,
        "integer" => cell.parse::<u64>().is_ok(),
        "number" => cell.parse::<f64>().is_ok(),
        "boolean" => ["true", "false"].contains(&cell),
        "datetime" => cell.parse::<jiff::Timestamp>().is_ok(),
        "string" | "any" => true,
        other => panic!("{other} is no type"),
    }
}

/// Holds a table against its schema.
fn agree(schema: &Json, file: &str, bytes: &[u8]) {
    let name = file.rsplit('/').next().unwrap();
    let tables = schema["resources"].as_array().unwrap();
    let table = tables.iter().find(|table| table["path"] == name).unwrap_or_else(|| panic!("{file} has no schema"));
    let list = |key: &str| table["schema"][key].as_array().cloned().unwrap_or_default();
    let (fields, patterns) = (list("fields"), list("patternFields"));
    let mut reader = csv::Reader::from_reader(bytes);
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    if patterns.is_empty() {
        let names: Vec<&str> = fields.iter().filter_map(|field| field["name"].as_str()).collect();
        assert_eq!(header, names, "{file}");
    }
    for field in &fields {
        assert!(header.iter().any(|column| field["name"] == column.as_str()), "{file} lacks {field}");
    }
    let of_pattern = |column: &str| patterns.iter().find(|field| is_of(field["pattern"].as_str().unwrap(), column));
    let known = |column: &String| {
        let field = fields.iter().find(|field| field["name"] == column.as_str()).or_else(|| of_pattern(column));
        field.unwrap_or_else(|| panic!("{file}: {column} is not described"))["type"].as_str().unwrap().to_owned()
    };
    let kinds: Vec<String> = header.iter().map(known).collect();
    let mut rows = 0;
    for row in reader.records() {
        for ((cell, kind), column) in row.unwrap().iter().zip(&kinds).zip(&header) {
            assert!(is_typed(kind, cell), "{file}: {cell} in {column} is no {kind}");
        }
        rows += 1;
    }
    assert!(rows > 0, "{file} is empty");
}

#[test]
fn every_table_that_commands_leave_is_as_its_schema_says() {
    let plan = "scenario = \"a.toml\"\nreplications = 2\n[vary]\n\"pool.api.servers\" = [2, 3]\n\
        \"pool.api.queue_timeout\" = [\"1 s\", \"5 s\"]\n";
    let levers = "scenario = \"a.toml\"\nunit_of_cost = \"servers\"\n[[lever]]\npath = \"pool.api.servers\"\n\
        values = [2, 3]\ncost = [0, 1]\n";
    let bounded = format!(
        "{SMALL}[audience.everyday]\nrate = \"1/s\"\njourney = \"watch\"\n[[threshold]]\nmetric = \"wait_ms.mean\"\nat_most = \"2 s\"\n"
    );
    let desk = Desk::with(&[("a.toml", &bounded), ("b.toml", SMALL), ("plan.toml", plan), ("levers.toml", levers)]);
    let schema: Json = serde_json::from_str(&desk.run("schema --tables").out).unwrap();
    let quietly = |command: &str| {
        let told = desk.run(&format!("{command} --quiet"));
        assert!([Some(0), Some(99)].contains(&told.code), "{command}: {}", told.err);
    };
    quietly("run a.toml --trace 2 --ordinary-day --charts none --replications 2 --out run");
    quietly("compare a.toml b.toml --charts none --replications 2 --out compare");
    quietly("sweep plan.toml --out sweep");
    quietly("find a.toml --vary pool.api.servers=1..8 --until wait_ms.mean<100 --at-most 10 --out find");
    quietly("find levers.toml --search --at-most 4 --out search");
    let files = [
        "run/a/intervals.csv",
        "run/a/ordinary-day.csv",
        "run/a/viewers.csv",
        "compare/comparison.csv",
        "compare/b/intervals.csv",
        "sweep/plan/points.csv",
        "sweep/plan/paired.csv",
        "sweep/plan/units.csv",
        "find/a-find/find.csv",
        "search/levers-search/search.csv",
    ];
    for file in files {
        agree(&schema, file, &desk.bytes(file));
    }
}
