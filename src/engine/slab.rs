//! Rows with a generation, so that an event about what is gone is recognised.

/// Generations are kept to this many bits, as many as an event carries.
pub const GENERATION_BITS: u32 = 27;
const GENERATION_MASK: u32 = (1 << GENERATION_BITS) - 1;

/// Names no row.
pub const NOBODY: u32 = u32::MAX;

struct Row<T> {
    generation: u32,
    value: T,
}

/// Rows that are used again once they are free.
pub struct Slab<T> {
    rows: Vec<Row<T>>,
    free: Vec<u32>,
}

impl<T: Copy> Slab<T> {
    /// No rows.
    pub fn new() -> Slab<T> {
        Slab { rows: Vec::new(), free: Vec::new() }
    }

    /// Takes a row; its number.
    #[inline]
    pub fn insert(&mut self, value: T) -> u32 {
        if let Some(slot) = self.free.pop() {
            self.rows[slot as usize].value = value;
            return slot;
        }
        self.rows.push(Row { generation: 0, value });
        (self.rows.len() - 1) as u32
    }

    /// Frees a row and makes all that refers to it stale.
    #[inline]
    pub fn remove(&mut self, slot: u32) {
        self.renew(slot);
        self.free.push(slot);
    }

    /// Makes all events that refer to the row stale.
    #[inline]
    pub fn renew(&mut self, slot: u32) {
        let row = &mut self.rows[slot as usize];
        row.generation = (row.generation + 1) & GENERATION_MASK;
    }

    /// The generation that an event about the row must carry.
    #[inline]
    pub fn generation(&self, slot: u32) -> u32 {
        self.rows[slot as usize].generation
    }

    /// Whether the row is still what it was at this generation.
    #[inline]
    pub fn is_current(&self, slot: u32, generation: u32) -> bool {
        self.rows[slot as usize].generation == generation
    }

    /// How many rows are there, free ones included.
    pub fn capacity(&self) -> usize {
        self.rows.len()
    }
}

impl<T> std::ops::Index<u32> for Slab<T> {
    type Output = T;
    #[inline]
    fn index(&self, slot: u32) -> &T {
        &self.rows[slot as usize].value
    }
}

impl<T> std::ops::IndexMut<u32> for Slab<T> {
    #[inline]
    fn index_mut(&mut self, slot: u32) -> &mut T {
        &mut self.rows[slot as usize].value
    }
}
