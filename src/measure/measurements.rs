//! What one run leaves.

use std::ops::Range;

use super::histogram::Histogram;
use super::layout::Layout;
use super::ledger::Ledger;
use super::row::Row;
use crate::vocabulary::Ended;

/// Why a run ended before its window did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// A pool without a stated queue limit had a hundred million attempts waiting.
    QueueLimit {
        /// Index of the pool.
        pool: usize,
    },
    /// More viewers than can be told apart.
    ViewerLimit,
    /// More events than any run may take.
    EventLimit,
    /// The probe of the run asked it to end.
    Asked,
}

/// All that one run measured.
#[derive(Clone, Debug, Default)]
pub struct Measurements {
    /// What was measured apart.
    pub layout: Layout,
    /// `[interval][scope]`, flat.
    pub rows: Vec<Row>,
    /// Latency of all served attempts in the measured window.
    pub latency: Histogram,
    /// Waiting time of all attempts at pools in the measured window.
    pub wait: Histogram,
    /// Requests begun in the measured window, refreshed ones counted once.
    pub requests: u64,
    /// The ledger at the end.
    pub ledger: Ledger,
    /// Events run.
    pub events: u64,
    /// Set where a limit ended the run.
    pub stopped: Option<Stopped>,
}

impl Measurements {
    /// The row of everything in each interval of a range; none for intervals that the run did not reach.
    pub(super) fn of_everything(&self, intervals: Range<usize>) -> impl Iterator<Item = &Row> {
        self.of_scope(0, intervals)
    }

    /// The row of a scope in each interval of a range; none for intervals that the run did not reach.
    pub(super) fn of_scope(&self, scope: usize, intervals: Range<usize>) -> impl Iterator<Item = &Row> {
        intervals.filter_map(move |interval| self.rows.get(interval * self.layout.scopes.len() + scope))
    }

    /// How the run ended; `None` if its probe asked it to.
    pub fn ended(&self) -> Option<Ended> {
        match self.stopped {
            None => Some(Ended::Done),
            Some(Stopped::QueueLimit { .. }) => Some(Ended::QueueLimit),
            Some(Stopped::ViewerLimit) => Some(Ended::ViewerLimit),
            Some(Stopped::EventLimit) => Some(Ended::EventLimit),
            Some(Stopped::Asked) => None,
        }
    }
}
