//! Retries of the client's app: the decision after a failed attempt, the pause, and the next attempt.

use super::call::Sending;
use crate::engine::pending::event::{Event, Kind};
use crate::engine::probe::Probe;
use crate::engine::state::asked::Asked;
use crate::engine::state::itinerary::Stop;
use crate::engine::state::slab::Row;
use crate::engine::state::viewer::Phase;
use crate::engine::world::World;
use crate::policy::caller::attempt::End;
use crate::random::{Key, Part};
use crate::units::{Span, Time};
use crate::vocabulary::{Happening, Outcome};

impl<P: Probe> World<'_, P> {
    /// An attempt with this key ended with an outcome other than served: the app retries, or the request fails.
    ///
    /// The request has gone to `cell` and taken `asked` so far.
    #[inline(always)]
    pub fn attempt_failed(&mut self, viewer: u32, key: Key, outcome: Outcome, cell: u16, asked: Asked) {
        if self.fails_by_rule {
            return self.attempt_failed_by_rule(viewer, key, outcome, cell, asked);
        }
        let row = &mut self.viewers[viewer];
        // An inner match, since a closure is not inlined here.
        let pause = match &self.settings.clients[usize::from(row.client)].retry {
            Some(retry) => retry.pause_after(row.attempt, key, outcome, None),
            None => None,
        };
        match pause {
            // The row is at hand, so that it is not looked up again.
            Some(pause) => {
                let at = self.now.after(pause);
                row.pause_request(self.now, at, asked);
                let generation = row.generation();
                let watch = row.must_watch_patience(at, self.patience_may_pause);
                self.retry_at(viewer, at, generation, watch);
            }
            None => self.request_failed(viewer, cell, asked),
        }
    }

    /// As [`World::attempt_failed`], where apps have protections or hedge, or pools send `retry_after`.
    #[cold]
    #[inline(never)]
    fn attempt_failed_by_rule(&mut self, viewer: u32, key: Key, outcome: Outcome, cell: u16, asked: Asked) {
        let app = self.app_of(viewer);
        if self.callers.apps.told.ends && outcome != Outcome::Refused {
            self.app_hears(viewer, app, End::of(outcome));
        }
        let stay_away = if self.uses.retry_after { self.retry_after(cell, key) } else { None };
        let key = if self.hedges.used { self.key_of_try(viewer) } else { key };
        let attempt = self.viewers[viewer].attempt;
        let pause = app.set.retry.as_ref().and_then(|retry| retry.pause_after(attempt, key, outcome, stay_away));
        match pause {
            Some(pause) if !self.callers.apps.any || self.caller_may_retry(viewer, app, outcome, cell) => {
                self.pause(viewer, pause, asked)
            }
            _ => self.request_failed(viewer, cell, asked),
        }
    }

    /// The app pauses before the next attempt of a request, which has taken `asked` so far.
    fn pause(&mut self, viewer: u32, pause: Span, asked: Asked) {
        let at = self.now.after(pause);
        let row = &mut self.viewers[viewer];
        row.pause_request(self.now, at, asked);
        let generation = row.generation();
        let watch = row.must_watch_patience(at, self.patience_may_pause);
        self.retry_at(viewer, at, generation, watch);
    }

    /// Schedules the end of a pause that has begun, and with `watch` that of the viewer's patience.
    #[inline(always)]
    fn retry_at(&mut self, viewer: u32, at: Time, generation: u32, watch: bool) {
        self.future.push(at, Event { kind: Kind::Move, generation, row: viewer }.pack());
        if watch {
            self.watch_patience(viewer);
        }
        self.tell(viewer, Happening::RetryAt { at });
    }

    /// Sends the next attempt of the present request, after the pause.
    #[inline(always)]
    pub fn retry(&mut self, viewer: u32) {
        let row = &mut self.viewers[viewer];
        let asked = row.paused_request();
        row.phase = Phase::Asking;
        row.attempt += 1;
        let number = row.attempt;
        if let Stop::Request(call) = self.itineraries.stop_at(row.cohort, row.step) {
            let to = self.itineraries.route(call, self.settings, || row.key(&self.cohort_keys));
            let key = row.request_key(&self.cohort_keys).part(Part::Attempt, u64::from(number));
            let is_told = self.callers.apps.told.retries;
            self.send_attempt(number, is_told, Sending::new(viewer, true, call, to, key, asked));
        }
    }
}
