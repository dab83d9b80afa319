//! Cases that nobody has seen before: each run of the tests draws others.

use std::collections::BTreeSet;
use std::io::Write;
use std::time::{SystemTime, UNIX_EPOCH};

use super::ALL;
use super::case::{broken, case, seeds, smallest};

/// Set to a seed that was printed, it draws the same cases again.
const VARIABLE: &str = "DROPSTORM_TEST_SEED";

const CASES: u64 = 40;

/// The seed of this run, which is printed before the first case is drawn.
pub fn announced_seed() -> u64 {
    let stated = std::env::var(VARIABLE).ok().map(|text| text.parse().expect("a seed is a whole number"));
    let now =
        || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as u64 % 1_000_000_000);
    let seed = stated.unwrap_or_else(now);
    // Written past the test runner, which shows what a test prints only if it fails, and nothing if it never ends.
    let _ = writeln!(std::io::stderr(), "Cases are drawn from {seed}; {VARIABLE}={seed} draws them again.");
    seed
}

/// Holds every property against the case of a seed.
pub fn every_property_holds(seed: u64) {
    let case = case(seed, BTreeSet::new());
    for (name, property) in ALL {
        if broken(*property, &case).is_err() {
            panic!("{name}: {}", smallest(*property, seed));
        }
    }
}

#[test]
fn every_property_holds_for_cases_that_nobody_has_seen_before() {
    let seed = announced_seed();
    seeds(seed, CASES).for_each(every_property_holds);
}
