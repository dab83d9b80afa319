//! The course of the attempts of one scope over the measured intervals.

use super::end::End;
use super::frame::{ENOUGH, Frame};
use super::series::Series;
use super::state::State;
use super::steady::{Level, Steady};
use super::trouble::{Trouble, troubles};
use super::waiting::Waiting;
use super::worst::Worst;
use crate::measure::{Measurements, Scope};
use crate::vocabulary::Outcome;

/// The attempts of a scope over the measured intervals: everything, one region or one request.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// The scope.
    pub scope: Scope,
    /// State of the attempts at the end of the measured time.
    pub state: State,
    /// Attempts sent, at full size.
    pub sent: f64,
    /// Attempts ended, at full size.
    pub ended: f64,
    /// Attempts ended that are errors, at full size.
    pub failed: f64,
    /// Errors that occurred and how often at full size, most frequent first.
    pub outcomes: Vec<(Outcome, f64)>,
    /// The rate at which attempts fail throughout, if they do. Then no trouble is told.
    pub steady: Option<Steady>,
    /// Troubles that are told, in the order of time.
    pub troubles: Vec<Trouble>,
    /// Troubles that hold under 2% of the failures of all troubles, in the order of time: counted, not told.
    pub slight: Vec<Trouble>,
    /// The worst window of all measured intervals from the first attempt on; `None` if none has 100 ended attempts as
    /// simulated.
    pub worst_window: Option<Worst>,
    /// Attempts that wait for an answer.
    pub waiting: Waiting,
    /// Whether too few attempts ended for a rate, so that only counts are told.
    pub is_few: bool,
}

impl Course {
    /// The course of the scope with this row.
    pub fn of(run: &Measurements, row: usize, frame: &Frame) -> Course {
        let scope = run.layout.scopes.get(row).copied().unwrap_or_default();
        let course = Course::of_series(scope, &Series::of(run, row), frame);
        Course { outcomes: outcomes(run, row, frame), ..course }
    }

    /// The course of a series; its outcomes are unknown.
    pub fn of_series(scope: Scope, series: &Series, frame: &Frame) -> Course {
        let all = frame.measured.clone();
        let steady = Steady::of(series, frame);
        let (troubles, slight) = if steady.is_some() { Default::default() } else { troubles(series, frame) };
        let first = all.clone().find(|at| series.sent(*at..*at + 1) > 0.0 || series.ended(*at..*at + 1) > 0.0);
        let course = Course {
            scope,
            state: State::Calm,
            sent: series.sent(all.clone()) * frame.full(),
            ended: series.ended(all.clone()) * frame.full(),
            failed: series.failed(all.clone()) * frame.full(),
            outcomes: Vec::new(),
            steady,
            troubles,
            slight,
            worst_window: first.and_then(|first| Worst::window(series, frame, &(first..all.end))),
            waiting: Waiting::of(series, frame),
            is_few: series.ended(all) < ENOUGH,
        };
        Course { state: course.state(), ..course }
    }

    fn state(&self) -> State {
        let ends =
            [self.troubles.last().map(|trouble| trouble.end), self.waiting.stretches.last().map(|wait| wait.end)];
        let ends = || ends.iter().flatten();
        match () {
            () if ends().any(|end| matches!(end, End::NotOver { .. })) => State::NotOver,
            () if ends().any(|end| matches!(end, End::FewAfter { .. })) => State::TooFew,
            () if ends().next().is_some() => State::Over,
            // Those who asked before and wait for long are in trouble, though nothing is sent.
            () if self.sent <= 0.0 && self.ended <= 0.0 => State::Silent,
            () if self.steady.is_some() => State::Steady,
            () if self.is_few && self.failed > 0.0 => State::TooFew,
            () => State::Calm,
        }
    }

    /// Error rate over all measured intervals; NaN if nothing ended.
    pub fn rate(&self) -> f64 {
        self.failed / self.ended
    }

    /// Share of the failures that are attempts which clients kept back; `None` without one.
    pub fn kept_back(&self) -> Option<f64> {
        let kept = self.outcomes.iter().find(|(outcome, _)| *outcome == Outcome::Refused)?;
        Some(kept.1 / self.failed)
    }

