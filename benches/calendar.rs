//! The hold model: so many events pending; each hop pops the earliest and schedules one a random time later.
//!
//! `cargo bench --bench calendar` prints the time of one hop for the calendar and for a plain binary heap.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use divan::Bencher;
use divan::counter::ItemsCount;
use dropstorm::engine::calendar::Calendar;
use dropstorm::random::{Draw, Key, Purpose};
use dropstorm::units::Time;

const PENDING: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
const HOPS: usize = 100_000;

fn main() {
    divan::main();
}

fn later(draw: &mut Draw, now: u64) -> u64 {
    now + (draw.exponential() * 1e9) as u64
}

#[divan::bench(args = PENDING)]
fn calendar(bencher: Bencher, pending: usize) {
    let mut draw = Key::root(1, 0).draw(Purpose::Service);
    let mut calendar = Calendar::new();
    for event in 0..pending {
        calendar.push(Time(later(&mut draw, 0)), event as u64);
    }
    bencher.counter(ItemsCount::new(HOPS)).bench_local(|| {
        for _ in 0..HOPS {
            if let Some((now, event)) = calendar.pop() {
                calendar.push(Time(later(&mut draw, now.0)), event);
            }
        }
    });
}

#[divan::bench(args = PENDING)]
fn binary_heap(bencher: Bencher, pending: usize) {
    let mut draw = Key::root(1, 0).draw(Purpose::Service);
    let mut heap = BinaryHeap::new();
    for event in 0..pending {
        heap.push(Reverse((later(&mut draw, 0), event as u64)));
    }
    bencher.counter(ItemsCount::new(HOPS)).bench_local(|| {
        for _ in 0..HOPS {
            if let Some(Reverse((now, event))) = heap.pop() {
                heap.push(Reverse((later(&mut draw, now), event)));
            }
        }
    });
}
