//! What people mistake for something else: kinds of files, names in overlays, options; each is met with one plain message.

use super::desk::{Desk, Ended, SMALL};

const PLAN: &str = "scenario = \"small.toml\"\n[vary]\n\"pool.api.servers\" = [1, 2]\n";
const OVERLAY: &str = "[pool.api]\nservers = 3\n";

fn desk(files: &[(&str, &str)]) -> Desk {
    let desk = Desk::with(&[("small.toml", SMALL), ("plan.toml", PLAN), ("overlay.toml", OVERLAY)]);
    files.iter().for_each(|(name, text)| desk.write(name, text));
    desk
}

fn errors(ended: &Ended) -> usize {
    ended.err.lines().filter(|line| line.starts_with("error")).count()
}

#[test]
fn a_file_of_another_kind_is_told_by_its_kind_alone_and_a_setting_of_a_plan_where_it_stands() {
    let desk = desk(&[("scaled.toml", &PLAN.replace("[vary]", "scale = 0.01\n[vary]"))]);
    for (command, said, at, help) in [
        ("run overlay.toml", "this is an overlay, not a scenario", "overlay.toml:1", "dropstorm run SCENARIO --with"),
        ("explain overlay.toml", "this is an overlay, not a scenario", "overlay.toml:1", "--with overlay.toml"),
        ("run plan.toml", "this is the plan of a sweep, not a scenario", "plan.toml:1", "dropstorm sweep plan.toml"),
        ("check plan.toml", "this is the plan of a sweep, not a scenario", "plan.toml:1", "`--dry-run` only checks it"),
        ("run small.toml --with plan.toml", "the plan of a sweep, not an overlay", "plan.toml:1", "dropstorm sweep"),
        ("run small.toml --with small.toml", "`start` is no overlay", "small.toml:2", "only what it changes"),
        ("sweep small.toml", "this is a scenario, not the plan of a sweep", "small.toml:2", "dropstorm run small.toml"),
        ("sweep overlay.toml", "this is an overlay, not the plan of a sweep", "overlay.toml:1", "--with overlay.toml"),
        ("sweep scaled.toml", "at scale 0.01 the slots of pool `api` are", "scaled.toml:2:9", "force_scale = true"),
        ("find small.toml --search", "this is a scenario, not the plan of a sweep", "small.toml:2", "dropstorm run"),
    ] {
        let ended = desk.run(command);
        ended.must(2, said).must(2, at).must(2, help);
        assert_eq!(errors(&ended), 1, "{command}\n{}", ended.err);
    }
    // Of a comparison each file is told, each once.
    let ended = desk.run("compare small.toml plan.toml --each overlay.toml plan.toml");
    ended.must(2, "not a scenario").must(2, "not an overlay");
    assert_eq!(errors(&ended), 2, "{}", ended.err);
    // A scenario with errors is one all the same.
    desk.write("late.toml", &SMALL.replace("start = 2026-01-09T09:00:00Z\n", ""));
    desk.run("run late.toml").must(2, "`start` is missing").must(2, "`start` belongs here");
}

#[test]
fn a_name_that_an_overlay_mistypes_is_met_with_the_one_that_was_meant() {
    let typo = "[pool.apo]\nservers = 3\n\n[audience.crowds]\nviewers = 9\n\n[journey.watch]\npace = 3\n";
    let whole = "[pool.apo]\nservers = 3\nservice = { exponential = { mean = \"1 s\" } }\n";
    let part = "[pool.apo]\nservice = { exponential = { mean = \"1 s\" } }\n";
    let servers = "[pool.apo]\nservers = 3\n";
    let desk = desk(&[("typo.toml", typo), ("whole.toml", whole), ("part.toml", part), ("servers.toml", servers)]);
    let ended = desk.run("run small.toml --with typo.toml");
    ended.must(2, "small.toml has no pool `apo`").must(2, "typo.toml:1").must(2, "did you mean `api`?");
    ended.must(2, "`service` is missing for a new one").must(2, "small.toml has no audience `crowds`");
    ended.must(2, "did you mean `crowd`?").must(2, "typo.toml:8");
    assert_eq!(errors(&ended), 3, "{}", ended.err);
    // Whoever adds all that a pool needs means a new one, be it in two overlays.
    desk.run("check small.toml --with whole.toml").must(0, "pool `apo` is not used");
    desk.run("check small.toml --with part.toml --with servers.toml").must(0, "pool `apo` is not used");
    desk.run("check small.toml --with part.toml").must(2, "`servers` is missing for a new one");
}

