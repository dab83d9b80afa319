//! The points of sweeps: grids, samples, and paths that move together.

use std::fs;
use std::path::Path;

use dropstorm::sweep::Plan;

use super::{desk, table};

/// The values of a path at each point, after a sweep over these axes.
fn swept(rest: &str, column: &str) -> Vec<String> {
    let desk = desk(&[("plan.toml", &format!("scenario = \"small.toml\"\n{rest}"))]);
    desk.run("sweep plan.toml --quiet").must(0, "");
    table(&desk, "out/plan/points.csv").iter().map(|point| point[column].clone()).collect()
}

#[test]
fn of_a_grid_the_last_path_moves_fastest() {
    let grid = "[vary]\npool.api.servers = [1, 2]\nclient.tv.retry.attempts = [2, 3, 4]\n";
    assert_eq!(swept(grid, "pool.api.servers"), ["1", "1", "1", "2", "2", "2"]);
    assert_eq!(swept(grid, "client.tv.retry.attempts"), ["2", "3", "4", "2", "3", "4"]);
}

#[test]
fn ranges_are_in_seconds_and_count_in_whole_numbers_where_the_scenario_does() {
    let steps = |range: &str, path: &str, column: &str| swept(&format!("[vary]\n\"{path}\" = {{ {range} }}\n"), column);
    assert_eq!(
        steps("from = 1, to = 100, steps = 3, log = true", "pool.api.servers", "pool.api.servers"),
        ["1", "10", "100"]
    );
    assert_eq!(
        steps("from = \"500 ms\", to = \"2 s\", steps = 4", "pool.api.timeout", "pool.api.timeout [s]"),
        ["0.5", "1.0", "1.5", "2.0"]
    );
    assert_eq!(
        steps("from = \"0%\", to = \"20%\", steps = 3", "pool.api.failure", "pool.api.failure"),
        ["0.0", "0.1", "0.2"]
    );
    assert_eq!(steps("from = 2, to = 9, steps = 3", "pool.api.servers", "pool.api.servers"), ["2", "6", "9"]);
}

#[test]
fn paths_in_one_key_move_together_with_equal_values_or_one_for_each() {
    let equal = "[vary]\n\"pool.api.servers, pool.api.concurrency\" = [1, 2]\n";
    assert_eq!(swept(equal, "pool.api.concurrency"), ["1", "2"]);
    let each = "[vary]\n\"pool.api.servers, pool.api.timeout\" = [[1, \"1 s\"], [2, \"5 s\"]]\n";
    assert_eq!(swept(each, "pool.api.servers"), ["1", "2"]);
    assert_eq!(swept(each, "pool.api.timeout [s]"), ["1.0", "5.0"]);
    let ranges =
        "[vary]\n\"pool.api.servers, pool.api.timeout\" = { from = [1, \"1 s\"], to = [3, \"5 s\"], steps = 3 }\n";
    assert_eq!(swept(ranges, "pool.api.timeout [s]"), ["1.0", "3.0", "5.0"]);
}

#[test]
fn every_design_fills_its_ranges_and_another_seed_gives_other_points() {
    let plan = |design: &str, seed: u32| {
        format!(
            "[sample]\ndesign = \"{design}\"\npoints = 32\nseed = {seed}\n[vary]\n\"pool.api.servers\" = {{ from = 1, to = 64, log = true }}\n\
             client.tv.retry.jitter = [\"none\", \"full\"]\n\"pool.api.timeout\" = {{ from = \"1 s\", to = \"2 s\" }}\n"
        )
    };
    for design in ["sobol", "latin-hypercube", "random"] {
        let timeouts = |seed| -> Vec<f64> {
            swept(&plan(design, seed), "pool.api.timeout [s]").iter().map(|text| text.parse().unwrap()).collect()
        };
        let (one, other) = (timeouts(0), timeouts(1));
        assert!(one != other && one.len() == 32);
        assert!(one.iter().all(|value| (1.0..=2.0).contains(value)), "{one:?}");
        let low = one.iter().filter(|value| **value < 1.5).count();
        match design {
            "random" => assert!((6..=26).contains(&low), "{low}"),
            _ => assert_eq!(low, 16, "{design}"),
        }
        let servers: Vec<u32> =
            swept(&plan(design, 0), "pool.api.servers").iter().map(|text| text.parse().unwrap()).collect();
        assert!(
            servers.iter().filter(|servers| **servers <= 8).count() >= 6,
            "{design} is not logarithmic: {servers:?}"
        );
        let jitters = swept(&plan(design, 0), "client.tv.retry.jitter");
        assert!(jitters.iter().filter(|jitter| *jitter == "none").count() >= 6);
    }
}

#[test]
fn the_plan_in_the_reference_is_valid() {
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let page = fs::read_to_string(library.join("sweeps/reference.md")).unwrap();
    let text = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let desk = desk(&[("plan.toml", &text.replace("..", library.to_str().unwrap()))]);
    let plan = Plan::read(&desk.path().join("plan.toml"), &[]).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!((plan.outline().points(), plan.outline().most_units()), (40, 800));
}
