//! Attempts beyond the first tries.

use super::frame::Frame;
use crate::measure::Measurements;
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
}

impl Amplification {
    /// The amplification over the measured intervals.
    pub fn of(run: &Measurements, frame: &Frame) -> Amplification {
        let sum = |column: Column| -> f64 {
            let rows = frame.measured.clone().filter_map(|interval| run.row(interval, 0));
            rows.map(|row| row.count(column)).sum::<f64>() * frame.full()
        };
        Amplification {
            attempts: sum(Column::Attempts),
            first_tries: sum(Column::FirstTries),
            retries: sum(Column::Retries),
            refreshes: sum(Column::Refreshes),
            come_backs: sum(Column::ComeBacks),
            hedges: sum(Column::Hedges),
        }
    }

    /// Attempts over first tries; `None` without first tries.
    pub fn total(&self) -> Option<f64> {
        (self.first_tries > 0.0).then(|| self.attempts / self.first_tries)
    }
}
