//! The human behind the app: patience, error pages, refreshes, reports, giving up and coming back.

use crate::engine::pending::event::{Event, Kind};
use crate::engine::probe::Probe;
use crate::engine::state::asked::Asked;
use crate::engine::state::attempt::Origin;
use crate::engine::state::restarts::{self, Again};
use crate::engine::state::slab::{NO_ROW, Row};
use crate::engine::state::viewer::{NEVER, Phase, flags};
use crate::engine::world::World;
use crate::measure::Stopped;
use crate::policy::caller::attempt::End;
use crate::policy::human::patience;
use crate::units::Time;
use crate::vocabulary::{Happening, Harm, Outcome};

impl<P: Probe> World<'_, P> {
    /// Ends the patience of a viewer with the present request, unless its end has moved or the patience clock stands
    /// still.
    pub fn patience_ends(&mut self, viewer: u32) {
        let row = &self.viewers[viewer];
        if row.patience != self.now || row.has(flags::PATIENCE_PAUSED) {
            return;
        }
        let pauses = row.phase == Phase::Pausing;
        let Some((cell, asked)) = self.leave_request(viewer) else { return };
        if pauses && self.callers.apps.any {
            self.caller_withdrawn(viewer);
        }
        if !pauses && self.callers.apps.told.ends {
            self.caller_ended(viewer, End::Left);
        }
        self.tell(viewer, Happening::PatienceEnded);
        if self.hedges.used {
            self.leave_try(viewer, Outcome::Abandoned);
        }
        self.request_failed(viewer, cell, asked);
    }

    /// Abandons the attempt under way of a viewer, or the pause before the next one. Returns the cell of the request
    /// and the time that the request has taken.
    fn leave_request(&mut self, viewer: u32) -> Option<(u16, Asked)> {
        let row = &self.viewers[viewer];
        if row.phase != Phase::Pausing && row.attempt_row != NO_ROW {
            let attempt = row.attempt_row;
            let cell = self.attempts[attempt].cell;
            return Some((cell, self.leave(attempt).1));
        }
        let call = self.itineraries.request_at(row.cohort, row.step)?;
        let to = self.itineraries.route(&call, self.settings, || row.key(&self.cohort_keys));
        Some((to.cell, row.paused_request()))
    }

    /// Schedules the end of a viewer's patience.
    #[inline(never)]
    pub fn watch_patience(&mut self, viewer: u32) {
        let row = &mut self.viewers[viewer];
        row.mark(flags::PATIENCE_WATCHED);
        let event = Event { kind: Kind::Patience, generation: row.generation(), row: viewer };
        self.future.push(row.patience, event.pack());
    }

    /// Stops the patience clock of a viewer whose attempt enters service, where patience runs `until_service`.
    #[inline]
    pub fn pause_patience(&mut self, viewer: u32, attempt: u32) {
        if !self.patience_may_pause {
            return;
        }
        if self.hedges.used {
            self.hedges.enters_service(Origin::viewer(viewer), attempt);
        }
        let row = &mut self.viewers[viewer];
        let client = &self.settings.clients[usize::from(row.client)];
        let stands_still = client.patience.as_ref().is_some_and(patience::Settings::stands_still_in_service);
        if stands_still && row.patience != NEVER && !row.has(flags::PATIENCE_PAUSED) {
            row.patience = Time(row.patience.0.saturating_sub(self.now.0));
            row.mark(flags::PATIENCE_PAUSED);
        }
    }

    /// Starts the patience clock again after an attempt left service without being served, unless a hedged copy is in
    /// service.
    #[inline]
    pub fn resume_patience(&mut self, viewer: u32, attempt: u32) {
        if !self.patience_may_pause {
            return;
        }
        if self.hedges.used {
            let origin = Origin::viewer(viewer);
            self.hedges.leaves_service(origin, attempt);
            if self.hedges.is_in_service(origin) {
                return;
            }
        }
        let row = &mut self.viewers[viewer];
        if row.has(flags::PATIENCE_PAUSED) {
            row.unmark(flags::PATIENCE_PAUSED);
            row.patience = Time(self.now.0.saturating_add(row.patience.0));
            let at = row.patience;
            self.schedule(at, Kind::Patience, viewer);
        }
    }

    /// Fails a request to a cell that has taken `asked`: an error page follows, unless the request is optional.
    pub fn request_failed(&mut self, viewer: u32, cell: u16, asked: Asked) {
        self.books.recorder.request_failed(usize::from(cell));
        self.request_ends(viewer, cell, asked);
        let row = &mut self.viewers[viewer];
        if self.itineraries.request_at(row.cohort, row.step).is_some_and(|call| call.optional) {
            // The next call begins in an event of this instant, so that thousands of rejected calls in a row do not
            // recurse.
            row.phase = Phase::Skipping;
            row.patience = NEVER;
            self.viewers.renew(viewer);
            self.tell(viewer, Happening::Skipped);
            return self.schedule(self.now, Kind::Move, viewer);
        }
        self.end_asking(viewer);
        self.tell(viewer, Happening::ErrorPage);
        self.error_page(viewer);
        let row = &mut self.viewers[viewer];
        if let Some(refresh) = &self.settings.clients[usize::from(row.client)].refresh
            && let Some(delay) = refresh.delay(row.refreshes, row.request_key(&self.cohort_keys))
        {
            let at = self.now.after(delay);
            row.phase = Phase::Refreshing;
            self.books.ledger.waiting += 1;
            if self.people.awaits_streams {
                self.waits_for_stream(viewer, delay.0 as f32);
            }
            self.tell(viewer, Happening::RefreshAt { at });
            return self.schedule(at, Kind::Move, viewer);
        }
        self.give_up(viewer);
    }

    /// Counts an error page. At their first one, a viewer draws whether to report the outage.
    fn error_page(&mut self, viewer: u32) {
        let stamp = self.books.recorder.stamp();
        let row = &mut self.viewers[viewer];
        let region = self.model.cohorts[usize::from(row.cohort)].region;
        if row.error != stamp {
            // The last error page may have come before the measured window.
            if self.people.is_open && usize::from(row.error) <= self.model.measured.start {
                self.books.recorder.harmed(region, Harm::SawError);
            }
            row.error = stamp;
            self.books.recorder.error_page(region);
        }
        self.books.ledger.saw_error += u64::from(!row.has(flags::SAW_ERROR));
        if !row.has(flags::SAW_ERROR)
            && let Some(report) = &self.settings.clients[usize::from(row.client)].report
            && let Some(delay) = report.delay(row.key(&self.cohort_keys))
        {
            let at = self.now.after(delay);
            self.future.push(at, Event::lasting(Kind::Report, region).pack());
        }
        row.mark(flags::SAW_ERROR);
        if self.people.is_open && self.people.lists_requests() {
            self.harm_in_request(viewer, Harm::SawError);
        }
    }

    /// A viewer refreshes, after the delay.
    pub fn refresh(&mut self, viewer: u32) {
        self.books.ledger.waiting -= 1;
        let row = &mut self.viewers[viewer];
        row.refreshes += 1;
        row.phase = Phase::Between;
        if self.settings.clients[usize::from(row.client)].refresh.as_ref().is_some_and(|refresh| refresh.from_start) {
            restarts::begin(&mut self.words, viewer, row, Again::Refresh);
            if self.begin_pass(viewer) {
                self.enter_step(viewer, 0);
            }
            return;
        }
        let region = self.model.cohorts[usize::from(row.cohort)].region;
        self.books.recorder.refreshed(region);
        if let Some(call) = self.itineraries.request_at(row.cohort, row.step) {
            self.begin_asking(viewer, call, true);
        }
    }

    /// A viewer gives up, and comes back later or never.
    #[inline(always)]
    pub fn give_up(&mut self, viewer: u32) {
        self.tell(viewer, Happening::GaveUp);
        self.books.ledger.gave_up += 1;
        if self.rooms.used {
            self.leave_rooms(viewer);
        }
        let region = self.model.cohorts[usize::from(self.viewers[viewer].cohort)].region;
        self.books.recorder.gave_up(region);
        self.harm(viewer, Harm::GaveUp);
        let row = &mut self.viewers[viewer];
        if let Some(come_back) = &self.settings.clients[usize::from(row.client)].come_back
            && let Some(delay) = come_back.delay(row.visit(), row.come_back_key(&self.cohort_keys))
        {
            let at = self.now.after(delay);
            row.phase = Phase::Away;
            return self.schedule(at, Kind::Move, viewer);
        }
        self.remove_viewer(viewer);
    }

    /// A viewer who gave up comes back, at the first step.
    pub fn come_back(&mut self, viewer: u32) {
        self.books.ledger.gave_up -= 1;
        let row = &mut self.viewers[viewer];
        restarts::begin(&mut self.words, viewer, row, Again::ComeBack);
        row.refreshes = 0;
        row.phase = Phase::Between;
        if !row.begin_visit() {
            self.stop(Stopped::RoundLimit);
        }
        if self.rounds.used {
            self.rounds.begin(viewer, self.now);
        }
        self.tell(viewer, Happening::CameBack);
        self.enter_step(viewer, 0);
    }
}
