//! The state of a pool: who is in service, who waits, and the two decisions about attempts, [`Pool::offer`] and
//! [`Pool::next`].

use super::attempt::{Attempt, Stage};
use super::ring::Ring;
use super::slab::Slab;
use crate::measure::PoolGauges;
use crate::policy::pool::Settings;
use crate::units::Time;

/// What a pool does with an attempt that reaches it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// A slot is free and takes the attempt.
    Serve,
    /// The attempt joins the queue.
    Wait,
    /// The queue is full and the attempt is rejected.
    Reject,
    /// The queue has no stated limit and has reached the most that a run can hold, which ends the run.
    Overflow,
}

/// What a pool does with a slot that may be free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The slot answers an attempt that was turned away.
    Answer,
    /// The slot takes the queued attempt of this row.
    Serve(u32),
    /// No slot is free, or nothing waits for one.
    Idle,
}

/// A pool at work. Every method that changes a level changes its gauge with it.
pub struct Pool<'m> {
    /// The settings in force.
    pub settings: &'m Settings,
    queue: Ring,
    /// Attempts in service.
    in_service: u64,
    /// Slots that answer attempts that were turned away.
    answering: u64,
    /// Answers to attempts that were turned away which wait for a slot.
    unanswered: u64,
}

impl<'m> Pool<'m> {
    /// A pool with nothing to do.
    pub fn new(settings: &'m Settings) -> Pool<'m> {
        Pool { settings, queue: Ring::default(), in_service: 0, answering: 0, unanswered: 0 }
    }

    /// The only admission decision: what becomes of an attempt that reaches the pool now.
    #[inline(always)]
    pub fn offer(&self) -> Offer {
        if self.has_free_slot() {
            Offer::Serve
        } else if self.queue.len() < self.settings.queue.limit {
            Offer::Wait
        } else if self.settings.queue.limit_is_fatal {
            Offer::Overflow
        } else {
            Offer::Reject
        }
    }

    /// What a slot that may have become free does next: answers to attempts that were turned away come before the queue.
    #[inline]
    pub fn next(&mut self, attempts: &Slab<Attempt>, gauges: &mut PoolGauges, now: Time) -> Next {
        if !self.has_free_slot() {
            return Next::Idle;
        }
        if self.unanswered > 0 {
            self.unanswered -= 1;
            self.answering += 1;
            gauges.answering.add(1, now);
            return Next::Answer;
        }
        match self.queue.pop(attempts) {
            Some(row) => {
                gauges.queue.add(-1, now);
                Next::Serve(row)
            }
            None => Next::Idle,
        }
    }

    /// Whether anything waits for a slot.
    #[inline(always)]
    pub fn has_waiting(&self) -> bool {
        self.unanswered > 0 || self.queue.len() > 0
    }

    /// Puts an attempt into the queue.
    #[inline(always)]
    pub fn enqueue(&mut self, row: u32, attempts: &mut Slab<Attempt>, gauges: &mut PoolGauges, now: Time) {
        attempts[row].stage = Stage::Queued;
        self.queue.push(row, attempts);
        gauges.queue.add(1, now);
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
        self.in_service += 1;
        gauges.in_service.add(1, now);
    }

    /// Ends the service of an attempt and records how long it took.
    #[inline]
    pub fn end_service(&mut self, attempt: &mut Attempt, gauges: &mut PoolGauges, now: Time) {
        attempt.stage = Stage::Gone;
        attempt.service = now.since(attempt.reached);
        self.in_service -= 1;
        gauges.in_service.add(-1, now);
    }

    /// Notes that an attempt was turned away; where the answer costs time, it waits for a slot.
    #[inline(always)]
    pub fn owe_answer(&mut self) -> bool {
        let costs_time = self.settings.turn_away.takes_a_slot();
        self.unanswered += u64::from(costs_time);
        costs_time
    }

    /// Ends an answer to an attempt that was turned away. True if the slot goes on to the next answer at once.
    pub fn end_answer(&mut self, gauges: &mut PoolGauges, now: Time) -> bool {
        if self.unanswered > 0 && self.busy() <= self.settings.slots.count {
            self.unanswered -= 1;
            return true;
        }
        self.answering -= 1;
        gauges.answering.add(-1, now);
        false
    }

    /// Slots that serve or answer.
    #[inline(always)]
    fn busy(&self) -> u64 {
        self.in_service + self.answering
    }

    #[inline(always)]
    fn has_free_slot(&self) -> bool {
        self.busy() < self.settings.slots.count
    }

    /// Panics unless the levels agree with their gauges, which no input can bring about: it would be a fault of the engine.
    pub fn assert_balance(&self, gauges: &PoolGauges) {
        let levels = [self.queue.len(), self.in_service, self.answering].map(|level| level as i64);
        let gauged = [gauges.queue, gauges.in_service, gauges.answering].map(|gauge| gauge.level());
        assert_eq!(levels, gauged, "queued, in service and answering do not agree with their gauges");
    }
}
