//! Times W3, the hold model: with a fixed number of pending events, each hop takes the earliest event and schedules one at a
//! random time later.
//!
//! `cargo bench --bench calendar` prints the time of one hop, for the calendar and for a plain binary heap. Compare the
//! means: now and then a hop of the calendar spreads a wide bucket, which speeds up many later hops.
//!
//! `free_servers` times the alternative to an event for each end of service: a heap of the times at which a thousand servers
//! become free, of which the earliest takes the next customer.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use divan::Bencher;
use dropstorm::engine::calendar::Calendar;
use dropstorm::random::{Draw, Key, Purpose};
use dropstorm::units::Time;

const PENDING: [usize; 5] = [1_000, 10_000, 100_000, 1_000_000, 10_000_000];

fn main() {
    divan::main();
}

fn later(draw: &mut Draw, now: u64) -> u64 {
    now + (draw.exponential() * 1e9) as u64
}

/// Times single hops in the steady state, which is reached after as many hops as there are events. Samples are so large that
/// reading the clock does not count.
fn hold(bencher: Bencher, pending: usize, mut hop: impl FnMut()) {
    for _ in 0..pending {
        hop();
    }
    bencher.bench_local(hop);
}

#[divan::bench(args = PENDING, sample_count = 100, sample_size = 100_000)]
fn calendar(bencher: Bencher, pending: usize) {
    let mut draw = Key::root(1, 0).draw(Purpose::Service);
    let mut calendar = Calendar::new();
    for event in 0..pending {
        calendar.push(Time(later(&mut draw, 0)), event as u64);
    }
    hold(bencher, pending, || {
        if let Some((now, event)) = calendar.pop() {
            calendar.push(Time(later(&mut draw, now.0)), event);
        }
    });
}

#[divan::bench(args = PENDING, sample_count = 100, sample_size = 100_000)]
fn binary_heap(bencher: Bencher, pending: usize) {
    let mut draw = Key::root(1, 0).draw(Purpose::Service);
    let mut heap = BinaryHeap::new();
    for event in 0..pending {
        heap.push(Reverse((later(&mut draw, 0), event as u64)));
    }
    hold(bencher, pending, || {
        if let Some(Reverse((now, event))) = heap.pop() {
            heap.push(Reverse((later(&mut draw, now), event)));
        }
    });
}

#[divan::bench(sample_count = 100, sample_size = 100_000)]
fn free_servers(bencher: Bencher) {
    let mut draw = Key::root(1, 0).draw(Purpose::Service);
    let mut free: BinaryHeap<Reverse<u64>> = (0..1_000).map(|_| Reverse(later(&mut draw, 0))).collect();
    hold(bencher, 1_000, || {
        if let Some(mut next) = free.peek_mut() {
            next.0 = later(&mut draw, next.0);
        }
    });
}
