//! Several processes at once: one writer for each result, and shards side by side.

use std::fs;
use std::process::Stdio;

use dropstorm::system::output::{Lock, open_alone};

use super::{PLAN, soon, wait, whole_or_without_manifest};
use crate::desk::{Desk, Ended, SMALL};

fn desk() -> Desk {
    let desk = Desk::with(&[("a.toml", SMALL), ("b.toml", SMALL), ("plan.toml", PLAN)]);
    for folder in ["out/a", "out/plan"] {
        fs::create_dir_all(desk.path().join(folder)).unwrap();
    }
    desk
}

#[test]
fn a_result_has_one_writer_and_the_others_are_told_so() {
    let desk = desk();
    let lock = |folder: &str| Lock::of_folder(&desk.path().join(folder)).unwrap();
    let busy = "another process is writing there";
    let held = lock("out/a");
    soon(&desk, "run a.toml --quiet").must(1, busy);
    soon(&desk, "run b.toml --quiet").must(0, "");
    assert!(desk.names("out/a").is_empty());
    drop(held);
    soon(&desk, "run a.toml --quiet").must(0, "");
    let held = lock("out");
    soon(&desk, "run a.toml b.toml --quiet").must(1, busy);
    soon(&desk, "run a.toml --quiet").must(0, "");
    drop(held);
    let held = lock("out/plan");
    soon(&desk, "sweep plan.toml --quiet").must(1, busy);
    for shard in ["0/2", "1/2"] {
        soon(&desk, &format!("sweep plan.toml --quiet --shard {shard}")).must(0, "");
    }
    soon(&desk, "sweep merge out --quiet").must(1, busy);
    drop(held);
    soon(&desk, "sweep merge out --quiet").must(0, "");
    assert!(whole_or_without_manifest(&desk, "out/a"));
}

#[test]
fn a_shard_has_one_writer_and_keeps_nobody_from_the_others() {
    let desk = desk();
    let held = open_alone(&desk.path().join("out/plan/shard-0-of-2.part")).unwrap();
    soon(&desk, "sweep plan.toml --quiet --shard 0/2").must(75, "another process is writing");
    soon(&desk, "sweep plan.toml --quiet --shard 1/2").must(0, "");
    drop(held);
    soon(&desk, "sweep plan.toml --quiet --shard 0/2").must(0, "");
    assert_eq!(desk.names("out/plan"), ["shard-0-of-2.units", "shard-1-of-2.units"]);
}

/// Starts some command lines at once and waits for all.
fn together(desk: &Desk, lines: &[String]) -> Vec<Ended> {
    let start = |line: &String| desk.command(line).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut children: Vec<_> = lines.iter().map(start).collect();
    for (child, line) in children.iter_mut().zip(lines) {
        wait(child, line);
    }
    children.into_iter().map(|child| Ended::of(child.wait_with_output().unwrap())).collect()
}

#[test]
fn processes_that_start_together_leave_one_whole_result() {
    let desk = desk();
    for round in 0..5 {
        let lines: Vec<String> = (0..6).map(|seed| format!("run a.toml --quiet --seed {}", round * 6 + seed)).collect();
        let ended = together(&desk, &lines);
        assert!(ended.iter().any(|one| one.code == Some(0)));
        for one in ended.iter().filter(|one| one.code != Some(0)) {
            one.must(1, "another process is writing there");
        }
        assert!(whole_or_without_manifest(&desk, "out/a"));
        let (manifest, summary) = (desk.json("out/a/manifest.json"), desk.json("out/a/summary.json"));
        assert_eq!(manifest["seed"], summary["seed"], "files of two runs");
    }
}

#[test]
fn shards_that_start_together_several_times_each_are_merged_into_one_result() {
    let desk = desk();
    soon(&desk, "sweep plan.toml --quiet --out whole").must(0, "");
    let lines: Vec<String> = (0..9).map(|n| format!("sweep plan.toml --quiet --jobs 1 --shard {}/3", n % 3)).collect();
    for one in together(&desk, &lines) {
        assert!(matches!(one.code, Some(0 | 75)), "{:?} {}", one.code, one.err);
    }
    assert_eq!(desk.names("out/plan"), (0..3).map(|n| format!("shard-{n}-of-3.units")).collect::<Vec<_>>());
    soon(&desk, "sweep merge out --quiet").must(0, "");
    for file in ["points.csv", "units.csv", "paired.csv", "manifest.json"] {
        assert!(desk.bytes(&format!("out/plan/{file}")) == desk.bytes(&format!("whole/plan/{file}")), "{file}");
    }
}
