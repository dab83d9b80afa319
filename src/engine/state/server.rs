//! A server: slots, a queue, and the two decisions about attempts, [`Server::offer`] and [`Server::next`].
//!
//! The servers of a pool that are interchangeable are one server here, with the slots of all of them.

use super::attempt::{Attempt, Stage};
use super::slab::Slab;
use crate::measure::PoolGauges;
use crate::policy::queue::discipline::Discipline;
use crate::policy::queue::{Limit, Settings, codel};
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

/// Decision of a server about an attempt that is sent to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// A slot is free and takes the attempt.
    Serve,
    /// The attempt joins the queue.
    Wait,
    /// The queue is full and the attempt is rejected.
    Reject,
}

/// Next work of a slot that may be free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The slot answers an attempt that was turned away.
    Answer,
    /// The slot takes the queued attempt of this row.
    Serve(u32),
    /// The queued attempt of this row is dropped, and the slot is still free.
    Drop(u32),
    /// No slot is free, or nothing waits for one.
    Idle,
}

/// A server at work. Every method that changes a level changes the gauge of its pool with it.
#[derive(Clone, Copy, Default)]
pub struct Server<Q> {
    queue: Q,
    /// The time since which the queue has not been empty; of an empty queue, of no meaning.
    pub stands_since: Time,
    codel: codel::State,
    /// Slots that serve or answer.
    busy: u64,
    /// Slots that answer an attempt that was turned away.
    answering: u64,
    /// Answers that wait for a slot.
    unanswered: u64,
}

impl<Q: Queue> Server<Q> {
    /// The only admission decision: what becomes of an attempt that is sent to the server now.
    #[inline(always)]
    pub fn offer(&self, slots: u64, set: &Settings) -> Offer {
        if self.busy < slots {
            return Offer::Serve;
        }
        if self.queue.len() < set.limit.rejects_at { Offer::Wait } else { Offer::Reject }
    }

    /// Whether a queue without a stated limit is longer than a run can hold.
    #[inline(always)]
    pub fn overflows(&self) -> bool {
        self.queue.len() > Limit::MOST
    }

    /// What a slot that may have become free does next: answers to attempts that were turned away come before the queue.
    #[inline(always)]
    pub fn next(
        &mut self,
        slots: u64,
        set: &Settings,
        attempts: &mut Slab<Attempt>,
        gauges: &mut PoolGauges,
        now: Time,
    ) -> Next {
        if self.busy >= slots {
            return Next::Idle;
        }
        if self.unanswered > 0 {
            self.unanswered -= 1;
            self.answering += 1;
            self.busy += 1;
            gauges.answering.add(1, now);
            return Next::Answer;
        }
        let popped = match &set.discipline {
            Discipline::Fifo | Discipline::CoDel(_) => self.queue.pop_oldest(attempts),
            Discipline::Lifo => self.queue.pop_newest(attempts),
            Discipline::AdaptiveLifo(set) if set.takes_newest(now, self.stands_since) => {
                self.queue.pop_newest(attempts)
            }
            Discipline::AdaptiveLifo(_) => self.queue.pop_oldest(attempts),
        };
        if let Some(row) = popped {
            gauges.queue.add(-1, now);
            if let Discipline::CoDel(set) = &set.discipline
                && self.codel.drops(set, now, now.since(attempts[row].reached), self.queue.len())
            {
                attempts[row].stage = Stage::Gone;
                return Next::Drop(row);
            }
            return Next::Serve(row);
        }
        self.codel.found_empty();
        Next::Idle
    }

    /// Whether a slot that becomes free has anything to ask for, be it only that CoDel learns of an empty queue.
    #[inline(always)]
    pub fn has_next(&self, set: &Settings) -> bool {
        self.unanswered > 0 || self.queue.len() > 0 || matches!(set.discipline, Discipline::CoDel(_))
    }

    /// Puts an attempt into the queue.
    #[inline(always)]
    pub fn enqueue(&mut self, row: u32, attempts: &mut Slab<Attempt>, gauges: &mut PoolGauges, now: Time) {
        attempts[row].stage = Stage::Queued;
        if self.queue.len() == 0 {
            self.stands_since = now;
        }
        self.queue.push(row, attempts);
        gauges.queue.rise(now);
    }

    /// Takes an attempt out of the queue before its turn.
    pub fn leave_queue(&mut self, row: u32, attempts: &mut Slab<Attempt>, gauges: &mut PoolGauges, now: Time) {
        attempts[row].stage = Stage::Gone;
        self.queue.leave(row, attempts);
        gauges.queue.add(-1, now);
    }

    /// Begins the service of an attempt.
    #[inline(always)]
    pub fn begin_service(&mut self, attempt: &mut Attempt, gauges: &mut PoolGauges, now: Time) {
        attempt.stage = Stage::InService;
        attempt.reached = now;
        self.busy += 1;
        gauges.in_service.add(1, now);
    }

    /// Ends the service of an attempt and records how long it took.
    #[inline(always)]
    pub fn end_service(&mut self, attempt: &mut Attempt, gauges: &mut PoolGauges, now: Time) {
        attempt.stage = Stage::Gone;
        attempt.service = now.since(attempt.reached);
        self.busy -= 1;
        gauges.in_service.add(-1, now);
    }

    /// Notes an answer to an attempt that was turned away, which waits for a slot.
    #[inline(always)]
    pub fn owe_answer(&mut self) {
        self.unanswered += 1;
    }

    /// Ends an answer to an attempt that was turned away. True if the slot goes on to the next answer at once.
    pub fn end_answer(&mut self, slots: u64, gauges: &mut PoolGauges, now: Time) -> bool {
        if self.unanswered > 0 && self.busy <= slots {
            self.unanswered -= 1;
            return true;
        }
        self.answering -= 1;
        self.busy -= 1;
        gauges.answering.add(-1, now);
        false
    }

    /// The queue.
    pub fn queue(&self) -> &Q {
        &self.queue
    }

    /// Whether the server holds nothing.
    pub fn is_idle(&self) -> bool {
        self.busy == 0 && self.unanswered == 0 && self.queue.len() == 0
    }

    /// Attempts queued, attempts in service, and slots that answer.
    pub fn levels(&self) -> [u64; 3] {
        [self.queue.len(), self.busy - self.answering, self.answering]
    }
}
