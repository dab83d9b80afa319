//! The pool: attempts arrive, wait, are served or turned away, and are answered.

use crate::engine::pending::event::{Event, Kind, server_of};
use crate::engine::probe::Probe;
use crate::engine::state::ask::Ask;
use crate::engine::state::attempt::{Attempt, Stage, flags};
use crate::engine::state::pool::Pool;
use crate::engine::state::server::{Next, Offer};
use crate::engine::state::slab::NO_ROW;
use crate::engine::state::viewer::NEVER;
use crate::engine::world::World;
use crate::measure::{Recorder, Stopped};
use crate::units::Time;
use crate::vocabulary::{Happening, Outcome};

impl<'m, P: Probe> World<'m, P> {
    /// An attempt reaches its pool after half a round trip.
    #[inline(always)]
    pub fn reach_pool(&mut self, attempt: u32) {
        let row = &mut self.attempts[attempt];
        row.reached = self.now;
        if row.has(flags::CANCELLED_EARLY) {
            row.stage = Stage::Gone;
            return self.attempts.remove(attempt);
        }
        if self.deadlines.used && self.comes_too_late(attempt) {
            return;
        }
        let viewer = if self.uses.viewers_buckets { self.take_sender(attempt) } else { NO_ROW };
        self.offer(attempt, viewer);
    }

    /// Offers an attempt that has a row to its pool. `viewer` is the row of the viewer whose app sent the attempt.
    #[inline(always)]
    pub fn offer(&mut self, attempt: u32, viewer: u32) {
        let row = &self.attempts[attempt];
        let (number, class) = (usize::from(row.pool), row.class());
        let pool = &mut self.pools[number];
        let Attempt { key, cohort, ordinal, .. } = *row;
        let (offer, server) = match pool.offer_by_class(class) {
            Some(offer) => (offer, 0),
            None => match pool.offer_by_key(key, class, self.now) {
                Some(decided) => decided,
                None => {
                    let (now, cohorts) = (self.now, &self.cohort_keys[..]);
                    let region = self.itineraries.entrance(usize::from(cohort)).region;
                    let ask = Ask { now, cohorts, key, cohort, ordinal, row: viewer, region, class };
                    pool.offer_in_order(ask, &self.attempts)
                }
            },
        };
        self.accept_offer(attempt, number, offer, server);
    }

    /// Carries out the decision of a pool about an attempt.
    #[inline(always)]
    pub fn accept_offer(&mut self, attempt: u32, pool: usize, offer: Offer, server: u32) {
        if self.uses.concurrency_limit && matches!(offer, Offer::Serve | Offer::Wait | Offer::Evict) {
            self.note_admission(attempt, server);
        }
        match offer {
            Offer::Serve => {
                let at = &mut self.pools[pool];
                at.accept(attempt, &mut self.attempts, server, self.now);
                let timeout = at.settings.timers.timeout;
                self.begin_service(attempt, timeout.map_or(NEVER, |timeout| self.now.after(timeout)));
            }
            Offer::Wait => {
                self.pools[pool].accept(attempt, &mut self.attempts, server, self.now);
                self.wait(attempt, server);
            }
            Offer::Reject => self.turn_attempt_away(attempt, Outcome::Rejected, server),
            Offer::TurnAway(outcome) => self.turn_attempt_away(attempt, outcome, server),
            Offer::Evict => self.evict_and_join(attempt, server),
            Offer::Fail => {
                self.attempts[attempt].server = server;
                self.fail(attempt);
            }
        }
    }

    /// Puts an attempt into a full queue in place of an attempt of a lower class. The evicted attempt ends last, since
    /// its end may cause another attempt at this instant.
    #[cold]
    #[inline(never)]
    fn evict_and_join(&mut self, attempt: u32, server: u32) {
        let row = &self.attempts[attempt];
        let (pool, class) = (usize::from(row.pool), row.class());
        let gauges = self.books.recorder.pool_mut(pool);
        let out = self.pools[pool].evict(server, class, &mut self.attempts, gauges, self.now);
        self.pools[pool].accept(attempt, &mut self.attempts, server, self.now);
        self.wait(attempt, server);
        if let Some(out) = out {
            self.shed(out);
        }
    }

