//! Interrupted sweeps: stored units survive, and the results are those of an undisturbed sweep.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{PLAN, RESULTS, SCENARIO, desk, same_results};
use crate::desk::{Desk, Ended};

/// A desk with a plan that takes about a second on one core.
fn long() -> Desk {
    let desk = desk(&[("plan.toml", &PLAN.replace("replications = 4", "replications = 20"))]);
    fs::write(desk.path().join("small.toml"), SCENARIO.replace("viewers = 300", "viewers = 6000")).unwrap();
    desk
}

/// Starts a sweep and waits until its store has a number of bytes.
fn started(desk: &Desk, line: &str, store: &str, bytes: u64) -> Child {
    let mut command = desk.command(line);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    while fs::metadata(desk.path().join(store)).map_or(0, |file| file.len()) < bytes {
        assert!(begun.elapsed() < Duration::from_secs(30), "{store} does not grow");
        sleep(Duration::from_millis(1));
    }
    child
}

#[test]
fn the_bytes_are_the_same_on_one_core_and_two_and_killed_three_times() {
    let desk = long();
    desk.run("sweep plan.toml --quiet --jobs 1 --out one").must(0, "");
    desk.run("sweep plan.toml --quiet --jobs 2 --out two").must(0, "");
    same_results(&desk, "one/plan", "two/plan");
    let mut names = [&RESULTS[..], &["sweep.store"]].concat();
    names.sort_unstable();
    assert_eq!(desk.names("one/plan"), names);

    let whole = fs::metadata(desk.path().join("one/plan/sweep.store")).unwrap().len();
    // The time of the kill is random, like that of a power cut.
    let random = u64::from(Instant::now().elapsed().subsec_nanos() + std::process::id()) % 97;
    for share in [15, 40, 65] {
        let bytes = whole * share / 100 + random;
        let mut child = started(&desk, "sweep plan.toml --quiet --out killed", "killed/plan/sweep.store", bytes);
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!desk.path().join("killed/plan/manifest.json").exists(), "it was done before it was killed");
    }
    let ended = desk.run("sweep plan.toml --out killed");
    assert!(ended.must(0, "").out.contains("are done already"), "{}", ended.out);
    same_results(&desk, "one/plan", "killed/plan");
}

#[test]
fn a_torn_end_is_cut_off_and_run_again() {
    let desk = desk(&[("plan.toml", PLAN)]);
    desk.run("sweep plan.toml --quiet --out whole").must(0, "");
    let store = desk.bytes("whole/plan/sweep.store");
    fs::create_dir_all(desk.path().join("torn/plan")).unwrap();
    let noise: Vec<u8> = (0..100).collect();
    let changed = [&store[..store.len() - 300], &[store[store.len() - 300] ^ 1], &store[store.len() - 299..]].concat();
    let zeros = [&store[..], &[0; 5000]].concat();
    for torn in [&store[..store.len() - 100], &store[..40], &[], &[&store[..], &noise].concat(), &changed, &zeros] {
        fs::write(desk.path().join("torn/plan/sweep.store"), torn).unwrap();
        desk.run("sweep plan.toml --quiet --out torn").must(0, "");
        same_results(&desk, "whole/plan", "torn/plan");
        assert_eq!(desk.bytes("torn/plan/sweep.store").len(), store.len());
    }
}

