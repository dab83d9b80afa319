//! The pool: attempts arrive, wait, are served, time out, are left.

use super::event::{Event, Kind};
use super::probe::{Happening, Probe};
use super::slab::NOBODY;
use super::tables::{NEVER, Place};
use super::world::World;
use crate::measure::{Outcome, Stopped};
use crate::model::Keep;
use crate::random::Purpose;
use crate::units::Time;

impl<P: Probe> World<'_, P> {
    /// An attempt arrives: it is served, waits, or is turned away.
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
        if places_at_work(&self.pools[pool]) < settings.places {
            return self.begin_service(slot, settings.timeout.map_or(NEVER, |timeout| now.after(timeout)));
        }
        let state = &mut self.pools[pool];
        if state.waiting >= settings.limit {
            if settings.limit_is_fatal {
                self.stopped = Some(Stopped::QueueLimit { pool });
            }
            self.jobs[slot].place = Place::Gone;
            self.turn_away(pool);
            return self.reply(slot, Outcome::Rejected);
        }
        state.waiting += 1;
        let generation = self.jobs.generation(slot);
        state.queue.push_back((slot, generation));
        self.recorder.pools[pool].queue.add(1, now);
        self.jobs[slot].place = Place::Queued;
        if let Some(timeout) = settings.timeout
            && !self.waits.ends_first(pool)
        {
            self.after_delay(self.lanes.pool_timeout(pool), timeout, Kind::PoolTimeout, slot);
        }
        if let Some(timeout) = settings.queue_timeout {
            self.after_delay(self.lanes.queue_timeout(pool), timeout, Kind::QueueTimeout, slot);
        }
        self.tell(self.jobs[slot].viewer, Happening::Queued);
    }

    /// A place takes an attempt. The pool's timer ends at `deadline`, unless it runs already or never ends.
    fn begin_service(&mut self, slot: u32, deadline: Time) {
        self.end_wait(slot);
        let now = self.now;
        let job = &mut self.jobs[slot];
        let pool = usize::from(job.pool);
        job.place = Place::Serving;
        job.reached = now;
        let (key, viewer, awaited) = (job.key, job.viewer, job.outcome != Outcome::TimedOut);
        let service = self.settings.pools[pool].service.span(key.draw(Purpose::Service));
        self.pools[pool].in_service += 1;
        let gauges = &mut self.recorder.pools[pool];
        gauges.in_service.add(1, now);
        gauges.busy.add(1, now);
        self.schedule_job(service, Kind::Complete, slot);
        // How long service takes is known, and with it whether the timer ends first.
        if deadline < now.after(service) {
            self.after_delay(self.lanes.pool_timeout(pool), deadline.since(now), Kind::PoolTimeout, slot);
        }
        if viewer != NOBODY && awaited {
            self.pause_patience(viewer);
        }
        self.tell(viewer, Happening::ServiceBegan);
    }

    /// Service of an attempt is over.
    pub fn complete(&mut self, slot: u32) {
        self.leave_service(slot);
        // The longest waiting takes the place before the reply can bring about another attempt.
        self.fill_places(usize::from(self.jobs[slot].pool));
        let job = &self.jobs[slot];
        if job.client_done || job.outcome == Outcome::TimedOut {
            self.recorder.wasted(usize::from(job.cell), job.service);
            self.close_pool_side(slot);
        } else {
            let failure = self.settings.pools[usize::from(job.pool)].failure;
            let fails = failure > 0.0 && job.key.draw(Purpose::Failure).happens(failure);
            if fails {
                self.recorder.wasted(usize::from(job.cell), job.service);
            }
            self.reply(slot, if fails { Outcome::Failed } else { Outcome::Served });
        }
    }

    /// Takes an attempt out of its place. What it cost is recorded once it is known whether that was in vain.
    fn leave_service(&mut self, slot: u32) {
        let now = self.now;
        let job = &mut self.jobs[slot];
        job.place = Place::Gone;
        job.service = now.since(job.reached);
        let pool = usize::from(job.pool);
        self.pools[pool].in_service -= 1;
        let gauges = &mut self.recorder.pools[pool];
        gauges.in_service.add(-1, now);
        gauges.busy.add(-1, now);
    }

    /// Takes an attempt out of the queue; its entry there is passed over later.
    fn leave_queue(&mut self, slot: u32) {
        self.end_wait(slot);
        let job = &mut self.jobs[slot];
        job.place = Place::Gone;
        let pool = usize::from(job.pool);
        self.pools[pool].waiting -= 1;
        self.recorder.pools[pool].queue.add(-1, self.now);
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
    pub fn fill_places(&mut self, pool: usize) {
        let places = self.settings.pools[pool].places;
        while places_at_work(&self.pools[pool]) < places {
            let state = &mut self.pools[pool];
            if state.unanswered > 0 {
                state.unanswered -= 1;
                self.begin_answer(pool);
                continue;
            }
            let Some((slot, generation)) = state.queue.pop_front() else { return };
            if self.jobs.is_current(slot, generation) && self.jobs[slot].place == Place::Queued {
                state.waiting -= 1;
                self.recorder.pools[pool].queue.add(-1, self.now);
                let deadline = match self.settings.pools[pool].timeout {
                    Some(timeout) if self.waits.ends_first(pool) => self.jobs[slot].reached.after(timeout),
                    _ => NEVER,
                };
                self.begin_service(slot, deadline);
            }
        }
    }

    /// Answering one that is turned away costs a place some time, before those who wait.
    fn turn_away(&mut self, pool: usize) {
        if self.settings.pools[pool].turn_away.0 > 0 {
            self.pools[pool].unanswered += 1;
            self.fill_places(pool);
        }
    }

    fn begin_answer(&mut self, pool: usize) {
        self.pools[pool].answering += 1;
        self.recorder.pools[pool].busy.add(1, self.now);
        let done = self.now.after(self.settings.pools[pool].turn_away);
        self.future.push_in_order(self.lanes.turn_away(pool), done, Event::about(Kind::TurnedAway, pool).pack());
    }

    /// A place has answered one that was turned away.
    pub fn turned_away(&mut self, pool: usize) {
        self.pools[pool].answering -= 1;
        self.recorder.pools[pool].busy.add(-1, self.now);
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

/// Places that serve or answer.
#[inline]
fn places_at_work(state: &super::world::PoolState) -> u64 {
    state.in_service + state.answering
}