#[test]
fn names_that_files_mistype_are_all_told_at_once_and_nothing_else_is() {
    let child = "extends = \"small.toml\"\n[pool.apo]\nservers = 3\n[journey.wacth]\nrepeat = { times = 2 }\n";
    let overlay = "[audience.crwod]\nviewers = 9\n[pool.'*']\nsrevers = 3\n";
    let desk = desk(&[("child.toml", child), ("overlay.toml", overlay)]);
    let ended = desk.run("check child.toml --with overlay.toml");
    ended.must(2, "small.toml has no pool `apo`").must(2, "child.toml:2").must(2, "did you mean `api`?");
    ended.must(2, "small.toml has no journey `wacth`").must(2, "child.toml:4").must(2, "did you mean `watch`?");
    ended.must(2, "child.toml has no audience `crwod`").must(2, "overlay.toml:1").must(2, "did you mean `crowd`?");
    ended.must(2, "unknown key `srevers`").must(2, "overlay.toml:4").must(2, "did you mean `servers`?");
    assert_eq!(errors(&ended), 4, "{}", ended.err);
}

#[test]
fn a_pattern_that_no_file_matches_is_told_as_such() {
    let desk = desk(&[]);
    desk.run("compare small.toml --each none/*.toml").must(2, "no file matches none/*.toml");
    desk.run("run *.json").must(2, "no file matches *.json");
}

#[test]
fn what_an_option_sets_is_located_at_the_option_and_each_error_told_once() {
    let changed = format!("{SMALL}[[change]]\nat = \"2 min\"\nset = {{ \"pool.api.servers\" = 3 }}\n");
    let desk = desk(&[("changed.toml", &changed)]);
    let ended = desk.run("run changed.toml --scale 0.01");
    ended.must(2, "--> --scale:1:").must(2, "the slots of pool `api`").must(2, "after the change at 2 min");
    assert_eq!((errors(&ended), ended.err.matches("after the change").count()), (2, 1), "{}", ended.err);
    // A wrong value that stands throughout is wrong once.
    let ended = desk.run("run changed.toml --set pool.api.service.exponential.mean=-1s");
    assert_eq!(errors(&ended), 1, "{}", ended.err);
    desk.run("run small.toml --seed x").must(2, "a seed is a whole number from 0 on");
    let bare =
        SMALL.replace("[pool.api]", "[client.tv]\nretry = { attempts = 3, backoff = \"exponential\" }\n[pool.api]");
    desk.write("bare.toml", &bare);
    desk.run("check bare.toml").must(2, "write { exponential = { base = \"");
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_says_what_is_left_and_leaves_no_empty_folder() {
    let long = SMALL.replace("viewers = 500", "viewers = 20_000_000").replace("servers = 2", "servers = 100_000");
    let desk = desk(&[("long.toml", &long)]);
    desk.run("run small.toml --charts none --quiet").must(0, "");
    for out in ["out", "fresh"] {
        let command = format!("run long.toml --charts none --quiet --jobs 1 --out {out}");
        let mut child = desk.command(&command).stderr(std::process::Stdio::piped()).spawn().unwrap();
        while !desk.path().join(out).join("long").exists() {
            assert!(child.try_wait().unwrap().is_none(), "it ended before it was interrupted");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        // The folder is made before the model; the signal is to meet the run itself.
        std::thread::sleep(std::time::Duration::from_millis(500));
        let told = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        assert!(told.success());
        let ended = Ended::of(child.wait_with_output().unwrap());
        ended.must(130, &format!("stopped: nothing was written, and what lay in {out} stays as it was"));
    }
    assert_eq!(desk.names("out"), ["small"]);
    assert!(!desk.path().join("fresh").exists());
    for command in ["run", "compare"] {
        let help = desk.run(&format!("{command} --help")).out;
        assert!(help.contains("Exit codes: 0 done") && help.contains("130 stopped by Ctrl-C"), "{help}");
    }
}

#[test]
fn every_line_of_an_explanation_fits_the_screen() {
    let few = format!("{}queue = {{ shared = {{ limit = 2 }} }}\n", SMALL.replace("servers = 2", "servers = 1"));
    let desk = desk(&[("few.toml", &few)]);
    let told = desk.run("explain few.toml --replications 2 --scale 1");
    let long: Vec<&str> = told.must(0, "").out.lines().filter(|line| line.chars().count() > 100).collect();
    assert!(long.is_empty() && told.out.lines().count() > 3, "{}", told.out);
}
