//! What a limiter is fed and what it remembers.

use crate::policy::scaled;
use crate::random::Key;
use crate::units::Span;

/// A sample: an attempt that has ended at a server.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// Time since the server took the attempt.
    pub rtt: Span,
    /// Attempts that the server held when it took this one, which is one of them.
    pub inflight: f64,
    /// Whether the attempt timed out.
    pub dropped: bool,
    /// Key of the attempt.
    pub key: Key,
}

/// What a limiter remembers; the default has seen nothing and stands at its initial limit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct State {
    /// The limit; 0 before the first sample.
    pub limit: f64,
    /// Ends since the last sample that was fed.
    pub ends: f64,
    /// Memory of the times: the least for `vegas`, the long mean for `gradient2`.
    pub rtt: f64,
    /// Samples counted: since the last probe for `vegas`, of the first mean for `gradient2`.
    pub samples: u32,
    /// Factor of the time to the next probe of `vegas`.
    pub jitter: f64,
}

/// A limit of the file times a factor, at least 1.
pub fn shrink(limit: u64, factor: f64) -> u64 {
    scaled(limit, factor).max(1)
}
