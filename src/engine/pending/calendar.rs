//! The future event list: a radix calendar that sorts lazily.
//!
//! Times are read as numbers of eleven digits to the base 64. An event lies in the bucket of the
//! highest digit in which its time differs from the cursor's, so buckets are narrow near the present and
//! wide far away, at whatever density events come: no width is given by hand. The next bucket is
//! found by counting zeros in bit maps. A bucket with few events is sorted and opened; one with
//! many is first spread over the level below. Each event is moved a few times, sequentially, whatever the
//! number of those pending; compare R. Brown, Calendar Queues, CACM 31 (1988), and R. K. Ahuja et al., Faster
//! algorithms for the shortest path problem, JACM 37 (1990), from which the digits are.

use super::blocks::{Blocks, Chain, Entry};
use super::lookahead::{FAR, Lookahead, NEAR};
use crate::units::Time;

/// Digits have six bits, so that a level's bit map is one word.
const DIGIT_BITS: u32 = 6;
const BUCKETS: usize = 1 << DIGIT_BITS;
const LEVELS: usize = 11;
/// A bucket with more events than this is spread over the level below rather than sorted.
const SORT_AT_MOST: usize = 192;
const _: () = assert!(SORT_AT_MOST <= u8::MAX as usize);
/// So few events are sorted by insertion alone.
const FEW: usize = 16;
/// The open bucket is closed and spread over narrower ones once so many events were inserted, each at the cost of moving
/// those after it, unless what it holds is short.
const INSERT_AT_MOST: usize = 64;
/// A bucket of so few events is short.
const SHORT: usize = 32;

#[inline(always)]
fn entry(time: Time, event: u64) -> Entry {
    (u128::from(time.0) << 64) | u128::from(event)
}

#[inline(always)]
fn time_of(entry: Entry) -> u64 {
    (entry >> 64) as u64
}

