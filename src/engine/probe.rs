//! Probes: they are told what happens to each viewer, at no cost where none is enabled.

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

    /// Takes what happens to a viewer.
    fn happened(&mut self, _now: Time, _who: Who, _what: Happening) {}

    /// Takes the end of an interval at `now`, after this number of events.
    fn interval_closed(&mut self, _now: Time, _events: u64) {}

    /// Why the run is to end here, unfinished; `None` if it is to go on. Asked after each interval and every
    /// [`LOOK_EVERY`](super::LOOK_EVERY) events.
    fn stop(&self) -> Option<Stopped> {
        None
    }

    /// What the run may use; asked once, before the run.
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
