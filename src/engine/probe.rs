//! Probes: observers of a run, which cost nothing where none is enabled.

use super::limits::Limits;
use crate::measure::Stopped;
use crate::units::Time;
use crate::vocabulary::Happening;

/// The identity of a viewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Who {
    /// Index of the cohort.
    pub cohort: u16,
    /// Arrival index within the cohort, from 0.
    pub ordinal: u32,
}

/// Observes a run.
pub trait Probe {
    /// Whether the probe is told what happens to viewers; if not, [`Probe::happened`] is never called and costs nothing.
    const ENABLED: bool;

    /// Observes what happens to a viewer.
    fn happened(&mut self, _now: Time, _who: Who, _what: Happening) {}

    /// Observes the end of an interval at `now`, after this number of events.
    fn interval_closed(&mut self, _now: Time, _events: u64) {}

    /// The reason to end the run here, unfinished; `None` to go on. Called after each interval and every
    /// [`CHECK_EVERY`](super::CHECK_EVERY) events.
    fn stop(&self) -> Option<Stopped> {
        None
    }

    /// Limits of the run; called once, before the run.
    fn limits(&self) -> Limits {
        Limits::NONE
    }

    /// Bytes that the probe holds, which count as memory of the run.
    fn bytes(&self) -> usize {
        0
    }
}

/// The probe that observes nothing.
pub struct NoProbe;

impl Probe for NoProbe {
    const ENABLED: bool = false;
}
