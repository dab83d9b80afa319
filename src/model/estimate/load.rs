//! The result of an estimate.

/// The size of a run, at simulated size. Rows are never given back, so each number of rows is that of the peak.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Load {
    /// People inside or coming back.
    pub people: f64,
    /// Attempts under way.
    pub attempts: f64,
    /// Attempts in shared queues.
    pub queued: f64,
    /// Events after random delays.
    pub pending: f64,
    /// Timers and other events after constant delays, most of which are stale.
    pub timers: f64,
    /// Streams for which links keep the time that they have stalled.
    pub noted: f64,
    /// Attempts sent in all.
    pub sent: f64,
    /// Of these, attempts of calls between pools.
    pub called: f64,
    /// Events in all.
    pub events: f64,
    /// People who arrive within the window.
    pub arrivals: f64,
    /// Share of the window that is simulated: less than 1 where a queue without a stated limit ends the run.
    pub share: f64,
}
