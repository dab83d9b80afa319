//! Every scenario of the library is told as it is, at a small scale that changes no pool by more than a fifth.

use super::evidence::Order;
use super::judge::faults;
use crate::library::library;

/// Scales to try, the smallest first.
const SCALES: &[&str] = &["0.002", "0.01", "0.02", "0.05", "0.1", "0.2"];

#[test]
fn the_library_is_told_as_it_is() {
    let mut wrong = Vec::new();
    for file in library() {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let runs = SCALES.iter().map(|scale| Order::of(&file).with("scale", scale).run());
        match runs.into_iter().find_map(Result::ok) {
            Some(evidence) => wrong.extend(faults(&evidence).into_iter().map(|fault| format!("{name}: {fault}"))),
            None => wrong.push(format!("{name} runs at none of {SCALES:?}")),
        }
    }
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
}
