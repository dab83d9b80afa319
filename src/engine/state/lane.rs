//! A lane: a queue, the time since which it stands, and what its discipline remembers.

use super::attempt::{Attempt, Stage};
use super::slab::Slab;
use crate::policy::queue::codel;
use crate::policy::queue::discipline::Discipline;
use crate::units::Time;

/// Queued attempts in order of arrival.
pub trait Queue: Default {
    /// The length of the queue.
    fn len(&self) -> u64;
    /// Appends an attempt.
    fn push(&mut self, row: u32, attempts: &mut Slab<Attempt>);
    /// Takes the attempt that has waited longest out of the queue.
    fn pop_oldest(&mut self, attempts: &mut Slab<Attempt>) -> Option<u32>;
    /// Takes the attempt that came last out of the queue.
    fn pop_newest(&mut self, attempts: &mut Slab<Attempt>) -> Option<u32>;
    /// Takes an attempt out of the queue before its turn. The attempt is no longer [`Stage::Queued`].
    fn leave(&mut self, row: u32, attempts: &mut Slab<Attempt>);
}

/// What becomes of an attempt that a lane gives up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The attempt of this row is to be served.
    Serve(u32),
    /// The attempt of this row is dropped.
    Drop(u32),
}

/// A queue with its discipline's state.
#[derive(Clone, Copy, Default)]
pub struct Lane<Q> {
    queue: Q,
    /// The time since which the queue has not been empty; of an empty queue, of no meaning.
    pub stands_since: Time,
    codel: codel::State,
}

impl<Q: Queue> Lane<Q> {
    /// The length of the queue.
    #[inline(always)]
    pub fn len(&self) -> u64 {
        self.queue.len()
    }

    /// The queue.
    pub fn queue(&self) -> &Q {
        &self.queue
    }

    /// Puts an attempt into the queue.
    #[inline(always)]
    pub fn push(&mut self, row: u32, attempts: &mut Slab<Attempt>, now: Time) {
        attempts[row].stage = Stage::Queued;
        if self.queue.len() == 0 {
            self.stands_since = now;
        }
        self.queue.push(row, attempts);
    }

    /// Takes the attempt whose turn it is out of the queue for a slot that is free; `None` if the queue is empty.
    #[inline(always)]
    pub fn take(&mut self, discipline: &Discipline, attempts: &mut Slab<Attempt>, now: Time) -> Option<Turn> {
        let popped = match discipline {
            Discipline::Fifo | Discipline::CoDel(_) => self.queue.pop_oldest(attempts),
            Discipline::Lifo => self.queue.pop_newest(attempts),
            Discipline::AdaptiveLifo(set) if set.takes_newest(now, self.stands_since) => {
                self.queue.pop_newest(attempts)
            }
            Discipline::AdaptiveLifo(_) => self.queue.pop_oldest(attempts),
        };
        let Some(row) = popped else {
            self.codel.found_empty();
            return None;
        };
        if let Discipline::CoDel(set) = discipline
            && self.codel.drops(set, now, now.since(attempts[row].reached), self.queue.len())
        {
            attempts[row].stage = Stage::Gone;
            return Some(Turn::Drop(row));
        }
        Some(Turn::Serve(row))
    }

    /// Takes an attempt out of the queue before its turn.
    pub fn leave(&mut self, row: u32, attempts: &mut Slab<Attempt>) {
        attempts[row].stage = Stage::Gone;
        self.queue.leave(row, attempts);
    }
}
