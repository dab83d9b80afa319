//! The client's app: it makes a request, sends attempts, sees how they end and retries.

use super::event::{Event, Kind};
use super::probe::Probe;
use super::slab::{NOBODY, Row};
use super::tables::{Job, NEVER, Phase, Place, Viewer, flags};
use super::targets::{Destination, Target};
use super::world::World;
use crate::model::Jitter;
use crate::random::{Key, Part, Purpose};
use crate::units::Span;
use crate::vocabulary::{Happening, Outcome};

/// Who sends an attempt, as read from the viewer's row.
#[derive(Clone, Copy)]
struct Caller {
    viewer: u32,
    ordinal: u32,
    cohort: u16,
    attempt: u16,
    client: u8,
    region: u8,
    far: bool,
}

impl Caller {
    #[inline(always)]
    fn new(viewer: u32, row: &Viewer, target: &Target) -> Caller {
        let Viewer { ordinal, cohort, attempt, client, .. } = *row;
        Caller { viewer, ordinal, cohort, attempt, client, region: target.region, far: target.far }
    }
}

impl<P: Probe> World<'_, P> {
    /// A viewer enters a request step, or after a refresh makes its request anew.
    #[inline(always)]
    pub fn begin_asking(&mut self, viewer: u32, target: Target, anew: bool) {
        let row = &mut self.viewers[viewer];
        let region = usize::from(target.region);
        self.ledger.asking += 1;
        self.recorder.regions[region].asking.add(1, self.now);
        let stamp = self.recorder.stamp();
        if row.active != stamp {
            row.active = stamp;
            self.recorder.newly_active(region);
        }
        self.begin_request(viewer, target, anew);
    }

    /// A viewer makes a request.
    #[inline(always)]
    fn begin_request(&mut self, viewer: u32, target: Target, anew: bool) {
        let now = self.now;
        let row = &mut self.viewers[viewer];
        let to = self.targets.route(&target, self.settings, || row.key(&self.cohort_keys));
        if !anew {
            self.recorder.request(usize::from(to.cell));
        }
        let key = row.request_key(&self.cohort_keys);
        row.renew();
        row.phase = Phase::Asking;
        row.attempt = 1;
        row.unmark(flags::PATIENCE_PAUSED | flags::PATIENCE_WATCHED);
        row.patience = NEVER;
        if !row.has(flags::STARTED) && row.since == NEVER && now >= self.model.drops[usize::from(target.region)] {
            row.since = now;
        }
        if let Some(patience) = &self.settings.clients[usize::from(row.client)].patience {
            row.patience = now.after(patience.law.span(key.draw(Purpose::Patience)));
        }
        let caller = Caller::new(viewer, row, &target);
        self.tell(viewer, Happening::RequestBegan { request: usize::from(target.request) });
        self.send(caller, key, to);
    }

    /// Sends the next attempt of the present request, of which `request` is the key.
    #[inline(always)]
    fn send(&mut self, caller: Caller, request: Key, to: Destination) {
        let Caller { viewer, ordinal, cohort, attempt, region, far, .. } = caller;
        let key = request.part(Part::Attempt, u64::from(attempt));
        self.tell(viewer, Happening::Sent { pool: usize::from(to.pool), attempt });
        if !far && self.pools[usize::from(to.pool)].turns_away() {
            return self.refused_at_once(viewer, key, to);
        }
        let slot = self.dispatch(key, cohort, ordinal, viewer, to, region);
        let row = &mut self.viewers[viewer];
        row.job = slot;
        if row.patience != NEVER {
            let answer = self.waits.longest_answer(usize::from(to.cell));
            let timeout = self.settings.clients[usize::from(caller.client)].timeout.unwrap_or(Span::LONGEST);
            self.watch_patience(viewer, self.now.after(answer.min(timeout)));
        }
        self.start_app_timer(usize::from(caller.client), to, slot);
        if far { self.travel(slot) } else { self.reach_pool(slot) }
    }

    /// Without distance, an attempt that finds its pool full has its answer at once and needs no row.
    #[inline(always)]
    fn refused_at_once(&mut self, viewer: u32, key: Key, to: Destination) {
        self.ledger.sent += 1;
        self.ledger.ended += 1;
        self.recorder.refused_at_once(usize::from(to.cell));
        self.turn_away(usize::from(to.pool));
        self.tell(viewer, Happening::Ended(Outcome::Rejected));
        self.attempt_failed(viewer, key);
    }

    /// Starts the app's timer for an attempt, unless the pool is sure to answer first.
    #[inline]
    pub fn start_app_timer(&mut self, client: usize, to: Destination, slot: u32) {
        if let Some(timeout) = self.settings.clients[client].timeout
            && timeout < self.waits.longest_answer(usize::from(to.cell))
        {
            self.after_delay(self.lanes.app_timeout(client), timeout, Kind::AppTimeout, slot);
        }
    }

    /// Makes the row of an attempt.
    #[inline]
    pub fn dispatch(&mut self, key: Key, cohort: u16, ordinal: u32, viewer: u32, to: Destination, region: u8) -> u32 {
        self.ledger.sent += 1;
        self.ledger.in_flight += 1;
        self.recorder.sent(usize::from(to.cell));
        let slot = self.jobs.take();
        let row = &mut self.jobs[slot];
        *row = Job {
            key,
            sent: self.now,
            viewer,
            ordinal,
            generation: row.generation,
            cohort,
            cell: to.cell,
            pool: to.pool,
            region,
            ..Job::VACANT
        };
        slot
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
        let job = &self.jobs[slot];
        let region = usize::from(job.region);
        let half = self.settings.regions[region].half_rtt;
        if half == Span::ZERO {
            return false;
        }
        let event = Event { kind, generation: job.generation, slot };
        self.future.push_in_order(self.lanes.travel(region), self.now.after(half), event.pack());
        true
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
        self.tell(viewer, Happening::Ended(outcome));
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
    #[inline(always)]
    fn attempt_failed(&mut self, viewer: u32, key: Key) {
        let row = &mut self.viewers[viewer];
        let attempt = row.attempt;
        let Some(retry) = &self.settings.clients[usize::from(row.client)].retry else {
            return self.request_failed(viewer);
        };
        let stops = retry.probability < 1.0 && !key.draw(Purpose::Retry).happens(retry.probability);
        if attempt >= retry.attempts || stops {
            return self.request_failed(viewer);
        }
        row.phase = Phase::Pausing;
        let longest = retry.pauses.len() - 1;
        let pause = retry.pauses[usize::from(attempt - 1).min(longest)];
        let spread = match retry.jitter {
            Jitter::None => pause,
            Jitter::Full => pause * key.draw(Purpose::Jitter).uniform(),
            Jitter::Equal => pause / 2.0 + pause / 2.0 * key.draw(Purpose::Jitter).uniform(),
        };
        let at = self.now.after(Span::from_nanos(spread));
        self.future.push(at, Event { kind: Kind::Move, generation: row.generation(), slot: viewer }.pack());
        if row.patience != NEVER {
            self.watch_patience(viewer, at);
        }
        self.tell(viewer, Happening::RetryAt { at });
    }

    /// The pause before a retry is over.
    #[inline(always)]
    pub fn retry(&mut self, viewer: u32) {
        let row = &mut self.viewers[viewer];
        row.phase = Phase::Asking;
        row.attempt += 1;
        if let Some(target) = self.targets.of(row.cohort, row.step) {
            let to = self.targets.route(&target, self.settings, || row.key(&self.cohort_keys));
            let key = row.request_key(&self.cohort_keys);
            let caller = Caller::new(viewer, row, &target);
            self.send(caller, key, to);
        }
    }

    /// Goes on after a call that was served, or that failed and is optional.
    pub fn next_call(&mut self, viewer: u32) {
        let row = &mut self.viewers[viewer];
        let target = self.targets.of(row.cohort, row.step);
        if let Some(target) = target
            && row.call + 1 < target.times
        {
            row.call += 1;
            row.active = self.recorder.stamp();
            return self.begin_request(viewer, target, false);
        }
        let next = usize::from(row.step) + 1;
        self.end_asking(viewer);
        self.enter_step(viewer, next);
    }

    /// The viewer leaves the request step.
    #[inline]
    pub fn end_asking(&mut self, viewer: u32) {
        let row = &mut self.viewers[viewer];
        let region = self.model.cohorts[usize::from(row.cohort)].region;
        self.ledger.asking -= 1;
        self.recorder.regions[region].asking.add(-1, self.now);
        row.renew();
        row.active = self.recorder.stamp();
        row.phase = Phase::Between;
        row.patience = NEVER;
    }
}
