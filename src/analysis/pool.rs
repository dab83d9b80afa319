//! The state of a pool over the measured intervals.

use super::course::outcomes;
use super::frame::Frame;
use super::saturated::Saturated;
use super::why::mean_utilization;
use crate::measure::Measurements;
use crate::vocabulary::{Column, Outcome};

/// A pool over the measured intervals.
#[derive(Clone, Debug, PartialEq)]
pub struct Pool {
    /// Index of the pool.
    pub pool: usize,
    /// Attempts ended, at full size.
    pub ended: f64,
    /// Attempts ended that are errors, at full size.
    pub failed: f64,
    /// Errors that occurred and how often at full size, most frequent first.
    pub outcomes: Vec<(Outcome, f64)>,
    /// Mean share of busy slots; NaN without slots.
    pub utilization: f64,
    /// Highest share of busy slots in an interval; NaN without slots.
    pub utilization_peak: f64,
    /// Highest mean queue length of an interval, at full size; NaN if unknown.
    pub queue_peak: f64,
    /// Attempts sent to the pool in intervals in which it has no server, at full size.
    pub unserved: f64,
    /// When the pool is saturated.
    pub saturated: Option<Saturated>,
}

impl Pool {
    /// The pool with this row.
    pub fn of(run: &Measurements, pool: usize, row: usize, frame: &Frame) -> Pool {
        let rows = || frame.measured.clone().filter_map(|interval| run.row(interval, row));
        let (ended, failed) = rows().map(|row| row.ended_and_failed()).fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
        let busy = rows().map(|row| row.ratio(Column::Utilization)).map(|(busy, slots)| busy / slots);
        let queues = rows().map(|row| row.value(Column::QueueMean));
        Pool {
            pool,
            ended: ended * frame.full(),
            failed: failed * frame.full(),
            outcomes: outcomes(run, row, frame),
            utilization: mean_utilization(run, row, &frame.measured),
            utilization_peak: busy.fold(f64::NAN, f64::max),
            queue_peak: queues.fold(f64::NAN, f64::max) * frame.full(),
            unserved: rows()
                .filter(|row| row.value(Column::Servers) <= 0.0)
                .map(|row| row.count(Column::Attempts))
                .sum::<f64>()
                * frame.full(),
            saturated: Saturated::of(run, row, frame, frame.measured.clone()),
        }
    }
}
