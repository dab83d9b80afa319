//! The journey: a viewer walks from step to step.

use crate::engine::pending::event::Kind;
use crate::engine::probe::Probe;
use crate::engine::state::itinerary::{Call, Stop};
use crate::engine::state::slab::Row;
use crate::engine::state::viewer::{NEVER, NOBODY, Phase};
use crate::engine::world::World;
use crate::model::Step;
use crate::random::Purpose;
use crate::units::{Span, Time};
use crate::vocabulary::Happening;

impl<P: Probe> World<'_, P> {
    /// A viewer enters a step of their journey, or ends the journey after its last step.
    #[inline(always)]
    pub fn enter_step(&mut self, viewer: u32, step: usize) {
        let row = &mut self.viewers[viewer];
        row.step = step as u8;
        row.call = 0;
        match *self.itineraries.stop_at(row.cohort, row.step) {
            Stop::Request(call) => self.ask(viewer, call),
            Stop::Rest => self.rest(viewer),
            Stop::Stream(_) => self.enter_stream(viewer),
            Stop::End => self.watched(viewer),
            Stop::Again => self.end_round(viewer),
            Stop::Enter(room, _) => self.enter_room(viewer, usize::from(room)),
        }
    }

    /// A viewer enters a `think` or `wait` step.
    fn rest(&mut self, viewer: u32) {
        let now = self.now;
        let row = &self.viewers[viewer];
        let step = usize::from(row.step);
        let cohort = &self.model.cohorts[usize::from(row.cohort)];
        match &self.settings.journeys[cohort.journey].steps[step] {
            Step::Think(law) => {
                let until = now.after(law.span(row.step_key(&self.cohort_keys).draw(Purpose::Think)));
                self.tell(viewer, Happening::Thinks { until });
                self.stay(viewer, Phase::Thinking, until);
            }
            Step::Wait { until, spread } => {
                let moment = self.model.moment(cohort.region, *until);
                if now >= moment {
                    return self.go_on(viewer);
                }
                let key = row.step_key(&self.cohort_keys);
                let spread = spread.as_ref().map_or(Span::ZERO, |law| law.span(key.draw(Purpose::Spread)));
                let until = moment.after(spread);
                self.tell(viewer, Happening::Waits { until });
                self.stay(viewer, Phase::Waiting, until);
            }
            // Only `think` and `wait` steps become `Stop::Rest`.
            Step::Request { .. } | Step::Stream { .. } | Step::Enter { .. } => {}
        }
    }

    /// Keeps a viewer in a `think` or `wait` step, or between two rounds.
    pub fn stay(&mut self, viewer: u32, phase: Phase, until: Time) {
        self.books.ledger.waiting += 1;
        self.viewers[viewer].phase = phase;
        self.schedule(until, Kind::Move, viewer);
    }

    /// Moves a viewer on whose pause, thought, wait, stream or absence is over; does nothing if the row has another generation.
    #[inline(always)]
    pub fn move_on(&mut self, viewer: u32, generation: u32) {
        let row = &mut self.viewers[viewer];
        if row.generation() != generation {
            return;
        }
        // Most moves are retries. The others are out of line, where a jump by a table does not take in this test.
        if row.phase == Phase::Pausing { self.retry(viewer) } else { self.move_on_otherwise(viewer) }
    }

    /// As [`World::move_on`], of a viewer who is not in a pause.
    #[inline(never)]
    fn move_on_otherwise(&mut self, viewer: u32) {
        let row = &mut self.viewers[viewer];
        match row.phase {
            Phase::Thinking | Phase::Waiting => {
                self.books.ledger.waiting -= 1;
                row.phase = Phase::Between;
                self.viewers.renew(viewer);
                self.go_on(viewer);
            }
            Phase::Pacing => {
                self.books.ledger.waiting -= 1;
                row.phase = Phase::Between;
                self.begin_round(viewer);
            }
            Phase::InRoom => self.lose_patience_in_room(viewer),
            Phase::Skipping => self.next_call(viewer),
            Phase::Refreshing => {
                self.viewers.renew(viewer);
                self.refresh(viewer);
            }
            Phase::Streaming => self.stream_may_end(viewer),
            Phase::Away => {
                self.viewers.renew(viewer);
                self.come_back(viewer);
            }
            // These viewers have no such event: a pause ends by a retry, an attempt under way ends by its own events.
            Phase::Asking | Phase::Between | Phase::Pausing => {}
        }
    }

    /// A viewer ends the journey.
    pub fn watched(&mut self, viewer: u32) {
        self.tell(viewer, Happening::Watched);
        self.books.ledger.watched += 1;
        if self.rooms.used {
            self.leave_rooms(viewer);
        }
        self.remove_viewer(viewer);
    }

    /// A viewer leaves for good.
    #[inline]
    pub fn remove_viewer(&mut self, viewer: u32) {
        if self.people.judges_streams {
            self.judge_streams(viewer);
        }
        if self.uses.viewers_buckets {
            // An attempt under way compares the arrival index of its sender, and the row may stay free for long.
            self.viewers[viewer].ordinal = NOBODY;
        }
        self.viewers.remove(viewer);
    }

    /// Begins the next call of a viewer after a call that was served, or that failed and is optional.
    #[inline]
    pub fn next_call(&mut self, viewer: u32) {
        let row = &mut self.viewers[viewer];
        let mut turns = false;
        if let Stop::Request(call) = self.itineraries.stop_at(row.cohort, row.step) {
            if row.call + 1 < call.times {
                return self.repeat_call(viewer, *call);
            }
            turns = call.turns;
        }
        let next = usize::from(row.step) + 1;
        self.end_asking(viewer);
        if turns {
            return self.go_on_by_then(viewer);
        }
        self.enter_step(viewer, next);
    }

    /// Begins another call of the same request step.
    #[inline(never)]
    fn repeat_call(&mut self, viewer: u32, call: Call) {
        let row = &mut self.viewers[viewer];
        row.call += 1;
        row.active = self.books.recorder.stamp();
        self.begin_request(viewer, call, false);
    }

    /// A viewer leaves a request step.
    #[inline]
    pub fn end_asking(&mut self, viewer: u32) {
        let row = &mut self.viewers[viewer];
        let region = self.itineraries.entrance(usize::from(row.cohort)).region;
        self.books.asking_ended(usize::from(region), self.now);
        row.renew();
        row.active = self.books.recorder.stamp();
        row.phase = Phase::Between;
        row.patience = NEVER;
    }
}
