//! The sort of one bucket of the calendar: by the next seven bits of the times, then by insertion.

use super::blocks::{Entry, time_of};

/// Largest number of events of a bucket that is sorted through cells, whose counts are bytes. The calendar spreads a bucket
/// with more events over the level below.
pub const MOST_BY_CELLS: usize = 192;
const _: () = assert!(MOST_BY_CELLS <= u8::MAX as usize);
/// Largest number of events that insertion alone sorts.
const MOST_BY_INSERTION: usize = 16;

/// Bits of a time that tell the cells of a bucket apart.
const CELL_BITS: u32 = 7;
const CELLS: usize = 1 << CELL_BITS;

/// Writes the `len` entries of a bucket of width 2^`shift` ns to the empty vector `sorted`, latest first.
pub fn latest_first<'a, I>(entries: impl Fn() -> I, len: usize, shift: u32, sorted: &mut Vec<Entry>)
where
    I: Iterator<Item = &'a [Entry]>,
{
    if len > MOST_BY_CELLS {
        // All of these events lie in one nanosecond, so that only their numbers tell them apart.
        entries().for_each(|block| sorted.extend_from_slice(block));
        sorted.sort_unstable_by(|a, b| b.cmp(a));
    } else if len <= MOST_BY_INSERTION {
        entries().for_each(|block| sorted.extend_from_slice(block));
        insertion_sort(sorted);
    } else {
        sort_into_cells(entries, len, shift, sorted);
        insertion_sort(sorted);
    }
}

/// Writes entries to `sorted` by the cell of their time, the latest cell first, in two passes: count, then distribute.
fn sort_into_cells<'a, I>(entries: impl Fn() -> I, len: usize, shift: u32, sorted: &mut Vec<Entry>)
where
    I: Iterator<Item = &'a [Entry]>,
{
    let cell = |entry: Entry| !(time_of(entry) >> shift.saturating_sub(CELL_BITS)) as usize % CELLS;
    let mut ends = [0_u8; CELLS];
    entries().flatten().for_each(|entry| ends[cell(*entry)] += 1);
    let mut end = 0;
    for count in &mut ends {
        end += *count;
        *count = end;
    }
    sorted.resize(len, 0);
    for entry in entries().flatten() {
        let end = &mut ends[cell(*entry)];
        *end -= 1;
        sorted[usize::from(*end)] = *entry;
    }
}

/// Sorts events that are nearly sorted already, latest first.
fn insertion_sort(events: &mut [Entry]) {
    for i in 1..events.len() {
        let entry = events[i];
        let mut index = i;
        while index > 0 && events[index - 1] < entry {
            events[index] = events[index - 1];
            index -= 1;
        }
        events[index] = entry;
    }
}
