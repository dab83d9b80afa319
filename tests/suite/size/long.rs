//! The table of what was told and what was measured: every scenario of the library, and drawn ones with a hundred times the
//! people.
//!
//! `cargo test --locked --test suite -- size::long:: --nocapture` prints it.

use std::time::{Duration, Instant};

use dropstorm::engine::{self, Limits, Seed};
use dropstorm::experiment::forecast::{self, Forecast};
use dropstorm::experiment::{Progress, Watch};
use dropstorm::measure::Measurements;
use dropstorm::model::Model;
use dropstorm::scenario::Scenario;

use super::super::long_tests::{seed, share};
use super::super::properties::drawn_scenarios;
use super::library;
use super::row::Row;

/// Events above which a run takes too long to be worth its time.
const MOST_EVENTS: u64 = 20_000_000;
/// Scales of the library, of which the largest is taken that is told to need at most [`MOST_EVENTS`].
const SCALES: [&str; 9] = ["1", "0.5", "0.2", "0.1", "0.05", "0.02", "0.01", "0.005", "0.001"];
/// How many times the people and the servers a drawn scenario gets.
const GROWN: f64 = 100.0;
/// The factors within which memory and events are told. Seconds stand in the table and are held to nothing, since other programs
/// take the caches of a busy machine.
const MEMORY: f64 = 2.0;
const EVENTS: f64 = 3.0;
/// Events that do not matter: they take some milliseconds.
const FEW_EVENTS: f64 = 100_000.0;

/// Ends a run of too many events.
struct Short;

impl Progress for Short {
    fn limits(&self) -> Limits {
        Limits { events: 4 * MOST_EVENTS, ..Limits::NONE }
    }
}

/// The processor time of this thread, from Linux's `/proc`; the time that passes elsewhere.
fn processor_time() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let used = told.and_then(|text| text.split_whitespace().next()?.parse().ok()).filter(|nanos| *nanos > 0);
    static BEGUN: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    used.map_or_else(|| BEGUN.elapsed(), Duration::from_nanos)
}

/// The speed of this build on this machine: the median of five measurements.
fn speed() -> f64 {
    let text = include_str!("../../../src/cli/size/workload.toml");
    let model = Model::compile(&Scenario::parse("workload.toml", text).unwrap());
    let mut speeds: Vec<f64> =
        (0..50).filter_map(|_| forecast::speed(&model, || Some(processor_time()))).take(5).collect();
    speeds.sort_by(f64::total_cmp);
    // A machine whose other programs leave no measurement long enough is taken for the usual one.
    speeds.get(speeds.len() / 2).copied().unwrap_or(1.0)
}

/// Runs a model, and what it took.
fn timed(model: &Model, seed: u64) -> (Measurements, Duration) {
    let before = processor_time();
    let run = engine::run_with(model, Seed { seed, replication: 0 }, &mut Watch::new(&Short));
    (run, processor_time() - before)
}

/// The rows that are not within the factors.
fn far(rows: &[Row]) -> Vec<String> {
    let is_far = |row: &&Row| row.events.off(FEW_EVENTS) > EVENTS || row.memory.off(0.0) > MEMORY;
    rows.iter().filter(is_far).map(Row::to_string).collect()
}

fn printed(rows: &[Row]) {
    println!("{}", Row::header());
    rows.iter().for_each(|row| println!("{row}"));
}

#[test]
fn the_estimates_of_the_library_are_near_at_large_scales() {
    let (mut rows, speed) = (Vec::new(), speed());
    let most = share(MOST_EVENTS) as f64;
    for (name, scenario) in library() {
        let models =
            SCALES.iter().filter_map(|scale| Some((*scale, Model::compile(&scenario.with("scale", scale).ok()?))));
        let Some((scale, model)) = models.into_iter().find(|(_, model)| Forecast::of(model).load.events <= most) else {
            // A small share of the work is done at the smallest scale by another test.
            continue;
        };
        let (run, time) = timed(&model, scenario.spec().seed);
        rows.push(Row::of(&format!("{name} at {scale}"), &model, &run, Some((time, speed))));
    }
    printed(&rows);
    let far = far(&rows);
    assert!(far.is_empty(), "{} of {} far off:\n{}", far.len(), rows.len(), far.join("\n"));
}

/// The numbers of a drawn scenario's people and servers, many times as large.
fn grown(tree: &toml::Table, scenario: Scenario) -> Scenario {
    let mut settings = Vec::new();
    for (table, key) in [("audience", "viewers"), ("audience", "rate"), ("pool", "servers")] {
        let entries = tree.get(table).and_then(toml::Value::as_table).into_iter().flatten();
        for (name, value) in entries.filter_map(|(name, entry)| Some((name, entry.get(key)?))) {
            let path = format!("{table}.{name}.{key}");
            let of_regions = value.as_table().into_iter().flatten();
            settings.extend(of_regions.filter_map(|(region, value)| Some((format!("{path}.{region}"), more(value)?))));
            settings.extend(more(value).map(|more| (path, more)));
        }
    }
    settings.iter().fold(scenario, |scenario, (path, value)| scenario.with(path, value).unwrap_or(scenario))
}

/// A number, or a rate, many times as large.
fn more(value: &toml::Value) -> Option<String> {
    if let Some(number) = value.as_integer() {
        return Some(format!("{}", number * GROWN as i64));
    }
    let (number, unit) = value.as_str()?.split_once('/')?;
    Some(format!("\"{}/{unit}\"", number.trim().parse::<f64>().ok()? * GROWN))
}

#[test]
fn the_estimates_of_drawn_scenarios_are_near() {
    let (mut rows, speed) = (Vec::new(), speed());
    for (seed, tree, scenario) in drawn_scenarios(seed(11), share(240).max(20)) {
        let scenario = grown(&tree, scenario);
        let model = Model::compile(&scenario);
        let (run, time) = timed(&model, 7);
        if run.stopped.is_none() {
            rows.push(Row::of(&format!("drawn from {seed}"), &model, &run, Some((time, speed))));
        }
    }
    printed(&rows);
    let far = far(&rows);
    assert!(far.len() * 20 <= rows.len(), "{} of {} far off:\n{}", far.len(), rows.len(), far.join("\n"));
}
