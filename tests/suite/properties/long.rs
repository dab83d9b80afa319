//! Many more fresh cases than a plain run has time for, on all processors.

use std::sync::atomic::{AtomicU64, Ordering};

use super::draw::Key;
use super::fresh;
use crate::long_tests;

const CASES: u64 = 20_000;

#[test]
fn every_property_holds_for_thousands_of_cases() {
    let seed = fresh::announced_seed();
    let (next, count) = (AtomicU64::new(0), long_tests::share(CASES));
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                break;
            }
            fresh::every_property_holds(Key::of(seed).nth(number).seed());
        }
    };
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| (0..processors).for_each(|_| drop(scope.spawn(work))));
}
