//! What events are about, as the lists of events see it.

/// How many events ahead the row of an event is asked for.
pub const FAR: usize = 16;
/// How many events ahead the row behind that row is asked for.
pub const NEAR: usize = 8;

/// The rows that events lead to.
pub trait Rows: Copy {
    /// Asks for the row of an event that has been pending for long, ahead of its use.
    fn prefetch(&self, event: u64);
    /// Asks for the row to which the row of an event leads.
    fn prefetch_behind(&self, event: u64);
    /// Whether an event can no longer matter, now or later.
    fn is_void(&self, event: u64) -> bool;
}

/// Events about nothing that is kept.
impl Rows for () {
    fn prefetch(&self, _event: u64) {}
    fn prefetch_behind(&self, _event: u64) {}
    fn is_void(&self, _event: u64) -> bool {
        false
    }
}
