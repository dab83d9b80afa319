//! The pool: attempts arrive, wait, are served, time out, are left.

use super::event::{Event, Kind};
use super::probe::Probe;
use super::rows::NEAR;
use super::slab::NOBODY;
use super::tables::{NEVER, Place};
use super::world::World;
use crate::measure::Stopped;
use crate::model::Keep;
use crate::random::Purpose;
use crate::units::Time;
use crate::vocabulary::{Happening, Outcome};

impl<P: Probe> World<'_, P> {
    /// An attempt arrives: it is served, waits, or is turned away.
    #[inline(always)]
    pub fn reach_pool(&mut self, slot: u32) {
        let now = self.now;
        let job = &mut self.jobs[slot];
        job.reached = now;
        let pool = usize::from(job.pool);
        if job.left_early {
            job.place = Place::Gone;
            return self.jobs.remove(slot);
        }
        let settings = &self.settings.pools[pool];
        let state = &mut self.pools[pool];
        if state.at_work() < state.places {
            return self.begin_service(slot, settings.timeout.map_or(NEVER, |timeout| now.after(timeout)));
        }
        if state.waiting >= settings.limit {
            if settings.limit_is_fatal {
                self.stopped = Some(Stopped::QueueLimit { pool });
            }
            job.place = Place::Gone;
            self.turn_away(pool);
            return self.reply(slot, Outcome::Rejected);
        }
        job.place = Place::Queued;
        state.waiting += 1;
        state.queue.push_back((slot, job.generation));
        self.recorder.pools[pool].queue.add(1, now);
        let viewer = job.viewer;
        if let Some(timeout) = settings.timeout
            && !self.waits.ends_first(pool)
        {
            self.after_delay(self.lanes.pool_timeout(pool), timeout, Kind::PoolTimeout, slot);
        }
        if let Some(timeout) = settings.queue_timeout {
            self.after_delay(self.lanes.queue_timeout(pool), timeout, Kind::QueueTimeout, slot);
        }
        self.tell(viewer, Happening::Queued);
    }

    /// A place takes an attempt. The pool's timer ends at `deadline`, unless it runs already or never ends.
    #[inline(always)]
    fn begin_service(&mut self, slot: u32, deadline: Time) {
        let now = self.now;
        let job = &mut self.jobs[slot];
        let pool = usize::from(job.pool);
        if !job.wait_done {
            job.wait_done = true;
            self.recorder.waited(usize::from(job.cell), now.since(job.reached));
        }
        job.place = Place::Serving;
        job.reached = now;
        self.pools[pool].in_service += 1;
        self.recorder.pools[pool].in_service.add(1, now);
        let done = now.after(self.settings.pools[pool].service.span(job.key.draw(Purpose::Service)));
        self.future.push(done, Event { kind: Kind::Complete, generation: job.generation, slot }.pack());
        let (viewer, awaited) = (job.viewer, job.outcome != Outcome::TimedOut);
        // How long service takes is known, and with it whether the timer ends first. It has ended already for those who
        // were kept in the queue after their 504.
        if awaited && deadline < done {
            self.after_delay(self.lanes.pool_timeout(pool), deadline.since(now), Kind::PoolTimeout, slot);
        }
        if viewer != NOBODY && awaited {
            self.pause_patience(viewer);
        }
        self.tell(viewer, Happening::ServiceBegan);
    }

    /// Service of an attempt is over.
    #[inline(always)]
    pub fn complete(&mut self, slot: u32) {
        let pool = self.leave_service(slot);
        // The longest waiting takes the place before the reply can bring about another attempt.
        self.fill_places(pool);
        let job = &self.jobs[slot];
        if job.client_done || job.outcome == Outcome::TimedOut {
            self.recorder.wasted(usize::from(job.cell), job.service);
            return self.close_pool_side(slot);
        }
        let failure = self.settings.pools[pool].failure;
        let fails = failure > 0.0 && job.key.draw(Purpose::Failure).happens(failure);
        if fails {
            self.recorder.wasted(usize::from(job.cell), job.service);
        }
        self.reply(slot, if fails { Outcome::Failed } else { Outcome::Served });
    }

    /// Takes an attempt out of its place; its pool. What it cost is recorded once it is known whether that was in
    /// vain.
    #[inline]
    fn leave_service(&mut self, slot: u32) -> usize {
        let now = self.now;
        let job = &mut self.jobs[slot];
        job.place = Place::Gone;
        job.service = now.since(job.reached);
        let pool = usize::from(job.pool);
        self.pools[pool].in_service -= 1;
        self.recorder.pools[pool].in_service.add(-1, now);
        pool
    }

    /// Takes an attempt out of the queue; its entry there is passed over later.
    fn leave_queue(&mut self, slot: u32) {
        self.end_wait(slot);
        let job = &mut self.jobs[slot];
        job.place = Place::Gone;
        let pool = usize::from(job.pool);
        let state = &mut self.pools[pool];
        state.waiting -= 1;
        self.recorder.pools[pool].queue.add(-1, self.now);
        // Whoever waited longest is first in the queue and need not be passed over later.
        if state.queue.front() == Some(&(slot, job.generation)) {
            state.queue.pop_front();
        }
    }

    /// Records the wait of an attempt, once.
    fn end_wait(&mut self, slot: u32) {
        let now = self.now;
        let job = &mut self.jobs[slot];
        if !job.wait_done {
            job.wait_done = true;
            self.recorder.waited(usize::from(job.cell), now.since(job.reached));
        }
    }

    /// Free places take answers to those turned away, then those who wait longest.
    #[inline]
    pub fn fill_places(&mut self, pool: usize) {
        let state = &self.pools[pool];
        if state.unanswered > 0 || !state.queue.is_empty() {
            self.fill_places_from_queues(pool);
        }
    }

    #[inline(never)]
    fn fill_places_from_queues(&mut self, pool: usize) {
        let settings = &self.settings.pools[pool];
        loop {
            let state = &mut self.pools[pool];
            if state.at_work() >= state.places {
                return;
            }
            if state.unanswered > 0 {
                state.unanswered -= 1;
                self.begin_answer(pool);
                continue;
            }
            let Some((slot, generation)) = state.queue.pop_front() else { return };
            if let Some((coming, _)) = state.queue.get(NEAR) {
                self.jobs.prefetch(*coming);
            }
            let job = &self.jobs[slot];
            if job.generation == generation && job.place == Place::Queued {
                state.waiting -= 1;
                self.recorder.pools[pool].queue.add(-1, self.now);
                let deadline = match settings.timeout {
                    Some(timeout) if self.waits.ends_first(pool) => job.reached.after(timeout),
                    _ => NEVER,
                };
                self.begin_service(slot, deadline);
            }
        }
    }

    /// Answering one that is turned away costs a place some time, before those who wait.
    #[inline(always)]
    pub fn turn_away(&mut self, pool: usize) {
        let state = &mut self.pools[pool];
        if state.answers {
            state.unanswered += 1;
            self.fill_places(pool);
        }
    }

    fn begin_answer(&mut self, pool: usize) {
        self.pools[pool].answering += 1;
        self.recorder.pools[pool].answering.add(1, self.now);
        self.end_answer_later(pool);
    }

    fn end_answer_later(&mut self, pool: usize) {
        let done = self.now.after(self.settings.pools[pool].turn_away);
        self.future.push_in_order(self.lanes.turn_away(pool), done, Event::about(Kind::TurnedAway, pool).pack());
    }

    /// A place has answered one that was turned away.
    pub fn turned_away(&mut self, pool: usize) {
        let state = &mut self.pools[pool];
        if state.unanswered > 0 && state.at_work() <= state.places {
            // The next answer takes the place at once.
            state.unanswered -= 1;
            return self.end_answer_later(pool);
        }
        state.answering -= 1;
        self.recorder.pools[pool].answering.add(-1, self.now);
        self.fill_places(pool);
    }

    /// A timer of the pool ended while the attempt was queued or in service: 504.
    pub fn pool_timer_ends(&mut self, slot: u32) {
        let job = &mut self.jobs[slot];
        job.outcome = Outcome::TimedOut;
        let (pool, place) = (usize::from(job.pool), job.place);
        match (place, self.settings.pools[pool].on_timeout) {
            (Place::Queued, Keep::All) => self.end_wait(slot),
            (Place::Queued, _) => {
                self.leave_queue(slot);
                self.turn_away(pool);
            }
            (Place::Serving, Keep::Nothing) => {
                self.abort_service(slot);
                self.fill_places(pool);
            }
            _ => {}
        }
        self.reply(slot, Outcome::TimedOut);
    }

    /// Word that the client has left reaches the pool.
    pub fn client_left(&mut self, slot: u32) {
        let job = &self.jobs[slot];
        let pool = usize::from(job.pool);
        match (job.place, self.settings.pools[pool].on_abandon) {
            (Place::Outbound, Keep::All) => {}
            (Place::Outbound, _) => self.jobs[slot].left_early = true,
            (Place::Queued, Keep::All) => self.end_wait(slot),
            (Place::Queued, _) => {
                self.leave_queue(slot);
                self.close_pool_side(slot);
            }
            (Place::Serving, Keep::Nothing) => {
                self.abort_service(slot);
                self.close_pool_side(slot);
                self.fill_places(pool);
            }
            _ => {}
        }
    }

    fn abort_service(&mut self, slot: u32) {
        self.leave_service(slot);
        let job = &self.jobs[slot];
        self.recorder.wasted(usize::from(job.cell), job.service);
    }

    /// Sends the answer on its way, if the client is still there.
    #[inline(always)]
    fn reply(&mut self, slot: u32, outcome: Outcome) {
        let job = &mut self.jobs[slot];
        job.outcome = outcome;
        let (client_done, viewer) = (job.client_done, job.viewer);
        if client_done {
            return self.close_pool_side(slot);
        }
        if outcome != Outcome::Served && viewer != NOBODY {
            self.resume_patience(viewer);
        }
        if !self.travels(slot, Kind::Reply) {
            self.reply_arrives(slot);
        }
    }

    /// The pool has nothing more to do with the attempt; the row is free once the client has not either.
    pub fn close_pool_side(&mut self, slot: u32) {
        let job = &self.jobs[slot];
        if job.client_done && job.place == Place::Gone {
            self.jobs.remove(slot);
        }
    }
}
