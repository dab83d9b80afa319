//! The sort of one bucket of the calendar: by the next bits of the times, then by insertion.

use super::blocks::{Entry, time_of};

/// Largest number of events of a bucket that is sorted through cells: 16 KiB of them.
pub const MOST_BY_CELLS: usize = 1024;
/// Largest number of events of a bucket that the calendar sorts in any case.
pub const FEW: usize = 192;
/// Largest number of events that insertion alone sorts.
const MOST_BY_INSERTION: usize = 16;

/// Cells of a bucket with few events, and of one with more: about as many as events, so that few events share a cell.
const FEW_CELLS: usize = 128;
const MANY_CELLS: usize = 1024;

/// Writes the `len` entries of a bucket of width 2^`shift` ns to the empty vector `sorted`, latest first.
pub fn latest_first<'a, I>(entries: impl Fn() -> I, len: usize, shift: u32, sorted: &mut Vec<Entry>)
where
    I: Iterator<Item = &'a [Entry]>,
{
    if len > MOST_BY_CELLS {
        // All of these events lie in one nanosecond, so that only their numbers tell them apart.
        entries().for_each(|block| sorted.extend_from_slice(block));
        return sorted.sort_unstable_by(|a, b| b.cmp(a));
    }
    if len <= MOST_BY_INSERTION {
        entries().for_each(|block| sorted.extend_from_slice(block));
    } else if len <= FEW {
        sort_into_cells::<I, FEW_CELLS>(entries, len, shift, sorted);
    } else {
        sort_into_cells::<I, MANY_CELLS>(entries, len, shift, sorted);
    }
    insertion_sort(sorted);
}

/// Writes entries to `sorted` by the cell of their time, the latest cell first, in two passes: count, then distribute.
fn sort_into_cells<'a, I, const CELLS: usize>(entries: impl Fn() -> I, len: usize, shift: u32, sorted: &mut Vec<Entry>)
where
    I: Iterator<Item = &'a [Entry]>,
{
    let drop = shift.saturating_sub(CELLS.ilog2());
    let cell = |entry: Entry| !(time_of(entry) >> drop) as usize % CELLS;
    let mut ends = [0_u16; CELLS];
    entries().flatten().for_each(|entry| ends[cell(*entry)] += 1);
    add_up(&mut ends);
    sorted.resize(len, 0);
    // Iteration by a closure takes one loop for each block, where `for` tests for the end of the block at each entry.
    entries().flatten().for_each(|entry| {
        let end = &mut ends[cell(*entry)];
        let index = usize::from(*end) - 1;
        *end = index as u16;
        sorted[index] = *entry;
    });
}

/// Adds to each count all counts before it, four at a time: the product of four numbers of 16 bits in one word with a word of
/// four ones has in each place the sum of the numbers up to it. No sum exceeds [`MOST_BY_CELLS`], so that no place overflows.
fn add_up(counts: &mut [u16]) {
    const ONES: u64 = 0x0001_0001_0001_0001;
    let mut before = 0;
    for four in counts.as_chunks_mut::<4>().0 {
        let [a, b, c, d] = four.map(u64::from);
        let sums = (a | b << 16 | c << 32 | d << 48).wrapping_mul(ONES) + before * ONES;
        *four = [sums as u16, (sums >> 16) as u16, (sums >> 32) as u16, (sums >> 48) as u16];
        before = sums >> 48;
    }
}

/// Sorts events that are nearly sorted already, latest first.
fn insertion_sort(events: &mut [Entry]) {
    let Some(mut before) = events.first().copied() else { return };
    let mut next = 1;
    // The next entry that is later than the one before it; a loop of its own, since most entries are in order.
    while let Some(ordered) = events[next..].iter().position(|entry| {
        let later = before < *entry;
        before = *entry;
        later
    }) {
        let entry = before;
        let mut index = next + ordered;
        before = events[index - 1];
        next = index + 1;
        while index > 0 && events[index - 1] < entry {
            events[index] = events[index - 1];
            index -= 1;
        }
        // The entry before it, the least up to here, has moved into its place.
        events[index] = entry;
    }
}
