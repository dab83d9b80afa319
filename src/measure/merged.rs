//! The distributions of one row, merged from the cells or regions that the row sums up.

use super::histogram::Histogram;
use crate::vocabulary::{Column, Distribution};

/// The distributions of one row.
pub(super) struct Merged {
    /// Latencies of served attempts.
    pub latency: Spread,
    /// Waiting times of attempts in queues.
    pub wait: Spread,
    /// Times to the first frame.
    pub start_time: Spread,
    /// Waits of admitted viewers in waiting rooms.
    pub room_wait: Spread,
    /// Times of served requests, through all retries.
    pub request_time: Spread,
}

/// A distribution, and the columns that are percentiles of it.
pub(super) struct Spread {
    /// The distribution.
    pub histogram: Histogram,
    /// Each column with its share; the shares ascend.
    pub columns: Vec<(Column, f64)>,
}

impl Merged {
    /// Empty distributions.
    pub fn new() -> Merged {
        let spread = |of: Distribution| Spread { histogram: Histogram::default(), columns: of.percentiles().collect() };
        Merged {
            latency: spread(Distribution::Latency),
            wait: spread(Distribution::Wait),
            start_time: spread(Distribution::StartTime),
            room_wait: spread(Distribution::RoomWait),
            request_time: spread(Distribution::RequestTime),
        }
    }
}
