//! Progress of an experiment, and the request to end it.

use crate::engine::{Limits, Probe};
use crate::measure::Stopped;
use crate::units::Time;

/// A listener to the progress of an experiment, which may end the experiment.
///
/// A unit is one replication of one model.
pub trait Progress: Sync {
    /// Announces `units` more units.
    fn planned(&self, _units: u64) {}

    /// Reports that one unit is done and its result kept.
    fn done(&self) {}

    /// Reports the present subject, such as one value of a search.
    fn at(&self, _what: &str) {}

    /// Reports that a run has simulated one more measurement interval, in `events` events.
    fn advanced(&self, _events: u64) {}

    /// Whether to end the experiment; called many times a second. Units that are done stay done.
    fn stop(&self) -> bool {
        false
    }

    /// Whether the limit of time is reached. Runs then end where they are, as partial.
    fn time_is_up(&self) -> bool {
        false
    }

    /// Limits of each run.
    fn limits(&self) -> Limits {
        Limits::NONE
    }
}

/// The unit value ignores all reports and never stops an experiment.
impl Progress for () {}

/// A probe that reports each interval of a run to a [`Progress`] and stops the run when asked.
pub struct Watch<'a> {
    progress: &'a dyn Progress,
    /// Events reported so far.
    told: u64,
}

impl<'a> Watch<'a> {
    /// A probe for one run.
    pub fn new(progress: &'a dyn Progress) -> Watch<'a> {
        Watch { progress, told: 0 }
    }
}

impl Probe for Watch<'_> {
    const ENABLED: bool = false;

    fn interval_closed(&mut self, _: Time, events: u64) {
        self.progress.advanced(events - self.told);
        self.told = events;
    }

    fn stop(&self) -> Option<Stopped> {
        let up = || self.progress.time_is_up().then_some(Stopped::TimeLimit);
        self.progress.stop().then_some(Stopped::Asked).or_else(up)
    }

    fn limits(&self) -> Limits {
        self.progress.limits()
    }
}
