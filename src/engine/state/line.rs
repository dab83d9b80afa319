//! The queue of one server: a linked list through the rows of its attempts, so that 100,000 queues allocate nothing.

use super::attempt::Attempt;
use super::lane::Queue;
use super::slab::{NO_ROW, Slab};

/// Queued attempts in order of arrival. Any of them leaves in constant time.
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
        match self.last {
            NO_ROW => self.first = row,
            last => {
                let (before, _) = attempts[last].neighbours();
                attempts[last].set_neighbours(before, row);
            }
        }
        self.last = row;
        self.length += 1;
    }

    fn pop_oldest(&mut self, attempts: &mut Slab<Attempt>) -> Option<u32> {
        self.pop(self.first, attempts)
    }

    fn pop_newest(&mut self, attempts: &mut Slab<Attempt>) -> Option<u32> {
        self.pop(self.last, attempts)
    }

    fn oldest(&mut self, _: &Slab<Attempt>) -> Option<u32> {
        (self.first != NO_ROW).then_some(self.first)
    }

    fn leave(&mut self, row: u32, attempts: &mut Slab<Attempt>) {
        let (before, after) = attempts[row].neighbours();
        match before {
            NO_ROW => self.first = after,
            before => {
                let (further, _) = attempts[before].neighbours();
                attempts[before].set_neighbours(further, after);
            }
        }
        match after {
            NO_ROW => self.last = before,
            after => {
                let (_, further) = attempts[after].neighbours();
                attempts[after].set_neighbours(before, further);
            }
        }
        self.length -= 1;
    }
}

impl Line {
    /// The rows of the queued attempts in order of arrival.
    pub fn rows<'a>(&self, attempts: &'a Slab<Attempt>) -> impl Iterator<Item = u32> + use<'a> {
        let some = |row: u32| (row != NO_ROW).then_some(row);
        std::iter::successors(some(self.first), move |row| some(attempts[*row].neighbours().1))
    }

    /// Takes an attempt at an end of the queue out of it; [`NO_ROW`] stands for the end of an empty queue.
    fn pop(&mut self, end: u32, attempts: &mut Slab<Attempt>) -> Option<u32> {
        if end == NO_ROW {
            return None;
        }
        self.leave(end, attempts);
        Some(end)
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
