//! Heartbeats: requests that go out while a stream plays.

use super::event::Kind;
use super::probe::Probe;
use super::slab::NOBODY;
use super::world::World;
use crate::model::{Heartbeat, Step};
use crate::random::Purpose;

impl<P: Probe> World<'_, P> {
    /// The heartbeat of the stream that a viewer plays.
    pub fn heartbeat_of(&self, viewer: u32) -> Option<Heartbeat> {
        let row = &self.viewers[viewer];
        let journey = self.model.cohorts[usize::from(row.cohort)].journey;
        match self.settings.journeys[journey].steps.get(usize::from(row.step)) {
            Some(Step::Stream { heartbeat, .. }) => *heartbeat,
            _ => None,
        }
    }

    /// A full period is over: one attempt that nobody waits for, without retry, page or report.
    pub fn heartbeat(&mut self, viewer: u32) {
        let Some(beat) = self.heartbeat_of(viewer) else { return };
        let row = &mut self.viewers[viewer];
        row.attempt = row.attempt.wrapping_add(1);
        let row = *row;
        self.schedule(self.now.after(beat.every), Kind::Heartbeat, viewer);
        let draw = self.step_key(&row).draw(Purpose::Heartbeat).bits();
        let key = crate::random::Key::from_number(draw).with(u64::from(row.attempt));
        let region = self.model.cohorts[usize::from(row.cohort)].region;
        let pool = self.route(row.cohort, row.ordinal, beat.tier);
        let cell = self.cell(region, beat.request, pool);
        self.recorder.request(cell);
        let slot = self.dispatch(key, row.cohort, row.ordinal, NOBODY, pool, cell);
        if self.settings.clients[usize::from(row.client)].timeout.is_some() {
            self.start_timer(2 * self.model.pools + usize::from(row.client), slot);
        }
        self.travel(slot);
    }
}
