//! The command line: what the binary prints, which files it writes, and its exit codes.

use std::fs;

use crate::desk::{Desk, SMALL};

#[test]
fn the_starter_is_made_checked_and_run() {
    let desk = Desk::with(&[]);
    desk.run("new").must(0, "");
    assert!(desk.run("check my-drop.toml").must(0, "").out.contains("my-drop.toml: ok"));
    assert_eq!(desk.run("new").must(2, "exists already").out, "");
    desk.run("run my-drop.toml --scale 0.5").must(0, "");
    let charts = ["delivery.png", "demand.png", "error-rate.png", "overview.png", "people.png", "pools.png"];
    let more = ["regions.png", "reports.png", "servers.png", "waiting.png"];
    let left = desk.names("out/my-drop");
    let drawn: Vec<&String> = left.iter().filter(|name| name.ends_with(".png")).collect();
    assert_eq!(drawn, [&charts[..], &more[..]].concat());
    assert_eq!(left.len(), drawn.len() + 4, "{left:?}");
    assert_eq!(desk.names("."), ["my-drop.toml", "out"]);
}

#[test]
fn charts_are_drawn_as_svg_and_on_dark_paper_where_that_is_asked_for() {
    let desk = Desk::with(&[("a.toml", SMALL), ("b.toml", SMALL)]);
    desk.run("run a.toml b.toml --svg --dark --quiet").must(0, "");
    let picture = String::from_utf8(desk.bytes("out/a/error-rate.svg")).unwrap();
    assert!(picture.contains("<rect width=\"1600\" height=\"900\" fill=\"#12171d\"/>") && !picture.contains("<text"));
    assert!(desk.names("out").contains(&"comparison.svg".to_owned()));
    let listed = desk.json("out/a/manifest.json")["files"].to_string();
    assert!(listed.contains("error-rate.svg") && listed.contains("error-rate.png"), "{listed}");
    let dark = desk.bytes("out/a/error-rate.png");
    desk.run("run a.toml --quiet").must(0, "");
    assert!(!desk.names("out/a").contains(&"error-rate.svg".to_owned()));
    assert_ne!(dark, desk.bytes("out/a/error-rate.png"));
}

#[test]
fn levers_are_tried_on_the_same_crowds() {
    let drop =
        SMALL.replace("viewers = 500", "viewers = 4000").replace("servers = 2", "servers = 2\ntimeout = \"2 s\"");
    let client = "[client.app]\nretry = { attempts = 4, backoff = { exponential = { base = \"1 s\" } } }\n";
    let drop = drop.replace("journey = \"watch\"", "journey = \"watch\"\nclient = { app = 1 }");
    let desk = Desk::with(&[("a.toml", &format!("{drop}{client}"))]);
    let told = desk.run("explain a.toml --replications 3 --scale 1");
    for lever in ["api servers +50%", "api servers +100%", "api servers +400%", "retry budget of 20%", "full jitter"] {
        assert!(told.must(0, "").out.contains(lever), "{}", told.out);
    }
    // A quarter more than two servers are three, as half as many more are.
    assert!(!told.out.contains("servers +25%"), "{}", told.out);
    assert!(!told.out.contains("regions staggered") && !told.out.contains("operators"), "{}", told.out);
    let json: serde_json::Value =
        serde_json::from_str(&desk.run("explain a.toml --replications 3 --scale 1 --json").must(0, "").out).unwrap();
    assert_eq!((json["replications"].as_u64(), json["scale"].as_f64()), (Some(3), Some(1.0)));
    let levers = json["levers"].as_array().unwrap();
    let twice = levers.iter().find(|lever| lever["lever"] == "api servers +100%").unwrap();
    assert_eq!(twice["settings"]["pool.api.servers"], "4");
    // A room costs the people in it time, which is told beside whom it spares.
    assert!(told.out.contains("wait in room"), "{}", told.out);
    let room = levers.iter().find(|lever| lever["lever"] == "waiting room at 90% of capacity").unwrap();
    assert!(room["waiting_room"]["wait_ms_p50"].as_f64() > Some(1_000.0), "{room}");
    let people = |tree: &serde_json::Value| tree["harm.saw_error"]["mean"].as_f64().unwrap();
    let (base, with, less) = (people(&json["people"]), people(&twice["people"]), people(&twice["differences"]));
    assert!(base > with && (with - base - less).abs() < 1e-6, "{base} {with} {less}");
    assert!(json["verdict"][0]["claims"].is_array() && json["best"][0]["claims"].is_array());
    assert_eq!(desk.names("."), ["a.toml"]);
    // Where nobody is harmed there is nothing to try.
    desk.write("calm.toml", &SMALL.replace("servers = 2", "servers = 200"));
    let calm = desk.run("explain calm.toml --replications 2 --scale 1").must(0, "").out.clone();
    assert!(calm.contains("nobody whom a single change could spare") && !calm.contains("servers +25%"), "{calm}");
}

