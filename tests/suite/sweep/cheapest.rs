//! Searches for the cheapest combination of levers: the answer, its files, and plans that make no sense.

use std::fs;

use super::{SCENARIO, desk};
use crate::desk::Desk;

/// Two levers; the threshold is missed with the scenario's two servers.
const LEVERS: &str = r#"scenario = "held.toml"
unit_of_cost = "servers"
[set]
"threshold.0.at_most" = "10%"
[[lever]]
path = "pool.api.servers"
label = "gateways"
values = [2, 4, 9]
cost = [0, 2, 7]
[[lever]]
path = "client.tv.budget"
values = ["as it is", { ratio = {} }]
cost = [0, 1]
words = ["no budget", "a retry budget"]
"#;

fn levers(plan: &str) -> Desk {
    let held = format!("{SCENARIO}[[threshold]]\nmetric = \"error_rate\"\nat_most = \"99%\"\n");
    desk(&[("held.toml", &held), ("plan.toml", plan)])
}

fn answer(desk: &Desk, code: i32, line: &str) -> serde_json::Value {
    serde_json::from_str(&desk.run(&format!("find plan.toml --search --json {line}")).must(code, "").out).unwrap()
}

#[test]
fn the_cheapest_combination_is_told_in_a_sentence_a_table_and_a_picture() {
    let desk = levers(LEVERS);
    let found = answer(&desk, 0, "--jobs 1");
    assert_eq!((&found["winner"]["cost"], &found["winner"]["values"]["pool.api.servers"]), (&2.0.into(), &"4".into()));
    assert_eq!(found["winner"]["words"], serde_json::json!(["gateways 4", "no budget"]));
    assert!(found["winner"]["sure"].as_f64().unwrap() >= 0.99 && found["runner_up"].is_null(), "{found:#}");
    let sentence = found["answer"][0].as_str().unwrap();
    assert!(sentence.starts_with("Gateways 4, for 2 servers: 99% sure the cheapest of 6 combinations"), "{sentence}");
    assert_eq!(
        desk.names("out/plan-search"),
        ["manifest.json", "report.html", "search.csv", "search.png", "search.store"]
    );
    let table = String::from_utf8(desk.bytes("out/plan-search/search.csv")).unwrap();
    let row = table.lines().find(|line| line.ends_with(",cheapest")).unwrap();
    assert!(row.starts_with("2,4,as it is,2.0,"), "{table}");
    assert_eq!(table.lines().count(), 7);
    let page = String::from_utf8(desk.bytes("out/plan-search/report.html")).unwrap();
    assert!(
        page.contains(sentence) && page.contains("id=\"chart-search\"") && page.contains("a retry budget"),
        "{sentence}"
    );
    desk.run("find plan.toml --search --quiet --svg --dark").must(0, "");
    assert!(desk.names("out/plan-search").contains(&"search.svg".to_owned()));
    desk.run("find plan.toml --search --quiet").must(0, "");
    assert!(!desk.names("out/plan-search").contains(&"search.svg".to_owned()), "left of another look");
    // The values alone, as they are set.
    let quiet = desk.run("find plan.toml --search --quiet --out again --jobs 2").must(0, "").out.clone();
    assert_eq!(quiet, "pool.api.servers=4\n");
    for name in ["manifest.json", "report.html", "search.csv", "search.png"] {
        let of = |folder: &str| desk.bytes(&format!("{folder}/plan-search/{name}"));
        assert!(of("out") == of("again"), "{name} depends on the number of threads");
    }
    desk.run("run held.toml --charts none --set pool.api.servers=4 --set threshold.0.at_most=10%").must(0, "");
}

#[test]
fn a_search_goes_on_where_it_was_stopped_with_the_same_result() {
    let desk = levers(LEVERS);
    let whole = answer(&desk, 0, "--at-most 40");
    // What is left of a store whose end was torn off is not run again.
    let store = desk.path().join("out/plan-search/search.store");
    let bytes = fs::read(&store).unwrap();
    fs::write(&store, &bytes[..bytes.len() * 3 / 4]).unwrap();
    let again = answer(&desk, 0, "--at-most 40");
    let ran = again["ran"].as_u64().unwrap();
    assert!(ran > 0 && ran < whole["ran"].as_u64().unwrap(), "{ran} runs");
    assert_eq!(whole["combinations"], again["combinations"]);
    assert_eq!(answer(&desk, 0, "--at-most 40")["ran"], 0);
    desk.run("find plan.toml --search --at-most 50").must(2, "different: the replications");
}

