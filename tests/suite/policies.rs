//! The policies of the library: overlays with the defaults of real systems, each with its source.

use std::path::{Path, PathBuf};

use dropstorm::model::{Model, warnings};
use dropstorm::scenario::{Scenario, differences};

fn library(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name)
}

fn policies() -> Vec<PathBuf> {
    let files = std::fs::read_dir(library("policies")).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files.filter(|file| file.extension().is_some_and(|kind| kind == "toml")).collect();
    files.sort();
    files
}

#[test]
fn every_policy_is_an_overlay_that_changes_the_flagship_and_names_its_source() {
    let flagship = library("la-casa-de-papel-part-4.toml");
    let base = Scenario::read(&flagship).unwrap_or_else(|errors| panic!("{errors}"));
    assert!(policies().len() >= 12, "{:?}", policies());
    for file in policies() {
        let is_overlay = Scenario::check_overlay(&file).unwrap_or_else(|errors| panic!("{errors}"));
        assert!(is_overlay, "{file:?} states `start` or `extends`");
        let text = std::fs::read_to_string(&file).unwrap();
        let comment = text.lines().take_while(|line| line.starts_with('#')).collect::<Vec<_>>().join("\n");
        assert!(comment.contains("Source"), "{file:?} names no source in the comment at its head");
        let with =
            Scenario::read_with(&flagship, std::slice::from_ref(&file)).unwrap_or_else(|errors| panic!("{errors}"));
        let differ = differences(&[base.spec(), with.spec()]);
        assert!(!differ.is_empty(), "{file:?} changes nothing");
        // A policy says what apps, people and pools do, not who comes.
        let foreign: Vec<_> =
            differ.iter().filter(|one| !one.path.starts_with("client.") && !one.path.starts_with("pool.")).collect();
        assert!(foreign.is_empty(), "{file:?} changes {foreign:?}");
        let names = format!("la-casa-de-papel-part-4+{}", file.file_stem().unwrap().to_string_lossy());
        assert_eq!(with.name(), names);
        let model = Model::compile(&with.with("scale", "0.125").unwrap());
        // At this scale the pools of the flagship have whole slots.
        let found = warnings::of(&with, &model);
        assert!(found.iter().all(|warning| !warning.title.contains("off at this scale")), "{found}");
    }
}

#[test]
fn a_policy_keeps_what_it_does_not_name() {
    let flagship = library("la-casa-de-papel-part-4.toml");
    let with = |name: &str| Scenario::read_with(&flagship, &[library(&format!("policies/{name}.toml"))]).unwrap();
    let limit = |scenario: &Scenario| scenario.value("pool.gateway.queue.shared.limit");
    assert_eq!(limit(&with("codel")), limit(&Scenario::read(&flagship).unwrap()));
    let two =
        Scenario::read_with(&flagship, &[library("policies/codel.toml"), library("policies/no-retries.toml")]).unwrap();
    assert_eq!(two.name(), "la-casa-de-papel-part-4+codel+no-retries");
    assert_eq!(two.value("client.app.retry.attempts"), with("no-retries").value("client.app.retry.attempts"));
    assert!(two.value("pool.gateway.queue.shared.discipline.codel.target").is_some());
}
