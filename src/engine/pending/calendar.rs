//! A radix calendar that sorts lazily: the pending events of random delays, in order of time.
//!
//! A time is a number of eleven digits to the base 64. An event lies in the bucket of the highest digit in which its time
//! differs from the cursor's. So buckets are narrow near the present and wide far away, at any density of events, and no
//! width is given by hand. Counting zeros in bit maps finds the next bucket. A bucket with few events is sorted and opened;
//! a bucket with very many is first spread over the level below, and so is one with many if new events would fall into it.
//! Each event is moved a few times, sequentially, at any number of pending events. Compare R. Brown, Calendar Queues, CACM 31
//! (1988); buckets by digit are those of the radix heaps of R. K. Ahuja et al., Faster algorithms for the shortest path
//! problem, JACM 37 (1990).

use super::blocks::{Blocks, Chain, Entry, entry, time_of};
use super::lookahead::{FAR, Lookahead, NEAR, look_at_first, look_at_servers};
use super::sort::{FEW, MOST_BY_CELLS, latest_first};
use crate::units::Time;

/// Bits of a digit, so that the bit map of a level is one word.
const DIGIT_BITS: u32 = 6;
/// Buckets of a level: values of a digit.
const BUCKETS: usize = 1 << DIGIT_BITS;
/// Levels: digits of a time.
const LEVELS: usize = 11;
/// Buckets of all levels, rounded up to a power of two, so that a mask keeps an index within them.
const ALL_BUCKETS: usize = (LEVELS * BUCKETS).next_power_of_two();
/// Number of insertions after which a long open bucket is closed, since each moves the events before it in time.
const MOST_INSERTED: usize = 64;
/// Number of events up to which an open bucket is short and stays open.
const SHORT: usize = 32;
/// Number of buckets with many events that are spread at a level after an open bucket there was closed.
const SPREAD_AFTER_CLOSING: u8 = 16;

/// The level of the digit that holds a bit of a time.
#[derive(Clone, Copy)]
struct Level {
    /// Index of the level's first bucket among the buckets of all levels.
    first: u16,
    /// Number of bits below the digit.
    shift: u8,
}

/// The level of each bit of a time, in a table, since reading it takes fewer instructions than a division.
const LEVEL_OF_BIT: [Level; u64::BITS as usize] = {
    let mut levels = [Level { first: 0, shift: 0 }; u64::BITS as usize];
    let mut bit = 0;
    while bit < levels.len() {
        let level = bit / DIGIT_BITS as usize;
        levels[bit] = Level { first: (level * BUCKETS) as u16, shift: (level * DIGIT_BITS as usize) as u8 };
        bit += 1;
    }
    levels
};

/// Pending events, popped in order of time, then of event number.
pub struct Calendar {
    /// The open bucket, latest first, so that the next event is the last element.
    open: Vec<Entry>,
    /// Number of events that were inserted into the open bucket since it was opened.
    inserted: usize,
    /// All pending events before this time are in `open`.
    open_until: u64,
    /// Start of the open bucket; the level and bucket of every event are relative to it.
    cursor: u64,
    /// Level of the open bucket.
    open_level: usize,
    /// For each level, the number of buckets with many events to be spread before one is opened as a whole again. Where new
    /// events fall into open buckets, a wide one would be closed before its end.
    to_spread: [u8; LEVELS],
    /// Time of the last event popped.
    now: u64,
    /// Time before which no bucket with events begins, if `open` is empty.
    nothing_before: u64,
    /// The buckets of level 0, then those of level 1, and so on.
    buckets: Box<[Chain; ALL_BUCKETS]>,
    /// The buckets of each level that hold events, one bit each.
    occupied: [u64; LEVELS],
    /// The entries of all buckets.
    blocks: Blocks,
    /// A buffer for the events of an open bucket that is being closed; else empty.
    closing: Vec<Entry>,
    /// Whether individual servers are prefetched.
    pub sees_servers: bool,
}

impl Default for Calendar {
    fn default() -> Self {
        Calendar::new()
    }
}

