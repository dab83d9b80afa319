//! A queue of events in order of time, in a ring whose size is a power of two.
//!
//! `VecDeque` would do, but for the work of an event that only waits its turn: here an index is one addition and a mask.

use crate::units::Time;

/// A ring of up to this many entries is not worth giving back.
const KEEP: usize = 4096;

/// Events, earliest first.
#[derive(Default)]
pub struct Ring {
    /// Its length is zero or a power of two.
    entries: Vec<(Time, u64)>,
    first: usize,
    len: usize,
}

impl Ring {
    #[inline(always)]
    fn place(&self, index: usize) -> usize {
        self.first.wrapping_add(index) & self.entries.len().wrapping_sub(1)
    }

    /// How many events wait.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether none waits.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The event that comes after so many others.
    #[inline]
    pub fn get(&self, index: usize) -> Option<(Time, u64)> {
        if index < self.len { self.entries.get(self.place(index)).copied() } else { None }
    }

    /// Adds an event behind all others.
    #[inline]
    pub fn push(&mut self, time: Time, event: u64) {
        if self.len == self.entries.len() {
            self.resize((self.len * 2).max(4));
        }
        let place = self.place(self.len);
        self.entries[place] = (time, event);
        self.len += 1;
    }

    /// Takes the first event out.
    #[inline]
    pub fn pop(&mut self) -> Option<(Time, u64)> {
        let first = self.get(0)?;
        self.first = self.place(1);
        self.len -= 1;
        Some(first)
    }

    /// Gives back half of the ring if most of it lies idle.
    #[inline]
    pub fn give_back(&mut self) {
        // An eighth, so that a queue that comes and goes is not moved each time.
        if self.len < self.entries.len() / 8 && self.entries.len() > KEEP {
            self.resize(self.entries.len() / 2);
        }
    }

    /// Moves all events into a ring of another size, which they fit into.
    #[cold]
    fn resize(&mut self, size: usize) {
        let mut entries: Vec<(Time, u64)> = Vec::with_capacity(size);
        entries.extend((0..self.len).filter_map(|index| self.get(index)));
        entries.resize(size, (Time(0), 0));
        (self.entries, self.first) = (entries, 0);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;
    use crate::random::{Key, Purpose};

    /// Drives the ring and a `VecDeque` side by side, through growth and shrinking.
    #[test]
    fn it_is_a_queue() {
        let mut draw = Key::root(1, 0).draw(Purpose::Service);
        let (mut ring, mut twin) = (Ring::default(), VecDeque::new());
        for step in 0..400_000_u64 {
            // Rising for a while, then falling.
            if draw.bits() % 100 < if step < 200_000 { 60 } else { 35 } {
                ring.push(Time(step), step);
                twin.push_back((Time(step), step));
            } else {
                assert_eq!(ring.pop(), twin.pop_front());
                ring.give_back();
            }
            assert_eq!((ring.len(), ring.is_empty()), (twin.len(), twin.is_empty()));
            assert_eq!(ring.get(16), twin.get(16).copied());
        }
        assert!(ring.entries.len() <= KEEP);
    }
}
