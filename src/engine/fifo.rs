//! A queue in a ring whose number of places is a power of two, so that a mask wraps a position.

/// Places of the smallest ring.
const LEAST: usize = 8;

/// Entries in the order in which they were added.
#[derive(Clone, Debug, Default)]
pub struct Fifo<T> {
    /// Places of entries, none or a power of two; places without an entry hold whatever they held before.
    places: Box<[T]>,
    /// The place of the first entry, within the ring if there is any.
    first: usize,
    len: usize,
}

impl<T: Copy + Default> Fifo<T> {
    /// Number of entries.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether the queue has no entry.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Number of entries that have room without more memory.
    pub fn capacity(&self) -> usize {
        self.places.len()
    }

    /// The place of the entry that `ahead` entries come before.
    #[inline(always)]
    fn place(&self, ahead: usize) -> usize {
        self.first.wrapping_add(ahead) & self.places.len().wrapping_sub(1)
    }

    /// The entry that `ahead` entries come before; `None` if the queue has no more than these.
    #[inline(always)]
    pub fn get(&self, ahead: usize) -> Option<T> {
        if ahead < self.len { self.places.get(self.place(ahead)).copied() } else { None }
    }

    /// The first entry.
    #[inline(always)]
    pub fn front(&self) -> Option<T> {
        if self.len > 0 { self.places.get(self.first).copied() } else { None }
    }

    /// Adds an entry at the end.
    #[inline(always)]
    pub fn push(&mut self, entry: T) {
        if self.len == self.places.len() {
            self.resize((self.len * 2).max(LEAST));
        }
        let place = self.place(self.len);
        self.places[place] = entry;
        self.len += 1;
    }

    /// Takes out the first entry.
    #[inline(always)]
    pub fn pop(&mut self) -> Option<T> {
        let entry = self.front()?;
        self.first = self.place(1);
        self.len -= 1;
        Some(entry)
    }

    /// Takes out the last entry.
    pub fn pop_last(&mut self) -> Option<T> {
        let entry = self.get(self.len.wrapping_sub(1))?;
        self.len -= 1;
        Some(entry)
    }

    /// Keeps the entries for which `keep` holds, in their order.
    pub fn retain(&mut self, keep: impl Fn(T) -> bool) {
        let mut kept = 0;
        for ahead in 0..self.len {
            let entry = self.places[self.place(ahead)];
            if keep(entry) {
                self.places[self.place(kept)] = entry;
                kept += 1;
            }
        }
        self.len = kept;
    }

    /// Gives back the memory of places beyond those for twice the entries, and beyond `least`.
    pub fn shrink(&mut self, least: usize) {
        let places = (self.len * 2).max(least).next_power_of_two();
        if places < self.places.len() {
            self.resize(places);
        }
    }

    /// Moves the entries to a ring of this number of places, a power of two that has room for them.
    #[cold]
    #[inline(never)]
    fn resize(&mut self, places: usize) {
        let mut moved = vec![T::default(); places].into_boxed_slice();
        for (ahead, place) in moved.iter_mut().enumerate().take(self.len) {
            *place = self.places[self.place(ahead)];
        }
        (self.places, self.first) = (moved, 0);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;
    use crate::random::{Key, Purpose};

    /// The slow twin is the standard library's deque.
    #[test]
    fn entries_leave_in_order_while_the_ring_grows_wraps_and_shrinks() {
        let mut draw = Key::root(8, 0).draw(Purpose::Service);
        let (mut ring, mut twin) = (Fifo::default(), VecDeque::new());
        for step in 0..50_000_u64 {
            // The queue grows for a while, then it shrinks.
            let pushes = if step % 4_000 < 1_500 { 5 } else { 3 };
            match draw.bits() % 8 {
                kind if kind < pushes => {
                    ring.push(step);
                    twin.push_back(step);
                }
                7 => assert_eq!(ring.pop_last(), twin.pop_back()),
                6 if draw.bits().is_multiple_of(50) => {
                    ring.retain(|entry| entry % 3 > 0);
                    twin.retain(|entry| entry % 3 > 0);
                }
                5 if draw.bits().is_multiple_of(50) => ring.shrink(LEAST),
                _ => assert_eq!(ring.pop(), twin.pop_front()),
            }
            let ahead = (draw.bits() % 40) as usize;
            assert_eq!((ring.len(), ring.get(ahead)), (twin.len(), twin.get(ahead).copied()), "step {step}");
            assert!(ring.capacity() >= ring.len());
        }
    }
}
