//! Attempts beyond the first tries.

use super::called;
use super::frame::Frame;
use crate::measure::{Measurements, Scope};
use crate::vocabulary::Column;

/// The attempts of everything in the measured intervals by their origin, at full size.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Amplification {
    /// Attempts sent.
    pub attempts: f64,
    /// Attempts that begin a step and call that their viewer has not reached before.
    pub first_tries: f64,
    /// Attempts that apps make again after an error.
    pub retries: f64,
    /// Attempts of viewers who refresh.
    pub refreshes: f64,
    /// Attempts of viewers who left and came back.
    pub come_backs: f64,
    /// Hedged copies of attempts.
    pub hedges: f64,
    /// Attempts of calls between pools, which are not among the attempts sent.
    pub calls: f64,
    /// Calls that ended, through all of their tries.
    pub calls_ended: f64,
}

impl Amplification {
    /// The amplification over the measured intervals.
    pub fn of(run: &Measurements, frame: &Frame) -> Amplification {
        let sum = |column: Column| called::sum(run, frame, 0, column);
        let is_call =
            |scope: &Scope| scope.request.is_some_and(|request| run.layout.is_call(request)) && scope.pool.is_none();
        let calls = run.layout.scopes.iter().enumerate().filter(|(_, scope)| is_call(scope));
        let ended = calls.map(|(row, _)| called::sum(run, frame, row, Column::RequestsEnded)).sum();
        Amplification {
            attempts: sum(Column::Attempts),
            first_tries: sum(Column::FirstTries),
            retries: sum(Column::Retries),
            refreshes: sum(Column::Refreshes),
            come_backs: sum(Column::ComeBacks),
            hedges: sum(Column::Hedges),
            calls: sum(Column::Calls),
            calls_ended: ended,
        }
    }

    /// Attempts over first tries; `None` without first tries.
    pub fn total(&self) -> Option<f64> {
        (self.first_tries > 0.0).then(|| self.attempts / self.first_tries)
    }

    /// Attempts of calls over first tries of people; `None` without either.
    pub fn calls_per_first_try(&self) -> Option<f64> {
        (self.first_tries > 0.0 && self.calls > 0.0).then(|| self.calls / self.first_tries)
    }

    /// Attempts of calls over calls that ended; `None` without any.
    pub fn of_calls(&self) -> Option<f64> {
        (self.calls_ended > 0.0).then(|| self.calls / self.calls_ended)
    }
}