#[cfg(unix)]
#[test]
fn the_page_is_shown_by_the_opener_of_the_system() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::with(&[("a.toml", SMALL), ("b.toml", SMALL)]);
    for opener in ["bin/xdg-open", "bin/open"] {
        fs::create_dir_all(desk.path().join("bin")).unwrap();
        desk.write(opener, "#!/bin/sh\necho \"$1\" >> opened.part && mv opened.part opened\n");
        fs::set_permissions(desk.path().join(opener), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let path = format!("{}:{}", desk.path().join("bin").display(), std::env::var("PATH").unwrap());
    let opened = |line: &str| {
        assert!(desk.command(line).env("PATH", &path).output().unwrap().status.success());
        let found = (0..500).find_map(|_| {
            std::thread::sleep(std::time::Duration::from_millis(10));
            fs::read_to_string(desk.path().join("opened")).ok()
        });
        fs::remove_file(desk.path().join("opened")).unwrap();
        found.unwrap().trim().to_owned()
    };
    assert!(opened("run a.toml --open --quiet").ends_with("/out/a/report.html"));
    assert!(opened("run a.toml b.toml --open --quiet").ends_with("/out/report.html"));
    desk.run("run a.toml --open --charts none").must(0, "there is no page to open");
}

#[test]
fn a_threshold_on_a_figure_is_judged_once_and_stands_without_windows() {
    let of = |metric: &str, bound: &str| format!("{SMALL}[[threshold]]\nmetric = \"{metric}\"\n{bound}\n");
    let desk = Desk::with(&[
        ("held.toml", &of("pools.api.utilization", "at_most = \"100%\"")),
        ("missed.toml", &of("viewers.present", "at_most = 450")),
        ("late.toml", &of("time_ms.p99", "at_most = \"1 ms\"")),
        ("never.toml", &of("trouble.over_s", "at_most = \"10 min\"")),
        ("windows.toml", &of("harm.saw_error", "at_most = 1\nwindow = \"1 min\"\nafter = \"0 s\"")),
        ("unknown.toml", &of("pools.web.utilization", "at_most = 1")),
        ("unit.toml", &of("harm.saw_error", "at_most = \"1 s\"")),
        ("count.toml", &of("harm.saw_error", "at_most = \"1%\"")),
        ("share.toml", &of("harm.saw_error_share", "at_most = \"0%\"")),
    ]);
    assert!(!desk.run("run held.toml --charts none").must(0, "").out.contains("outage reports"), "none is stated");
    let missed = desk.run("run missed.toml --charts none --replications 2");
    missed.must(99, "");
    assert!(missed.out.contains("viewers.present at most 450: 499 at the worst"), "{}", missed.out);
    let threshold = &desk.json("out/missed/summary.json")["thresholds"][0];
    assert_eq!((&threshold["metric"], &threshold["worst"]), (&"viewers.present".into(), &499.into()), "{threshold}");
    assert_eq!((threshold["held_in"].as_u64(), threshold["judged_in"].as_u64()), (Some(0), Some(2)), "{threshold}");
    assert!(threshold["window_s"].is_null() && threshold["worst_at_s"].is_null(), "{threshold}");
    desk.run("run late.toml --charts none").must(99, "");
    // A run without trouble has no time at which it is over, so that nothing shows that the bound holds.
    assert!(desk.run("run never.toml --charts none").must(99, "").out.contains("NOT JUDGED"));
    let windows = desk.run("check windows.toml");
    windows.must(2, "`window` has no meaning for");
    assert!(windows.err.contains("`after` has no meaning for"), "{}", windows.err);
    desk.run("check unknown.toml").must(2, "there is no metric `pools.web.utilization`");
    desk.run("check unit.toml").must(2, "is not measured in this unit");
    desk.run("check count.toml").must(2, "its share is `harm.saw_error_share`");
    desk.run("run share.toml --charts none").must(0, "");
    desk.run("run share.toml --charts none --set pool.api.failure=50%").must(99, "");
}

#[test]
fn json_prints_nothing_else_and_quiet_prints_nothing() {
    let desk = Desk::with(&[("a.toml", SMALL), ("b.toml", SMALL)]);
    let summary: serde_json::Value =
        serde_json::from_str(&desk.run("run a.toml --json --charts none").must(0, "").out).unwrap();
    assert_eq!(
        ["arrived", "outside"].map(|kind| summary["viewers"][kind]["mean"].as_f64().unwrap()).iter().sum::<f64>(),
        500.0
    );
    let both: serde_json::Value =
        serde_json::from_str(&desk.run("run a.toml b.toml --json --charts none").must(0, "").out).unwrap();
    assert_eq!(both["scenarios"].as_array().unwrap().len(), 2);
    assert_eq!((&both["base"], &both["settings"]), (&"a".into(), &serde_json::json!([])));
    let quiet = desk.run("run a.toml --quiet --charts none");
    assert_eq!((quiet.code, quiet.out.as_str(), quiet.err.as_str()), (Some(0), "", ""));
    let both = desk.run("run a.toml --json --quiet --charts none");
    assert!(serde_json::from_str::<serde_json::Value>(&both.out).is_ok() && both.err.is_empty());
}

#[test]
fn options_write_the_files_that_they_promise() {
    let desk = Desk::with(&[("a.toml", SMALL)]);
    desk.run("run a.toml --quiet --trace 3 --charts none").must(0, "");
    assert_eq!(desk.names("out/a"), ["intervals.csv", "manifest.json", "summary.json", "viewers.csv"]);
    let trace = fs::read_to_string(desk.path().join("out/a/viewers.csv")).unwrap();
    let viewers: std::collections::BTreeSet<_> =
        trace.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(viewers.into_iter().collect::<Vec<_>>(), ["1", "2", "3"]);
    // A later run without the option removes the older file.
    desk.run("run a.toml --quiet --charts none --seed 4 --set pool.api.servers=3").must(0, "");
    assert_eq!(desk.names("out/a"), ["intervals.csv", "manifest.json", "summary.json"]);
    assert_eq!(desk.json("out/a/manifest.json")["seed"], 4);
}

#[test]
fn any_number_of_jobs_leaves_the_same_bytes() {
    let desk = Desk::with(&[("a.toml", SMALL)]);
    for jobs in [1, 2] {
        desk.run(&format!("run a.toml --quiet --replications 3 --trace 5 --jobs {jobs} --out {jobs}")).must(0, "");
    }
    let names = desk.names("1/a");
    assert_eq!(names, desk.names("2/a"));
    for name in names {
        let of = |jobs: &str| fs::read(desk.path().join(jobs).join("a").join(&name)).unwrap();
        assert!(of("1") == of("2"), "{name} differs");
    }
}

#[test]
fn one_wrong_file_does_not_stop_the_others() {
    let wrong = SMALL.replace("servers = 2", "servers = \"two\"");
    let desk = Desk::with(&[("good.toml", SMALL), ("wrong.toml", &wrong), ("fine.toml", SMALL)]);
    let ended = desk.run("run good.toml wrong.toml fine.toml --charts none");
    ended.must(2, "wrong.toml:12:");
    assert!(ended.err.trim_end().ends_with("1 of 3 scenarios could not be run; see above."), "{}", ended.err);
    assert_eq!(desk.names("out"), ["comparison.csv", "fine", "good", "manifest.json"]);
}

#[test]
fn the_exit_code_tells_how_it_ended() {
    let threshold =
        "[[threshold]]\nmetric = \"error_rate\"\nat_most = \"1%\"\n[pool.idle]\nservers = 1\nservice = \"1 s\"\n";
    let held = format!("{SMALL}{threshold}");
    let missed = held.replace("service = { exponential", "failure = \"50%\"\nservice = { exponential");
    let desk = Desk::with(&[("held.toml", &held), ("missed.toml", &missed), ("empty.toml", "")]);
    desk.run("run held.toml --charts none").must(0, "pool `idle` is not used");
    desk.run("run held.toml missed.toml --quiet --charts none").must(99, "");
    desk.run("run missed.toml empty.toml --quiet --charts none").must(2, "empty.toml");
    desk.run("check empty.toml").must(2, "the file is empty");
    desk.run("run absent.toml").must(2, "absent.toml");
    desk.run("run").must(2, "Usage");
    desk.run("fly").must(2, "unrecognized");
}

#[test]
fn ten_errors_are_shown_at_once_each_at_its_line() {
    let mut text = SMALL.to_owned();
    for (from, to) in [
        ("title = \"Small\"", "title = 5"),
        ("end = 2026-01-09T09:05:00Z", "end = \"soon\"\ninterval = 10\nseeds = 3"),
        ("viewers = 500", "viewers = -500"),
        ("mean = \"1 min\"", "mean = \"1 mn\""),
        ("{ stream = \"1 min\" }", "{ strem = \"1 min\" }"),
        ("servers = 2", "servers = 2.5\ntimeout = \"0x\"\nfailure = 2"),
    ] {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    let desk = Desk::with(&[("ten.toml", &text)]);
    let ended = desk.run("check ten.toml");
    ended.must(2, "ten.toml:1:9");
    assert_eq!(ended.err.matches("--> ten.toml:").count(), 10, "{}", ended.err);
    assert_eq!(ended.out, "");
}

#[test]
fn wrong_usage_is_an_error_that_says_what_is_allowed() {
    let noise: Vec<u8> = (0..3_000_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let desk = Desk::with(&[
        ("nan.toml", &SMALL.replace("\"200 ms\"", "nan")),
        ("digits.toml", &SMALL.replace("servers = 2", "servers = 123456789012345678901234567890")),
        ("nowhere.toml", &SMALL.replace("\"api\"", "\"apy\"")),
    ]);
    fs::write(desk.path().join("noise.toml"), noise).unwrap();
    for (file, said) in
        [("noise", "noise.toml"), ("nan", "nan.toml:13:"), ("digits", "64 bits"), ("nowhere", "did you mean `api`?")]
    {
        let ended = desk.run(&format!("run {file}.toml"));
        ended.must(2, said);
        assert!(!ended.err.contains("panicked") && ended.err.len() < 20_000, "{} bytes", ended.err.len());
    }
    assert!(desk.names("out").is_empty());
}

#[test]
fn a_trace_with_gaps_or_words_is_refused_at_its_line() {
    let scenario = SMALL.replace(
        "viewers = 500\narrival = { exponential = { mean = \"1 min\" } }",
        "trace = { file = \"people.csv\", time = \"minute\", unit = \"min\", count = \"people\" }",
    );
    let desk = Desk::with(&[("a.toml", &scenario)]);
    for (rows, said) in [
        ("minute,people\n0,4\n1,5\n3,6\n", "people.csv"),
        ("minute,people\n0,4\n1,five\n2,6\n", "five"),
        ("minute,persons\n0,4\n", "people"),
        ("", "people.csv"),
    ] {
        fs::write(desk.path().join("people.csv"), rows).unwrap();
        desk.run("run a.toml").must(2, said);
    }
    fs::remove_file(desk.path().join("people.csv")).unwrap();
    desk.run("run a.toml").must(2, "people.csv");
    assert!(desk.names("out").is_empty());
}

#[test]
fn a_folder_that_cannot_be_written_is_named_before_the_run() {
    let desk = Desk::with(&[("a.toml", SMALL), ("taken", "a file")]);
    desk.run("run a.toml --out taken/out").must(2, "cannot create the folder `taken/out");
    assert_eq!(desk.names("."), ["a.toml", "taken"]);
}

#[test]
fn a_setting_that_leads_nowhere_names_the_nearest() {
    let desk = Desk::with(&[("a.toml", SMALL)]);
    desk.run("run a.toml --set pool.api.severs=3").must(2, "did you mean `servers`?");
    desk.run("run a.toml --set pool.apy.servers=3").must(2, "did you mean `api`?");
    desk.run("run a.toml --set pool.api.servers=many").must(2, "expected a whole number");
    desk.run("run a.toml --set pool.api.servers").must(2, "is not PATH=VALUE");
    assert!(desk.names("out").is_empty());
}

#[test]
fn several_scenarios_are_compared_with_the_first_replication_by_replication() {
    let more = SMALL.replace("servers = 2", "servers = 3");
    let desk = Desk::with(&[("a.toml", SMALL), ("b.toml", &more), ("c.toml", &format!("seed = 9\n{SMALL}"))]);
    let told = desk.run("run a.toml b.toml --replications 4 --charts none");
    let difference = "Difference from a, on the same crowds: mean ± 95% interval over 4 replications";
    assert!(told.must(0, "").out.contains(difference), "{}", told.out);
    // A single replication has no interval, and another seed has other crowds.
    let one = desk.run("run a.toml b.toml --charts none");
    assert!(!one.must(0, "").out.contains("Difference"), "{}", one.out);
    assert!(one.out.find("What differs:") < one.out.find("events in"), "{}", one.out);
    assert!(one.out.contains("pool.api.servers: 2; 3 in b"), "{}", one.out);
    assert!(desk.names("out").contains(&"comparison.csv".to_owned()));
    let same = desk.run("compare a.toml b.toml --charts none");
    let without_time =
        |text: &str| text.lines().filter(|line| !line.contains("events in")).map(str::to_owned).collect();
    let lines: [Vec<String>; 2] = [without_time(&one.out), without_time(&same.must(0, "").out)];
    assert_eq!(lines[0], lines[1], "compare is run with several files");
    desk.run("compare a.toml --charts none").must(2, "needs two scenarios or more");
    let seeds = desk.run("run a.toml c.toml --replications 2 --charts none");
    assert!(seeds.must(0, "").out.contains("since seeds differ"), "{}", seeds.out);
    let json = desk.run("run a.toml b.toml --replications 4 --charts none --json");
    let whole: serde_json::Value = serde_json::from_str(&json.must(0, "").out).unwrap();
    assert_eq!(whole["settings"][0]["path"], "pool.api.servers");
    assert_eq!(whole["settings"][0]["values"], serde_json::json!({ "a": "2", "b": "3" }));
    assert!(whole["verdict"][0]["claims"].as_array().is_some_and(|claims| claims.len() >= 4), "{whole:#}");
    let trees = &whole["scenarios"];
    assert_eq!(trees[0].get("differences"), None);
    let differences = &trees[1]["differences"];
    assert_eq!((&differences["to"], &differences["same_crowds"]), (&"a".into(), &true.into()));
    assert_eq!(differences["viewers"]["arrived"]["high"], 0);
    let (wait, means) = (&differences["wait_ms"]["mean"], [0, 1].map(|arm| &trees[arm]["wait_ms"]["mean"]["mean"]));
    let [a, b] = means.map(|mean| mean.as_f64().unwrap());
    assert!((wait["mean"].as_f64().unwrap() - (b - a)).abs() < 0.01 && wait["n"] == 4, "{wait}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_standard_output_is_an_error_and_a_reader_who_has_gone_is_none() {
    let desk = Desk::with(&[("a.toml", SMALL)]);
    for line in ["run a.toml --json --charts none", "run a.toml --charts none", "new -", "check a.toml", "--help"] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let ended = desk.command(line).stdout(full).output().unwrap();
        crate::desk::Ended::of(ended).must(1, "cannot write to standard output: No space left on device");
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let ended = crate::desk::Ended::of(desk.command(line).stdout(writer).output().unwrap());
        assert!(ended.err.is_empty(), "{}", ended.must(0, "").err);
    }
}

#[test]
fn every_command_shows_examples() {
    let desk = Desk::with(&[]);
    let all = desk.run("--help").must(0, "").out.clone();
    let commands = all.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // The second line of a description is indented further than a name.
    let named = commands.filter(|line| !line.starts_with("   "));
    let names: Vec<&str> = named.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.contains(&"run") && names.contains(&"check"), "{all}");
    for name in names.into_iter().filter(|name| *name != "help").chain([""]) {
        assert!(desk.run(&format!("{name} --help")).must(0, "").out.contains("Examples:"), "{name}");
    }
}

/// A service that every client gives up on: no attempt has a latency.
const ALL_DOWN: &str = r#"
title = "All down"
start = 2026-01-09T09:00:00Z
drop = 2026-01-09T09:00:00Z
end = 2026-01-09T09:02:00Z
[audience.crowd]
rate = "10/s"
journey = "ask"
client = "app"
[journey.ask]
steps = [{ request = "api" }]
[pool.api]
servers = 100
service = "3 s"
[client.app]
timeout = "2 s"
[[threshold]]
metric = "latency_p99_ms"
at_most = "100 ms"
"#;

#[test]
fn a_threshold_that_no_window_can_judge_is_missed_unless_when_empty_is_pass() {
    let lenient = format!("{ALL_DOWN}when_empty = \"pass\"\n");
    let few = ALL_DOWN.replace("latency_p99_ms", "error_rate").replace("100 ms", "1%");
    let desk = Desk::with(&[("down.toml", ALL_DOWN), ("lenient.toml", &lenient), ("few.toml", &few)]);
    desk.run("run down.toml --charts none").must(99, "does not see the others");
    let threshold = &desk.json("out/down/summary.json")["thresholds"][0];
    assert_eq!((&threshold["held"], &threshold["judged_in"], &threshold["n"]), (&false.into(), &0.into(), &1.into()));
    assert_eq!(threshold["worst"], serde_json::Value::Null);
    desk.run("run lenient.toml --charts none --quiet").must(0, "");
    // Of thirty attempts no rate is judged, of as many as are there one is.
    desk.run("run few.toml --charts none --quiet --set audience.crowd.rate=15/min").must(99, "");
    assert_eq!(desk.json("out/few/summary.json")["thresholds"][0]["judged_in"], 0);
    let enough = few.replace("at_most", "at_least_attempts = 10\nat_most");
    desk.write("few.toml", &enough);
    desk.run("run few.toml --charts none --quiet --set audience.crowd.rate=15/min").must(99, "");
    assert_eq!(desk.json("out/few/summary.json")["thresholds"][0]["judged_in"], 1);
}
