//! Comparisons, as a person meets them: one figure under one name, every scenario told, nothing lost unsaid.

use serde_json::Value;

use super::desk::{Desk, Ended, OVERLOADED};

/// Most of the people reload, some give up, and some of those come back.
const PEOPLE: &str = r#"
[client.app.refresh]
probability = "50%"
delay = { exponential = { mean = "5 s" } }
attempts = 3
[client.app.come_back]
probability = "70%"
delay = { exponential = { mean = "1 min" } }
attempts = 2
"#;

const THRESHOLD: &str = "[[threshold]]\nmetric = \"harm.gave_up\"\nat_most = 100\n";
const NONE: &str = "[client.\"*\".retry]\nattempts = 1\n";

fn servers(count: u32) -> String {
    format!("[pool.api]\nservers = {count}\n")
}

/// A desk with an overloaded scenario, to which `more` adds keys, and overlays.
fn desk(more: &str) -> Desk {
    let base = format!("{OVERLOADED}{PEOPLE}{more}");
    let [three, four, five] = [3, 4, 5].map(servers);
    Desk::with(&[
        ("base.toml", &base),
        ("none.toml", NONE),
        ("three.toml", &three),
        ("four.toml", &four),
        ("five.toml", &five),
    ])
}

#[test]
fn the_json_of_a_scenario_with_overlays_holds_all_of_them() {
    let desk = desk("");
    for command in ["compare", "run"] {
        let told = desk.run(&format!("{command} base.toml --each none.toml four.toml --json --charts none"));
        let told: Value = serde_json::from_str(&told.must(0, "").out).unwrap();
        assert_eq!(told["base"], "base");
        let names: Vec<&Value> = told["scenarios"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
        assert_eq!(names, ["base", "base+none", "base+four"]);
        assert_eq!((told["order"][0].as_str(), told["order"].as_array().unwrap().len()), (Some("base+four"), 3));
        assert!(!told["verdict"].as_array().unwrap().is_empty() && told["scenarios"][2]["differences"].is_object());
    }
    // A scenario alone is a summary.
    let alone: Value =
        serde_json::from_str(&desk.run("run base.toml --with none.toml --json").must(0, "").out).unwrap();
    assert_eq!(alone["name"], "base+none");
}

/// The cell of a column in the row of a scenario, of the table whose header begins at `header`.
fn cell(screen: &str, header: &str, column: &str, scenario: &str) -> String {
    let table: Vec<&str> = screen.lines().skip_while(|line| !line.starts_with(header)).collect();
    // Titles and cells stand at the right edge of their column.
    let end = table[0].find(column).unwrap_or_else(|| panic!("no {column} in {}", table[0])) + column.len();
    let row = table.iter().find(|line| line.starts_with(scenario)).unwrap();
    let row: String = row.chars().take(end).collect();
    row.rsplit("  ").next().unwrap().trim().to_owned()
}

#[test]
fn a_figure_has_one_value_under_one_name_on_the_whole_screen() {
    let desk = desk("");
    let mut command = desk.command("compare base.toml --each none.toml four.toml --replications 2 --charts none");
    let screen = Ended::of(command.env("COLUMNS", "160").output().unwrap()).out;
    let summary = desk.json("out/base/summary.json");
    let mean = |path: &str| summary.pointer(path).unwrap()["mean"].as_f64().unwrap();
    // Some come back, and pages are reloaded, so that the other figures of both names differ.
    assert!(mean("/harm/gave_up") > mean("/viewers/gave_up") + 1.0);
    assert!(mean("/amplification/total") > mean("/retry_amplification") + 0.01);
    let gave_up = format!("{:.0}", mean("/harm/gave_up"));
    let per_try = format!("{:.2}", mean("/amplification/total"));
    assert_eq!(cell(&screen, "scenario", "gave up", "base (base)"), gave_up, "{screen}");
    assert_eq!(cell(&screen, "scenario", "per first try", "base (base)"), per_try, "{screen}");
    let block = screen.split("base: Base\n").nth(1).unwrap_or_else(|| panic!("no block of the base in\n{screen}"));
    // Rows of the table are indented, lines of the verdict are not.
    let row = |name: &str| block.lines().find(|line| line.starts_with(&format!("  {name}"))).unwrap();
    assert!(row("gave up").contains(&gave_up) && row("for a first try").contains(&per_try), "{block}");
    // The paired table is about the same figures.
    let paired = screen.split("Difference from base").nth(1).unwrap();
    let csv = String::from_utf8(desk.bytes("out/comparison.csv")).unwrap();
    let difference = csv.lines().find(|line| line.starts_with("base+four,harm.gave_up,")).unwrap();
    let difference: f64 = difference.split(',').nth(7).unwrap().parse().unwrap();
    let shown = cell(paired, "scenario", "gave up", "+four");
    assert!(shown.starts_with(&format!("\u{2212}{:.0}", difference.abs())), "{shown}, not {difference}");
}

#[test]
fn a_block_of_a_comparison_is_headed_by_its_scenario_and_many_give_way_to_the_tables() {
    let desk = desk("");
    let three = desk.run("run base.toml --each none.toml four.toml --charts none").out;
    for heading in ["base: Base\n", "base+none: Base\n", "base+four: Base\n"] {
        assert!(three.contains(heading), "{heading} is missing in\n{three}");
    }
    let five = desk.run("compare base.toml --each none.toml three.toml four.toml five.toml --charts none").out;
    assert!(!five.contains("people who came") && five.contains("+three"), "{five}");
    assert!(five.contains("The results of each scenario are in:\n  out/base\n  out/base+none\n"), "{five}");
    // A scenario alone is told by its title.
    assert!(desk.run("run base.toml --charts none").out.starts_with("Base\n"));
}

#[test]
fn charts_of_an_earlier_run_do_not_go_without_a_word() {
    let desk = desk("");
    desk.run("run base.toml --each none.toml --quiet").must(0, "");
    let charts = desk.names("out/base").iter().filter(|name| name.ends_with(".png") || *name == "report.html").count();
    let again = desk.run("run base.toml --each none.toml --charts none").out;
    assert!(charts > 2 && again.contains(&format!("removed {charts} charts of an earlier run")), "{again}");
    assert!(again.contains("removed 2 charts of an earlier run"), "nothing is said of the comparison:\n{again}");
    assert!(!desk.names("out").iter().any(|name| name.ends_with(".png") || name.ends_with(".html")));
    assert!(!desk.run("run base.toml --charts none").out.contains("removed"));
}

#[test]
fn what_the_user_wrote_is_a_threshold_wherever_it_is_told() {
    let desk = desk(THRESHOLD);
    let told = desk.run("compare base.toml --each five.toml --charts none");
    told.must(99, "");
    let flat = told.out.split_whitespace().collect::<Vec<_>>().join(" ");
    let gave_up = &desk.json("out/base/summary.json")["harm"]["gave_up"]["mean"];
    assert!(
        flat.contains(&format!("threshold that people who give up are at most 100 is missed: they are {gave_up}")),
        "{}",
        told.out
    );
    assert!(flat.contains(&format!("FAILED harm.gave_up at most 100: {gave_up}")), "{}", told.out);
    assert!(told.out.lines().any(|line| line.starts_with("scenario") && line.contains("thresholds")), "{}", told.out);
    assert!(told.out.lines().any(|line| line.starts_with("base (base)") && line.contains("failed")), "{}", told.out);
    // Without thresholds the column tells of a state, not of a limit.
    let free = self::desk("").run("compare base.toml --each five.toml --charts none").out;
    assert!(free.lines().any(|line| line.starts_with("scenario") && line.contains(" state ")), "{free}");
    assert!(!free.contains("limit"), "{free}");
}
