//! Faults that pictures of sweeps had, each kind on the model of the chart.

use super::lane::Lane;
use super::map::{Colours, Map};
use super::names::Metric;
use crate::report::chart::model::{Part, Room};
use crate::sweep::{Parameter, Point, Setting, Table};

/// A table of points that differ in one setting, whose values are texts.
fn table(values: &[&str]) -> Table {
    let paths = vec!["change.0.at".to_owned()];
    let point = |text: &&str| Point {
        settings: vec![vec![Setting { text: (*text).to_owned(), number: None }]],
        replications: 1,
        figures: Vec::new(),
        spreads: Vec::new(),
        paired: Vec::new(),
    };
    Table {
        title: String::new(),
        parameters: vec![Parameter {
            paths,
            units: vec![String::new()],
            label: String::new(),
            numeric: false,
            log: false,
        }],
        metrics: Vec::new(),
        points: values.iter().map(point).collect(),
        baseline: 0,
        grid: true,
    }
}

#[test]
fn times_of_the_day_stand_at_true_distances() {
    let table = table(&["00:20", "00:02", "00:05"]);
    let lane = Lane::of(&table, 0);
    let distance = |from: usize, to: usize| lane.centres[to] - lane.centres[from];
    assert!(lane.ordered && (distance(0, 1) / distance(0, 2) - 3.0 / 18.0).abs() < 1e-9, "{:?}", lane.centres);
    let labels: Vec<String> = lane.labels(900.0).into_iter().flat_map(|(_, lines)| lines).collect();
    assert_eq!(labels, ["00:02", "00:05", "00:20"]);
}

#[test]
fn every_category_keeps_its_name() {
    let laws = [
        r#"{ exponential = { mean = "5 min" } }"#,
        r#"{ lognormal = { median = "5 min", sigma = 0.5 } }"#,
        r#"{ hyperexponential = [{ weight = 1, mean = "1 min" }, { weight = 2, mean = "8 min" }] }"#,
        r#"{ uniform = { low = "0 s", high = "10 min" } }"#,
    ];
    let table = table(&laws);
    let lane = Lane::of(&table, 0);
    assert!(!lane.ordered);
    for labels in [lane.labels(1300.0), lane.beside(600.0)] {
        let names: Vec<String> = labels.into_iter().map(|(_, lines)| lines.join(" ")).collect();
        assert_eq!(names.len(), 4);
        for (name, law) in names.iter().zip(["exponential", "lognormal", "hyperexponential", "uniform"]) {
            assert!(name.starts_with(law) && !name.contains('…'), "{name}");
        }
        assert_eq!(names[2], "hyperexponential weight 1, mean 1 min, weight 2, mean 8 min");
    }
}

#[test]
fn colours_that_would_hide_most_values_are_logarithmic() {
    let over = |name: &str, values: &[f64]| Colours::over(Metric::of(name), values, None);
    let hidden = over("recovery_s", &[0.0, 1.0, 2.0, 3.0, 1000.0]);
    assert!(hidden.axis.is_logarithmic() && hidden.words().is_some());
    assert_eq!(hidden.axis.ticks[0].label, "≤ 1 s");
    assert!(!over("error_rate.peak", &[0.2, 0.5, 0.9]).axis.is_logarithmic());
    assert!(!over("recovery_s", &[1.0, 900.0, 950.0, 1000.0]).axis.is_logarithmic());
}

#[test]
fn points_that_the_scale_makes_one_are_hatched() {
    let table = table(&["a", "b"]);
    let lane = || Lane::of(&table, 0);
    let cells = vec![vec![Some(0.1), Some(0.2)], vec![Some(0.3), Some(0.9)]];
    let colours = Colours::over(Metric::of("error_rate.peak"), &[0.1, 0.2, 0.3, 0.9], Some(0.25));
    let room = Room { left: 100.0, top: 100.0, right: 300.0, bottom: 300.0 };
    let strokes = |alike: Vec<(usize, usize)>| -> Vec<(f64, f64)> {
        let (x, y, points) = (lane(), lane(), Vec::new());
        let map = Map { x, y, cells: cells.clone(), points, own: None, alike };
        let rule = |part: Part| match part {
            Part::Rule { places, .. } => places,
            _ => Vec::new(),
        };
        map.parts(room, &colours).into_iter().flat_map(rule).collect()
    };
    assert!(strokes(Vec::new()).is_empty());
    let lower_right = strokes(vec![(1, 0)]);
    assert!(lower_right.len() > 20);
    let within = |(x, y): &(f64, f64)| (199.9..=300.1).contains(x) && (199.9..=300.1).contains(y);
    assert!(lower_right.iter().all(within), "{lower_right:?}");
}