/// Pending events, popped in order of time, then of their number.
pub struct Calendar {
    /// The open bucket, latest first, so that the next event is the last element.
    open: Vec<Entry>,
    /// How many were put into the open bucket since it was opened.
    inserted: usize,
    /// All pending events before this time are in `open`.
    open_until: u64,
    /// Start of the open bucket; the levels are laid out as seen from it.
    cursor: u64,
    open_level: usize,
    /// Time of the last event popped.
    now: u64,
    /// With nothing open, no bucket with events begins before this time.
    nothing_before: u64,
    levels: Box<[[Chain; BUCKETS]; LEVELS]>,
    occupied: [u64; LEVELS],
    blocks: Blocks,
    /// Empty but while an open bucket is closed.
    closing: Vec<Entry>,
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
            open: Vec::with_capacity(SORT_AT_MOST + INSERT_AT_MOST + 1),
            inserted: 0,
            open_until: 0,
            cursor: 0,
            open_level: 0,
            now: 0,
            nothing_before: 0,
            levels: Box::new([[Chain::EMPTY; BUCKETS]; LEVELS]),
            occupied: [0; LEVELS],
            blocks: Blocks::new(),
            closing: Vec::new(),
        }
    }

    /// Number of pending events.
    pub fn len(&self) -> usize {
        self.open.len() + self.levels.iter().flatten().map(Chain::len).sum::<usize>()
    }

    /// Whether nothing is pending.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty() && self.occupied == [0; LEVELS]
    }

    /// Adds an event. Its time must not lie before the last one popped.
    #[inline(always)]
    pub fn push(&mut self, time: Time, event: u64) {
        let entry = entry(time, event);
        if time.0 >= self.open_until {
            self.file(entry);
        } else {
            self.insert_into_open(entry);
        }
    }

    /// Takes the earliest event out; among those of one instant, the one of the lowest number.
    #[inline]
    pub fn pop(&mut self) -> Option<(Time, u64)> {
        self.pop_until(Time(u64::MAX), ())
    }

    /// Takes the earliest event out, unless it lies after `limit`; then nothing may be added before `limit` any more.
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
        Some((Time(self.now), entry as u64))
    }

    /// Bytes that blocks of pending events take, idle ones included.
    pub fn held(&self) -> usize {
        self.blocks.held()
    }

    /// Whether another event is pending at the instant of the last one popped.
    #[inline]
    pub fn has_more_at(&self, now: Time) -> bool {
        // Whatever is not in the open bucket lies beyond it, thus later.
        self.open.last().is_some_and(|entry| time_of(*entry) == now.0)
    }

    /// Puts an event into the bucket of its highest digit that differs from the cursor's.
    #[inline(always)]
    fn file(&mut self, entry: Entry) {
        let time = time_of(entry);
        let level = ((63 - ((time ^ self.cursor) | 1).leading_zeros()) / DIGIT_BITS) as usize;
        let shift = DIGIT_BITS * level as u32;
        let digit = (time >> shift) as usize & (BUCKETS - 1);
        let bucket = &mut self.levels[level][digit];
        if bucket.needs_block() {
            self.blocks.extend(bucket);
            self.occupied[level] |= 1 << digit;
            self.nothing_before = self.nothing_before.min(time >> shift << shift);
        }
        self.blocks.push(bucket, entry);
    }

    #[inline(never)]
    fn insert_into_open(&mut self, entry: Entry) {
        let place = self.open.partition_point(|other| *other > entry);
        self.open.insert(place, entry);
        self.inserted += 1;
        if self.inserted > INSERT_AT_MOST && self.open.len() > SHORT && self.open_level > 0 {
            self.close_open();
        }
    }

    /// Spreads an open bucket that has grown too long over narrower ones, as seen from the present.
    ///
    /// Events of the present instant stay, so that whatever is not in the open bucket lies beyond it.
    #[cold]
    fn close_open(&mut self) {
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

    /// Opens the next bucket; false if nothing is pending that could lie at or before `limit`.
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
            // The digits above stay, this one is the bucket's, those below are zero.
            let above = self.cursor.checked_shr(shift + DIGIT_BITS).unwrap_or(0);
            let start = above.checked_shl(shift + DIGIT_BITS).unwrap_or(0) | ((digit as u64) << shift);
            if start > limit {
                self.nothing_before = start;
                self.wait_until(limit);
                return false;
            }
            self.occupied[level] &= !(1 << digit);
            let bucket = std::mem::replace(&mut self.levels[level][digit], Chain::EMPTY);
            self.cursor = start;
            if level == 0 || bucket.len() <= SORT_AT_MOST {
                self.open_until = start.saturating_add(1 << shift);
                self.open_level = level;
                self.inserted = 0;
                self.open_bucket(bucket, shift);
                for coming in self.open.iter().rev().take(FAR) {
                    rows.prefetch(*coming as u64);
                }
                return true;
            }
            self.open_until = start;
            self.spread_bucket(bucket);
        }
    }

    /// Moves the cursor, with nothing open and all that is pending after `limit`, up to there. The levels stay as
    /// they are: a time between the cursor and the first bucket differs from the cursor in no higher digit.
    #[inline]
    fn wait_until(&mut self, limit: u64) {
        // The end of time is the limit of a caller who has none.
        if limit < u64::MAX {
            self.now = limit;
            self.cursor = limit;
            self.open_until = limit + 1;
            self.open_level = 0;
        }
    }

    /// Files a bucket's events anew, into narrower buckets. Each block is free before the next one is read, so that no
    /// more of a bucket than one block is held twice.
    fn spread_bucket(&mut self, mut bucket: Chain) {
        while let Some(block) = self.blocks.first(&bucket) {
            for place in block {
                self.file(self.blocks.at(place));
            }
            self.blocks.release_first(&mut bucket);
        }
    }

    /// Moves the events of a bucket of width 2^`shift` into the open one, latest first: by the next seven bits of
    /// their times, then by insertion, which finds little left to do.
    fn open_bucket(&mut self, bucket: Chain, shift: u32) {
        const CELL_BITS: u32 = 7;
        const CELLS: usize = 1 << CELL_BITS;
        let mut open = std::mem::take(&mut self.open);
        if bucket.len() > SORT_AT_MOST {
            // So many lie in one instant, where nothing but their numbers tells them apart.
            self.blocks.of(bucket).for_each(|entries| open.extend_from_slice(entries));
            open.sort_unstable_by(|a, b| b.cmp(a));
        } else if bucket.len() <= FEW {
            self.blocks.of(bucket).for_each(|entries| open.extend_from_slice(entries));
            sort_by_insertion(&mut open);
        } else {
            let cell = |entry: Entry| !(time_of(entry) >> shift.saturating_sub(CELL_BITS)) as usize % CELLS;
            let mut ends = [0_u8; CELLS];
            self.blocks.of(bucket).flatten().for_each(|entry| ends[cell(*entry)] += 1);
            let mut end = 0;
            for count in &mut ends {
                end += *count;
                *count = end;
            }
            open.resize(bucket.len(), 0);
            for entry in self.blocks.of(bucket).flatten() {
                let place = &mut ends[cell(*entry)];
                *place -= 1;
                open[usize::from(*place)] = *entry;
            }
            sort_by_insertion(&mut open);
        }
        self.open = open;
        self.blocks.release(bucket);
        if self.blocks.mostly_idle() {
            self.blocks.give_back(self.levels.iter_mut().flatten());
            self.closing = Vec::new();
        }
    }
}

