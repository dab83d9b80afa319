//! Interchangeable servers with one queue, and the two decisions about attempts, [`Server::offer`] and [`Server::next`].
//!
//! Together the servers are one server here, with the slots of all of them.

use super::attempt::{Attempt, Stage};
use super::lane::{Lanes, Turn};
use super::ring::Ring;
use super::slab::Slab;
use crate::measure::PoolGauges;
use crate::policy::queue::discipline::Discipline;
use crate::policy::queue::priority::Class;
use crate::policy::queue::{Limit, Settings};
use crate::units::Time;
use crate::vocabulary::Outcome;

/// Decision of a pool about an attempt that is sent to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// A slot is free and takes the attempt.
    Serve,
    /// The attempt joins the queue.
    Wait,
    /// The queue is full and the attempt is rejected.
    Reject,
    /// A protection turns the attempt away with this outcome.
    TurnAway(Outcome),
    /// The queue is full; the attempt takes the place of an attempt of a lower class, which is evicted.
    Evict,
    /// The server is down, and the attempt fails at once.
    Fail,
}

/// Next work of a slot that may be free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// A slot of the server of this number answers an attempt that was turned away.
    Answer(u32),
    /// The slot takes the queued attempt of this row.
    Serve(u32),
    /// The queued attempt of this row is dropped, and the slot is still free.
    Drop(u32),
    /// No slot is free, or nothing waits for one.
    Idle,
}

/// Interchangeable servers at work. Every method that changes a level changes the gauge of its pool with it.
pub struct Server {
    lanes: Lanes<Ring>,
    /// Slots that serve or answer.
    busy: u64,
    /// Slots that answer an attempt that was turned away.
    answering: u64,
    /// Answers that wait for a slot.
    unanswered: u64,
}

impl Server {
    /// Servers with nothing to do.
    pub fn new(set: &Settings) -> Server {
        Server { lanes: Lanes::new(set.strict), busy: 0, answering: 0, unanswered: 0 }
    }

    /// Decides about an attempt of a class that reaches the servers now: the only admission decision.
    #[inline(always)]
    pub fn offer(&self, slots: u64, set: &Settings, class: Class) -> Offer {
        if self.has_free_slot(slots) {
            return Offer::Serve;
        }
        if self.lanes.len() < set.limit.rejects_at {
            return Offer::Wait;
        }
        if set.strict && self.lanes.has_below(class) { Offer::Evict } else { Offer::Reject }
    }

    /// Whether one of the slots is free.
    #[inline(always)]
    pub fn has_free_slot(&self, slots: u64) -> bool {
        self.busy < slots
    }

    /// Evicts the newest attempt of the lowest class present, to make room for a higher class.
    pub fn evict(
        &mut self,
        class: Class,
        attempts: &mut Slab<Attempt>,
        gauges: &mut PoolGauges,
        now: Time,
    ) -> Option<u32> {
        let row = self.lanes.evict(class, attempts)?;
        gauges.queue.add(-1, now);
        Some(row)
    }

    /// Time of arrival of the attempt that has waited longest; `None` if none waits.
    pub fn oldest(&mut self, attempts: &Slab<Attempt>) -> Option<Time> {
        self.lanes.oldest(attempts)
    }

    /// Whether a queue without a stated limit is longer than a run can hold.
    #[inline(always)]
    pub fn overflows(&self) -> bool {
        self.lanes.len() > Limit::MOST
    }

    /// The time since which the queue of a class has not been empty; undefined for an empty queue.
    #[inline(always)]
    pub fn stands_since(&self, class: Class) -> Time {
        self.lanes.stands_since(class)
    }

    /// The next work of a slot that may have become free: answers to attempts that were turned away come before the
    /// queue.
    #[inline(always)]
    pub fn next(
        &mut self,
        slots: u64,
        set: &Settings,
        attempts: &mut Slab<Attempt>,
        gauges: &mut PoolGauges,
        now: Time,
    ) -> Next {
        if !self.has_free_slot(slots) {
            return Next::Idle;
        }
        if self.unanswered > 0 {
            self.unanswered -= 1;
            self.answering += 1;
            self.busy += 1;
            gauges.answering.add(1, now);
            return Next::Answer(0);
        }
        let Some(turn) = self.lanes.take(&set.discipline, attempts, now) else { return Next::Idle };
        gauges.queue.add(-1, now);
        match turn {
            Turn::Serve(row) => Next::Serve(row),
            Turn::Drop(row) => Next::Drop(row),
        }
    }

    /// Whether [`Server::next`] has any effect once a slot becomes free, if only that CoDel sees an empty queue.
    #[inline(always)]
    pub fn has_next(&self, set: &Settings) -> bool {
        self.unanswered > 0 || self.lanes.len() > 0 || matches!(set.discipline, Discipline::CoDel(_))
    }

    /// Puts an attempt into the queue.
    #[inline(always)]
    pub fn enqueue(&mut self, row: u32, attempts: &mut Slab<Attempt>, gauges: &mut PoolGauges, now: Time) {
        self.lanes.push(row, attempts, now);
        gauges.queue.rise(now);
    }

    /// Takes an attempt out of the queue before its turn.
    pub fn leave_queue(&mut self, row: u32, attempts: &mut Slab<Attempt>, gauges: &mut PoolGauges, now: Time) {
        self.lanes.leave(row, attempts);
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

    /// Bytes of the queue.
    pub fn bytes(&self) -> usize {
        self.lanes.queues().map(Ring::bytes).sum()
    }

    /// Attempts queued, attempts in service, and slots that answer.
    pub fn levels(&self) -> [u64; 3] {
        [self.lanes.len(), self.busy - self.answering, self.answering]
    }
}
