//! The window, the bound and the measured time of a run.

use crate::oracle::table::{Range, Table};
use serde_json::Value as Json;

/// What every rule needs to know of a run.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Intervals of a window.
    pub window: usize,
    /// The error rate that is kept to.
    pub bound: f64,
    /// The share of the full size that was simulated; counts are at full size.
    pub scale: f64,
    /// The measured intervals.
    pub range: Range,
    /// Seconds of waiting that count as waiting.
    pub wait_s: f64,
    pub interval_s: f64,
    /// Intervals of the whole run.
    pub run: usize,
}

/// Windows in seconds, from which the smallest that fits is taken.
const LADDER: &[f64] = &[
    0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1200.0, 1800.0, 3600.0,
    7200.0,
];

/// The window of a run in seconds.
pub fn windows(interval_s: f64, run_s: f64) -> f64 {
    let least = f64::min(60.0, run_s / 30.0) - 1e-9;
    let whole =
        |window: f64| (window / interval_s - (window / interval_s).round()).abs() < 1e-6 && window > interval_s / 2.0;
    if interval_s > 60.0 {
        return interval_s;
    }
    let fitting = LADDER.iter().copied().find(|window| *window >= least && whole(*window));
    fitting.unwrap_or_else(|| interval_s * (least / interval_s).ceil().max(1.0))
}

impl Frame {
    /// The frame of a run, by its summary and the table.
    pub fn of(summary: &Json, table: &Table) -> Frame {
        let edge = |key: &str, other: f64| {
            let stated = summary["measure"][key].as_f64().unwrap_or(other);
            table.index(stated).unwrap_or_else(|| panic!("measure.{key} = {stated} is no edge of an interval"))
        };
        let (from, until) = (edge("from_s", table.start_s()), edge("until_s", table.end_s()));
        // What is not measured is no part of the run that is told; a run that a limit ended is told by the window of the whole.
        let is_cut = summary["partial_until_s"].is_number();
        let end_s = if is_cut { table.end_s() } else { table.time(until) };
        let window_s = windows(table.interval_s, end_s - table.time(from));
        Frame {
            window: (window_s / table.interval_s).round() as usize,
            bound: bound(&summary["thresholds"]),
            scale: summary["scale"].as_f64().unwrap_or(1.0),
            range: from..until,
            wait_s: summary["wait_bound_s"].as_f64().unwrap_or(10.0),
            interval_s: table.interval_s,
            run: table.len(),
        }
    }

    pub fn window_s(&self) -> f64 {
        self.window as f64 * self.interval_s
    }
}

/// That of the highest rate that a threshold allows of everything, if there is one alone and it holds at all times; else 1%.
fn bound(thresholds: &Json) -> f64 {
    let everything = |threshold: &Json| threshold["of"].as_object().is_none_or(serde_json::Map::is_empty);
    let of_errors =
        |threshold: &&Json| threshold["metric"] == "error_rate" && threshold["op"] != ">=" && everything(threshold);
    let found: Vec<&Json> = thresholds.as_array().into_iter().flatten().filter(of_errors).collect();
    match found[..] {
        [one] if one["after_s"].is_null() && one["before_s"].is_null() => one["bound"].as_f64().unwrap_or(0.01),
        _ => 0.01,
    }
}

#[test]
fn the_window_is_the_smallest_that_fits() {
    for (interval_s, run_s, window_s) in [
        (1.0, 30.0, 1.0),
        (0.1, 600.0, 20.0),
        (5.0, 2400.0, 60.0),
        (10.0, 600.0, 20.0),
        (4.0, 5400.0, 60.0),
        (60.0, 86400.0, 60.0),
        (300.0, 259_200.0, 300.0),
        (3600.0, 2_592_000.0, 3600.0),
    ] {
        assert_eq!(windows(interval_s, run_s), window_s, "{interval_s} {run_s}");
    }
}

#[test]
fn the_bound_is_that_of_a_threshold_that_stands_alone() {
    use serde_json::json;
    let one = json!({ "metric": "error_rate", "of": {}, "after_s": null, "before_s": null, "op": "<=", "bound": 0.05 });
    let timed = json!({ "metric": "error_rate", "of": {}, "after_s": 60, "before_s": null, "op": "<=", "bound": 0.2 });
    let pool = json!({ "metric": "error_rate", "of": { "pool": "api" }, "op": "<=", "bound": 0.3 });
    let least =
        json!({ "metric": "error_rate", "of": {}, "after_s": null, "before_s": null, "op": ">=", "bound": 0.9 });
    assert_eq!(bound(&json!([one, pool])), 0.05);
    assert_eq!((bound(&json!([one, least])), bound(&json!([least]))), (0.05, 0.01));
    assert_eq!(bound(&json!([timed])), 0.01);
    assert_eq!(bound(&json!([one, timed])), 0.01);
    assert_eq!(bound(&json!([pool])), 0.01);
}
