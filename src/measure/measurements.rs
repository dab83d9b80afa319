//! The measurements of one run.

use std::ops::Range;

use super::histogram::Histogram;
use super::layout::Layout;
use super::ledger::Ledger;
use super::row::Row;
use crate::vocabulary::Ended;

/// The reason why a run ended before the end of its window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// A pool without a stated queue limit had a hundred million attempts waiting.
    QueueLimit {
        /// Index of the pool.
        pool: usize,
    },
    /// More viewers arrived than a run can number.
    ViewerLimit,
    /// The run reached the limit of events.
    EventLimit,
    /// The run reached the limit of memory.
    MemoryLimit,
    /// The time that the run may take was up, as its probe said.
    TimeLimit,
    /// The probe of the run asked it to end.
    Asked,
}

/// The memory that a run took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Rows of viewers: most people inside at once.
    pub viewers: u64,
    /// Rows of attempts: most attempts under way at once.
    pub attempts: u64,
    /// Most bytes of all that grew during the run, as far as was looked.
    pub bytes: u64,
}

/// The measurements of one run.
#[derive(Clone, Debug, Default)]
pub struct Measurements {
    /// The layout of the rows.
    pub layout: Layout,
    /// The rows, `[interval][scope]`, flat.
    pub rows: Vec<Row>,
    /// Latency of all served attempts in the measured window.
    pub latency: Histogram,
    /// Waiting time of all attempts at pools in the measured window.
    pub wait: Histogram,
    /// Requests begun in the measured window, refreshed ones counted once.
    pub requests: u64,
    /// The ledger at the end of the run.
    pub ledger: Ledger,
    /// Number of events.
    pub events: u64,
    /// What the run took of memory.
    pub size: Size,
    /// The reason of an early end; `None` if the run reached the end of its window.
    pub stopped: Option<Stopped>,
}

impl Measurements {
    /// The rows of everything in the intervals of a range that the run reached.
    pub(super) fn of_everything(&self, intervals: Range<usize>) -> impl Iterator<Item = &Row> {
        self.of_scope(0, intervals)
    }

    /// The rows of a scope in the intervals of a range that the run reached.
    pub(super) fn of_scope(&self, scope: usize, intervals: Range<usize>) -> impl Iterator<Item = &Row> {
        intervals.filter_map(move |interval| self.rows.get(interval * self.layout.scopes.len() + scope))
    }

    /// The end of the last interval that was closed, in seconds from the drop.
    pub fn until_s(&self) -> f64 {
        self.layout.time_s(self.rows.len() / self.layout.scopes.len().max(1))
    }

    /// The end of the run; `None` if the probe ended it.
    pub fn ended(&self) -> Option<Ended> {
        match self.stopped {
            None => Some(Ended::Done),
            Some(Stopped::QueueLimit { .. }) => Some(Ended::QueueLimit),
            Some(Stopped::ViewerLimit) => Some(Ended::ViewerLimit),
            Some(Stopped::EventLimit) => Some(Ended::EventLimit),
            Some(Stopped::MemoryLimit) => Some(Ended::MemoryLimit),
            Some(Stopped::TimeLimit | Stopped::Asked) => None,
        }
    }
}
