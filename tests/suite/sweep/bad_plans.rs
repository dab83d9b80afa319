//! Wrong plans: all errors are found before anything runs, each with its line.

use std::fs;

use super::{PLAN, desk};

/// Each case replaces one text of the plan. The message must contain the expected words, at the expected line.
#[track_caller]
fn refused(cases: &[(&str, String, usize, &str)]) {
    let desk = desk(&[("plan.toml", PLAN)]);
    for (from, to, line, said) in cases {
        assert_eq!(PLAN.matches(from).count(), 1, "`{from}` must stand once in the plan");
        fs::write(desk.path().join("plan.toml"), PLAN.replace(from, to)).unwrap();
        let ended = desk.run("sweep plan.toml");
        ended.must(2, said).must(2, &format!("plan.toml:{line}:"));
        assert_eq!(ended.err.matches("--> ").count(), 1, "`{to}` has one error, but gives\n{}", ended.err);
        assert_eq!(desk.names("."), ["plan.toml", "small.toml"]);
    }
}

#[test]
fn each_error_is_named_under_its_line() {
    let cases: &[(&str, String, usize, &str)] = &[
        ("small.toml", "smal.toml".into(), 1, "small.toml?"),
        ("scenario = \"small.toml\"", "title = \"x\"".into(), 1, "`scenario` is missing"),
        ("replications = 4", "replications = 0".into(), 2, "0 is too low"),
        ("replications = 4", "replication = 4".into(), 2, "did you mean `replications`?"),
        ("replications = 4", "scale = 2.0".into(), 2, "2 is too high"),
        (
            "replications = 4",
            "until = { metric = \"error_rate.overal\", half_width = \"5%\", at_most = 9 }".into(),
            2,
            "did you mean `error_rate.overall`?",
        ),
        (
            "replications = 4",
            "until = { metric = \"error_rate.peak\", half_width = 0, at_most = 9 }".into(),
            2,
            "above zero",
        ),
        (
            "replications = 4",
            "replications = 4\nuntil = { metric = \"error_rate.peak\", half_width = \"5%\", at_most = 9 }".into(),
            2,
            "cannot stand beside `until`",
        ),
        ("pool.api.servers", "pool.api.severs".into(), 4, "did you mean `servers`?"),
        ("pool.api.servers", "pool.apy.servers".into(), 4, "did you mean `api`?"),
        ("pool.api.servers", "pool.api.queue_timeout".into(), 6, "duplicate key"),
        (
            "\"pool.api.servers\" = [1, 2, 4]",
            "\"pool.api.queue_timeout, pool.api.timeout\" = [\"4 s\"]".into(),
            6,
            "varies twice",
        ),
        ("\"pool.api.servers\"", "\"pool.api.servers,\"".into(), 4, "a path is missing"),
        ("[1, 2, 4]", "[]".into(), 4, "the axis has no values"),
        ("[1, 2, 4]", "4".into(), 4, "expected a list of values, or a range"),
        ("[1, 2, 4]", "[1, 2, 1]".into(), 4, "the same value stands twice"),
        ("[1, 2, 4]", "[1, \"two\", 4]".into(), 4, "expected a whole number"),
        ("[1, 2, 4]", "[1, -2, 4]".into(), 4, "-2 is too low"),
        ("[1, 2, 4]", "[1, nan, 4]".into(), 4, "finite"),
        ("[1, 2, 4]", "{ from = 1, to = 4 }".into(), 4, "`steps` is missing"),
        ("[1, 2, 4]", "{ from = 1, to = 4, steps = 0 }".into(), 4, "0 is too low"),
        ("[1, 2, 4]", "{ from = 4, to = 4, steps = 3 }".into(), 4, "both ends are the same"),
        ("[1, 2, 4]", "{ from = 0, to = 4, steps = 3, log = true }".into(), 4, "two ends above zero"),
        ("[1, 2, 4]", "{ from = 1, to = \"4 s\", steps = 3 }".into(), 4, "measure different things"),
        ("[1, 2, 4]", "{ from = 1, to = 4, steps = 9 }".into(), 4, "fall together"),
        ("[1, 2, 4]", "{ from = 1, to = 4, step = 9 }".into(), 4, "did you mean `steps`?"),
        ("[\"none\", \"full\"]", "[\"none\", \"ful\"]".into(), 5, "did you mean `full`?"),
    ];
    refused(cases);
}

