//! The journey: a viewer walks from step to step.

use super::event::Kind;
use super::probe::Probe;
use super::tables::{NEVER, Phase, flags};
use super::targets::{Act, Stage};
use super::world::World;
use crate::model::Step;
use crate::random::Purpose;
use crate::units::{Span, Time};
use crate::vocabulary::Happening;

impl<P: Probe> World<'_, P> {
    /// A viewer enters a step; past the last one the journey is done.
    pub fn enter_step(&mut self, viewer: u32, step: usize) {
        let row = &mut self.viewers[viewer];
        row.step = step as u8;
        row.call = 0;
        match *self.targets.stage(row.cohort, row.step) {
            Stage { act: Act::Request, call: Some(target) } => self.begin_asking(viewer, target, false),
            Stage { act: Act::Rest, .. } => self.rest(viewer),
            Stage { act: Act::Stream, .. } => self.enter_stream(viewer),
            // A request always has a call.
            Stage { act: Act::Request | Act::End, .. } => self.watched(viewer),
        }
    }

    /// A viewer enters a step that takes time and asks nothing.
    fn rest(&mut self, viewer: u32) {
        let now = self.now;
        let row = &self.viewers[viewer];
        let step = usize::from(row.step);
        let cohort = &self.model.cohorts[usize::from(row.cohort)];
        // The stage that led here was made from this very step, and so it is in `enter_stream`.
        match &self.settings.journeys[cohort.journey].steps[step] {
            Step::Think(law) => {
                let until = now.after(law.span(row.step_key(&self.cohort_keys).draw(Purpose::Think)));
                self.tell(viewer, Happening::Thinks { until });
                self.stay(viewer, Phase::Thinking, until);
            }
            Step::Wait { spread } => {
                let drop = self.model.drops[cohort.region];
                if now >= drop {
                    return self.enter_step(viewer, step + 1);
                }
                let key = row.step_key(&self.cohort_keys);
                let spread = spread.as_ref().map_or(Span::ZERO, |law| law.span(key.draw(Purpose::Spread)));
                let until = drop.after(spread);
                self.tell(viewer, Happening::Waits { until });
                self.stay(viewer, Phase::Waiting, until);
            }
            Step::Request { .. } | Step::Stream { .. } => {}
        }
    }

    /// A viewer enters a stream.
    fn enter_stream(&mut self, viewer: u32) {
        let row = &self.viewers[viewer];
        let journey = self.model.cohorts[usize::from(row.cohort)].journey;
        if let Step::Stream { length, .. } = &self.settings.journeys[journey].steps[usize::from(row.step)] {
            let nanos = length.nanos(row.step_key(&self.cohort_keys).draw(Purpose::Stream));
            let stretch = self.settings.mixes[usize::from(row.cohort)].stretch_at(self.now);
            self.begin_stream(viewer, Span::from_nanos(nanos * stretch), Span::ZERO);
        }
    }

    /// Stays in a step that takes time and asks nothing.
    fn stay(&mut self, viewer: u32, phase: Phase, until: Time) {
        self.ledger.waiting += 1;
        self.viewers[viewer].phase = phase;
        self.schedule(until, Kind::Move, viewer);
    }

    /// What a viewer was waiting for has come.
    #[inline(always)]
    pub fn move_on(&mut self, viewer: u32) {
        let row = &mut self.viewers[viewer];
        match row.phase {
            Phase::Thinking | Phase::Waiting => {
                self.ledger.waiting -= 1;
                row.phase = Phase::Between;
                let next = usize::from(row.step) + 1;
                self.viewers.renew(viewer);
                self.enter_step(viewer, next);
            }
            Phase::Pausing => self.retry(viewer),
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
            // Such viewers have no event of this kind: an attempt under way ends by its own events.
            Phase::Asking | Phase::Between => {}
        }
    }

    /// A stream of this length begins, or goes on that has played for `age` already.
    pub fn begin_stream(&mut self, viewer: u32, length: Span, age: Span) {
        let now = self.now;
        let until = now.after(length);
        self.tell(viewer, Happening::StreamBegan { until });
        let row = &mut self.viewers[viewer];
        let region = self.model.cohorts[usize::from(row.cohort)].region;
        if !row.has(flags::STARTED) {
            let since = (row.since != NEVER).then(|| now.since(row.since));
            self.recorder.started(region, since);
            self.ledger.started += 1;
        }
        self.ledger.streaming += 1;
        row.mark(flags::STARTED);
        row.phase = Phase::Streaming;
        row.attempt = 0;
        self.join_link(region, viewer);
        self.schedule(until, Kind::Move, viewer);
        self.begin_heartbeats(viewer, age);
    }

    /// A stream is over: back by `then`, or on.
    pub fn end_stream(&mut self, viewer: u32) {
        self.leave_link(viewer);
        self.ledger.streaming -= 1;
        self.tell(viewer, Happening::StreamEnded);
        self.viewers.renew(viewer);
        let row = &mut self.viewers[viewer];
        row.phase = Phase::Between;
        let journey = self.model.cohorts[usize::from(row.cohort)].journey;
        let step = usize::from(row.step);
        if let Some(Step::Stream { then: Some(then), .. }) = self.settings.journeys[journey].steps.get(step)
            && row.step_key(&self.cohort_keys).draw(Purpose::Then).happens(then.probability)
        {
            row.pass = row.pass.wrapping_add(1);
            return self.enter_step(viewer, then.step);
        }
        self.enter_step(viewer, step + 1);
    }

    /// The last step is done.
    pub fn watched(&mut self, viewer: u32) {
        self.tell(viewer, Happening::Watched);
        self.ledger.watched += 1;
        self.viewers.remove(viewer);
    }
}
