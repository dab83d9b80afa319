//! Limits of a run, beyond those of its model.

/// Number of events after which a run ends, whatever its caller allows.
pub const MOST_EVENTS: u64 = 1 << 42;

/// Number of events between two checks of the limits of memory and time: a few milliseconds.
pub const CHECK_EVERY: u64 = 1 << 16;

/// Limits of a run; a run that reaches one ends, and its measurements say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Number of events.
    pub events: u64,
    /// Bytes of the state of the run: rows, pending events, queues and measurements.
    pub memory: u64,
}

impl Limits {
    /// No limit but [`MOST_EVENTS`].
    pub const NONE: Limits = Limits { events: MOST_EVENTS, memory: u64::MAX };
}
