//! Someone who is told what happens to each viewer, at no cost when nobody listens.

use crate::units::Time;
use crate::vocabulary::Happening;

/// Which viewer: the cohort, and their number among its arrivals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Who {
    /// Index of the cohort.
    pub cohort: u16,
    /// The how many-th to arrive, from 0.
    pub ordinal: u32,
}

/// Listens to a run.
pub trait Probe {
    /// Whether viewers are listened to; if not, [`Probe::happened`] is never called and costs nothing.
    const ENABLED: bool;

    /// Something happened to a viewer.
    fn happened(&mut self, _now: Time, _who: Who, _what: Happening) {}

    /// An interval was closed at `now`, after so many events.
    fn interval_closed(&mut self, _now: Time, _events: u64) {}

    /// Asked after each interval: whether the run is to end here, unfinished.
    fn stop(&self) -> bool {
        false
    }
}

/// Nobody listens.
pub struct NoProbe;

impl Probe for NoProbe {
    const ENABLED: bool = false;
}