    /// Whether attempts fail beyond the bound: in a trouble, or throughout.
    pub fn fails(&self) -> bool {
        !self.troubles.is_empty() || self.steady.is_some_and(|steady| steady.level == Level::Above)
    }

    /// Whether attempts fail beyond the bound or wait too long.
    pub fn is_in_trouble(&self) -> bool {
        self.fails() || !self.waiting.stretches.is_empty()
    }

    /// The highest rate that is told: of a trouble, of the steady rate, or of any window; 0 if nothing ended.
    pub fn highest(&self) -> f64 {
        let of_troubles = self.troubles.iter().map(|trouble| trouble.worst.rate).reduce(f64::max);
        let of_all = || self.worst_window.as_ref().map_or_else(|| self.rate(), |worst| worst.rate);
        let highest = of_troubles.or(self.steady.map(|steady| steady.rate)).unwrap_or_else(of_all);
        if highest.is_nan() { 0.0 } else { highest }
    }

    /// The worst window that is told: the highest of the troubles, of equals the first; without trouble the highest of all,
    /// `None` if no window has enough ended attempts, or if the rate is steady.
    pub fn worst(&self) -> Option<&Worst> {
        let of_troubles = self.troubles.iter().map(|trouble| &trouble.worst);
        let of_all = self.worst_window.as_ref().filter(|_| self.steady.is_none());
        of_troubles.reduce(|worst, next| if next.rate > worst.rate { next } else { worst }).or(of_all)
    }

    /// The rate of the worst window, or the rate at which attempts fail throughout; 0 where none of those that ended failed,
    /// however few.
    pub fn peak(&self) -> Option<f64> {
        let none = (self.failed <= 0.0 && self.ended > 0.0).then_some(0.0);
        self.worst().map(|worst| worst.rate).or(self.steady.map(|steady| steady.rate)).or(none)
    }

    /// The trouble with most failures, of equals the first.
    pub fn main(&self) -> Option<&Trouble> {
        self.troubles.iter().reduce(|most, next| if next.failed > most.failed { next } else { most })
    }

    /// The first begin of a trouble or of waiting, in seconds from the drop.
    pub fn begin_s(&self) -> Option<f64> {
        let begins = [self.troubles.first().map(|trouble| trouble.begin_s), self.waiting.begin_s()];
        begins.into_iter().flatten().reduce(f64::min)
    }

    /// The end of the last trouble or waiting, in seconds from the drop.
    pub fn end_s(&self) -> Option<f64> {
        let waits = &self.waiting.stretches;
        let ends = [self.troubles.last().map(|trouble| trouble.end_s), waits.last().map(|wait| wait.end_s)];
        ends.into_iter().flatten().reduce(f64::max)
    }

    /// The end of the last trouble, in seconds from the drop: 0 without trouble, `None` unless the last trouble is
    /// over.
    pub fn over_s(&self) -> Option<f64> {
        match self.state {
            State::Over => self.end_s(),
            State::Calm | State::Silent => Some(0.0),
            State::Steady if !self.fails() => Some(0.0),
            _ => None,
        }
    }

    /// Seconds in intervals above the bound within troubles.
    pub fn above_s(&self) -> f64 {
        self.troubles.iter().map(|trouble| trouble.above_s).sum()
    }

    /// Number of troubles that are told, and of waits apart from these.
    pub fn count(&self) -> usize {
        let apart =
            |from: f64, to: f64| self.troubles.iter().all(|trouble| to <= trouble.begin_s || trouble.end_s <= from);
        self.troubles.len() + self.waiting.stretches.iter().filter(|wait| apart(wait.begin_s, wait.end_s)).count()
    }
}

/// The errors of a row that occurred in the measured intervals and how often at full size, most frequent first.
pub(super) fn outcomes(run: &Measurements, row: usize, frame: &Frame) -> Vec<(Outcome, f64)> {
    let count = |outcome: Outcome| -> f64 {
        let rows = frame.measured.clone().filter_map(|interval| run.row(interval, row));
        rows.map(|row| row.count(outcome.column())).sum::<f64>() * frame.full()
    };
    let mut outcomes: Vec<(Outcome, f64)> =
        Outcome::errors().into_iter().map(|outcome| (outcome, count(outcome))).collect();
    outcomes.retain(|(_, count)| *count > 0.0);
    outcomes.sort_by(|a, b| b.1.total_cmp(&a.1));
    outcomes
}
