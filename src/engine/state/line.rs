//! The queue of one server: a linked list through the rows of its attempts, so that 100,000 queues allocate nothing.

use super::attempt::Attempt;
use super::lane::Queue;
use super::slab::{NO_ROW, Slab};

/// Queued attempts in order of arrival. Any of them leaves in constant time.
///
/// The row before the first attempt and the row after the last have no meaning, so that an attempt that leaves at an end
/// touches no other row: the other has long been out of the cache.
#[derive(Clone, Copy)]
pub struct Line {
    first: u32,
    last: u32,
    length: u32,
}

impl Default for Line {
    /// An empty queue.
    fn default() -> Line {
        Line { first: NO_ROW, last: NO_ROW, length: 0 }
    }
}

impl Queue for Line {
    #[inline]
    fn len(&self) -> u64 {
        u64::from(self.length)
    }

    fn push(&mut self, row: u32, attempts: &mut Slab<Attempt>) {
        attempts[row].set_neighbours(self.last, NO_ROW);
        if self.length == 0 {
            self.first = row;
        } else {
            let (before, _) = attempts[self.last].neighbours();
            attempts[self.last].set_neighbours(before, row);
        }
        self.last = row;
        self.length += 1;
    }

    #[inline]
    fn pop_oldest(&mut self, attempts: &mut Slab<Attempt>) -> Option<u32> {
        let row = self.first()?;
        self.leave_first(attempts);
        Some(row)
    }

    fn pop_newest(&mut self, attempts: &mut Slab<Attempt>) -> Option<u32> {
        let row = (self.length > 0).then_some(self.last)?;
        self.leave(row, attempts);
        Some(row)
    }

    #[inline]
    fn oldest(&mut self, _: &Slab<Attempt>) -> Option<u32> {
        self.first()
    }

    fn leave(&mut self, row: u32, attempts: &mut Slab<Attempt>) {
        if row == self.first {
            return self.leave_first(attempts);
        }
        let (before, after) = attempts[row].neighbours();
        if row == self.last {
            self.last = before;
        } else {
            let (further, _) = attempts[before].neighbours();
            attempts[before].set_neighbours(further, after);
            let (_, further) = attempts[after].neighbours();
            attempts[after].set_neighbours(before, further);
        }
        self.length -= 1;
    }
}

impl Line {
    /// The rows of the queued attempts in order of arrival.
    pub fn rows<'a>(&self, attempts: &'a Slab<Attempt>) -> impl Iterator<Item = u32> + use<'a> {
        let rows = std::iter::successors(Some(self.first), move |row| Some(attempts[*row].neighbours().1));
        rows.take(self.length as usize)
    }

    /// The attempt that has waited longest, if any waits.
    #[inline]
    pub fn first(&self) -> Option<u32> {
        (self.length > 0).then_some(self.first)
    }

    /// Takes the first attempt out of a queue that is not empty.
    #[inline]
    fn leave_first(&mut self, attempts: &Slab<Attempt>) {
        (_, self.first) = attempts[self.first].neighbours();
        self.length -= 1;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;
    use crate::random::{Key, Purpose};

    /// The slow twin is a deque that is searched.
    #[test]
    fn attempts_leave_at_either_end_whoever_left_before() {
        let mut draw = Key::root(3, 0).draw(Purpose::Service);
        let mut attempts = Slab::with_capacity(0);
        let (mut line, mut twin) = (Line::default(), VecDeque::new());
        for step in 0..50_000 {
            match draw.bits() % 5 {
                0 | 1 if twin.len() < 20 => {
                    let row = attempts.take();
                    line.push(row, &mut attempts);
                    twin.push_back(row);
                }
                2 => {
                    let row = line.pop_oldest(&mut attempts);
                    assert_eq!(row, twin.pop_front(), "step {step}");
                    row.into_iter().for_each(|row| attempts.remove(row));
                }
                3 => {
                    let row = line.pop_newest(&mut attempts);
                    assert_eq!(row, twin.pop_back(), "step {step}");
                    row.into_iter().for_each(|row| attempts.remove(row));
                }
                _ if !twin.is_empty() => {
                    let row = twin.remove(draw.bits() as usize % twin.len()).unwrap();
                    line.leave(row, &mut attempts);
                    attempts.remove(row);
                }
                _ => {}
            }
            assert_eq!(line.len() as usize, twin.len());
        }
    }
}
