//! Names of files, after which folders of results are named.

use std::fs;

use super::PLAN;
use crate::desk::{Desk, SMALL};

#[test]
fn a_name_that_is_no_plain_component_is_refused_and_nothing_lands_outside() {
    let desk = Desk::with(&[("precious.txt", "kept"), ("summary.json", "kept"), ("a.toml", SMALL)]);
    let names = ["...toml", "..toml", ".hidden.toml", "-x.toml", "a..toml", "nul.toml", "COM1.toml"];
    for name in names {
        fs::write(desk.path().join(name), SMALL).unwrap();
        fs::write(desk.path().join(format!("plan-{name}")), PLAN).unwrap();
        let command = |verb: &str| desk.run(&format!("{verb} ./{name}"));
        command("check").must(2, "cannot be the name of results").must(2, "rename ./");
        command("run").must(2, "cannot be the name of results");
        fs::write(desk.path().join(name), PLAN).unwrap();
        command("sweep").must(2, "cannot be the name of results");
        command("sweep --shard 0/2").must(2, "cannot be the name of results");
    }
    assert!(!desk.path().join("out").exists());
    assert_eq!(desk.bytes("summary.json"), b"kept");
    // A folder of results would stand where the files of a comparison go.
    fs::write(desk.path().join("comparison.png.toml"), SMALL).unwrap();
    desk.run("run comparison.png.toml").must(2, "a file of this name lies beside the folders of results");
    fs::write(desk.path().join("Fußball 2026.toml"), SMALL).unwrap();
    let ended = desk.command("run --charts none --quiet").arg("Fußball 2026.toml").output().unwrap();
    assert!(ended.status.success());
    assert_eq!(desk.names("out"), ["Fußball 2026"]);
}

#[test]
fn names_within_a_scenario_do_not_begin_with_a_minus_sign() {
    for (from, to) in
        [("pool.api", "pool.-api"), ("journey.watch", "journey.-watch"), ("audience.crowd", "audience.-crowd")]
    {
        let desk = Desk::with(&[("a.toml", &SMALL.replace(from, to))]);
        desk.run("check a.toml").must(2, "begins with a minus sign");
    }
}
