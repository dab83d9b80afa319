//! Counters of one interval.

use super::histogram::Histogram;
use crate::units::Span;
use crate::vocabulary::Outcome;

/// Counters of one region, pool and request over one interval. The alignment makes the size a power of two, so that a
/// cell is found by a shift.
#[derive(Debug, Default)]
#[repr(align(512))]
pub(super) struct CellCounts {
    /// Attempts sent.
    pub attempts: u64,
    /// Retries and hedged copies that budgets forbade.
    pub retries_denied: u64,
    /// Calls that caches made needless.
    pub cache_hits: u64,
    /// Calls to pools that ended, served or not.
    pub calls_ended: u64,
    /// Sum of the times of these calls in nanoseconds, from the first attempt to the end of the last.
    pub calls_nanos: u64,
    /// Hedged copies sent; they are among the attempts.
    pub hedges: u64,
    /// First attempts of requests that clients kept back.
    pub refused_first: u64,
    /// Requests begun, refreshes not counted.
    pub requests: u64,
    /// Requests begun that are no first tries: begun again after a refresh or after coming back, and calls made by
    /// attempts that are retries or hedged copies.
    pub again: u64,
    /// Requests that failed.
    pub requests_failed: u64,
    /// Requests that ended after a longer wait than `[harm]` states.
    pub requests_waited: u64,
    /// Attempts whose service was wasted.
    pub wasted: u64,
    /// Attempts under way at the end of the last interval.
    pub in_flight: u64,
    /// Attempts ended, by outcome; those that clients kept back were never sent.
    pub ended: [u64; Outcome::COUNT],
    /// Sum of service times, useful or wasted.
    pub server_nanos: u128,
    /// Sum of wasted service times.
    pub wasted_nanos: u128,
    /// Latencies of served first attempts, which are the times of their requests too.
    pub latency: Histogram,
    /// Latencies of served attempts that were retries or hedged copies.
    pub latency_of_retries: Histogram,
    /// Times of the requests that were served by retries or hedged copies.
    pub time_of_retries: Histogram,
    /// Waiting times.
    pub wait: Histogram,
}

impl CellCounts {
    /// Number of histograms.
    pub const HISTOGRAMS: usize = 4;

    /// Attempts under way.
    pub fn now_in_flight(&self) -> u64 {
        (self.in_flight + self.attempts).saturating_sub(self.ended_after_sending())
    }

    /// Attempts that were sent and ended.
    pub fn ended_after_sending(&self) -> u64 {
        self.ended.iter().sum::<u64>() - self.ended[Outcome::Refused as usize]
    }

    /// Requests that ended: served, or failed after their last attempt.
    pub fn requests_ended(&self) -> u64 {
        self.ended[Outcome::Served as usize] + self.requests_failed
    }

    /// Records a request that a retry served, `latency` after the retry was sent, which was `before` nanoseconds after the
    /// request began.
    #[inline(never)]
    pub fn served_by_retry(&mut self, latency: Span, before: f32) {
        self.latency_of_retries.record(latency);
        self.time_of_retries.record(Span(latency.0 + before as i64));
    }

    /// Begins an interval.
    pub fn clear(&mut self) {
        self.in_flight = self.now_in_flight();
        self.latency.clear();
        self.latency_of_retries.clear();
        self.time_of_retries.clear();
        self.wait.clear();
        (self.attempts, self.requests, self.retries_denied, self.hedges) = (0, 0, 0, 0);
        (self.refused_first, self.cache_hits, self.again) = (0, 0, 0);
        (self.calls_ended, self.calls_nanos) = (0, 0);
        (self.requests_failed, self.requests_waited, self.wasted) = (0, 0, 0);
        (self.server_nanos, self.wasted_nanos) = (0, 0);
        self.ended = [0; Outcome::COUNT];
    }
}

/// Counters of one region over one interval.
#[derive(Debug, Default)]
pub(super) struct RegionCounts {
    /// Viewers who arrived.
    pub arrivals: u64,
    /// Reports to the outage tracker.
    pub reports: u64,
    /// Viewers whose first stream began.
    pub starts: u64,
    /// Viewers who were shown an error page.
    pub viewers_error: u64,
    /// Viewers who entered a request step and had not been inside one in this interval.
    pub newly_active: u64,
    /// Viewers inside a request step when the interval began.
    pub carried_active: u64,
    /// Times that a viewer gave up.
    pub gave_up: u64,
    /// Requests made anew by a refresh; they are not counted among the requests begun.
    pub refreshed: u64,
    /// Requests begun again on the way to the point that the viewer had reached, after a refresh.
    pub again_refreshed: u64,
    /// Requests begun again on the way to the point that the viewer had reached, after coming back.
    pub again_back: u64,
    /// People whom waiting rooms admitted.
    pub admitted: u64,
    /// Times from the first request after the release to the first stream.
    pub start_time: Histogram,
    /// Waits in rooms of those who were admitted.
    pub room_wait: Histogram,
}

impl RegionCounts {
    /// Number of histograms.
    pub const HISTOGRAMS: usize = 2;

    /// Begins an interval in which `asking` viewers are inside a request step already.
    pub fn clear(&mut self, asking: u64) {
        self.start_time.clear();
        self.room_wait.clear();
        self.admitted = 0;
        (self.arrivals, self.reports, self.starts, self.viewers_error) = (0, 0, 0, 0);
        (self.newly_active, self.carried_active) = (0, asking);
        (self.gave_up, self.refreshed, self.again_refreshed, self.again_back) = (0, 0, 0, 0);
    }
}
