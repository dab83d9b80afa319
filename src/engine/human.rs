//! The human who holds the remote control: waits, sees an error page, refreshes, reports, gives up, comes back.

use super::event::{Event, Kind};
use super::probe::Probe;
use super::slab::{NOBODY, Row};
use super::tables::{NEVER, Phase, flags};
use super::world::World;
use crate::model::PatienceClock;
use crate::random::Purpose;
use crate::units::{Span, Time};
use crate::vocabulary::Happening;

impl<P: Probe> World<'_, P> {
    /// The human has waited long enough for the present request.
    pub fn patience_ends(&mut self, viewer: u32) {
        let row = &self.viewers[viewer];
        if row.patience != self.now || row.has(flags::PATIENCE_PAUSED) {
            return;
        }
        if row.job != NOBODY {
            self.leave(row.job);
        }
        self.tell(viewer, Happening::PatienceEnded);
        self.request_failed(viewer);
    }

    /// Sees to it that patience, of a viewer who has some, is watched if it may end until `then`, when the present attempt or pause is over at the
    /// latest. Most requests are over long before, and their patience never becomes an event.
    #[inline]
    pub fn watch_patience(&mut self, viewer: u32, then: Time) {
        let row = &mut self.viewers[viewer];
        if row.has(flags::PATIENCE_WATCHED) || (row.patience > then && !self.patience_may_pause) {
            return;
        }
        row.mark(flags::PATIENCE_WATCHED);
        let event = Event { kind: Kind::Patience, generation: row.generation(), slot: viewer };
        self.future.push(row.patience, event.pack());
    }

    /// In the textbook's form nobody leaves once service has begun: patience stands still.
    #[inline]
    pub fn pause_patience(&mut self, viewer: u32) {
        if !self.patience_may_pause {
            return;
        }
        let row = &mut self.viewers[viewer];
        let client = &self.settings.clients[usize::from(row.client)];
        let stands_still = client.patience.as_ref().is_some_and(|p| p.clock == PatienceClock::UntilService);
        if stands_still && row.patience != NEVER {
            row.patience = Time(row.patience.0.saturating_sub(self.now.0));
            row.mark(flags::PATIENCE_PAUSED);
        }
    }

    /// No attempt is in service any more, and none was served: patience runs on.
    #[inline]
    pub fn resume_patience(&mut self, viewer: u32) {
        if !self.patience_may_pause {
            return;
        }
        let row = &mut self.viewers[viewer];
        if row.has(flags::PATIENCE_PAUSED) {
            row.unmark(flags::PATIENCE_PAUSED);
            row.patience = Time(self.now.0.saturating_add(row.patience.0));
            let at = row.patience;
            self.schedule(at, Kind::Patience, viewer);
        }
    }

    /// The attempts are used up or the patience is: an error page, unless the request is optional.
    pub fn request_failed(&mut self, viewer: u32) {
        let row = &mut self.viewers[viewer];
        if self.targets.of(row.cohort, row.step).is_some_and(|target| target.optional) {
            // By way of the future event list, so that thousands of refused calls of one instant do not nest.
            row.phase = Phase::Skipping;
            row.patience = NEVER;
            self.viewers.renew(viewer);
            self.tell(viewer, Happening::Skipped);
            return self.schedule(self.now, Kind::Move, viewer);
        }
        let key = row.request_key(&self.cohort_keys);
        self.end_asking(viewer);
        self.tell(viewer, Happening::ErrorPage);
        self.error_page(viewer);
        let row = &mut self.viewers[viewer];
        if let Some(refresh) = &self.settings.clients[usize::from(row.client)].refresh
            && u32::from(row.refreshes) < refresh.attempts.min(u32::from(u16::MAX))
            && key.draw(Purpose::Refresh).happens(refresh.probability)
        {
            let at = self.now.after(refresh.delay.span(key.draw(Purpose::RefreshDelay)));
            row.phase = Phase::Refreshing;
            self.ledger.waiting += 1;
            self.tell(viewer, Happening::RefreshAt { at });
            return self.schedule(at, Kind::Move, viewer);
        }
        self.give_up(viewer);
    }

    /// Counts an error page, and draws once whether the viewer reports the outage.
    fn error_page(&mut self, viewer: u32) {
        let stamp = self.recorder.stamp();
        let row = &mut self.viewers[viewer];
        let region = self.model.cohorts[usize::from(row.cohort)].region;
        if row.error != stamp {
            row.error = stamp;
            self.recorder.error_page(region);
        }
        self.ledger.saw_error += u64::from(!row.has(flags::SAW_ERROR));
        if !row.has(flags::REPORT_DRAWN)
            && let Some(report) = &self.settings.clients[usize::from(row.client)].report
        {
            let key = row.key(&self.cohort_keys);
            if key.draw(Purpose::Report).happens(report.probability) {
                let at = self.now.after(report.delay.span(key.draw(Purpose::ReportDelay)));
                self.future.push(at, Event::about(Kind::Report, region).pack());
            }
        }
        row.mark(flags::SAW_ERROR | flags::REPORT_DRAWN);
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
        if let Some(target) = self.targets.of(row.cohort, row.step) {
            self.begin_asking(viewer, target, true);
        }
    }

    /// The viewer gives up, and perhaps comes back later.
    pub fn give_up(&mut self, viewer: u32) {
        self.tell(viewer, Happening::GaveUp);
        self.ledger.gave_up += 1;
        let row = &mut self.viewers[viewer];
        if let Some(come_back) = &self.settings.clients[usize::from(row.client)].come_back {
            let key = row.key(&self.cohort_keys).with(u64::from(row.visit));
            let may = u32::from(row.visit) < come_back.attempts.min(u32::from(u16::MAX));
            if may && key.draw(Purpose::ComeBack).happens(come_back.probability) {
                let at = self.now.after(come_back.delay.span(key.draw(Purpose::ComeBackDelay)));
                row.phase = Phase::Away;
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
                self.future.push(at, Event::about(Kind::UsualReport, region).pack());
            }
        }
    }
}