#[test]
fn another_plan_another_writer_and_a_foreign_file_are_refused() {
    let desk = desk(&[("plan.toml", PLAN)]);
    desk.run("sweep plan.toml --quiet").must(0, "");
    let before = desk.bytes("out/plan/sweep.store");
    // Charts and titles may change without another run. Settings that decide figures may not.
    for (options, said) in
        [("--seed 5", "different: the scenario"), ("--set pool.api.servers=3", "is set on the command line")]
    {
        desk.run(&format!("sweep plan.toml --quiet {options}")).must(2, said);
    }
    fs::write(desk.path().join("plan.toml"), PLAN.replace("[1, 2, 4]", "[1, 2, 5]")).unwrap();
    desk.run("sweep plan.toml").must(2, "holds the units of another plan; different: what varies");
    fs::write(desk.path().join("plan.toml"), format!("title = \"Another\"\n{PLAN}")).unwrap();
    assert_eq!(desk.json("out/plan/manifest.json")["title"], "Small");
    desk.run("sweep plan.toml --quiet").must(0, "");
    assert_eq!(desk.json("out/plan/manifest.json")["title"], "Another");
    assert!(desk.bytes("out/plan/sweep.store") == before);
    fs::write(desk.path().join("out/plan/sweep.store"), vec![b'x'; 100_000]).unwrap();
    desk.run("sweep plan.toml").must(1, "is damaged: this is no file of a sweep's units");
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_it_cleanly_and_nobody_else_may_write_meanwhile() {
    let desk = long();
    let store = "out/plan/sweep.store";
    let child = started(&desk, "sweep plan.toml --jobs 1", store, 20_000);
    desk.run("sweep plan.toml --quiet").must(1, "another process is writing");
    let told = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(told.success());
    let ended = Ended::of(child.wait_with_output().unwrap());
    ended.must(130, "units are kept in").must(130, "the same command goes on from here");
    assert_eq!(desk.names("out/plan"), ["sweep.store"]);
    desk.run("sweep plan.toml --quiet").must(0, "");
    desk.run("sweep plan.toml --quiet --out whole").must(0, "");
    same_results(&desk, "out/plan", "whole/plan");
}

#[cfg(unix)]
#[test]
fn an_interrupted_sweep_whose_file_is_gone_does_not_say_that_units_are_kept() {
    let desk = long();
    let child = started(&desk, "sweep plan.toml --jobs 1", "out/plan/sweep.store", 20_000);
    fs::remove_dir_all(desk.path().join("out")).unwrap();
    let told = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(told.success());
    Ended::of(child.wait_with_output().unwrap()).must(130, "out/plan/sweep.store is gone, so that nothing is kept");
}

/// Schedulers end a task by SIGTERM. A shard then ends with 75, so that it is started again, a whole sweep with 143.
#[cfg(unix)]
#[test]
fn a_terminated_shard_asks_to_be_started_again() {
    let desk = long();
    for (options, store, code) in
        [("--shard 0/2", "out/plan/shard-0-of-2.part", 75), ("--out whole", "whole/plan/sweep.store", 143)]
    {
        let child = started(&desk, &format!("sweep plan.toml --quiet --jobs 1 {options}"), store, 20_000);
        let told = std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
        assert!(told.success());
        Ended::of(child.wait_with_output().unwrap()).must(code, "the same command goes on from here");
    }
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_named_once_and_the_sweep_goes_on_when_there_is_room() {
    let desk = desk(&[("plan.toml", PLAN)]);
    // A bound on the size of files stands for the full disk: 8 blocks of 512 or 1,024 bytes.
    for (options, code) in [("", 1), ("--shard 0/2", 75)] {
        let script = format!(
            "trap '' XFSZ; ulimit -f 8; exec {} sweep plan.toml --quiet --out full {options}",
            env!("CARGO_BIN_EXE_dropstorm")
        );
        let mut shell = std::process::Command::new("sh");
        let ended = Ended::of(shell.arg("-c").arg(script).current_dir(desk.path()).output().unwrap());
        ended.must(code, "error: cannot write `full/plan/").must(code, "the same command goes on");
        assert_eq!(ended.err.matches("error:").count(), 1, "{}", ended.err);
        assert!(!desk.path().join("full/plan/manifest.json").exists());
    }
    desk.run("sweep plan.toml --quiet --out full").must(0, "");
    desk.run("sweep plan.toml --quiet --out whole").must(0, "");
    same_results(&desk, "full/plan", "whole/plan");
}

#[test]
fn a_folder_that_cannot_be_written_is_named_before_the_first_unit() {
    let desk = desk(&[("plan.toml", PLAN)]);
    OpenOptions::new().create(true).append(true).open(desk.path().join("taken")).unwrap().write_all(b"x").unwrap();
    desk.run("sweep plan.toml --quiet --out taken").must(2, "cannot create the folder `taken/plan`");
}