#[test]
fn the_runner_up_does_without_what_the_cheapest_pays_for() {
    let dear = LEVERS.replace("[0, 1]", "[0, 1]\n[[lever]]\npath = \"pool.api.service.exponential.mean\"\nvalues = [\"500 ms\", \"100 ms\"]\ncost = [0, 3]\nwords = [\"\", \"a faster service\"]");
    let dear = dear.replacen("words = [\"no budget\", \"a retry budget\"]\n", "", 1);
    let desk = levers(&dear);
    let found = answer(&desk, 0, "");
    assert_eq!((&found["winner"]["cost"], &found["runner_up"]["cost"]), (&2.0.into(), &3.0.into()), "{found:#}");
    let second = found["answer"][1].as_str().unwrap();
    assert!(second.starts_with("Without gateways 4: a faster service, for 3 servers (99% sure)"), "{second}");
    // A plan of levers is a grid for a sweep.
    desk.run("sweep plan.toml --quiet").must(0, "");
    assert_eq!(String::from_utf8(desk.bytes("out/plan/points.csv")).unwrap().lines().count(), 13);
}

#[test]
fn what_costs_nothing_and_must_be_done_is_told() {
    let desk = levers(&LEVERS.replace("[0, 2, 7]", "[0, 0, 7]"));
    let found = answer(&desk, 0, "");
    assert_eq!((&found["winner"]["cost"], &found["winner"]["values"]["pool.api.servers"]), (&0.0.into(), &"4".into()));
    let sentence = found["answer"][0].as_str().unwrap();
    assert!(sentence.starts_with("Gateways 4, for nothing: 99% sure the cheapest of 6 combinations"), "{sentence}");
    // What stays as it was is not told, and stands where the baseline or else the first free value says.
    assert!(!sentence.contains("budget"), "{sentence}");
}

#[test]
fn where_nothing_is_enough_or_needed_the_answer_says_so() {
    let desk = levers(&LEVERS.replace("10%", "0%").replace("[2, 4, 9]", "[1, 2]").replace("[0, 2, 7]", "[0, 2]"));
    let found = answer(&desk, 99, "");
    assert!(found["winner"].is_null() && found["none"].as_f64().unwrap() > 0.98, "{found:#}");
    let sentence = found["answer"][0].as_str().unwrap();
    assert!(sentence.starts_with("None of 4 combinations is enough"), "{sentence}");
    let desk = levers(&LEVERS.replace("[2, 4, 9]", "[30, 40, 50]"));
    let found = answer(&desk, 0, "");
    assert_eq!((&found["winner"]["cost"], &found["runner_up"]), (&0.0.into(), &serde_json::Value::Null));
    assert!(found["answer"][0].as_str().unwrap().starts_with("Nothing need be done, 99% sure"), "{found:#}");
    assert_eq!(desk.run("find plan.toml --search --quiet").must(0, "").out, "pool.api.servers=30\n");
}

#[test]
fn an_overlay_lies_over_the_scenario_of_a_sweep_and_of_a_search() {
    let desk = levers(LEVERS);
    desk.write("fast.toml", "[pool.\"*\"]\nservice = { exponential = { mean = \"50 ms\" } }\n");
    let found = answer(&desk, 0, "--with fast.toml");
    assert_eq!(found["winner"]["cost"], 0.0, "{found:#}");
    desk.run("find plan.toml --search").must(2, "different: the scenario");
    let smallest = "find held.toml --vary pool.api.servers=1..9 --until wait_ms.mean<1 --quiet";
    let of = |line: &str| desk.run(line).must(0, "").out.trim().parse::<u64>().unwrap();
    assert!(of(&format!("{smallest} --with fast.toml")) < of(smallest));
    desk.run("sweep plan.toml --with fast.toml --quiet").must(0, "");
    assert!(String::from_utf8(desk.bytes("out/plan/manifest.json")).unwrap().contains("held+fast"));
    desk.write("wrong.toml", "[pool.\"*\"]\nservice = { exponential = { mean = \"-1 s\" } }\n");
    desk.run("sweep plan.toml --with wrong.toml").must(2, "wrong.toml:2:");
    desk.run("find plan.toml --search --with absent.toml").must(2, "absent.toml");
}