impl Calendar {
    /// An empty calendar at time zero.
    pub fn new() -> Calendar {
        Calendar {
            open: Vec::with_capacity(MOST_BY_CELLS + MOST_INSERTED + 1),
            inserted: 0,
            open_until: 0,
            cursor: 0,
            open_level: 0,
            to_spread: [0; LEVELS],
            now: 0,
            nothing_before: 0,
            buckets: Box::new([Chain::EMPTY; ALL_BUCKETS]),
            occupied: [0; LEVELS],
            blocks: Blocks::new(),
            closing: Vec::new(),
            sees_servers: false,
        }
    }

    /// Number of pending events.
    pub fn len(&self) -> usize {
        self.open.len() + self.buckets.iter().map(Chain::len).sum::<usize>()
    }

    /// Whether no event is pending.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty() && self.occupied == [0; LEVELS]
    }

    /// Adds an event at a time that is not before the last event popped.
    #[inline(always)]
    pub fn push(&mut self, time: Time, event: u64) {
        let entry = entry(time, event);
        if time.0 >= self.open_until {
            self.file(entry);
        } else if self.open.last().is_none_or(|first| entry < *first) {
            // Most events of the present instant, as replies without a distance are.
            self.open.push(entry);
        } else {
            self.insert_into_open(entry);
        }
    }

    /// Takes out the earliest event; of several at one instant, the event with the lowest number.
    #[inline]
    pub fn pop(&mut self) -> Option<(Time, u64)> {
        self.pop_until(Time(u64::MAX), ())
    }

    /// Takes out the earliest event unless its time is after `limit`. If it is, no event may be added before `limit` later.
    #[inline(always)]
    pub fn pop_until(&mut self, limit: Time, rows: impl Lookahead) -> Option<(Time, u64)> {
        if self.open.is_empty() && !self.open_next(limit.0, rows) {
            return None;
        }
        let entry = *self.open.last()?;
        if time_of(entry) > limit.0 {
            self.now = limit.0;
            return None;
        }
        self.open.pop();
        self.now = time_of(entry);
        let left = self.open.len();
        if let Some(coming) = self.open.get(left.wrapping_sub(FAR)) {
            rows.prefetch(*coming as u64);
        }
        if let Some(coming) = self.open.get(left.wrapping_sub(NEAR)) {
            rows.prefetch_behind(*coming as u64);
        }
        if self.sees_servers {
            look_at_servers(&self.open, rows);
        }
        Some((Time(self.now), entry as u64))
    }

    /// Bytes of the blocks of all buckets, idle ones included.
    pub fn bytes(&self) -> usize {
        self.blocks.bytes()
    }

    /// Whether another event is pending at the instant of the last one popped.
    #[inline]
    pub fn has_more_at(&self, now: Time) -> bool {
        // Events outside of the open bucket are later than all events in it.
        self.open.last().is_some_and(|entry| time_of(*entry) == now.0)
    }

    /// Adds an event to the bucket of the highest digit in which its time differs from the cursor's.
    #[inline(always)]
    fn file(&mut self, entry: Entry) {
        let time = time_of(entry);
        let Level { first, shift } = LEVEL_OF_BIT[((time ^ self.cursor) | 1).ilog2() as usize];
        let digit = (time >> shift) as usize & (BUCKETS - 1);
        let bucket = &mut self.buckets[(usize::from(first) | digit) & (ALL_BUCKETS - 1)];
        if bucket.needs_block() {
            self.blocks.extend(bucket);
            self.occupied[usize::from(first) / BUCKETS] |= 1 << digit;
            self.nothing_before = self.nothing_before.min(time >> shift << shift);
        }
        self.blocks.push(bucket, entry);
    }

    /// Inserts an event into the open bucket in order, and closes a bucket that has grown too long.
    #[inline(never)]
    fn insert_into_open(&mut self, entry: Entry) {
        let index = self.open.partition_point(|other| *other > entry);
        self.open.insert(index, entry);
        self.inserted += 1;
        if self.inserted > MOST_INSERTED && self.open.len() > SHORT && self.open_level > 0 {
            self.close_open();
        }
    }

    /// Spreads the open bucket over narrower buckets, with the cursor at the present.
    ///
    /// Events of the present instant stay in the open bucket, so that all other events are later.
    #[cold]
    fn close_open(&mut self) {
        self.to_spread[self.open_level] = SPREAD_AFTER_CLOSING;
        let present = self.open.partition_point(|entry| time_of(*entry) > self.now);
        let mut later = std::mem::take(&mut self.closing);
        later.extend(self.open.drain(..present));
        self.cursor = self.now;
        self.open_until = self.now + 1;
        self.open_level = 0;
        for entry in later.drain(..) {
            self.file(entry);
        }
        self.closing = later;
    }

    /// Opens the next bucket; false if every bucket with events begins after `limit`.
    #[inline(never)]
    fn open_next(&mut self, limit: u64, rows: impl Lookahead) -> bool {
        if limit < self.nothing_before {
            self.wait_until(limit);
            return false;
        }
        loop {
            let Some(level) = self.occupied.iter().position(|map| *map != 0) else {
                self.nothing_before = u64::MAX;
                self.wait_until(limit);
                return false;
            };
            let digit = self.occupied[level].trailing_zeros() as usize;
            let shift = DIGIT_BITS * level as u32;
            // The start of the bucket has the cursor's digits above this level, the bucket's digit here, and zeros below.
            let above = self.cursor.checked_shr(shift + DIGIT_BITS).unwrap_or(0);
            let start = above.checked_shl(shift + DIGIT_BITS).unwrap_or(0) | ((digit as u64) << shift);
            if start > limit {
                self.nothing_before = start;
                self.wait_until(limit);
                return false;
            }
            self.occupied[level] &= !(1 << digit);
            let bucket = std::mem::replace(&mut self.buckets[level * BUCKETS + digit], Chain::EMPTY);
            self.cursor = start;
            if level == 0 || bucket.len() <= FEW || (bucket.len() <= MOST_BY_CELLS && self.to_spread[level] == 0) {
                self.open_until = start.saturating_add(1 << shift);
                self.open_level = level;
                self.inserted = 0;
                self.open_bucket(bucket, shift);
                look_at_first(&self.open, rows, self.sees_servers);
                return true;
            }
            self.open_until = start;
            self.to_spread[level] = self.to_spread[level].saturating_sub(1);
            self.spread_bucket(bucket);
        }
    }

    /// Moves the cursor to `limit`, with no bucket open and every pending event after `limit`. No event changes its bucket:
    /// a time between the cursor and the first bucket differs from the cursor in no digit above that bucket's.
    #[inline]
    fn wait_until(&mut self, limit: u64) {
        // A caller without a limit passes the end of time.
        if limit < u64::MAX {
            self.now = limit;
            self.cursor = limit;
            self.open_until = limit + 1;
            self.open_level = 0;
        }
    }

    /// Moves the events of a bucket into narrower buckets. Each block is released before the next block is read, so that
    /// the memory of a bucket exceeds its events by one block at most.
    fn spread_bucket(&mut self, mut bucket: Chain) {
        while let Some(block) = self.blocks.first_block(&bucket) {
            for index in block {
                self.file(self.blocks.entry_at(index));
            }
            self.blocks.release_first_block(&mut bucket);
        }
    }

    /// Moves the events of a bucket of width 2^`shift` ns into the empty open bucket, latest first.
    fn open_bucket(&mut self, bucket: Chain, shift: u32) {
        let (open, blocks) = (&mut self.open, &self.blocks);
        latest_first(|| blocks.entries_of(bucket), bucket.len(), shift, open);
        self.blocks.release(bucket);
        if self.blocks.are_mostly_idle() {
            self.blocks.give_back(self.buckets.iter_mut());
            self.closing = Vec::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;
    use std::collections::BinaryHeap;

    use super::*;
    use crate::random::{Draw, Key, Purpose};

    /// Drives the calendar and a plain heap side by side and compares each step.
    fn drive(steps: usize, seed: u64, mut delay: impl FnMut(&mut Draw, usize) -> u64) {
        let mut draw = Key::root(seed, 0).draw(Purpose::Service);
        let mut calendar = Calendar::new();
        let mut heap = BinaryHeap::new();
        let mut now = 0_u64;
        for step in 0..steps {
            for _ in 0..draw.bits() % 3 {
                let time = now.saturating_add(delay(&mut draw, step));
                let event = draw.bits() % 50;
                calendar.push(Time(time), event);
                heap.push(Reverse((time, event)));
            }
            if draw.bits().is_multiple_of(2) {
                let expected = heap.pop().map(|Reverse((time, event))| (Time(time), event));
                assert_eq!(calendar.pop(), expected, "step {step}");
                now = expected.map_or(now, |(time, _)| time.0);
                assert_eq!(calendar.has_more_at(Time(now)), heap.peek().is_some_and(|next| next.0.0 == now));
            }
            assert_eq!(calendar.len(), heap.len());
        }
        while let Some(Reverse((time, event))) = heap.pop() {
            assert_eq!(calendar.pop(), Some((Time(time), event)));
        }
        assert!(calendar.is_empty() && calendar.pop().is_none());
    }

    /// Drives the calendar and a plain heap side by side, each pop with a limit, as the queues of constant delays set it.
    fn drive_with_limits(steps: usize, seed: u64, mut delay: impl FnMut(&mut Draw) -> u64) {
        let mut draw = Key::root(seed, 1).draw(Purpose::Service);
        let mut calendar = Calendar::new();
        let mut heap = BinaryHeap::new();
        let mut now = 0_u64;
        for step in 0..steps {
            for _ in 0..draw.bits() % 3 {
                let time = now.saturating_add(delay(&mut draw));
                calendar.push(Time(time), step as u64);
                heap.push(Reverse((time, step as u64)));
            }
            let limit = now.saturating_add(delay(&mut draw) / 4);
            let expected = heap.peek().map(|Reverse(next)| *next).filter(|(time, _)| *time <= limit);
            assert_eq!(calendar.pop_until(Time(limit), ()), expected.map(|(time, step)| (Time(time), step)));
            if expected.is_some() {
                heap.pop();
            }
            // If no event is due by the limit, simulated time moves on to the limit.
            now = expected.map_or(limit, |(time, _)| time);
            assert_eq!(calendar.has_more_at(Time(now)), heap.peek().is_some_and(|next| next.0.0 == now));
        }
    }

    #[test]
    fn a_limit_holds_back_the_events_after_it_and_no_others() {
        drive_with_limits(60_000, 1, |draw| (draw.exponential() * 1e9) as u64);
        drive_with_limits(60_000, 2, |draw| draw.bits() % 3);
        drive_with_limits(60_000, 3, |draw| draw.bits() >> (20 + draw.bits() % 44));
        drive_with_limits(60_000, 4, |draw| if draw.bits().is_multiple_of(50) { 1 << 40 } else { draw.bits() % 5_000 });
    }

    #[test]
    fn the_memory_of_a_peak_is_given_back() {
        let mut draw = Key::root(1, 0).draw(Purpose::Service);
        let mut calendar = Calendar::new();
        let peak = 1_000_000;
        for event in 0..peak {
            calendar.push(Time((draw.uniform() * 1e12) as u64), event);
        }
        let at_peak = calendar.bytes();
        assert!(at_peak < peak as usize * 18, "{at_peak} bytes for {peak} events");
        for _ in 0..peak - 1_000 {
            calendar.pop();
        }
        assert!(calendar.bytes() < at_peak / 10, "{} bytes after a peak of {at_peak}", calendar.bytes());
        let (mut last, mut remaining) = (Time(0), 0);
        while let Some((time, _)) = calendar.pop() {
            assert!(time >= last);
            (last, remaining) = (time, remaining + 1);
        }
        assert_eq!(remaining, 1_000);
    }

    #[test]
    fn the_calendar_pops_what_a_heap_pops_at_any_delays() {
        drive(60_000, 1, |draw, _| (draw.exponential() * 1e9) as u64);
        drive(60_000, 2, |_, _| 0);
        drive(60_000, 3, |draw, _| draw.bits() % 3);
        drive(60_000, 4, |draw, step| if step % 1000 < 900 { draw.bits() % 1000 } else { draw.bits() % (1 << 50) });
        drive(60_000, 5, |draw, _| draw.bits() >> (draw.bits() % 64));
        drive(60_000, 6, |_, step| 60_000 - step as u64);
        // A burst long enough that buckets are spread and sorted in every way, then a few events of one instant.
        drive(60_000, 8, |draw, step| if step % 7_000 < 6_000 { draw.bits() % 100_000_000 } else { 12 });
        drive(60_000, 7, |_, step| if step < 30_000 { 1_000_000_000 - step as u64 } else { 5 });
    }
}
