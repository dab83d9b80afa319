//! Searches: the smallest and the largest value for which a condition holds, and the messages where there is none.

use dropstorm::scenario::Scenario;
use dropstorm::sweep::{self, Begun, Search, Trial, Tried, tried};

use super::{SCENARIO, desk};
use crate::desk::Desk;

fn found(desk: &Desk, code: i32, line: &str) -> serde_json::Value {
    let ended = desk.command("find small.toml --json").args(line.split('|')).output().unwrap();
    serde_json::from_str(&crate::desk::Ended::of(ended).must(code, "").out).unwrap()
}

#[test]
fn the_edge_is_found_from_either_side_in_the_setting_s_own_unit() {
    let desk = desk(&[]);
    let servers = found(&desk, 0, "--vary|pool.api.servers=40..1|--until|wait_ms.mean<100 ms");
    assert_eq!((&servers["answer"], &servers["unit"]), (&"smallest".into(), &"".into()));
    let number = |tree: &serde_json::Value| tree["number"].as_f64().unwrap();
    let (value, holds, fails) =
        (number(&servers["value"]), number(&servers["certainly_holds"]), number(&servers["certainly_fails"]));
    assert!(fails < value && value <= holds && value.fract() == 0.0 && (2.0..10.0).contains(&value), "{servers:#}");
    // Figures do not depend on the number of threads, and certain verdicts took fewer runs.
    let again = found(&desk, 0, "--vary|pool.api.servers=40..1|--until|wait_ms.mean<100 ms|--jobs|1");
    assert_eq!(servers["trials"], again["trials"]);
    let runs: Vec<u64> = servers["trials"].as_array().unwrap().iter().map(|t| t["n"].as_u64().unwrap()).collect();
    assert!(runs.first() == Some(&10) && runs.last() == Some(&10), "{runs:?}");

    let service = "--vary|pool.api.service.exponential.mean=50 ms..2 s|--until|error_rate.overall<=5%";
    let service = found(&desk, 0, &format!("{service}|--at-most|20"));
    assert_eq!((&service["answer"], &service["unit"]), (&"largest".into(), &"ms".into()));
    assert!(service["value"]["text"].as_str().unwrap().ends_with(" ms"), "{service:#}");
    // The value alone, for scripts.
    let quiet = desk.run("find small.toml --vary pool.api.servers=1..40 --until wait_ms.mean<100 --quiet");
    assert_eq!(quiet.must(0, "").out.trim(), servers["value"]["text"]);
}

#[test]
fn a_search_leaves_a_table_a_picture_and_a_page() {
    let desk = desk(&[]);
    let line = "find small.toml --vary pool.api.servers=1..40 --until wait_ms.mean<100 --svg";
    let told = desk.run(line).must(0, "").out.clone();
    let answer = told.lines().next().unwrap();
    assert!(answer.starts_with("api servers = ") && answer.ends_with("holds."), "{answer}");
    assert!(
        answer.contains("is the smallest value for which mean waiting time < 100 ms") && told.contains("find.png"),
        "{told}"
    );
    let names = ["find.csv", "find.png", "find.svg", "manifest.json", "report.html"];
    assert_eq!(desk.names("out/small-find"), names);
    let table = String::from_utf8(desk.bytes("out/small-find/find.csv")).unwrap();
    let rows: Vec<Vec<&str>> = table.lines().map(|row| row.split(',').collect()).collect();
    assert_eq!(
        rows[0],
        [
            "pool.api.servers",
            "wait_ms.mean.mean",
            "wait_ms.mean.low",
            "wait_ms.mean.high",
            "runs",
            "found",
            "bottleneck",
            "bottleneck_runs"
        ]
    );
    assert!(rows[1][6] == "api" && rows[1][7] == rows[1][4], "{table}");
    let values: Vec<f64> = rows[1..].iter().map(|row| row[0].parse().unwrap()).collect();
    assert!(values[0] == 1.0 && values.last() == Some(&40.0) && values.is_sorted(), "{table}");
    assert!(rows[1][5] == "fails" && rows[rows.len() - 1][5] == "holds", "{table}");
    let page = String::from_utf8(desk.bytes("out/small-find/report.html")).unwrap();
    assert!(page.contains("id=\"chart-find\"") && page.contains(&answer.replace('<', "&lt;")), "{answer}");
    assert_eq!(desk.json("out/small-find/manifest.json")["answer"][0], answer);
    // The same bytes, whatever the number of threads.
    desk.run(&format!("{line} --jobs 1 --quiet --out again")).must(0, "");
    for name in names {
        assert!(
            desk.bytes(&format!("out/small-find/{name}")) == desk.bytes(&format!("again/small-find/{name}")),
            "{name}"
        );
    }
}

