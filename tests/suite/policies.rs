//! The policies of the library: overlays with the defaults of real systems, each with its source.

use std::path::{Path, PathBuf};

use dropstorm::model::{Model, warnings};
use dropstorm::scenario::{Scenario, differences};

use super::desk::{Desk, OVERLOADED};

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
        let differ = differences(&[&base, &with]);
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
    assert!(two.value("pool.playback.queue.shared.discipline.codel.target").is_some());
    // Only people reload: the gateway, whose client a call names, does not.
    let reloads = with("browsers-that-just-reload");
    let attempts = |path: &str| reloads.value(path).and_then(|value| value.as_integer());
    assert_eq!(attempts("client.app.refresh.attempts"), Some(20));
    assert_eq!(reloads.value("client.gateway.refresh"), None);
    assert_eq!(attempts("client.gateway.retry.attempts"), Some(1));
}

const NO_RETRIES: &str = "[client.\"*\".retry]\nattempts = 1\n";
const MORE: &str = "[pool.api]\nservers = 9\n";

#[test]
fn an_overlay_is_checked_alone_and_over_a_scenario() {
    let wrong = "[client.app]\n\n[client.app.retry]\natempts = 1\n";
    let foreign = "[pool.web]\nservers = 3\n";
    let desk = Desk::with(&[
        ("base.toml", OVERLOADED),
        ("none.toml", NO_RETRIES),
        ("wrong.toml", wrong),
        ("web.toml", foreign),
    ]);
    assert!(desk.run("check none.toml").must(0, "").out.contains("an overlay"));
    desk.run("check none.toml --with-base base.toml").must(0, "");
    desk.run("check wrong.toml").must(2, "did you mean `attempts`?").must(2, "wrong.toml:4");
    // What an overlay leaves out may stand in the scenario; here it does not.
    assert_eq!(desk.run("check web.toml").code, Some(0));
    desk.run("check web.toml --with-base base.toml").must(2, "`service` is missing").must(2, "web.toml:1");
    desk.run("check base.toml --with-base base.toml").must(2, "a file that states `start` is no overlay");
    desk.run("run none.toml").must(2, "`start` is missing");
    let schema: serde_json::Value = serde_json::from_str(&desk.run("schema --overlay").out).unwrap();
    assert!(schema["properties"]["client"].is_object() && schema["properties"].get("start").is_none());
}

#[test]
fn a_scenario_is_run_with_overlays_and_compared_with_each() {
    let desk = Desk::with(&[("base.toml", OVERLOADED), ("none.toml", NO_RETRIES), ("more.toml", MORE)]);
    desk.run("run base.toml --with none.toml --with more.toml --charts none --quiet").must(0, "");
    let both = desk.json("out/base+none+more/summary.json");
    assert_eq!(both["retry_amplification"]["mean"], 1);
    desk.run("compare base.toml --charts none").must(2, "two scenarios or more");
    let compared = desk.run("compare base.toml --each none.toml more.toml --replications 2 --charts none");
    compared.must(0, "");
    for name in ["base", "base+none", "base+more"] {
        assert!(desk.names("out").contains(&name.to_owned()), "{name}: {:?}", desk.names("out"));
        // A comparison calls overlays by their own names.
        let own = name.strip_prefix("base").filter(|own| !own.is_empty()).unwrap_or(name);
        assert!(compared.out.contains(own), "{own} is missing in\n{}", compared.out);
    }
    // Fewest people harmed first: with nine servers hardly anybody waits.
    let place = |name: &str| compared.out.find(name).unwrap();
    assert!(place("+more") < place("+none"), "{}", compared.out);
}

/// A tournament of an hour must not end at its last overlay.
#[test]
fn a_comparison_checks_all_of_its_files_before_it_runs_any() {
    let slow = "[pool.api]\nservers = \"two\"\n";
    let desk =
        Desk::with(&[("base.toml", OVERLOADED), ("none.toml", NO_RETRIES), ("slow.toml", slow), ("also.toml", slow)]);
    let wrong = OVERLOADED.replace("servers = 2", "servers = \"two\"");
    assert_ne!(wrong, OVERLOADED);
    desk.write("wrong.toml", &wrong);
    for command in ["compare", "run"] {
        let ended =
            desk.run(&format!("{command} base.toml --each none.toml absent.toml slow.toml also.toml --charts none"));
        ended.must(2, "there is no file absent.toml").must(2, "slow.toml:2:11").must(2, "also.toml:2:11");
        ended.must(2, "Nothing was run");
        assert_eq!(ended.out, "");
        assert!(!desk.path().join("out").exists(), "something was written");
    }
    // What is wrong with a scenario is told once, and with what is wrong with its overlays, whichever file is missing.
    let ended = desk.run("compare wrong.toml --each none.toml slow.toml absent.toml --charts none");
    ended.must(2, "slow.toml:2:11").must(2, "there is no file absent.toml").must(2, "Nothing was run");
    assert_eq!(ended.err.matches("wrong.toml:").count(), 1, "{}", ended.err);
    let ended = desk.run("compare gone.toml --each slow.toml --charts none");
    ended.must(2, "slow.toml:2:11").must(2, "there is no file gone.toml");
    desk.run("run wrong.toml --with absent.toml").must(2, "wrong.toml:").must(2, "there is no file absent.toml");
    desk.run("compare base.toml wrong.toml --charts none").must(2, "wrong.toml:").must(2, "Nothing was run");
}
