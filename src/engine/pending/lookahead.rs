//! The view that the event list has of the rows of its events, and the prefetches of rows ahead of the events.

use super::blocks::Entry;

/// Number of events ahead at which the row of an event is prefetched.
pub const FAR: usize = 16;
/// Number of events ahead at which the row behind that row is prefetched: the viewer of an attempt.
pub const NEAR: usize = 8;

/// Number of events ahead at which the attempt that a server takes next is prefetched.
pub const NEXT: usize = 4;

/// The rows that events refer to.
pub trait Lookahead: Copy {
    /// Prefetches the row of an event.
    fn prefetch(&self, event: u64);
    /// Prefetches the row that the row of an event refers to.
    fn prefetch_behind(&self, event: u64);
    /// Prefetches the row that the row of a timer refers to, unless the row has moved on and the timer is stale.
    fn prefetch_behind_timer(&self, event: u64);
    /// Prefetches the individual server of an attempt whose service ends.
    fn prefetch_server(&self, event: u64);
    /// Prefetches the attempt that the individual server of an attempt whose service ends takes next.
    fn prefetch_next(&self, event: u64);
    /// Whether an event that [`lapses`](super::event::Kind::lapses) is stale, now and for ever.
    fn is_stale(&self, event: u64) -> bool;
}

/// Events without rows, for tests and benches of the event list alone.
impl Lookahead for () {
    fn prefetch(&self, _event: u64) {}
    fn prefetch_behind(&self, _event: u64) {}
    fn prefetch_behind_timer(&self, _event: u64) {}
    fn prefetch_server(&self, _event: u64) {}
    fn prefetch_next(&self, _event: u64) {}
    fn is_stale(&self, _event: u64) -> bool {
        false
    }
}

/// Prefetches the servers of the events ahead in the open bucket, latest first, after an event was taken out of the bucket.
#[inline(never)]
pub fn look_at_servers(open: &[Entry], rows: impl Lookahead) {
    if let Some(coming) = open.get(open.len().wrapping_sub(NEAR)) {
        rows.prefetch_server(*coming as u64);
    }
    if let Some(coming) = open.get(open.len().wrapping_sub(NEXT)) {
        rows.prefetch_next(*coming as u64);
    }
}

/// Prefetches rows of the first events of a bucket that has just been opened, and with `sees_servers` their servers.
#[inline]
pub fn look_at_first(open: &[Entry], rows: impl Lookahead, sees_servers: bool) {
    let ahead = |most| open.iter().rev().take(most).map(|coming| *coming as u64);
    ahead(FAR).for_each(|coming| rows.prefetch(coming));
    if sees_servers {
        ahead(NEAR).for_each(|coming| rows.prefetch_behind(coming));
        ahead(NEAR).for_each(|coming| rows.prefetch_server(coming));
        ahead(NEXT).for_each(|coming| rows.prefetch_next(coming));
    }
}
