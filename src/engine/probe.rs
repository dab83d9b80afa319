//! Probes: they are told what happens to each viewer, at no cost where none is enabled.

use crate::measure::Outcome;
use crate::units::Time;

/// The identity of a viewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Who {
    /// Index of the cohort.
    pub cohort: u16,
    /// Arrival index within the cohort, from 0.
    pub ordinal: u32,
}

/// What happens to a viewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Happening {
    Arrived,
    AlreadyInside,
    RequestBegan { request: usize },
    Sent { pool: usize, attempt: u16 },
    Queued,
    ServiceBegan,
    Served,
    Rejected,
    TimedOut,
    Failed,
    AppTimerEnded,
    PatienceEnded,
    ErrorPage,
    Skipped,
    RetryAt { at: Time },
    RefreshAt { at: Time },
    Waits { until: Time },
    Thinks { until: Time },
    StreamBegan { until: Time },
    StreamEnded,
    StallLeft,
    GaveUp,
    CameBack,
    Watched,
}

impl Happening {
    /// The end of an attempt, as its client sees it in a reply.
    pub fn ended(outcome: Outcome) -> Happening {
        match outcome {
            Outcome::Served => Happening::Served,
            Outcome::Rejected => Happening::Rejected,
            Outcome::TimedOut => Happening::TimedOut,
            Outcome::Failed => Happening::Failed,
            // No reply says so: the client itself left.
            Outcome::Abandoned => Happening::AppTimerEnded,
        }
    }
}

/// Observes a run.
pub trait Probe {
    /// Whether the probe is told what happens to viewers; if not, [`Probe::happened`] is never called and costs nothing.
    const ENABLED: bool;

    /// Takes what happens to a viewer.
    fn happened(&mut self, _now: Time, _who: Who, _what: Happening) {}

    /// Takes the end of an interval at `now`, after this number of events.
    fn interval_closed(&mut self, _now: Time, _events: u64) {}

    /// Whether the run is to end here, unfinished; asked after each interval.
    fn stop(&self) -> bool {
        false
    }
}

/// The probe that observes nothing.
pub struct NoProbe;

impl Probe for NoProbe {
    const ENABLED: bool = false;
}