/// Sorts events that are nearly sorted, latest first.
fn sort_by_insertion(events: &mut [Entry]) {
    for i in 1..events.len() {
        let entry = events[i];
        let mut place = i;
        while place > 0 && events[place - 1] < entry {
            events[place] = events[place - 1];
            place -= 1;
        }
        events[place] = entry;
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

    /// The same with a limit, as the lanes set it: a head of theirs now and then, before which nothing may be popped.
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
            // Whoever was told that nothing is due by the limit goes on there.
            now = expected.map_or(limit, |(time, _)| time);
            assert_eq!(calendar.has_more_at(Time(now)), heap.peek().is_some_and(|next| next.0.0 == now));
        }
    }

    #[test]
    fn a_limit_holds_back_what_lies_after_it_and_nothing_else() {
        drive_with_limits(60_000, 1, |draw| (draw.exponential() * 1e9) as u64);
        drive_with_limits(60_000, 2, |draw| draw.bits() % 3);
        drive_with_limits(60_000, 3, |draw| draw.bits() >> (20 + draw.bits() % 44));
        drive_with_limits(60_000, 4, |draw| if draw.bits().is_multiple_of(50) { 1 << 40 } else { draw.bits() % 5_000 });
    }

    #[test]
    fn what_was_held_at_the_peak_is_given_back() {
        let mut draw = Key::root(1, 0).draw(Purpose::Service);
        let mut calendar = Calendar::new();
        let peak = 1_000_000;
        for event in 0..peak {
            calendar.push(Time((draw.uniform() * 1e12) as u64), event);
        }
        let held = calendar.held();
        assert!(held < peak as usize * 18, "{held} bytes for {peak} events");
        for _ in 0..peak - 1_000 {
            calendar.pop();
        }
        assert!(calendar.held() < held / 10, "{} bytes are held after the peak of {held}", calendar.held());
        let (mut last, mut left) = (Time(0), 0);
        while let Some((time, _)) = calendar.pop() {
            assert!(time >= last);
            (last, left) = (time, left + 1);
        }
        assert_eq!(left, 1_000);
    }

    #[test]
    fn it_pops_what_a_heap_pops_whatever_the_delays() {
        drive(60_000, 1, |draw, _| (draw.exponential() * 1e9) as u64);
        drive(60_000, 2, |_, _| 0);
        drive(60_000, 3, |draw, _| draw.bits() % 3);
        drive(60_000, 4, |draw, step| if step % 1000 < 900 { draw.bits() % 1000 } else { draw.bits() % (1 << 50) });
        drive(60_000, 5, |draw, _| draw.bits() >> (draw.bits() % 64));
        drive(60_000, 6, |_, step| 60_000 - step as u64);
        // A burst so long that its buckets are spread and sorted in every way, then a few of one instant.
        drive(60_000, 8, |draw, step| if step % 7_000 < 6_000 { draw.bits() % 100_000_000 } else { 12 });
        drive(60_000, 7, |_, step| if step < 30_000 { 1_000_000_000 - step as u64 } else { 5 });
    }
}
