//! Rows with a generation, so that an event about what is gone is recognised.
//!
//! Rows stand in one vector with room for as many as there are expected to be; what has not been used yet takes no memory.
//! Should it have to grow, that is a change of the page table where the system can do that (`mremap` on Linux), so nothing
//! is copied or held twice. Free rows are linked through themselves and the one freed last is taken first, while it is
//! still in the cache.

use super::hints::{prefetch, room_for};

/// Names no row.
pub const NOBODY: u32 = u32::MAX;

/// What can stand in a slab: it keeps its own generation, and while it is free the number of the next free row.
pub trait Row: Copy {
    /// A row that nobody has used yet.
    const VACANT: Self;
    /// Bits of a generation.
    const GENERATION_BITS: u32;

    /// The generation, in [`Row::GENERATION_BITS`].
    fn generation(&self) -> u32;
    /// Replaces the generation; it comes masked.
    fn set_generation(&mut self, generation: u32);
    /// The next free row, of a free one.
    fn next_free(&self) -> u32;
    /// Links a free row to the next.
    fn set_next_free(&mut self, slot: u32);

    /// Makes all events that refer to the row stale.
    #[inline]
    fn renew(&mut self) {
        self.set_generation((self.generation() + 1) & ((1 << Self::GENERATION_BITS) - 1));
    }
}

/// Rows that are used again once they are free.
pub struct Slab<T> {
    /// Rows that have ever been used.
    rows: Vec<T>,
    first_free: u32,
}

impl<T: Row> Slab<T> {
    /// No rows, and room for so many; should there be more, the room grows.
    pub fn with_room(rows: usize) -> Slab<T> {
        Slab { rows: room_for(rows), first_free: NOBODY }
    }

    /// Takes a row, to be filled in place; its number. It holds what the last user left and must keep its generation.
    #[inline]
    pub fn take(&mut self) -> u32 {
        let slot = self.first_free;
        if slot == NOBODY {
            return self.append();
        }
        self.first_free = self[slot].next_free();
        slot
    }

    #[cold]
    fn append(&mut self) -> u32 {
        self.rows.push(T::VACANT);
        (self.rows.len() - 1) as u32
    }

    /// Frees a row and makes all that refers to it stale.
    #[inline]
    pub fn remove(&mut self, slot: u32) {
        let next = self.first_free;
        let row = &mut self[slot];
        row.renew();
        row.set_next_free(next);
        self.first_free = slot;
    }

    /// Makes all events that refer to the row stale.
    #[inline]
    pub fn renew(&mut self, slot: u32) {
        self[slot].renew();
    }

    /// The generation that an event about the row must carry.
    #[inline]
    pub fn generation(&self, slot: u32) -> u32 {
        self[slot].generation()
    }

    /// Whether the row is still what it was at this generation.
    #[inline]
    pub fn is_current(&self, slot: u32, generation: u32) -> bool {
        self[slot].generation() == generation
    }

    /// How many rows are there, free ones included.
    pub fn capacity(&self) -> usize {
        self.rows.len()
    }

    /// Asks for a row ahead of its use; a number that names no row asks for nothing.
    #[inline(always)]
    pub fn prefetch(&self, slot: u32) {
        if let Some(row) = self.rows.get(slot as usize) {
            prefetch(row);
        }
    }
}

impl<T> std::ops::Index<u32> for Slab<T> {
    type Output = T;
    #[inline(always)]
    fn index(&self, slot: u32) -> &T {
        &self.rows[slot as usize]
    }
}

impl<T> std::ops::IndexMut<u32> for Slab<T> {
    #[inline(always)]
    fn index_mut(&mut self, slot: u32) -> &mut T {
        &mut self.rows[slot as usize]
    }
}
