//! Many more inputs than a plain run of the tests has time for.

use super::{Tally, fuzz};
use crate::long_tests;
use crate::properties::announced_seed;

const INPUTS: u64 = 50_000;
const RUNS: u64 = 5_000;

#[test]
fn tens_of_thousands_of_changed_inputs_and_thousands_of_runs() {
    let (inputs, runs) = (long_tests::share(INPUTS), long_tests::share(RUNS));
    let tally = fuzz(announced_seed(), inputs, runs);
    eprintln!("{tally:?}");
    assert!(
        Tally::of(&tally.taken) + Tally::of(&tally.refused) >= inputs && Tally::of(&tally.runs) >= runs,
        "{tally:?}"
    );
}
