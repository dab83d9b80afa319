//! Inputs that are no files: pipes, sockets, devices and folders are refused at once, wherever a file is named.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::process::Command;

use super::{PLAN, soon};
use crate::desk::{Desk, SMALL};

/// What stands where a file should, with the words in which each is refused.
const STRANGE: [(&str, &str); 6] = [
    ("pipe", "is a pipe, not a file"),
    ("socket", "is a socket, not a file"),
    ("device", "is a device, not a file"),
    ("zero", "is a device, not a file"),
    ("folder", "a folder, not a file"),
    ("link-to-pipe", "is a pipe, not a file"),
];

/// Puts one of them at a path.
fn put(desk: &Desk, kind: &str, file: &str) {
    let path = desk.path().join(file);
    let pipe = |path: &std::path::Path| assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    match kind {
        "pipe" => pipe(&path),
        // The socket stays when its listener is gone.
        "socket" => drop(UnixListener::bind(&path).unwrap()),
        "device" => symlink("/dev/tty", &path).unwrap(),
        "zero" => symlink("/dev/zero", &path).unwrap(),
        "folder" => fs::create_dir(&path).unwrap(),
        _ => {
            pipe(&desk.path().join("pipe-behind-the-link"));
            symlink("pipe-behind-the-link", &path).unwrap();
        }
    }
}

#[test]
fn what_is_no_file_is_refused_at_once_wherever_a_file_is_named() {
    let trace = SMALL.replace(
        "viewers = 500\narrival = { exponential = { mean = \"1 min\" } }",
        "trace = { file = \"x\", time = \"minute\", unit = \"min\", count = \"people\" }",
    );
    let law = SMALL.replace("{ exponential = { mean = \"200 ms\" } }", "{ empirical = { file = \"x\" } }");
    let overlay = "extends = \"x\"\ntitle = \"Overlay\"\n";
    let files = [("a.toml", SMALL), ("trace.toml", &trace), ("law.toml", &law), ("overlay.toml", overlay)];
    let of_x = PLAN.replace("a.toml", "x");
    for (kind, said) in STRANGE {
        let desk = Desk::with(&files);
        desk.write("plan-of-x.toml", &of_x);
        put(&desk, kind, "x");
        for line in [
            "check x",
            "run x",
            "run trace.toml",
            "run law.toml",
            "check overlay.toml",
            "sweep x",
            "sweep plan-of-x.toml --dry-run",
            "find x --vary pool.api.servers=1..4 --until error_rate.overall<1%",
        ] {
            soon(&desk, line).must(2, said);
        }
        assert!(desk.names("out").is_empty());
    }
}

#[test]
fn a_store_or_a_shard_that_is_no_file_is_refused_and_stays() {
    for (kind, said) in STRANGE {
        let desk = Desk::with(&[("a.toml", SMALL), ("plan.toml", PLAN)]);
        fs::create_dir_all(desk.path().join("out/plan")).unwrap();
        let said = if ["device", "zero", "link-to-pipe"].contains(&kind) { "is a link, not a file" } else { said };
        for file in ["sweep.store", "shard-0-of-2.part"] {
            let path = desk.path().join("out/plan").join(file);
            put(&desk, kind, &format!("out/plan/{file}"));
            let line = if file == "sweep.store" { "sweep plan.toml --quiet" } else { "sweep plan.toml --shard 0/2" };
            soon(&desk, line).must(2, said);
            assert!(fs::symlink_metadata(&path).is_ok(), "{file} is gone");
            let removed = if kind == "folder" { fs::remove_dir(&path) } else { fs::remove_file(&path) };
            removed.unwrap();
            let _ = fs::remove_file(desk.path().join("pipe-behind-the-link"));
        }
    }
}

#[test]
fn a_finished_shard_that_is_no_file_is_refused() {
    let said = |kind: &str| STRANGE.iter().find(|(name, _)| *name == kind).unwrap().1;
    for kind in ["pipe", "socket", "zero", "folder"] {
        let desk = Desk::with(&[("a.toml", SMALL), ("plan.toml", PLAN)]);
        desk.run("sweep plan.toml --quiet --shard 0/2").must(0, "");
        put(&desk, kind, "out/plan/shard-1-of-2.units");
        soon(&desk, "sweep merge out").must(1, said(kind));
        soon(&desk, "sweep plan.toml --quiet --shard 1/2").must(75, said(kind));
    }
}

/// A file that somebody writes to without an end is read up to a limit, or to the end that it had.
#[test]
fn a_growing_file_has_a_bound() {
    let desk = Desk::with(&[("a.toml", SMALL)]);
    let grow = "exec 2>/dev/null; yes '# more' > a.toml.new & w=$!; sleep 0.3; mv a.toml.new grown.toml; wait $w";
    let mut writer =
        Command::new("sh").arg("-c").arg(format!("ulimit -f 200000; {grow}")).current_dir(desk.path()).spawn().unwrap();
    while !desk.path().join("grown.toml").exists() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    soon(&desk, "check grown.toml").must(2, "is too large");
    writer.wait().unwrap();
}
