//! Harm to people: those who wait too long, see an error page, give up, or watch a stream that stalls or is degraded.

use crate::engine::probe::Probe;
use crate::engine::state::asked::Asked;
use crate::engine::state::people::{add_stream, judge_streams, present};
use crate::engine::state::slab::NO_ROW;
use crate::engine::state::viewer::{NEVER, Phase, flags};
use crate::engine::world::World;
use crate::units::Time;
use crate::vocabulary::Harm;

impl<P: Probe> World<'_, P> {
    /// A request of a viewer ends, served or not.
    #[inline(always)]
    pub fn request_ends(&mut self, viewer: u32, cell: u16, asked: Asked) {
        if asked.waited > self.people.notable {
            self.request_ends_after_waiting(viewer, cell, asked);
        }
    }

    #[cold]
    #[inline(never)]
    fn request_ends_after_waiting(&mut self, viewer: u32, cell: u16, asked: Asked) {
        if asked.waited > self.people.bound {
            self.books.recorder.request_waited(usize::from(cell));
        }
        self.waits(viewer, asked.waited);
    }

    /// Adds the wait in a request of a viewer to the wait for the first stream, and judges both.
    fn waits(&mut self, viewer: u32, nanos: f32) {
        if nanos > self.people.bound {
            self.harm(viewer, Harm::Waited);
        }
        self.waits_for_stream(viewer, nanos);
    }

    /// Adds to the wait for the first stream of a viewer who asked for one after the release and has had none.
    pub fn waits_for_stream(&mut self, viewer: u32, nanos: f32) {
        let row = &self.viewers[viewer];
        let awaits = self.itineraries.entrance(usize::from(row.cohort)).has_stream;
        if awaits
            && !row.has(flags::STARTED)
            && row.since != NEVER
            && self.people.waits_for_stream(&mut self.words, viewer, nanos)
        {
            self.harm(viewer, Harm::Waited);
        }
    }

    /// A viewer gives up or has waited too long. Each person counts once in the measured window.
    #[inline]
    pub fn harm(&mut self, viewer: u32, harm: Harm) {
        if !self.people.is_open {
            return;
        }
        let flag = if harm == Harm::GaveUp { flags::GAVE_UP } else { flags::WAITED };
        let row = &mut self.viewers[viewer];
        if !row.has(flag) {
            row.mark(flag);
            let region = self.model.cohorts[usize::from(row.cohort)].region;
            self.books.recorder.harmed(region, harm);
        }
        if self.people.lists_requests() {
            self.harm_in_request(viewer, harm);
        }
    }

    /// A viewer comes to harm in the present request, in the measured window. `[harm]` names the requests in which people are
    /// counted.
    #[cold]
    pub fn harm_in_request(&mut self, viewer: u32, harm: Harm) {
        let row = &self.viewers[viewer];
        if let Some(call) = self.itineraries.request_at(row.cohort, row.step)
            && let Some(number) = self.people.first_in_request(viewer, call.request, harm)
        {
            self.books.recorder.harmed_in_request(number, harm);
        }
    }

    /// Notes the start of a stream, in fields of the row that a stream does not need.
    pub fn stream_joins(&mut self, viewer: u32, region: usize) {
        let now = self.now;
        let row = &mut self.viewers[viewer];
        let [_, degraded] = self.links[region].classes[usize::from(row.device)].lost(now);
        row.note_stream(now, degraded);
    }

    /// Adds a stream that ends to those of its viewer, as far as it lies in the measured window.
    pub fn stream_leaves(&mut self, viewer: u32, region: usize) {
        let (now, [opens, closes]) = (self.now, self.people.window);
        let row = &self.viewers[viewer];
        let class = &self.links[region].classes[usize::from(row.device)];
        let (began, lost_at_start) = row.noted_stream();
        let (from, until) = (began.max(opens), now.min(closes));
        if until > from {
            let before = if began < opens { class.lost_at_edges[0] } else { lost_at_start };
            let after = if now > closes { class.lost_at_edges[1] } else { class.lost(now) };
            let lost = std::array::from_fn(|kind| after[kind] - before[kind]);
            add_stream(&mut self.words, viewer, until.since(from), lost);
        }
    }

    /// Judges the streams of a viewer who watches no more.
    pub fn judge_streams(&mut self, viewer: u32) {
        let region = self.model.cohorts[usize::from(self.viewers[viewer].cohort)].region;
        for harm in judge_streams(&mut self.words, viewer).into_iter().flatten() {
            self.books.recorder.harmed(region, harm);
        }
    }

    /// Opens the measured window: viewers inside count as present, and a pause before a refresh that goes on counts whole. A request
    /// under way is judged at its end.
    pub fn measure_opens(&mut self) {
        self.people.is_open = true;
        for viewer in present(&self.viewers) {
            let region = self.model.cohorts[usize::from(self.viewers[viewer].cohort)].region;
            self.books.recorder.present(region);
        }
        for viewer in 0..self.viewers.len() as u32 {
            if self.people.awaits_streams && self.viewers[viewer].phase == Phase::Refreshing {
                self.waits_for_stream(viewer, 0.0);
            }
        }
        self.note_lost(0, self.people.window[0]);
    }

    /// Closes the measured window at `now`: the waits of requests under way count up to now, a pause counts whole.
    pub fn measure_closes(&mut self, now: Time) {
        self.note_lost(1, now);
        for viewer in 0..self.viewers.len() as u32 {
            let waited = self.waited_so_far(viewer, now);
            if waited > self.people.notable {
                self.waits(viewer, waited);
            }
        }
        self.people.is_open = false;
    }

    /// Notes what the streams of each device class have lost at an edge of the measured window.
    fn note_lost(&mut self, edge: usize, at: Time) {
        for class in self.links.iter_mut().flat_map(|link| &mut link.classes) {
            class.lost_at_edges[edge] = class.lost(at);
        }
    }

    /// The nanoseconds that a viewer has waited in a request under way; 0 without a request.
    fn waited_so_far(&self, viewer: u32, now: Time) -> f32 {
        let row = &self.viewers[viewer];
        match row.phase {
            Phase::Asking if row.attempt_row != NO_ROW => self.waited_at(row.attempt_row, now).waited,
            Phase::Pausing => row.paused_request().waited,
            _ => 0.0,
        }
    }

    /// Judges the streams of all viewers who are left at the end of the run.
    pub fn judge_all_streams(&mut self) {
        for viewer in 0..self.viewers.len() as u32 {
            let row = &self.viewers[viewer];
            if row.phase == Phase::Streaming {
                let region = self.model.cohorts[usize::from(row.cohort)].region;
                self.stream_leaves(viewer, region);
            }
            self.judge_streams(viewer);
        }
    }
}
