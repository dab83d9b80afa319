//! The client's app: it makes a request, sends attempts, sees how they end and retries.

use super::event::{Event, Kind};
use super::probe::{Happening, Probe};
use super::slab::{NOBODY, Row};
use super::tables::{Job, NEVER, Phase, Place, Viewer, flags};
use super::targets::Place as Destination;
use super::world::World;
use crate::measure::Outcome;
use crate::model::Jitter;
use crate::random::{Key, Purpose};
use crate::units::Span;

impl<P: Probe> World<'_, P> {
    /// A viewer enters a request step.
    pub fn begin_asking(&mut self, viewer: u32, anew: bool) {
        let row = &mut self.viewers[viewer];
        let region = self.model.cohorts[usize::from(row.cohort)].region;
        self.ledger.asking += 1;
        self.recorder.places[region].asking.add(1, self.now);
        let stamp = self.recorder.stamp();
        if row.active != stamp {
            row.active = stamp;
            self.recorder.newly_active(region);
        }
        self.begin_request(viewer, anew);
    }

    /// A viewer makes the request of the present step, for the first time or, after a refresh, anew.
    pub fn begin_request(&mut self, viewer: u32, anew: bool) {
        let now = self.now;
        self.viewers.renew(viewer);
        let row = &mut self.viewers[viewer];
        let Some(target) = self.targets.of(row.cohort, row.step) else { return self.watched(viewer) };
        let request = usize::from(target.request);
        let place = self.targets.route(target, self.settings, || row.key(&self.cohort_keys));
        if !anew {
            self.recorder.request(usize::from(place.cell));
        }
        let region = self.model.cohorts[usize::from(row.cohort)].region;
        let key = row.request_key(&self.cohort_keys);
        row.phase = Phase::Asking;
        row.attempt = 1;
        row.unmark(flags::PATIENCE_PAUSED);
        row.patience = NEVER;
        if !row.has(flags::STARTED) && row.since == NEVER && now >= self.model.drops[region] {
            row.since = now;
        }
        if let Some(patience) = &self.settings.clients[usize::from(row.client)].patience {
            let end = now.after(patience.law.span(key.draw(Purpose::Patience)));
            row.patience = end;
            self.schedule(end, Kind::Patience, viewer);
        }
        self.tell(viewer, Happening::RequestBegan { request });
        self.send(viewer, key, place);
    }

    /// Sends the next attempt of the present request, of which `request` is the key.
    fn send(&mut self, viewer: u32, request: Key, place: Destination) {
        let Viewer { attempt, cohort, ordinal, client, .. } = self.viewers[viewer];
        self.tell(viewer, Happening::Sent { pool: usize::from(place.pool), attempt });
        let slot = self.dispatch(request.with(u64::from(attempt)), cohort, ordinal, viewer, place);
        self.viewers[viewer].job = slot;
        self.start_app_timer(usize::from(client), place, slot);
        self.travel(slot);
    }

    /// Starts the app's timer for an attempt, unless the pool is sure to answer first.
    #[inline]
    pub fn start_app_timer(&mut self, client: usize, place: Destination, slot: u32) {
        if let Some(timeout) = self.settings.clients[client].timeout
            && timeout < self.waits.longest_answer(usize::from(place.cell))
        {
            self.after_delay(self.lanes.app_timeout(client), timeout, Kind::AppTimeout, slot);
        }
    }

    /// Makes the row of an attempt.
    #[inline]
    pub fn dispatch(&mut self, key: Key, cohort: u16, ordinal: u32, viewer: u32, to: Destination) -> u32 {
        self.ledger.sent += 1;
        self.ledger.in_flight += 1;
        self.recorder.sent(usize::from(to.cell));
        let region = self.model.cohorts[usize::from(cohort)].region as u8;
        let (sent, reached) = (self.now, self.now);
        let (cell, pool) = (to.cell, to.pool as u8);
        self.jobs.insert(Job { key, sent, reached, viewer, ordinal, cohort, cell, pool, region, ..Job::VACANT })
    }

    /// An attempt travels half a round trip to its pool; without distance it is there at once.
    #[inline]
    pub fn travel(&mut self, slot: u32) {
        if !self.travels(slot, Kind::Reach) {
            self.reach_pool(slot);
        }
    }

    /// Sends an attempt, its answer or word that its client left on the way; false without distance, when it is there
    /// at once.
    #[inline]
    pub fn travels(&mut self, slot: u32, kind: Kind) -> bool {
        let region = usize::from(self.jobs[slot].region);
        let half = self.settings.regions[region].half_rtt;
        if half != Span::ZERO {
            self.after_delay(self.lanes.travel(region), half, kind, slot);
        }
        half != Span::ZERO
    }

    /// The client sees how the attempt ended.
    pub fn reply_arrives(&mut self, slot: u32) {
        let job = &self.jobs[slot];
        // The client may have left while a 504 was on its way and the work went on.
        if job.client_done {
            return;
        }
        let (outcome, key, viewer) = (job.outcome, job.key, job.viewer);
        if outcome == Outcome::Served {
            self.recorder.service(usize::from(job.cell), job.service);
        }
        self.end_attempt(slot, outcome);
        self.close_pool_side(slot);
        if viewer == NOBODY {
            return;
        }
        self.tell(
            viewer,
            match outcome {
                Outcome::Served => Happening::Served,
                Outcome::Rejected => Happening::Rejected,
                Outcome::TimedOut => Happening::TimedOut,
                _ => Happening::Failed,
            },
        );
        if outcome == Outcome::Served {
            self.next_call(viewer);
        } else {
            self.attempt_failed(viewer, key);
        }
    }

    /// Counts the end of an attempt.
    #[inline]
    fn end_attempt(&mut self, slot: u32, outcome: Outcome) {
        let job = &mut self.jobs[slot];
        job.client_done = true;
        let viewer = std::mem::replace(&mut job.viewer, NOBODY);
        self.ledger.ended += 1;
        self.ledger.in_flight -= 1;
        self.recorder.ended(usize::from(job.cell), outcome, self.now.since(job.sent));
        if viewer != NOBODY {
            self.viewers[viewer].job = NOBODY;
        }
    }

    /// The app's timer ended: the client leaves the attempt.
    pub fn abandon(&mut self, slot: u32, cause: Happening) {
        let key = self.jobs[slot].key;
        let viewer = self.leave(slot);
        if viewer != NOBODY {
            self.tell(viewer, cause);
            self.attempt_failed(viewer, key);
        }
    }

    /// Leaves an attempt and sends word to its pool; the viewer who left.
    pub fn leave(&mut self, slot: u32) -> u32 {
        let Job { viewer, place, outcome, cell, service, .. } = self.jobs[slot];
        self.end_attempt(slot, Outcome::Abandoned);
        if viewer != NOBODY {
            // Whoever leaves an attempt that is in service has no other there, so patience runs on.
            self.resume_patience(viewer);
        }
        if place == Place::Gone {
            // The reply is on its way, in vain. Only of what was served the service had not been counted yet.
            if outcome == Outcome::Served {
                self.recorder.wasted(usize::from(cell), service);
            }
            self.close_pool_side(slot);
        } else if !self.travels(slot, Kind::Leave) {
            self.client_left(slot);
        }
        viewer
    }

    /// An attempt, whose key this is, ended other than served: the app retries, or the request fails.
    fn attempt_failed(&mut self, viewer: u32, key: Key) {
        let row = &mut self.viewers[viewer];
        let attempt = row.attempt;
        let again = self.settings.clients[usize::from(row.client)].retry.as_ref().filter(|retry| {
            attempt < retry.attempts
                && (retry.probability >= 1.0 || key.draw(Purpose::Retry).happens(retry.probability))
        });
        let Some(retry) = again else { return self.request_failed(viewer) };
        row.phase = Phase::Pausing;
        let longest = retry.pauses.len() - 1;
        let pause = retry.pauses[usize::from(attempt - 1).min(longest)];
        let spread = match retry.jitter {
            Jitter::None => pause,
            Jitter::Full => pause * key.draw(Purpose::Jitter).uniform(),
            Jitter::Equal => pause / 2.0 + pause / 2.0 * key.draw(Purpose::Jitter).uniform(),
        };
        let at = self.now.after(Span::from_nanos(spread));
        self.tell(viewer, Happening::RetryAt { at });
        self.schedule(at, Kind::Move, viewer);
    }

    /// The pause before a retry is over.
    pub fn retry(&mut self, viewer: u32) {
        let row = &mut self.viewers[viewer];
        row.phase = Phase::Asking;
        row.attempt += 1;
        if let Some(target) = self.targets.of(row.cohort, row.step) {
            let place = self.targets.route(target, self.settings, || row.key(&self.cohort_keys));
            let key = row.request_key(&self.cohort_keys);
            self.send(viewer, key, place);
        }
    }

    /// Goes on after a call that was served, or that failed and is optional.
    pub fn next_call(&mut self, viewer: u32) {
        let stamp = self.recorder.stamp();
        let row = &mut self.viewers[viewer];
        let times = self.targets.of(row.cohort, row.step).map_or(1, |target| target.times);
        if row.call + 1 < times {
            row.call += 1;
            row.active = stamp;
            row.phase = Phase::Between;
            return self.begin_request(viewer, false);
        }
        let next = usize::from(row.step) + 1;
        self.end_asking(viewer);
        self.enter_step(viewer, next);
    }

    /// The viewer leaves the request step.
    #[inline]
    pub fn end_asking(&mut self, viewer: u32) {
        let stamp = self.recorder.stamp();
        self.viewers.renew(viewer);
        let row = &mut self.viewers[viewer];
        let region = self.model.cohorts[usize::from(row.cohort)].region;
        self.ledger.asking -= 1;
        self.recorder.places[region].asking.add(-1, self.now);
        row.active = stamp;
        row.phase = Phase::Between;
        row.patience = NEVER;
    }

    /// An attempt reaches the end of a delay of its pool.
    #[inline]
    pub fn schedule_job(&mut self, after: Span, kind: Kind, slot: u32) {
        let generation = self.jobs.generation(slot);
        self.future.push(self.now.after(after), Event { kind, generation, slot }.pack());
    }
}
