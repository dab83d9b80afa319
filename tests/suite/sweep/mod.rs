//! Sweeps: plans, the store, shards, results and searches.

mod bad_plans;
mod charts;
mod cheapest;
mod designs;
mod find;
mod results;
mod shards;
mod survival;

use crate::desk::{Desk, RETRIED as SCENARIO};

/// A grid of twelve points, each run four times.
const PLAN: &str = r#"scenario = "small.toml"
replications = 4
[vary]
"pool.api.servers" = [1, 2, 4]
"client.tv.retry.jitter" = ["none", "full"]
"pool.api.queue_timeout" = { from = "1 s", to = "3 s", steps = 2 }
"#;

/// The result files of a sweep of three axes.
const RESULTS: [&str; 6] =
    ["manifest.json", "paired.csv", "points.csv", "report.html", "small-multiples.png", "units.csv"];

/// A folder with the scenario and some plans.
fn desk(plans: &[(&str, &str)]) -> Desk {
    let mut files = vec![("small.toml", SCENARIO)];
    files.extend_from_slice(plans);
    Desk::with(&files)
}

/// Asserts that two folders have the same result files, byte for byte.
#[track_caller]
fn same_results(desk: &Desk, one: &str, other: &str) {
    for name in RESULTS {
        let of = |folder: &str| desk.bytes(&format!("{folder}/{name}"));
        assert!(of(one) == of(other), "{name} differs between {one} and {other}");
    }
}

/// A table as rows by the names of its columns.
fn table(desk: &Desk, file: &str) -> Vec<std::collections::HashMap<String, String>> {
    let bytes = desk.bytes(file);
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    reader.deserialize().collect::<Result<_, _>>().unwrap()
}
