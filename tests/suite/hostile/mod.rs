//! Hostile inputs and broken machines: nothing hangs, strays, mixes, gets lost without a word, or acts on a terminal.

mod faults;
mod inputs;
mod links;
mod names;
mod text;
#[cfg(unix)]
mod writers;

use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::desk::{Desk, Ended};

/// A plan of four units.
const PLAN: &str = "scenario = \"a.toml\"\nreplications = 2\n[vary]\n\"pool.api.servers\" = [1, 2]\n";

/// Time in which any of these commands must have ended, on a busy machine.
const SOON: Duration = Duration::from_secs(20);

/// Runs a command line that must not hang.
#[track_caller]
fn soon(desk: &Desk, line: &str) -> Ended {
    ended_soon(desk.command(line), line)
}

/// Waits for a command that must not hang.
#[track_caller]
fn ended_soon(mut command: Command, line: &str) -> Ended {
    // Files take what is printed, since a pipe that nobody reads would hang it too.
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| fs::File::create(folder.path().join(name)).unwrap();
    let mut child = command.stdin(Stdio::null()).stdout(file("out")).stderr(file("err")).spawn().unwrap();
    let code = wait(&mut child, line).code();
    let text = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    Ended { code, out: text("out"), err: text("err") }
}

#[track_caller]
fn wait(child: &mut Child, line: &str) -> std::process::ExitStatus {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if begun.elapsed() > SOON {
            let _ = child.kill();
            panic!("`{line}` hangs");
        }
        sleep(Duration::from_millis(2));
    }
}

/// Asserts that a folder is whole, with each file as its manifest states it, or else has no manifest.
#[track_caller]
fn whole_or_without_manifest(desk: &Desk, folder: &str) -> bool {
    let names = desk.names(folder);
    if !names.iter().any(|name| name == "manifest.json") {
        return false;
    }
    let manifest = desk.json(&format!("{folder}/manifest.json"));
    let listed = manifest["files"].as_array().unwrap();
    for file in listed {
        let name = file["name"].as_str().unwrap();
        let bytes = desk.bytes(&format!("{folder}/{name}"));
        let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!((&file["bytes"], &file["sha256"]), (&bytes.len().into(), &digest.into()), "{name}");
    }
    let outputs = names.iter().filter(|name| !name.ends_with(".tmp") && !name.ends_with(".store"));
    assert_eq!(outputs.count(), listed.len() + 1, "{names:?}");
    true
}
