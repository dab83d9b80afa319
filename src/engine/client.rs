//! The client: the app that sends and retries, the human who waits, refreshes, reports and gives up.

use super::event::{Event, Kind};
use super::probe::{Happening, Probe};
use super::slab::NOBODY;
use super::world::{Job, NEVER, Phase, Place, Viewer, World, flags};
use crate::measure::Outcome;
use crate::model::{Jitter, Step};
use crate::random::{Key, Purpose};
use crate::units::{Span, Time};

impl<P: Probe> World<'_, P> {
    /// A viewer makes the request of the present step, for the first time or, after a refresh, anew.
    pub fn begin_request(&mut self, viewer: u32, anew: bool) {
        let row = self.viewers[viewer];
        let now = self.now;
        let region = self.model.cohorts[usize::from(row.cohort)].region;
        let Some((request, pool, cell)) = self.target(&row) else { return self.watched(viewer) };
        if !anew {
            self.recorder.request(cell);
        }
        if row.phase != Phase::Asking {
            self.ledger.asking += 1;
            self.recorder.places[region].asking.add(1, now);
            let stamp = self.recorder.stamp();
            if row.active != stamp {
                self.viewers[viewer].active = stamp;
                self.recorder.newly_active(region);
            }
        }
        let patience = self.settings.clients[usize::from(row.client)]
            .patience
            .as_ref()
            .map(|patience| now.after(patience.law.span(self.request_key(&row).draw(Purpose::Patience))));
        self.viewers.renew(viewer);
        let row = &mut self.viewers[viewer];
        row.phase = Phase::Asking;
        row.attempt = 1;
        row.flags &= !flags::PATIENCE_PAUSED;
        row.patience = patience.unwrap_or(NEVER);
        if row.flags & flags::STARTED == 0 && row.since == NEVER && now >= self.model.drops[region] {
            row.since = now;
        }
        if let Some(end) = patience {
            self.schedule(end, Kind::Patience, viewer);
        }
        self.tell(viewer, Happening::RequestBegan { request });
        self.send(viewer, pool, cell);
    }

    /// The request, the pool and the cell of the present request step; `None` past the last step.
    fn target(&self, row: &Viewer) -> Option<(usize, usize, usize)> {
        let cohort = &self.model.cohorts[usize::from(row.cohort)];
        let Step::Request { request, tier, .. } =
            self.settings.journeys[cohort.journey].steps.get(usize::from(row.step))?
        else {
            return None;
        };
        let pool = self.route(row.cohort, row.ordinal, *tier);
        Some((*request, pool, self.cell(cohort.region, *request, pool)))
    }

    /// The pool that serves a tier of a viewer; drawn once, as a function of who they are.
    pub fn route(&self, cohort: u16, ordinal: u32, tier: usize) -> usize {
        let region = self.model.cohorts[usize::from(cohort)].region;
        let route = &self.settings.regions[region].routes[tier];
        let pools = &route.pools;
        if let [(_, only)] = pools[..] {
            return only;
        }
        let mut draw = self.viewer_key(cohort, ordinal).with(route.tier).draw(Purpose::Route);
        pools[crate::random::pick(pools, |(share, _)| *share, draw.uniform())].1
    }

    /// The cell in which a request of a region to a pool is counted.
    pub fn cell(&self, region: usize, request: usize, pool: usize) -> usize {
        usize::from(self.cell_lookup[(region * self.model.requests.len() + request) * self.model.pools + pool])
    }

    /// Sends the next attempt of the present request.
    fn send(&mut self, viewer: u32, pool: usize, cell: usize) {
        let row = self.viewers[viewer];
        let key = self.request_key(&row).with(u64::from(row.attempt));
        self.tell(viewer, Happening::Sent { pool, attempt: row.attempt });
        let slot = self.dispatch(key, row.cohort, row.ordinal, viewer, pool, cell);
        self.viewers[viewer].job = slot;
        let clients = 2 * self.model.pools;
        if self.settings.clients[usize::from(row.client)].timeout.is_some() {
            self.start_timer(clients + usize::from(row.client), slot);
        }
        self.travel(slot);
    }

    /// Makes the row of an attempt.
    pub fn dispatch(&mut self, key: Key, cohort: u16, ordinal: u32, viewer: u32, pool: usize, cell: usize) -> u32 {
        let region = self.model.cohorts[usize::from(cohort)].region;
        self.ledger.sent += 1;
        self.ledger.in_flight += 1;
        self.recorder.sent(cell);
        self.jobs.insert(Job {
            key,
            sent: self.now,
            reached: self.now,
            service: Span::ZERO,
            viewer,
            ordinal,
            cohort,
            cell: cell as u16,
            pool: pool as u8,
            place: Place::Outbound,
            region: region as u8,
            outcome: Outcome::Served,
            client_done: false,
            wait_done: false,
            left_early: false,
        })
    }

    /// An attempt travels half a round trip to its pool; without distance it is there at once.
    pub fn travel(&mut self, slot: u32) {
        let half = self.settings.regions[usize::from(self.jobs[slot].region)].half_rtt;
        if half == Span::ZERO {
            return self.reach_pool(slot);
        }
        let generation = self.jobs.generation(slot);
        self.calendar.push(self.now.after(half), Event { kind: Kind::Reach, generation, slot }.pack());
    }

    /// The client sees how the attempt ended.
    pub fn reply_arrives(&mut self, slot: u32) {
        let job = self.jobs[slot];
        // The client may have left while a 504 was on its way and the work went on.
        if job.client_done {
            return;
        }
        if job.outcome == Outcome::Served {
            self.recorder.service(usize::from(job.cell), job.service);
        }
        self.end_attempt(slot, job.outcome);
        self.close_pool_side(slot);
        if job.viewer == NOBODY {
            return;
        }
        if job.outcome == Outcome::Served {
            self.tell(job.viewer, Happening::Served);
            return self.next_call(job.viewer);
        }
        self.tell(
            job.viewer,
            match job.outcome {
                Outcome::Rejected => Happening::Rejected,
                Outcome::TimedOut => Happening::TimedOut,
                _ => Happening::Failed,
            },
        );
        self.attempt_failed(job.viewer);
    }

    /// Counts the end of an attempt.
    fn end_attempt(&mut self, slot: u32, outcome: Outcome) {
        let now = self.now;
        let job = &mut self.jobs[slot];
        job.client_done = true;
        let (cell, latency, viewer) = (usize::from(job.cell), now.since(job.sent), job.viewer);
        job.viewer = NOBODY;
        self.ledger.ended += 1;
        self.ledger.in_flight -= 1;
        self.recorder.ended(cell, outcome, latency);
        if viewer != NOBODY {
            self.viewers[viewer].job = NOBODY;
        }
    }

    /// The app's timer or the human's patience ended: the client leaves the attempt.
    pub fn abandon(&mut self, slot: u32, cause: Happening) {
        let viewer = self.leave(slot);
        if viewer != NOBODY {
            self.tell(viewer, cause);
            self.attempt_failed(viewer);
        }
    }

    /// Leaves an attempt and sends word to its pool; the viewer who left.
    fn leave(&mut self, slot: u32) -> u32 {
        let Job { viewer, place, outcome, cell, service, region, .. } = self.jobs[slot];
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
            return viewer;
        }
        let half = self.settings.regions[usize::from(region)].half_rtt;
        if half == Span::ZERO {
            self.client_left(slot);
        } else {
            let generation = self.jobs.generation(slot);
            self.calendar.push(self.now.after(half), Event { kind: Kind::Leave, generation, slot }.pack());
        }
        viewer
    }

    /// The human has waited long enough for the present request.
    pub fn patience_ends(&mut self, viewer: u32) {
        let row = self.viewers[viewer];
        if row.patience != self.now || row.flags & flags::PATIENCE_PAUSED != 0 {
            return;
        }
        if row.job != NOBODY {
            self.leave(row.job);
        }
        self.tell(viewer, Happening::PatienceEnded);
        self.request_failed(viewer);
    }

    /// An attempt ended other than served: the app retries, or the request fails.
    fn attempt_failed(&mut self, viewer: u32) {
        let row = self.viewers[viewer];
        let Some(retry) = &self.settings.clients[usize::from(row.client)].retry else {
            return self.request_failed(viewer);
        };
        let key = self.request_key(&row).with(u64::from(row.attempt));
        let again = row.attempt < retry.attempts
            && (retry.probability >= 1.0 || key.draw(Purpose::Retry).happens(retry.probability));
        if !again {
            return self.request_failed(viewer);
        }
        let longest = retry.pauses.len() - 1;
        let pause = retry.pauses[usize::from(row.attempt - 1).min(longest)];
        let spread = match retry.jitter {
            Jitter::None => pause,
            Jitter::Full => pause * key.draw(Purpose::Jitter).uniform(),
            Jitter::Equal => pause / 2.0 + pause / 2.0 * key.draw(Purpose::Jitter).uniform(),
        };
        let at = self.now.after(Span::from_nanos(spread));
        self.viewers[viewer].phase = Phase::Pausing;
        self.tell(viewer, Happening::RetryAt { at });
        self.schedule(at, Kind::Move, viewer);
    }

    /// The pause before a retry is over.
    pub fn retry(&mut self, viewer: u32) {
        let row = &mut self.viewers[viewer];
        row.phase = Phase::Asking;
        row.attempt += 1;
        let row = *row;
        if let Some((_, pool, cell)) = self.target(&row) {
            self.send(viewer, pool, cell);
        }
    }

    /// Goes on after a call that was served, or that failed and is optional.
    pub fn next_call(&mut self, viewer: u32) {
        let row = self.viewers[viewer];
        let cohort = &self.model.cohorts[usize::from(row.cohort)];
        let step = self.settings.journeys[cohort.journey].steps.get(usize::from(row.step));
        let times = match step {
            Some(Step::Request { times, .. }) => *times,
            _ => 1,
        };
        if row.call + 1 < times {
            self.ledger.asking -= 1;
            self.recorder.places[cohort.region].asking.add(-1, self.now);
            let stamp = self.recorder.stamp();
            let row = &mut self.viewers[viewer];
            row.call += 1;
            row.active = stamp;
            row.phase = Phase::Between;
            return self.begin_request(viewer, false);
        }
        self.end_asking(viewer);
        self.enter_step(viewer, usize::from(row.step) + 1);
    }

    /// The viewer leaves the request step.
    fn end_asking(&mut self, viewer: u32) {
        let region = self.model.cohorts[usize::from(self.viewers[viewer].cohort)].region;
        self.ledger.asking -= 1;
        self.recorder.places[region].asking.add(-1, self.now);
        let stamp = self.recorder.stamp();
        self.viewers.renew(viewer);
        let row = &mut self.viewers[viewer];
        row.active = stamp;
        row.phase = Phase::Between;
        row.patience = NEVER;
    }

    /// The attempts are used up or the patience is: an error page, unless the request is optional.
    fn request_failed(&mut self, viewer: u32) {
        let row = self.viewers[viewer];
        let cohort = &self.model.cohorts[usize::from(row.cohort)];
        let region = cohort.region;
        let step = self.settings.journeys[cohort.journey].steps.get(usize::from(row.step));
        if matches!(step, Some(Step::Request { optional: true, .. })) {
            // By way of the calendar, so that thousands of refused calls of one instant do not nest.
            self.tell(viewer, Happening::Skipped);
            self.viewers.renew(viewer);
            let row = &mut self.viewers[viewer];
            row.phase = Phase::Skipping;
            row.patience = NEVER;
            return self.schedule(self.now, Kind::Move, viewer);
        }
        let key = self.request_key(&row);
        self.end_asking(viewer);
        self.tell(viewer, Happening::ErrorPage);
        self.error_page(viewer, region);
        let client = &self.settings.clients[usize::from(row.client)];
        if let Some(refresh) = &client.refresh
            && u32::from(row.refreshes) < refresh.attempts.min(u32::from(u16::MAX))
            && key.draw(Purpose::Refresh).happens(refresh.probability)
        {
            let at = self.now.after(refresh.delay.span(key.draw(Purpose::RefreshDelay)));
            self.viewers[viewer].phase = Phase::Refreshing;
            self.ledger.waiting += 1;
            self.tell(viewer, Happening::RefreshAt { at });
            return self.schedule(at, Kind::Move, viewer);
        }
        self.give_up(viewer);
    }

    /// Counts an error page, and draws once whether the viewer reports the outage.
    fn error_page(&mut self, viewer: u32, region: usize) {
        let stamp = self.recorder.stamp();
        let row = &mut self.viewers[viewer];
        if row.error != stamp {
            row.error = stamp;
            self.recorder.error_page(region);
        }
        let seen = row.flags;
        row.flags |= flags::SAW_ERROR | flags::REPORT_DRAWN;
        let (cohort, ordinal, client) = (row.cohort, row.ordinal, usize::from(row.client));
        if seen & flags::SAW_ERROR == 0 {
            self.ledger.saw_error += 1;
        }
        if seen & flags::REPORT_DRAWN == 0
            && let Some(report) = &self.settings.clients[client].report
        {
            let key = self.viewer_key(cohort, ordinal);
            if key.draw(Purpose::Report).happens(report.probability) {
                let at = self.now.after(report.delay.span(key.draw(Purpose::ReportDelay)));
                self.calendar.push(at, Event::about(Kind::Report, region).pack());
            }
        }
    }

    /// The delay before a refresh is over.
    pub fn refresh(&mut self, viewer: u32) {
        self.ledger.waiting -= 1;
        let row = &mut self.viewers[viewer];
        row.refreshes += 1;
        row.phase = Phase::Between;
        if self.settings.clients[usize::from(row.client)].refresh_from_start {
            row.pass = row.pass.wrapping_add(1);
            return self.enter_step(viewer, 0);
        }
        self.begin_request(viewer, true);
    }

    /// The viewer gives up, and perhaps comes back later.
    pub fn give_up(&mut self, viewer: u32) {
        self.tell(viewer, Happening::GaveUp);
        self.ledger.gave_up += 1;
        let row = self.viewers[viewer];
        if let Some(come_back) = &self.settings.clients[usize::from(row.client)].come_back {
            let key = self.viewer_key(row.cohort, row.ordinal).with(u64::from(row.visit));
            let may = u32::from(row.visit) < come_back.attempts.min(u32::from(u16::MAX));
            if may && key.draw(Purpose::ComeBack).happens(come_back.probability) {
                let at = self.now.after(come_back.delay.span(key.draw(Purpose::ComeBackDelay)));
                self.viewers[viewer].phase = Phase::Away;
                return self.schedule(at, Kind::Move, viewer);
            }
        }
        self.viewers.remove(viewer);
    }

    /// Someone who gave up is back, at the first step.
    pub fn come_back(&mut self, viewer: u32) {
        self.ledger.gave_up -= 1;
        let row = &mut self.viewers[viewer];
        row.visit += 1;
        row.refreshes = 0;
        row.pass = 0;
        row.phase = Phase::Between;
        self.tell(viewer, Happening::CameBack);
        self.enter_step(viewer, 0);
    }

    /// A report of the tracker's usual level, and the next one.
    pub fn usual_report(&mut self, region: usize) {
        self.usual[region].1 = false;
        if self.settings.regions[region].usual_reports > 0.0 {
            self.recorder.report(region);
            self.schedule_usual_report(region);
        }
    }

    /// Draws when the next report of the usual level comes, unless that has been drawn.
    pub fn schedule_usual_report(&mut self, region: usize) {
        let rate = self.settings.regions[region].usual_reports * self.model.scale;
        let (stream, pending) = &mut self.usual[region];
        if rate > 0.0 && !*pending {
            let gap = stream.exponential() / rate;
            let at: Time = self.now.after(Span::from_seconds(gap).max(Span(1)));
            if at < self.model.end {
                *pending = true;
                self.calendar.push(at, Event::about(Kind::UsualReport, region).pack());
            }
        }
    }
}