#[test]
fn a_search_that_was_stopped_goes_on_with_what_it_has_tried() {
    let scenario = Scenario::parse("small.toml", SCENARIO).unwrap();
    let ask = |until: &str| Search::new(&scenario, "pool.api.servers=1..40", until).unwrap().replications(3, 6);
    let search = ask("wait_ms.mean<100");
    let whole = sweep::find(&search, &()).unwrap().unwrap();
    let question = tried::question(&search).unwrap();
    // Stopped after a value, and within one whose first three runs decide nothing.
    let mut kept = Vec::new();
    let values = 3;
    for begun in [false, true] {
        let stopped = sweep::resume(&search, &(), Tried::default(), &mut |trials, runs| {
            kept = tried::bytes(&question, trials, runs);
            trials.len() < values || runs.is_some() != begun
        });
        assert!(stopped.unwrap().is_none());
        let before = tried::read(&search, &question, &kept).unwrap();
        assert_eq!((before.trials.len(), before.begun.as_ref().map(Begun::n)), (values, begun.then_some(3)));
        let mut others = 0;
        let mut count = |_: &[Trial], runs: Option<&Begun>| {
            others += usize::from(runs.is_none());
            true
        };
        let resumed = sweep::resume(&search, &(), before, &mut count).unwrap().unwrap();
        assert_eq!((&resumed.answer, &resumed.trials), (&whole.answer, &whole.trials));
        assert_eq!(others + values, whole.trials.len());
    }
    // Another question, and a file that is not as it was written.
    let other = ask("wait_ms.mean<99");
    assert!(tried::read(&other, &tried::question(&other).unwrap(), &kept).is_none());
    let last = kept.len() - 3;
    kept[last] ^= 1;
    assert!(tried::read(&search, &question, &kept).is_none());
    // The command says so, begins anew, and leaves nothing of it.
    let desk = desk(&[]);
    std::fs::create_dir_all(desk.path().join("out/small-find")).unwrap();
    std::fs::write(desk.path().join("out/small-find/find.tried"), kept).unwrap();
    let told = desk.run("find small.toml --vary pool.api.servers=30..40 --until wait_ms.mean<100 --replications 2");
    assert!(told.must(0, "").err.contains("is of another search, or damaged, and is not used"), "{}", told.err);
    assert_eq!(desk.names("out/small-find"), ["find.csv", "find.png", "manifest.json", "report.html"]);
}

#[test]
fn an_edge_outside_of_the_range_is_said_to_be_outside() {
    let desk = desk(&[]);
    let below = found(&desk, 99, "--vary|pool.api.servers=1..2|--until|wait_ms.mean<1 ms");
    assert_eq!((&below["answer"], &below["value"]), (&"nowhere".into(), &serde_json::Value::Null));
    let above = found(&desk, 0, "--vary|pool.api.servers=50..60|--until|wait_ms.mean<1 ms");
    assert_eq!(above["answer"], "everywhere");
    let told = desk.run("find small.toml --vary pool.api.servers=1..2 --until wait_ms.mean<1");
    assert!(told.must(99, "").out.contains("holds at neither end: no value of api servers was found"), "{}", told.out);
}

