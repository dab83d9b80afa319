//! Attempts that end before they are served: a timer expires, or the client leaves.

use crate::engine::pending::event::Kind;
use crate::engine::probe::Probe;
use crate::engine::state::asked::Asked;
use crate::engine::state::attempt::{Attempt, Origin, Stage, flags};
use crate::engine::world::World;
use crate::units::Time;
use crate::vocabulary::{Happening, Outcome};

impl<P: Probe> World<'_, P> {
    /// A timer of the pool expires for an attempt that is queued or in service.
    pub fn pool_timer_expires(&mut self, attempt: u32) {
        let work = self.pools[usize::from(self.attempts[attempt].pool)].settings.abandoned.on_timeout;
        self.expire(attempt, work.leaves_the_queue(), work.ends_in_service());
    }

    /// Ends an attempt that is queued or in service with a 504. The flags say whether the attempt leaves the queue, and
    /// whether its service is aborted.
    #[inline]
    pub fn expire(&mut self, attempt: u32, leaves_the_queue: bool, ends_in_service: bool) {
        if self.uses.concurrency_limit && !self.attempts[attempt].has(flags::CLIENT_DONE) {
            self.sample(attempt, true);
        }
        let row = &mut self.attempts[attempt];
        row.outcome = Outcome::TimedOut;
        let (pool, server, stage) = (usize::from(row.pool), row.server, row.stage);
        if self.uses.ejection && self.pools[pool].ejects() && !row.has(flags::CLIENT_DONE) {
            match stage {
                Stage::InService | Stage::Calling => self.note_end(pool, server, true),
                _ => self.note_rejection(pool, server),
            }
        }
        match stage {
            Stage::Queued if leaves_the_queue => {
                self.leave_queue(attempt);
                self.turned_away(pool, server, Outcome::TimedOut);
            }
            Stage::Queued => self.end_wait(attempt),
            Stage::InService | Stage::Calling if ends_in_service => {
                self.abort_service(attempt);
                self.fill_slots(pool, server);
            }
            _ => {}
        }
        self.reply(attempt, Outcome::TimedOut);
    }

    /// The app's `timeout` expires: the client leaves the attempt, and the app retries or the request fails.
    pub fn app_timer_expires(&mut self, attempt: u32) {
        let left = self.attempts[attempt];
        let (origin, asked) = self.leave(attempt);
        if let Some(viewer) = origin.as_viewer() {
            self.tell(viewer, Happening::AppTimerEnded);
            if self.hedges.used && self.try_goes_on(viewer, Outcome::Abandoned) {
                return;
            }
            self.attempt_failed(viewer, left.key, Outcome::Abandoned, left.cell, asked);
        } else if let Some(request) = origin.as_request() {
            self.call_timed_out(request, &left, asked);
        }
    }

    /// Abandons an attempt for its client and cancels it at its pool. Returns who waited, and the time that the request
    /// has taken.
    pub fn leave(&mut self, attempt: u32) -> (Origin, Asked) {
        self.leave_as(attempt, Outcome::Abandoned)
    }

    /// As [`World::leave`], but the attempt ends with the outcome `ends_as`.
    pub fn leave_as(&mut self, attempt: u32, ends_as: Outcome) -> (Origin, Asked) {
        let Attempt { origin, stage, outcome, cell, service, sent, .. } = self.attempts[attempt];
        let asked = self.waited_at(attempt, self.now).after(self.now.since(sent));
        self.end_attempt(attempt, ends_as);
        if let Some(viewer) = origin.as_viewer() {
            // The patience clock runs on, unless a hedged copy is in service.
            self.resume_patience(viewer, attempt);
        }
        if stage == Stage::Gone {
            // The client will ignore the reply that is on its way. Service that was not useful has been recorded
            // before.
            if outcome == Outcome::Served {
                self.books.recorder.wasted(usize::from(cell), service);
            }
            self.free_if_done(attempt);
        } else {
            // The row no longer says who waited.
            let travels = match origin.as_request() {
                Some(request) => self.travel_of_call(attempt, request, Kind::Cancel),
                None => self.travel(attempt, self.attempts[attempt], Kind::Cancel),
            };
            if !travels {
                self.cancel(attempt);
            }
        }
        (origin, asked)
    }

    /// Time that the request of an attempt had taken when the attempt was sent, plus the wait at the pool by `now`.
    pub fn waited_at(&self, attempt: u32, now: Time) -> Asked {
        let row = &self.attempts[attempt];
        match row.stage {
            Stage::Queued if !row.has(flags::WAIT_RECORDED) => {
                Asked { waited: row.asked.waited + now.since(row.reached).0 as f32, ..row.asked }
            }
            _ => row.asked,
        }
    }

    /// The cancellation of an attempt reaches its pool.
    pub fn cancel(&mut self, attempt: u32) {
        let row = &mut self.attempts[attempt];
        let (pool, server) = (usize::from(row.pool), row.server);
        let work = self.pools[pool].settings.abandoned.on_abandon;
        match row.stage {
            Stage::Outbound if work.leaves_the_queue() => row.mark(flags::CANCELLED_EARLY),
            Stage::Queued if work.leaves_the_queue() => {
                self.leave_queue(attempt);
                self.free_if_done(attempt);
            }
            Stage::Queued => self.end_wait(attempt),
            Stage::InService | Stage::Calling if work.ends_in_service() => {
                self.abort_service(attempt);
                self.free_if_done(attempt);
                self.fill_slots(pool, server);
            }
            _ => {}
        }
    }

    /// Takes an attempt out of the queue of its pool before its turn.
    pub fn leave_queue(&mut self, attempt: u32) {
        self.end_wait(attempt);
        let pool = usize::from(self.attempts[attempt].pool);
        self.pools[pool].leave_queue(attempt, &mut self.attempts, self.books.recorder.pool_mut(pool), self.now);
    }

    /// Aborts the service of an attempt; the time in service is wasted.
    pub fn abort_service(&mut self, attempt: u32) {
        let Attempt { pool, server, stage, .. } = self.attempts[attempt];
        match stage {
            Stage::Calling => {
                self.books.recorder.pool_mut(usize::from(pool)).calling.add(-1, self.now);
                self.leave_calls(attempt);
            }
            Stage::InService if self.pools[usize::from(pool)].cores.is_some() => {
                self.leave_core(usize::from(pool), server);
            }
            _ => {}
        }
        self.leave_service(attempt);
        let Attempt { cell, service, .. } = self.attempts[attempt];
        self.books.recorder.wasted(usize::from(cell), service);
    }
}
