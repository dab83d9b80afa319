//! Links: results never land behind one, and what one leads to stays as it is.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::{PLAN, soon};
use crate::desk::{Desk, SMALL};

/// A desk with a link at a path within `out`, to a file or a folder with precious content.
fn linked(at: &str) -> Desk {
    let desk = Desk::with(&[("a.toml", SMALL), ("plan.toml", PLAN), ("precious.txt", "kept")]);
    fs::create_dir(desk.path().join("precious")).unwrap();
    desk.write("precious/summary.json", "kept");
    let path = desk.path().join(at);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let target = if Path::new(at).extension().is_some() { "precious.txt" } else { "precious" };
    symlink(desk.path().join(target), path).unwrap();
    desk
}

#[track_caller]
fn nothing_changed(desk: &Desk) {
    assert_eq!(desk.bytes("precious.txt"), b"kept");
    assert_eq!(desk.names("precious"), ["summary.json"]);
    assert_eq!(desk.bytes("precious/summary.json"), b"kept");
}

#[test]
fn a_folder_of_results_that_is_a_link_is_refused() {
    for (at, line) in
        [("out/a", "run a.toml"), ("out/plan", "sweep plan.toml"), ("out/plan", "sweep plan.toml --shard 0/2")]
    {
        let desk = linked(at);
        soon(&desk, line).must(2, "it is a link, through which nothing is written");
        nothing_changed(&desk);
    }
}

#[test]
fn a_result_takes_the_place_of_a_link_and_leaves_what_it_led_to() {
    for file in ["summary.json", "manifest.json", "demand.png", "viewers.csv", "heatmap.png"] {
        let desk = linked(&format!("out/a/{file}"));
        soon(&desk, "run a.toml --quiet").must(0, "");
        nothing_changed(&desk);
        assert!(
            desk.names("out/a").iter().all(|name| {
                fs::symlink_metadata(desk.path().join("out/a").join(name)).unwrap().file_type().is_file()
            })
        );
    }
    for file in ["points.csv", "manifest.json", "curves.png"] {
        let desk = linked(&format!("out/plan/{file}"));
        soon(&desk, "sweep plan.toml --quiet").must(0, "");
        nothing_changed(&desk);
    }
}

#[test]
fn a_store_that_is_a_link_is_not_touched() {
    for (file, line) in
        [("sweep.store", "sweep plan.toml"), ("shard-0-of-2.part", "sweep plan.toml --quiet --shard 0/2")]
    {
        let desk = linked(&format!("out/plan/{file}"));
        soon(&desk, line).must(2, "it is a link, not a file");
        nothing_changed(&desk);
        let desk = linked(&format!("out/plan/{file}"));
        fs::remove_file(desk.path().join("precious.txt")).unwrap();
        soon(&desk, line).must(2, "it is a link, not a file");
        assert!(!desk.path().join("precious.txt").exists(), "it was made through the link");
    }
}

#[test]
fn a_store_that_is_no_store_is_not_touched() {
    for text in ["kept", "notes of mine\n", "dropstorm units"] {
        let desk = Desk::with(&[("a.toml", SMALL), ("plan.toml", PLAN)]);
        fs::create_dir_all(desk.path().join("out/plan")).unwrap();
        desk.write("out/plan/sweep.store", text);
        let ended = soon(&desk, "sweep plan.toml --quiet");
        if "dropstorm units 1\n".starts_with(text) {
            // A store whose very first write was torn.
            ended.must(0, "");
        } else {
            ended.must(1, "this is no file of a sweep's units").must(1, "remove this file to begin anew");
            assert_eq!(desk.bytes("out/plan/sweep.store"), text.as_bytes());
            assert_eq!(desk.names("out/plan"), ["sweep.store"]);
        }
    }
}

#[test]
fn the_folder_of_all_results_may_be_a_link_since_the_user_chose_it() {
    let desk = Desk::with(&[("a.toml", SMALL), ("b.toml", SMALL)]);
    fs::create_dir(desk.path().join("elsewhere")).unwrap();
    symlink("elsewhere", desk.path().join("out")).unwrap();
    soon(&desk, "run a.toml b.toml --quiet").must(0, "");
    let names = ["a", "b", "comparison.csv", "comparison.png", "manifest.json", "report.html"];
    assert_eq!(desk.names("elsewhere"), names);
}