#[test]
fn impossible_levers_are_refused_at_their_place() {
    let last = "words = [\"no budget\", \"a retry budget\"]";
    let desk = levers(LEVERS);
    for (from, to, line, said) in [
        ("pool.api.servers", "pool.api.severs", 6, "did you mean `servers`?"),
        ("pool.api.servers", "pool.apy.servers", 6, "did you mean `api`?"),
        (
            "path = \"client.tv.budget\"\nvalues = [\"as it is\", { ratio = {} }]",
            "path = \"pool.api.servers\"\nvalues = [5, 6]",
            11,
            "varies twice",
        ),
        ("pool.api.servers", "pool.api.servers,", 6, "a path is missing"),
        ("pool.api.servers", "seed", 6, "`seed` is no lever"),
        ("pool.api.servers", "pool.api.servers, scale", 6, "`scale` is no lever"),
        ("pool.api.servers", "threshold.0.at_most", 6, "a setting of region, audience, "),
        ("pool.api.servers", "region.world.label", 6, "is no lever"),
        ("path = \"pool.api.servers\"\n", "", 5, "`path` is missing"),
        ("[2, 4, 9]", "[]", 8, "this is empty"),
        ("[2, 4, 9]", "[2, -4, 9]", 8, "-4 is too low"),
        ("[2, 4, 9]", "[2, 4, 2]", 8, "the same value stands twice"),
        ("[2, 4, 9]", "4", 8, "expected a list"),
        ("[0, 2, 7]", "[0, 2]", 9, "expected 3 costs, one for each value"),
        ("[0, 2, 7]", "[0, 2, -7]", 9, "-7 is too low"),
        ("[0, 2, 7]", "[0, 2, nan]", 9, "finite"),
        ("cost = [0, 2, 7]\n", "", 5, "`cost` is missing"),
        (last, "words = [\"no budget\"]", 14, "expected 2 texts, one for each value"),
        ("\"as it is\", {", "\"none\", {", 12, "expected one of"),
        ("{ ratio = {} }", "{ rato = {} }", 12, "did you mean `ratio`?"),
        (last, "names = []", 14, "unknown key"),
        ("\"threshold.0.at_most\" = \"10%\"", "\"threshold.0.at_most\" = \"10 s\"", 4, "share"),
        ("\"threshold.0.at_most\" = \"10%\"", "\"threshold.0.at_mst\" = \"10%\"", 4, "did you mean `at_most`?"),
        (last, "[vary]\n\"client.tv.retry.jitter\" = [\"none\"]", 14, "cannot stand beside `lever`"),
        (last, "[sample]\ndesign = \"random\"\npoints = 4", 14, "cannot stand beside levers"),
        ("held.toml", "small.toml", 1, "the scenario has no thresholds"),
    ] {
        assert_eq!(LEVERS.matches(from).count(), 1, "`{from}` must stand once in the plan");
        let mut plan = LEVERS.replace(from, to);
        if to == "small.toml" || from == "held.toml" {
            plan = plan.replace("[set]\n\"threshold.0.at_most\" = \"10%\"\n", "");
        }
        fs::write(desk.path().join("plan.toml"), plan).unwrap();
        let ended = desk.run("find plan.toml --search");
        ended.must(2, said).must(2, &format!("plan.toml:{line}:"));
        assert_eq!(ended.err.matches("--> ").count(), 1, "`{to}` has one error, but gives\n{}", ended.err);
    }
    let long = LEVERS.replace("unit_of_cost = \"servers\"", &format!("unit_of_cost = \"{}\"", "€".repeat(61)));
    fs::write(desk.path().join("plan.toml"), long).unwrap();
    desk.run("find plan.toml --search").must(2, "plan.toml:2:").must(2, "at most 60 characters");
    fs::write(desk.path().join("plan.toml"), "scenario = \"held.toml\"\n[vary]\n\"pool.api.servers\" = [1]\n").unwrap();
    desk.run("find plan.toml --search").must(2, "the plan has no levers");
    desk.run("find plan.toml --search --sure 100%").must(2, "certain");
    desk.run("find plan.toml --search --until peak<1 --vary a=1..2").must(2, "cannot be used with");
    desk.run("find plan.toml").must(2, "--vary");
    assert_eq!(desk.names("."), ["held.toml", "plan.toml", "small.toml"]);
}
