//! Someone who is told what happens to each viewer, at no cost when nobody listens.

use crate::units::Time;

/// Which viewer: the cohort, and their number among its arrivals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Who {
    /// Index of the cohort.
    pub cohort: u16,
    /// The how many-th to arrive, from 0.
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
