//! The shared queue of a pool: attempts in order of arrival, in a ring that drops stale entries by itself.

use super::attempt::{Attempt, Stage};
use super::lane::Queue;
use super::slab::Slab;
use crate::engine::fifo::Fifo;
use crate::engine::pending::lookahead::NEAR;

/// Number of stale entries below which a ring is not worth sweeping.
const FEW_STALE: usize = 64;

/// The row of a queued attempt and the generation of the row.
type Entry = (u32, u32);

/// Queued attempts in order of arrival.
///
/// An attempt that leaves the queue before its turn leaves a stale entry behind, which is passed over at the front. Once
/// stale entries outnumber the others when an attempt leaves, all of them are swept out, so the ring is never more than a
/// little over twice as long as the longest queue.
#[derive(Default)]
pub struct Ring {
    entries: Fifo<Entry>,
    /// Number of entries that are not stale: the length of the queue.
    length: u64,
}

impl Ring {
    /// Bytes of the entries, stale ones included.
    pub fn bytes(&self) -> usize {
        self.entries.capacity() * size_of::<Entry>()
    }
}

impl Queue for Ring {
    #[inline(always)]
    fn len(&self) -> u64 {
        self.length
    }

    #[inline(always)]
    fn push(&mut self, row: u32, attempts: &mut Slab<Attempt>) {
        self.entries.push((row, attempts[row].generation));
        self.length += 1;
    }

    #[inline]
    fn pop_oldest(&mut self, attempts: &mut Slab<Attempt>) -> Option<u32> {
        loop {
            let entry = self.entries.pop()?;
            if let Some((coming, _)) = self.entries.get(NEAR) {
                attempts.prefetch(coming);
            }
            if is_queued(attempts, entry) {
                self.length -= 1;
                return Some(entry.0);
            }
        }
    }

    fn pop_newest(&mut self, attempts: &mut Slab<Attempt>) -> Option<u32> {
        loop {
            let entry = self.entries.pop_last()?;
            if is_queued(attempts, entry) {
                self.length -= 1;
                return Some(entry.0);
            }
        }
    }

    fn oldest(&mut self, attempts: &Slab<Attempt>) -> Option<u32> {
        while let Some(entry) = self.entries.front() {
            if is_queued(attempts, entry) {
                return Some(entry.0);
            }
            self.entries.pop();
        }
        None
    }

    fn leave(&mut self, row: u32, attempts: &mut Slab<Attempt>) {
        self.length -= 1;
        if self.entries.front() == Some((row, attempts[row].generation)) {
            self.entries.pop();
        } else if self.entries.len() > 2 * self.length as usize + FEW_STALE {
            self.entries.retain(|entry| is_queued(attempts, entry));
        }
    }
}

fn is_queued(attempts: &Slab<Attempt>, (row, generation): Entry) -> bool {
    let attempt = &attempts[row];
    attempt.generation == generation && attempt.stage == Stage::Queued
}
