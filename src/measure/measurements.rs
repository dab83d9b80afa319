//! The measurements of one run.

use std::ops::{Index, IndexMut, Range};

use super::histogram::Histogram;
use super::layout::Layout;
use super::ledger::Ledger;
use super::row::Row;
use crate::units::Span;
use crate::vocabulary::{Distribution, Ended, Harm};

/// The reason why a run ended before the end of its window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// A pool without a stated queue limit had a hundred million attempts waiting.
    QueueLimit {
        /// Index of the pool.
        pool: usize,
    },
    /// The run reached the largest number of viewers.
    ViewerLimit,
    /// The run reached the limit of events.
    EventLimit,
    /// The run reached the limit of memory.
    MemoryLimit,
    /// A viewer looped a thousand times at one instant.
    EndlessLoop {
        /// Index of the journey.
        journey: usize,
        /// Index of the step from which the viewer turned back.
        step: usize,
    },
    /// A viewer looped more often than can be counted.
    RoundLimit,
    /// The run reached the limit of time of its probe.
    TimeLimit,
    /// The probe ended the run.
    Asked,
}

/// The memory that a run took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Rows of viewers: most people inside at once.
    pub viewers: u64,
    /// Rows of attempts: most attempts under way at once.
    pub attempts: u64,
    /// Largest number of bytes of the state of the run, at the checks of its limits.
    pub bytes: u64,
}

/// The distributions of one scope over the measured window. Start times and waits in rooms are of everything and of regions
/// alone; pools have no request times.
#[derive(Clone, Debug, Default)]
pub struct Distributions([Histogram; Distribution::COUNT]);

impl Distributions {
    /// Bytes of the bins.
    pub const BYTES: usize = Distribution::COUNT * Histogram::BYTES;
}

impl Index<Distribution> for Distributions {
    type Output = Histogram;

    fn index(&self, kind: Distribution) -> &Histogram {
        &self.0[kind as usize]
    }
}

impl IndexMut<Distribution> for Distributions {
    fn index_mut(&mut self, kind: Distribution) -> &mut Histogram {
        &mut self.0[kind as usize]
    }
}

/// The people of one region within the measured window, at simulated size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct People {
    /// People who were inside when the window opened or arrived in it.
    pub present: u64,
    /// People who came to each kind of harm.
    pub harmed: [u64; Harm::COUNT],
}

/// First tries that a pool would be offered, and what it can serve, at simulated size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FirstTries {
    /// Index of the pool.
    pub pool: usize,
    /// First tries per second if nothing were turned away on the way to the pool.
    pub offered_per_s: f64,
    /// Attempts per second that the pool can serve.
    pub capacity_per_s: f64,
}

/// The measurements of one run.
#[derive(Clone, Debug, Default)]
pub struct Measurements {
    /// The layout of the rows.
    pub layout: Layout,
    /// The rows, `[interval][scope]`, flat.
    pub rows: Vec<Row>,
    /// The distributions over the measured window, of the first scopes of the layout: everything, each region, each
    /// pool and each request.
    pub distributions: Vec<Distributions>,
    /// Served attempts of everything by their latency, `[interval][class]`, flat.
    pub latencies: Vec<u32>,
    /// The people of each region.
    pub people: Vec<People>,
    /// For each request that `[harm]` names, its index and the people who came to harm in it, at simulated size.
    pub people_of_requests: Vec<(usize, [u64; Harm::COUNT])>,
    /// Requests begun in the measured window, refreshed ones counted once.
    pub requests: u64,
    /// The ledger at the end of the run.
    pub ledger: Ledger,
    /// Number of events.
    pub events: u64,
    /// The memory that the run took.
    pub size: Size,
    /// The reason for an early end; `None` if the run reached the end of its window.
    pub stopped: Option<Stopped>,
    /// Whether the run is stuck, by a second run without the trigger; `None` if there was none.
    pub stuck: Option<bool>,
    /// First tries in the last window of a stuck run at the saturated pool whose capacity they would fill most.
    pub first_tries: Option<FirstTries>,
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
        self.layout.time_s(self.reached())
    }

    /// Number of intervals that were closed: fewer than those of the layout if the run ended early.
    pub fn reached(&self) -> usize {
        self.rows.len() / self.layout.scopes.len().max(1)
    }

    /// The row of a scope in an interval; `None` if the run did not reach the interval.
    pub fn row(&self, interval: usize, scope: usize) -> Option<&Row> {
        self.rows.get(interval * self.layout.scopes.len() + scope)
    }

    /// The people of a region, or of all regions.
    pub fn people(&self, region: Option<usize>) -> People {
        let of = self.people.iter().enumerate().filter(|(index, _)| region.is_none_or(|region| region == *index));
        of.fold(People::default(), |sum, (_, people)| People {
            present: sum.present + people.present,
            harmed: std::array::from_fn(|harm| sum.harmed[harm] + people.harmed[harm]),
        })
    }

    /// The value in milliseconds that a share of the observations of a scope in the measured window does not exceed; NaN
    /// without observations. `scope` is an index into the scopes of the layout.
    pub fn percentile(&self, scope: usize, distribution: Distribution, share: f64) -> f64 {
        self.distributions.get(scope).map_or(f64::NAN, |of| of[distribution].percentile(share) / 1e6)
    }

    /// Exact mean in milliseconds of the observations of a scope in the measured window; NaN without observations. `scope` is an
    /// index into the scopes of the layout.
    pub fn mean(&self, scope: usize, distribution: Distribution) -> f64 {
        self.distributions.get(scope).map_or(f64::NAN, |of| of[distribution].mean() / 1e6)
    }

    /// Number of observations of a scope in the measured window that are longer than a bound, at simulated size.
    pub fn late(&self, scope: usize, distribution: Distribution, bound: Span) -> u64 {
        self.distributions.get(scope).map_or(0, |of| of[distribution].longer(bound))
    }

    /// The end of the run; `None` if the probe ended it.
    pub fn ended(&self) -> Option<Ended> {
        match self.stopped {
            None => Some(Ended::Done),
            Some(Stopped::QueueLimit { .. }) => Some(Ended::QueueLimit),
            Some(Stopped::ViewerLimit) => Some(Ended::ViewerLimit),
            Some(Stopped::EventLimit) => Some(Ended::EventLimit),
            Some(Stopped::MemoryLimit) => Some(Ended::MemoryLimit),
            Some(Stopped::EndlessLoop { .. }) => Some(Ended::EndlessLoop),
            Some(Stopped::RoundLimit) => Some(Ended::RoundLimit),
            Some(Stopped::TimeLimit | Stopped::Asked) => None,
        }
    }
}
