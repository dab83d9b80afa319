//! The attempts of calls between pools, and how long they wait where they arrive.

use super::frame::Frame;
use super::peaks::{Peak, longest_wait};
use super::why::rows_of_pools;
use crate::measure::{Call, Measurements, Row, Scope};
use crate::vocabulary::Column;

/// Share of a sum by which rounding may change it.
const ROUNDED: f64 = 1e-9;

/// A pool to which other pools send all of its attempts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Called {
    /// Index of the pool.
    pub pool: usize,
    /// Attempts of calls to the pool, at full size.
    pub attempts: f64,
    /// The highest mean wait of an interval in milliseconds, which is time in service of the pools that call; `None` if no call waits.
    pub wait: Option<Peak>,
    /// Whether in some interval calls wait and none of them stops waiting.
    pub waits_in_vain: bool,
}

impl Called {
    /// The pools of a run to which others than pools send nothing, by index.
    pub fn of(run: &Measurements, frame: &Frame) -> Vec<Called> {
        let called = |(pool, row): (usize, usize)| {
            let attempts = attempts_of_calls(run, frame, pool);
            let sent = sum(run, frame, row, Column::Attempts);
            let is_only = attempts > 0.0 && (sent - attempts).abs() <= ROUNDED * attempts;
            let in_vain = |row: &Row| row.count(Column::QueueMean) >= 1.0 && row.ratio(Column::WaitMean).1 <= 0.0;
            let waits_in_vain = || frame.measured.clone().filter_map(|interval| run.row(interval, row)).any(in_vain);
            is_only.then(|| Called {
                pool,
                attempts,
                wait: longest_wait(run, row, frame),
                waits_in_vain: waits_in_vain(),
            })
        };
        rows_of_pools(run).into_iter().enumerate().filter_map(called).collect()
    }
}

/// Attempts of calls to a pool, at full size.
fn attempts_of_calls(run: &Measurements, frame: &Frame, pool: usize) -> f64 {
    let of = |(request, call): (usize, &Option<Call>)| {
        call.filter(|call| call.callee == pool)?;
        let row = run.layout.row_of(Scope::request(request))?;
        Some(sum(run, frame, row, Column::Attempts))
    };
    run.layout.calls.iter().enumerate().filter_map(of).sum()
}

/// A count of a row over the measured intervals, at full size.
pub(super) fn sum(run: &Measurements, frame: &Frame, row: usize, column: Column) -> f64 {
    let rows = frame.measured.clone().filter_map(|interval| run.row(interval, row));
    rows.map(|row| row.count(column)).sum::<f64>() * frame.full()
}
