//! Heartbeats: requests that go out while a stream plays.

use super::event::{Event, Kind};
use super::probe::Probe;
use super::slab::NOBODY;
use super::world::World;
use crate::model::{Heartbeat, Step};
use crate::random::{Key, Purpose};
use crate::units::Span;

impl<P: Probe> World<'_, P> {
    /// A stream that has played for `age` sends its first heartbeat at the next full period.
    #[inline]
    pub fn begin_heartbeats(&mut self, viewer: u32, age: Span) {
        if let Some(beat) = self.heartbeat_of(viewer) {
            self.schedule_heartbeat(viewer, Span(beat.every.0 - age.0 % beat.every.0.max(1)));
        }
    }

    /// The heartbeat of the stream that a viewer plays.
    fn heartbeat_of(&self, viewer: u32) -> Option<Heartbeat> {
        let row = &self.viewers[viewer];
        let journey = self.model.cohorts[usize::from(row.cohort)].journey;
        match self.settings.journeys[journey].steps.get(usize::from(row.step)) {
            Some(Step::Stream { heartbeat, .. }) => *heartbeat,
            _ => None,
        }
    }

    fn schedule_heartbeat(&mut self, viewer: u32, after: Span) {
        let row = &self.viewers[viewer];
        let lane = self.lanes.heartbeats(self.model.cohorts[usize::from(row.cohort)].journey);
        let event = Event { kind: Kind::Heartbeat, generation: self.viewers.generation(viewer), slot: viewer };
        self.future.push_in_order(lane, self.now.after(after), event.pack());
    }

    /// A full period is over: one attempt that nobody waits for, without retry, page or report.
    pub fn heartbeat(&mut self, viewer: u32) {
        let Some(beat) = self.heartbeat_of(viewer) else { return };
        let row = &mut self.viewers[viewer];
        row.attempt = row.attempt.wrapping_add(1);
        let (cohort, ordinal, client) = (row.cohort, row.ordinal, usize::from(row.client));
        let draw = row.step_key(&self.cohort_keys).draw(Purpose::Heartbeat).bits();
        let key = Key::from_number(draw).with(u64::from(row.attempt));
        let Some(target) = self.targets.of(cohort, row.step) else { return };
        let to = self.targets.route(&target, self.settings, || row.key(&self.cohort_keys));
        self.schedule_heartbeat(viewer, beat.every);
        self.recorder.request(usize::from(to.cell));
        let slot = self.dispatch(key, cohort, ordinal, NOBODY, to, target.region);
        self.start_app_timer(client, to, slot);
        self.travel(slot);
    }
}