#[test]
fn each_error_of_charts_baseline_and_sample_is_named_under_its_line() {
    let range = "{ from = \"1 s\", to = \"3 s\", steps = 2 }";
    let show = |chart: &str| format!("{range}\n[show]\n{chart}\n");
    let cases: &[(&str, String, usize, &str)] = &[
        (
            range,
            show("heatmap = { x = \"pool.api.severs\", y = \"pool.api.queue_timeout\", colour = \"error_rate.peak\" }"),
            8,
            "did you mean `pool.api.servers`?",
        ),
        (
            range,
            show("curves = [{ x = \"pool.api.servers\", y = \"eror_rate.peak\" }]"),
            8,
            "did you mean `error_rate.peak`?",
        ),
        (range, show("ranking = { metrics = [\"attempts.total\", \"recovery\"] }"), 8, "did you mean `recovery_s`?"),
        (range, show("pie = { }"), 8, "unknown key `pie`"),
        (range, format!("{range}\n[baseline]\n\"pool.api.servers\" = 3\n"), 8, "must be a point of the grid"),
        (range, format!("{range}\n[baseline]\n\"pool.api.timeout\" = \"3 s\"\n"), 8, "does not vary"),
        (
            range,
            format!("{range}\n[sample]\ndesign = \"sobol\"\npoints = 8\n"),
            6,
            "`steps` has no meaning in a sample",
        ),
    ];
    refused(cases);
}

#[test]
fn a_space_too_large_is_refused_at_once() {
    let million = "{ from = 0.0, to = 1.0, steps = 1000000 }";
    let sobol = "[sample]\ndesign = \"sobol\"\npoints = 70000\n[vary]\n\"pool.api.servers\" = { from = 1, to = 9 }";
    let desk = desk(&[
        (
            "grid.toml",
            &format!(
                "scenario = \"small.toml\"\n[vary]\n\"pool.api.failure\" = {million}\n\"client.tv.retry.probability\" = {million}\n"
            ),
        ),
        ("sobol.toml", &format!("scenario = \"small.toml\"\n{sobol}\n")),
    ]);
    desk.run("sweep grid.toml")
        .must(2, "1,000,000 × 1,000,000 = 1,000,000,000,000 points")
        .must(2, "at most 10,000,000 units");
    desk.run("sweep sobol.toml").must(2, "no more than 65,536 points").must(2, "sobol.toml:4:");
}

#[test]
fn a_point_that_is_wrong_by_itself_is_told_with_its_values() {
    // Each value of either end is valid by itself; one combination leaves no window.
    let plan = "scenario = \"small.toml\"\n[vary]\nstart = [2026-01-09T08:50:00Z, 2026-01-09T09:02:00Z]\n\
                end = [2026-01-09T09:10:00Z, 2026-01-09T09:01:00Z]\n";
    let desk = desk(&[("plan.toml", plan)]);
    let ended = desk.run("sweep plan.toml");
    ended.must(2, "start = 2026-01-09T09:02:00Z, end = 2026-01-09T09:01:00Z").must(2, "plan.toml:");
    assert_eq!(desk.names("."), ["plan.toml", "small.toml"]);
}

#[test]
fn errors_of_the_plan_and_of_its_points_come_together() {
    let plan = PLAN
        .replace("replications = 4", "replications = 4.5")
        .replace("pool.api.servers", "pool.api.severs")
        .replace("\"full\"", "\"ful\"")
        .replace("steps = 2", "steps = 1");
    let desk = desk(&[("plan.toml", &plan), ("empty.toml", ""), ("none.toml", "scenario = \"small.toml\"\n[vary]\n")]);
    let ended = desk.run("sweep plan.toml");
    assert_eq!(ended.must(2, "plan.toml:2:").err.matches("--> plan.toml:").count(), 4, "{}", ended.err);
    desk.run("sweep empty.toml").must(2, "the file is empty");
    desk.run("sweep none.toml").must(2, "nothing varies").must(2, "none.toml:2:");
    desk.run("sweep absent.toml").must(2, "there is no file absent.toml");
    desk.run("sweep").must(2, "Usage");
    // An error of the scenario is located in the scenario.
    fs::write(desk.path().join("small.toml"), super::SCENARIO.replace("servers = 2", "servers = \"two\"")).unwrap();
    fs::write(desk.path().join("plan.toml"), PLAN).unwrap();
    desk.run("sweep plan.toml").must(2, "small.toml:13:");
}
