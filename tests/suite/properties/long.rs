//! Many more fresh cases than a plain run has time for, on all processors.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::case::seeds;
use super::fresh::{announced_seed, every_property_holds};
use crate::long_tests;

const CASES: u64 = 20_000;

#[test]
fn every_property_holds_for_thousands_of_cases() {
    let seeds: Vec<u64> = seeds(announced_seed(), long_tests::share(CASES)).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(seed) = seeds.get(next.fetch_add(1, Ordering::Relaxed)) {
            every_property_holds(*seed);
        }
    };
    let processors = thread::available_parallelism().map_or(1, usize::from);
    // The scope waits for all, and fails if one does.
    thread::scope(|scope| (0..processors).for_each(|_| drop(scope.spawn(work))));
}
