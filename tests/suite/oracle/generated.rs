//! Every sentence about scenarios that nobody wrote: drawn from the JSON Schema, with other features each.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::evidence::{Evidence, Order};
use super::judge::faults;
use crate::desk::Desk;
use crate::long_tests;
use crate::properties::case::{case, seeds};

/// The cases of a plain run.
const PLAIN: u64 = 50;

/// The seed that cases are drawn from.
const SEED: u64 = 12;

/// Puts the files that drawn scenarios read into a folder.
fn add_data(folder: &Path) {
    let named = Path::new("tests/scenarios");
    fs::create_dir_all(folder.join(named)).unwrap();
    for name in ["arrivals.csv", "spans.txt"] {
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join(named).join(name);
        fs::copy(own, folder.join(named).join(name)).unwrap();
    }
}

/// The run of a drawn scenario; none if the scenario cannot be run in a moment.
pub fn run_of(seed: u64, replications: u64) -> Option<(Evidence, String)> {
    let text = case(seed, BTreeSet::new()).ok()?.drawn.text();
    let desk = Desk::with(&[("drawn.toml", &text)]);
    add_data(desk.path());
    let file = desk.path().join("drawn.toml");
    // Scales that change a pool by more than a fifth are refused, which other tests hold.
    let evidence = Order { replications, ..Order::of(&file) }.run().ok()?;
    Some((evidence, text))
}

/// Judges what is said of the cases of some seeds; at least half of them must run.
#[track_caller]
fn are_told_as_they_are(seeds: impl Iterator<Item = u64>, replications: u64) {
    let (mut ran, mut all, mut wrong) = (0, 0, Vec::new());
    for seed in seeds {
        all += 1;
        let Some((evidence, text)) = run_of(seed, replications) else { continue };
        ran += 1;
        let faults = faults(&evidence);
        if !faults.is_empty() {
            // Said at once, since a thousand take long.
            eprintln!("drawn from {seed}: {}", faults.join("\n"));
            wrong.push((format!("drawn from {seed}: {}", faults.join("\n")), text));
        }
    }
    eprintln!("{} of {ran} are told wrong, of {all} that were drawn", wrong.len());
    assert!(4 * ran >= all, "only {ran} of {all} cases run");
    let faults: Vec<&str> = wrong.iter().map(|(faults, _)| faults.as_str()).collect();
    // One scenario is enough to read at a time.
    assert!(
        wrong.is_empty(),
        "{} of {ran} are told wrong:\n{}\nThe first is\n{}",
        wrong.len(),
        faults.join("\n"),
        wrong[0].1
    );
}

#[test]
fn scenarios_that_nobody_wrote_are_told_as_they_are() {
    are_told_as_they_are(seeds(SEED, PLAIN), 1);
}

#[test]
fn replications_of_scenarios_that_nobody_wrote_are_told_as_they_are() {
    are_told_as_they_are(seeds(SEED + 1, 24), 9);
}

mod long {
    use super::{SEED, are_told_as_they_are, long_tests, seeds};

    #[test]
    fn a_thousand_scenarios_that_nobody_wrote_are_told_as_they_are() {
        // More than nine tenths of what is drawn can be run.
        let seed = long_tests::seed(SEED + 2);
        are_told_as_they_are(long_tests::part(seeds(seed, long_tests::share(1_100))), 1);
    }
}
