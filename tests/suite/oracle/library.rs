//! Every scenario of the library is told as it is, at a small scale that changes no pool by more than a fifth.

use super::evidence::Order;
use super::judge::faults;
use crate::library::library;

/// Scenarios that take seconds at any of the scales: the variations of the morning, and a sale with many attempts for each viewer.
const LONG: &[&str] = &[
    "no-bitrate-cut",
    "no-lockdown",
    "no-queue-timeout",
    "operators-never",
    "operators-ten-minutes-earlier",
    "retries-without-backoff",
    "staggered-release",
    "ticket-sale",
    "twice-the-servers",
];

/// Scales to try, the smallest first.
const SCALES: &[&str] = &["0.002", "0.01", "0.02", "0.05", "0.1", "0.2"];

/// Judges what is said of the scenarios of the library that a test chooses by their names.
fn are_told(chosen: impl Fn(&str) -> bool) {
    let mut wrong = Vec::new();
    for file in library() {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        if !chosen(&name) {
            continue;
        }
        let runs = SCALES.iter().map(|scale| Order::of(&file).with("scale", scale).run());
        match runs.into_iter().find_map(Result::ok) {
            Some(evidence) => wrong.extend(faults(&evidence).into_iter().map(|fault| format!("{name}: {fault}"))),
            None => wrong.push(format!("{name} runs at none of {SCALES:?}")),
        }
    }
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_library_is_told_as_it_is() {
    are_told(|name| !LONG.contains(&name));
}

mod long {
    use super::{LONG, are_told};
    use crate::long_tests::share;

    #[test]
    fn scenarios_of_the_library_that_take_long_are_told_as_they_are() {
        let chosen = &LONG[..share(LONG.len() as u64) as usize];
        are_told(|name| chosen.contains(&name));
    }
}
