//! Turns: viewers go to another step by `then`, or begin another round of their journey.

use crate::engine::probe::Probe;
use crate::engine::state::restarts;
use crate::engine::state::viewer::Phase;
use crate::engine::world::World;
use crate::measure::Stopped;
use crate::random::Purpose;
use crate::vocabulary::Happening;

impl<P: Probe> World<'_, P> {
    /// Moves a viewer on from a step that is done or was skipped: by its `then`, or to the next step.
    #[inline(always)]
    pub fn go_on(&mut self, viewer: u32) {
        if self.itineraries.turns {
            return self.go_on_by_then(viewer);
        }
        let next = usize::from(self.viewers[viewer].step) + 1;
        self.enter_step(viewer, next);
    }

    /// Moves a viewer on from a step that may have a `then`.
    #[inline(never)]
    pub fn go_on_by_then(&mut self, viewer: u32) {
        let row = &self.viewers[viewer];
        let step = usize::from(row.step);
        let journey = self.model.cohorts[usize::from(row.cohort)].journey;
        if let Some(then) = self.settings.journeys[journey].thens[step]
            && row.step_key(&self.cohort_keys).draw(Purpose::Then).happens(then.probability)
        {
            if self.begin_pass(viewer) {
                restarts::forget(&mut self.words, viewer);
                self.enter_step(viewer, then.step);
            }
            return;
        }
        self.enter_step(viewer, step + 1);
    }

    /// A viewer has done the last step of a journey that repeats.
    #[inline(never)]
    pub fn end_round(&mut self, viewer: u32) {
        let journey = self.model.cohorts[usize::from(self.viewers[viewer].cohort)].journey;
        let round = self.rounds.end(viewer);
        let Some(repeat) = self.settings.journeys[journey].repeat.filter(|repeat| repeat.goes_on(round.ended)) else {
            return self.watched(viewer);
        };
        let at = repeat.earliest(round.began);
        if at <= self.now {
            return self.begin_round(viewer);
        }
        self.tell(viewer, Happening::Waits { until: at });
        self.stay(viewer, Phase::Pacing, at);
    }

    /// A viewer begins another round of the journey.
    pub fn begin_round(&mut self, viewer: u32) {
        self.viewers.renew(viewer);
        self.viewers[viewer].refreshes = 0;
        self.rounds.begin(viewer, self.now);
        if self.begin_pass(viewer) {
            restarts::forget(&mut self.words, viewer);
            self.tell(viewer, Happening::BeganRound);
            self.enter_step(viewer, 0);
        }
    }

    /// Numbers the next pass of a viewer, which has draws of its own. False if the run ends: the viewer loops without
    /// any time passing, or the number is too high.
    pub fn begin_pass(&mut self, viewer: u32) -> bool {
        let row = &mut self.viewers[viewer];
        if self.turns.is_endless(viewer, self.now) {
            let journey = self.model.cohorts[usize::from(row.cohort)].journey;
            // A round ends behind the last step.
            let step = usize::from(row.step).min(self.settings.journeys[journey].steps.len() - 1);
            self.stop(Stopped::EndlessLoop { journey, step });
        } else if !row.begin_pass() {
            self.stop(Stopped::RoundLimit);
        }
        if self.stopped.is_some() {
            // The ledger counts the viewer as waiting, since no event follows.
            self.books.ledger.waiting += 1;
            self.viewers[viewer].phase = Phase::Waiting;
        }
        self.stopped.is_none()
    }
}
