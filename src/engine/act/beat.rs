//! Heartbeats: requests that go out at each full period of a stream, and the polls of waiting rooms.

use super::call::Sending;
use crate::engine::pending::event::{Event, Kind};
use crate::engine::probe::Probe;
use crate::engine::state::asked::Asked;
use crate::engine::state::attempt::Attempt;
use crate::engine::world::World;
use crate::model::{Heartbeat, Step};
use crate::random::{Key, Purpose};
use crate::units::Span;
use crate::vocabulary::Outcome;

impl<P: Probe> World<'_, P> {
    /// Schedules the first heartbeat of a stream that has played for `age`: at its next full period.
    #[inline]
    pub fn begin_heartbeats(&mut self, viewer: u32, age: Span) {
        if let Some(beat) = self.heartbeat_of(viewer) {
            self.schedule_heartbeat(viewer, Span(beat.every.0 - age.0 % beat.every.0.max(1)));
        }
    }

    /// The heartbeat of the stream that a viewer plays, or the poll of the room that the viewer waits in.
    fn heartbeat_of(&self, viewer: u32) -> Option<Heartbeat> {
        let row = &self.viewers[viewer];
        let journey = self.model.cohorts[usize::from(row.cohort)].journey;
        match self.settings.journeys[journey].steps.get(usize::from(row.step)) {
            Some(Step::Stream { heartbeat, .. } | Step::Enter { poll: heartbeat, .. }) => *heartbeat,
            _ => None,
        }
    }

    fn schedule_heartbeat(&mut self, viewer: u32, after: Span) {
        let row = &self.viewers[viewer];
        let queue = self.delays.heartbeat(self.model.cohorts[usize::from(row.cohort)].journey);
        let event = Event { kind: Kind::Heartbeat, generation: self.viewers.generation(viewer), row: viewer };
        self.future.push_in_order(queue, self.now.after(after), event.pack());
    }

    /// A heartbeat is due: one attempt that nobody waits for, without retry, error page or report.
    pub fn heartbeat(&mut self, viewer: u32) {
        let Some(beat) = self.heartbeat_of(viewer) else { return };
        let row = &mut self.viewers[viewer];
        row.attempt = row.attempt.wrapping_add(1);
        let draw = row.step_key(&self.cohort_keys).draw(Purpose::Heartbeat).bits();
        let key = Key::from_number(draw).with(u64::from(row.attempt));
        let Some(call) = self.itineraries.heartbeat_at(row.cohort, row.step) else { return };
        let to = self.itineraries.route(&call, self.settings, || row.key(&self.cohort_keys));
        let sending = Sending::new(viewer, false, &call, to, key, Asked::default());
        self.schedule_heartbeat(viewer, beat.every);
        self.books.recorder.request(usize::from(to.cell));
        self.send_unawaited(sending);
    }

    /// Records the end of a heartbeat, which is a request of one attempt.
    #[inline(never)]
    pub fn heartbeat_ended(&mut self, attempt: u32, outcome: Outcome) {
        let Attempt { cell, asked, .. } = self.attempts[attempt];
        if outcome != Outcome::Served {
            self.books.recorder.request_failed(usize::from(cell));
        }
        if asked.waited > self.people.bound {
            self.books.recorder.request_waited(usize::from(cell));
        }
    }

    /// Sends an attempt out of line, so that the main loop does not inline sending a second time.
    #[inline(never)]
    fn send_unawaited(&mut self, sending: Sending) {
        self.send(sending);
    }
}