    /// Turns away an attempt that has a row.
    #[inline(never)]
    fn turn_attempt_away(&mut self, attempt: u32, outcome: Outcome, server: u32) {
        let row = &mut self.attempts[attempt];
        row.stage = Stage::Gone;
        let pool = usize::from(row.pool);
        self.turned_away(pool, server, outcome);
        self.reply(attempt, outcome);
    }

    /// Drops an attempt that the discipline has taken out of the queue.
    #[cold]
    fn shed(&mut self, attempt: u32) {
        self.end_wait(attempt);
        let row = &self.attempts[attempt];
        let (pool, server) = (usize::from(row.pool), row.server);
        if row.has(flags::CLIENT_DONE) || row.outcome == Outcome::TimedOut {
            // The attempt had ended before and was kept in the queue.
            return self.free_if_done(attempt);
        }
        self.pools[pool].owe_answer(server);
        if self.uses.concurrency_limit {
            self.sample(attempt, false);
        }
        self.reply(attempt, Outcome::Shed);
    }

    /// An attempt joins the queue of a server of its pool.
    #[inline(always)]
    fn wait(&mut self, attempt: u32, server: u32) {
        let Attempt { pool, generation, .. } = self.attempts[attempt];
        let pool = usize::from(pool);
        let timer = |kind| Event { kind, generation, row: attempt };
        let at = &mut self.pools[pool];
        let settings = at.settings;
        at.enqueue(attempt, &mut self.attempts, self.books.recorder.pool_mut(pool), self.now);
        if at.overflows(server) {
            self.stop(Stopped::QueueLimit { pool });
        }
        if self.uses.when_full {
            self.watch_fullness(pool, server);
        }
        if let Some(timeout) = settings.timers.timeout
            && !self.bounds.queue_timeout_is_first(pool)
        {
            self.after_delay(self.delays.pool_timeout(pool), timeout, timer(Kind::PoolTimeout));
        }
        if let Some(timeout) = settings.timers.queue_timeout {
            let stands_since = || self.pools[pool].stands_since(server, self.attempts[attempt].class());
            let timeout = timeout.allowed(self.now, stands_since);
            self.after_delay(self.delays.queue_timeout(pool), timeout, timer(Kind::QueueTimeout));
        }
        if P::ENABLED
            && let Some(viewer) = self.attempts[attempt].origin.as_viewer()
        {
            self.tell(viewer, Happening::Queued { server: self.pools[pool].number_of_queue(server) });
        }
    }

    /// A slot takes an attempt. The pool's `timeout` expires at `deadline`, unless its timer runs already or never expires.
    #[inline(always)]
    fn begin_service(&mut self, attempt: u32, deadline: Time) {
        let now = self.now;
        let row = &mut self.attempts[attempt];
        record_wait(row, &mut self.books.recorder, now);
        let pool = usize::from(row.pool);
        let at = &mut self.pools[pool];
        at.begin_service(attempt, row, self.books.recorder.pool_mut(pool), now);
        let work = at.service_time(row, now);
        let Attempt { origin, outcome, generation, server, .. } = *row;
        let mut done = NEVER;
        if at.cores.is_some() {
            self.begin_shared(attempt, work);
        } else {
            done = now.after(work);
            self.future.push(done, Event { kind: Kind::Complete, generation, row: attempt }.pack());
        }
        if self.uses.when_full {
            self.watch_fullness(pool, server);
        }
        // An attempt that was kept in the queue after its 504 has no timer, and nobody waits for the attempt.
        let awaited = outcome != Outcome::TimedOut;
        // Without calls and shared cores the end is known, and with it whether the timer expires first.
        let end = if self.uses.calls && self.pools[pool].settings.calls.is_used() { NEVER } else { done };
        if awaited && deadline < end {
            let event = Event { kind: Kind::PoolTimeout, generation, row: attempt };
            self.after_delay(self.delays.pool_timeout(pool), deadline.since(now), event);
        }
        if let Some(viewer) = origin.as_viewer() {
            if awaited {
                self.pause_patience(viewer, attempt);
            }
            if P::ENABLED {
                self.tell(viewer, Happening::ServiceBegan { server: self.pools[pool].number_of(server) });
            }
        }
    }