#[test]
fn an_impossible_question_is_refused_at_its_place() {
    let endless = SCENARIO.replace("viewers = 300", "viewers = 300\nregions = 5");
    let desk = desk(&[("wrong.toml", &endless)]);
    for (vary, until, said) in [
        ("pool.api.severs=1..9", "error_rate.peak<1%", "did you mean `servers`?"),
        ("pool.apy.servers=1..9", "error_rate.peak<1%", "did you mean `api`?"),
        ("pool.api.servers=1..-9", "error_rate.peak<1%", "-9 is too low"),
        ("pool.api.servers=4..4", "error_rate.peak<1%", "both ends are the same"),
        ("pool.api.servers=4", "error_rate.peak<1%", "PATH=LOW..HIGH"),
        ("pool.api.queue_timeout=4 s..9", "error_rate.peak<1%", "measure different things"),
        ("client.tv.retry.jitter=none..full", "error_rate.peak<1%", "each end is a number"),
        ("pool.api.servers=1..9", "eror_rate.peak<1%", "did you mean `error_rate.peak`?"),
        ("pool.api.servers=1..9", "error_rate.peak=1%", "neither < nor >"),
        ("pool.api.servers=1..9", "error_rate.peak<2 s", "is a share, such as 1%"),
        ("pool.api.servers=1..9", "wait_ms.mean<2%", "is a span, such as 2 s"),
        ("pool.api.servers=1..9", "thresholds_held>=90%", "the scenario has no thresholds"),
    ] {
        let ended = desk.command("find small.toml").args(["--vary", vary, "--until", until]).output().unwrap();
        let ended = crate::desk::Ended::of(ended);
        ended.must(2, said).must(2, "^");
        assert_eq!(ended.err.matches("error:").count(), 1, "{vary} {until}\n{}", ended.err);
    }
    // All errors at once, and those of the scenario located in it.
    let both = desk.run("find small.toml --vary pool.api.severs=1..9 --until peak<1%");
    both.must(2, "--vary:1:").must(2, "--until:1:");
    desk.run("find wrong.toml --vary pool.api.servers=1..9 --until error_rate.peak<1%").must(2, "wrong.toml:7:");
    desk.run("find small.toml --vary pool.api.servers=1..9 --until error_rate.peak<1% --set pool.api.servers=3")
        .must(2, "is set and varies in one command");
}

#[test]
fn at_a_scale_the_search_ends_where_values_are_one_simulation() {
    let desk = desk(&[]);
    let question = "--vary|pool.api.servers=10..200|--until|wait_ms.mean<100 ms|--set|audience.crowd.viewers=9000";
    let found = found(&desk, 0, &format!("{question}|--scale|0.1|--force-scale|--at-most|20"));
    let slots = |tree: &serde_json::Value| (tree["number"].as_f64().unwrap() * 0.1).round();
    let mut tried: Vec<f64> = found["trials"].as_array().unwrap().iter().map(|trial| slots(&trial["value"])).collect();
    assert!(tried.len() > 3 && tried.is_sorted(), "{found:#}");
    tried.dedup();
    assert_eq!(tried.len(), found["trials"].as_array().unwrap().len(), "each value is a simulation of its own");
    assert_eq!(slots(&found["value"]) - slots(&found["blurred_to"]), 1.0, "{found:#}");
    assert!(found["value"]["number"].as_f64().unwrap() - found["blurred_to"]["number"].as_f64().unwrap() > 1.0);
}

#[test]
fn when_it_is_over_is_judged_by_the_median_run() {
    let desk = desk(&[]);
    let question = "--vary|pool.api.servers=1..40|--until|recovery_s<=2 min|--set|audience.crowd.viewers=1000";
    let found = found(&desk, 0, &format!("{question}|--at-most|40"));
    assert_eq!((&found["statistic"], &found["answer"]), (&"median".into(), &"smallest".into()));
    let told = desk.command("find small.toml --at-most 20").args(question.split('|')).output().unwrap();
    let told = crate::desk::Ended::of(told);
    assert!(told.must(0, "").out.contains("time until it is over ≤ 2 min in the median run holds"), "{}", told.out);
}
