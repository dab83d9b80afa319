//! Rows with a generation: an event that carries another generation than its row is stale.
//!
//! The rows stand in one vector with capacity for the expected number; unused capacity takes no memory. Where the system
//! can move pages (`mremap` on Linux), a vector that grows copies nothing and is never held twice. Free rows form a linked
//! list; the row freed last is taken first, since it is still in the cache.

use crate::engine::memory::{prefetch_row, reserve_rows};

/// The number of no row.
pub const NO_ROW: u32 = u32::MAX;

/// A row of a slab. It stores its own generation and, while it is free, the number of the next free row.
pub trait Row: Copy {
    /// A row that has never been used.
    const VACANT: Self;
    /// Number of bits of the generation.
    const GENERATION_BITS: u32;

    /// The generation, within [`Row::GENERATION_BITS`].
    fn generation(&self) -> u32;
    /// Sets the generation, which is within [`Row::GENERATION_BITS`].
    fn set_generation(&mut self, generation: u32);
    /// The number of the next free row, of a free row.
    fn next_free(&self) -> u32;
    /// Links a free row to the next free row.
    fn set_next_free(&mut self, row: u32);

    /// Makes every pending event about the row stale.
    #[inline]
    fn renew(&mut self) {
        self.set_generation((self.generation() + 1) & ((1 << Self::GENERATION_BITS) - 1));
    }
}

/// Rows that are reused once they are free.
pub struct Slab<T> {
    /// Every row that has been used, free rows included.
    rows: Vec<T>,
    first_free: u32,
}

impl<T: Row> Slab<T> {
    /// An empty slab with capacity for this number of rows; the capacity grows if more are taken.
    pub fn with_capacity(rows: usize) -> Slab<T> {
        Slab { rows: reserve_rows(rows), first_free: NO_ROW }
    }

    /// Takes a row for use and returns its number. The row holds the values of its last user; the new user overwrites
    /// all of them but the generation.
    #[inline(always)]
    pub fn take(&mut self) -> u32 {
        let row = self.first_free;
        if row == NO_ROW {
            return self.append();
        }
        self.first_free = self[row].next_free();
        row
    }

    #[cold]
    fn append(&mut self) -> u32 {
        self.rows.push(T::VACANT);
        (self.rows.len() - 1) as u32
    }

    /// Frees a row and makes every pending event about it stale.
    #[inline]
    pub fn remove(&mut self, row: u32) {
        let next = self.first_free;
        let freed = &mut self[row];
        freed.renew();
        freed.set_next_free(next);
        self.first_free = row;
    }

    /// Makes every pending event about the row stale.
    #[inline]
    pub fn renew(&mut self, row: u32) {
        self[row].renew();
    }

    /// The generation that a new event about the row carries.
    #[inline]
    pub fn generation(&self, row: u32) -> u32 {
        self[row].generation()
    }

    /// Whether the row still has this generation.
    #[inline]
    pub fn is_current(&self, row: u32, generation: u32) -> bool {
        self[row].generation() == generation
    }

    /// Number of rows that have been used, free rows included.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Bytes of the rows that have been used.
    pub fn bytes(&self) -> usize {
        self.rows.len() * size_of::<T>()
    }

    /// Prefetches a row.
    #[inline(always)]
    pub fn prefetch(&self, row: u32) {
        prefetch_row(&self.rows, row as usize);
    }
}

impl<T> std::ops::Index<u32> for Slab<T> {
    type Output = T;
    #[inline(always)]
    fn index(&self, row: u32) -> &T {
        &self.rows[row as usize]
    }
}

impl<T> std::ops::IndexMut<u32> for Slab<T> {
    #[inline(always)]
    fn index_mut(&mut self, row: u32) -> &mut T {
        &mut self.rows[row as usize]
    }
}