    /// Records the waiting time of an attempt, once.
    #[inline(always)]
    pub fn end_wait(&mut self, attempt: u32) {
        record_wait(&mut self.attempts[attempt], &mut self.books.recorder, self.now);
    }

    /// The service of an attempt ends.
    #[inline(always)]
    pub fn complete(&mut self, attempt: u32) {
        if self.uses.calls && self.pool_of(attempt).settings.calls.is_used() && self.calls_begin(attempt) {
            return;
        }
        self.end_work(attempt, None);
    }

    /// The pool of an attempt.
    #[inline(always)]
    pub fn pool_of(&self, attempt: u32) -> &Pool<'m> {
        &self.pools[usize::from(self.attempts[attempt].pool)]
    }

    /// The calls of an attempt have ended; `failed` is the outcome of the attempt if one of them failed.
    #[inline(never)]
    pub fn finish_after_calls(&mut self, attempt: u32, failed: Option<Outcome>) {
        let pool = usize::from(self.attempts[attempt].pool);
        self.books.recorder.pool_mut(pool).calling.add(-1, self.now);
        self.end_work(attempt, failed);
    }

    /// Takes an attempt out of its slot and answers it, if anybody still waits for the answer.
    #[inline(always)]
    fn end_work(&mut self, attempt: u32, failed: Option<Outcome>) {
        self.leave_service(attempt);
        let row = &self.attempts[attempt];
        let (pool, server) = (usize::from(row.pool), row.server);
        // The next attempt takes the slot before the reply can cause another attempt at this instant.
        self.fill_slots(pool, server);
        let row = &self.attempts[attempt];
        if row.has(flags::CLIENT_DONE) || row.outcome == Outcome::TimedOut {
            self.books.recorder.wasted(usize::from(row.cell), row.service);
            return self.free_if_done(attempt);
        }
        let outcome = match failed {
            Some(failed) => failed,
            None if self.pools[pool].fails(row) => Outcome::Failed,
            None => Outcome::Served,
        };
        if outcome != Outcome::Served {
            self.books.recorder.wasted(usize::from(row.cell), row.service);
        }
        if self.uses.samples_ends {
            self.sample_end(attempt, pool, server, outcome);
        }
        self.reply(attempt, outcome);
    }

    /// Tells the concurrency limiter and the outlier detection how work of a server ended.
    #[cold]
    #[inline(never)]
    fn sample_end(&mut self, attempt: u32, pool: usize, server: u32, outcome: Outcome) {
        if self.uses.concurrency_limit {
            self.sample(attempt, false);
        }
        if self.uses.ejection && self.pools[pool].ejects() {
            self.note_end(pool, server, outcome != Outcome::Served);
        }
    }

    /// Takes an attempt out of its slot. The time in service is recorded once it is known whether the work was wasted.
    #[inline(always)]
    pub fn leave_service(&mut self, attempt: u32) {
        let pool = usize::from(self.attempts[attempt].pool);
        self.pools[pool].end_service(attempt, &mut self.attempts, self.books.recorder.pool_mut(pool), self.now);
    }

    /// Gives free slots of a server to the answers and the attempts that wait for one.
    #[inline(always)]
    pub fn fill_slots(&mut self, pool: usize, server: u32) {
        if self.pools[pool].has_next(server) {
            self.fill_slots_from_queue(pool, server);
        }
    }

    #[inline(never)]
    fn fill_slots_from_queue(&mut self, pool: usize, server: u32) {
        let settings = self.pools[pool].settings;
        loop {
            let gauges = self.books.recorder.pool_mut(pool);
            match self.pools[pool].next(server, &mut self.attempts, gauges, self.now) {
                Next::Answer(server) => {
                    self.end_answer_later(pool, server);
                    if self.uses.when_full {
                        self.watch_fullness(pool, server);
                    }
                }
                Next::Drop(attempt) => self.shed(attempt),
                Next::Serve(attempt) => {
                    let deadline = match settings.timers.timeout {
                        Some(timeout) if self.bounds.queue_timeout_is_first(pool) => {
                            self.attempts[attempt].reached.after(timeout)
                        }
                        _ => NEVER,
                    };
                    self.begin_service(attempt, deadline);
                    if !self.pools[pool].may_have_free_slot() {
                        return;
                    }
                }
                Next::Idle => return,
            }
        }
    }

    /// Notes that a server turned an attempt away.
    #[inline(always)]
    pub fn turned_away(&mut self, pool: usize, server: u32, outcome: Outcome) {
        if self.uses.notes_rejections {
            self.note_turned_away(pool, server, outcome);
        }
    }

    /// As [`World::turned_away`], where outlier detection counts rejections or answers take a slot for some time.
    #[cold]
    #[inline(never)]
    fn note_turned_away(&mut self, pool: usize, server: u32, outcome: Outcome) {
        if self.uses.ejection && outcome == Outcome::Rejected && self.pools[pool].ejects() {
            self.note_rejection(pool, server);
        }
        if self.uses.answers && self.pools[pool].owe_answer(server) {
            self.fill_slots(pool, server);
        }
    }

    fn end_answer_later(&mut self, pool: usize, server: u32) {
        let span = self.pools[pool].settings.turn_away.span();
        if self.pools[pool].cores.is_some() {
            return self.begin_shared_answer(pool, server, span);
        }
        let event = Event::of_server(Kind::Answered, pool, server, 0);
        self.future.push_in_order(self.delays.turn_away(pool), self.now.after(span), event.pack());
    }

    /// A slot of a server has answered an attempt that was turned away.
    pub fn answered(&mut self, row: u32) {
        let (pool, server) = server_of(row);
        let gauges = self.books.recorder.pool_mut(pool);
        if self.pools[pool].end_answer(server, gauges, self.now) {
            self.end_answer_later(pool, server)
        } else {
            self.fill_slots(pool, server)
        }
    }

    /// Sends the reply to an attempt on its way, if the client is still there.
    #[inline(always)]
    pub fn reply(&mut self, attempt: u32, outcome: Outcome) {
        let row = &mut self.attempts[attempt];
        row.outcome = outcome;
        let row = *row;
        if row.has(flags::CLIENT_DONE | flags::REPLY_LOST) {
            return self.reply_to_nobody(attempt);
        }
        if self.patience_may_pause
            && outcome != Outcome::Served
            && let Some(viewer) = row.origin.as_viewer()
        {
            self.resume_patience(viewer, attempt);
        }
        if !self.travel(attempt, row, Kind::Reply) {
            self.reply_arrives(attempt);
        }
    }

    /// The reply to an attempt finds that its client has left, or the reply is lost and the timers of the client go on.
    #[cold]
    #[inline(never)]
    fn reply_to_nobody(&mut self, attempt: u32) {
        if self.attempts[attempt].has(flags::CLIENT_DONE) {
            return self.free_if_done(attempt);
        }
        if let Some(viewer) = self.attempts[attempt].origin.as_viewer() {
            self.tell(viewer, Happening::ReplyLost);
            self.resume_patience(viewer, attempt);
        }
    }

    /// Frees the row of an attempt once both its client and its pool are done with the attempt.
    pub fn free_if_done(&mut self, attempt: u32) {
        let row = &self.attempts[attempt];
        if row.has(flags::CLIENT_DONE) && row.stage == Stage::Gone {
            self.attempts.remove(attempt);
        }
    }
}

#[inline(always)]
fn record_wait(row: &mut Attempt, recorder: &mut Recorder, now: Time) {
    if !row.has(flags::WAIT_RECORDED) {
        row.mark(flags::WAIT_RECORDED);
        let wait = now.since(row.reached);
        row.asked.waited += wait.0 as f32;
        recorder.waited(usize::from(row.cell), wait);
    }
}
