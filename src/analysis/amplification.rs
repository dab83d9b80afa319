//! Attempts beyond the first tries.

use super::frame::Frame;
use crate::measure::{Call, Measurements, Scope};
use crate::vocabulary::Column;

/// Share of a sum by which rounding may change it.
const ROUNDED: f64 = 1e-9;

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
    /// The pool that is called most, by index, with the attempts of calls to it; `None` without calls, and of a pool to which
    /// others than pools send attempts too.
    pub most_called: Option<(usize, f64)>,
}

impl Amplification {
    /// The amplification over the measured intervals.
    pub fn of(run: &Measurements, frame: &Frame) -> Amplification {
        let of = |scope: Scope, column: Column| -> f64 {
            let Some(row) = run.layout.scopes.iter().position(|known| *known == scope) else { return 0.0 };
            let rows = frame.measured.clone().filter_map(|interval| run.row(interval, row));
            rows.map(|row| row.count(column)).sum::<f64>() * frame.full()
        };
        let sum = |column: Column| of(Scope::default(), column);
        let calls = run.layout.calls.iter().enumerate().filter_map(|(request, call)| Some((request, (*call)?)));
        let request = |request: usize| Scope { request: Some(request), ..Scope::default() };
        let calls: Vec<(usize, Call)> = calls.collect();
        let called = |pool: usize| -> f64 {
            let to = calls.iter().filter(|(_, call)| call.callee == pool);
            to.map(|(index, _)| of(request(*index), Column::Attempts)).sum()
        };
        let most = (0..run.layout.pools).map(|pool| (pool, called(pool))).filter(|(_, attempts)| *attempts > 0.0);
        let most = most.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        let at_pool = |pool: usize| of(Scope { pool: Some(pool), ..Scope::default() }, Column::Attempts);
        Amplification {
            attempts: sum(Column::Attempts),
            first_tries: sum(Column::FirstTries),
            retries: sum(Column::Retries),
            refreshes: sum(Column::Refreshes),
            come_backs: sum(Column::ComeBacks),
            hedges: sum(Column::Hedges),
            calls: sum(Column::Calls),
            calls_ended: calls.iter().map(|(index, _)| of(request(*index), Column::RequestsEnded)).sum(),
            most_called: most.filter(|(pool, attempts)| (at_pool(*pool) - attempts).abs() <= ROUNDED * attempts),
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
