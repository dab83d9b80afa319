//! The samples and the state of a limiter.

use crate::policy::scaled;
use crate::random::Key;
use crate::units::Span;

/// A sample: an attempt that has ended at a server.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// Time since the server admitted the attempt.
    pub rtt: Span,
    /// Attempts that the server held when it admitted this one, itself included.
    pub inflight: f64,
    /// Whether the attempt timed out.
    pub dropped: bool,
    /// Key of the attempt.
    pub key: Key,
}

/// The state of a limiter; the default has no samples and the initial limit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct State {
    /// The limit; 0 before the first sample.
    pub limit: f64,
    /// Number of ends since the last sample.
    pub ends: f64,
    /// Response time in nanoseconds: the least for `vegas`, the long-term mean for `gradient2`.
    pub rtt: f64,
    /// Number of samples: since the last probe for `vegas`, in the first mean for `gradient2`.
    pub samples: u32,
    /// Factor of the time to the next probe of `vegas`.
    pub jitter: f64,
}

/// A limit of the file times a factor, at least 1.
pub fn shrink(limit: u64, factor: f64) -> u64 {
    scaled(limit, factor).max(1)
}
