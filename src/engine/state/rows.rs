//! The rows that events are about, as the event list looks ahead to them.

use super::attempt::Attempt;
use super::slab::Slab;
use super::viewer::Viewer;
use crate::engine::pending::event::{Event, Prefetch, Subject};
use crate::engine::pending::lookahead::Lookahead;

/// All rows of a run.
#[derive(Clone, Copy)]
pub struct Rows<'w> {
    /// Every viewer who is inside or will come back.
    pub viewers: &'w Slab<Viewer>,
    /// Every attempt under way.
    pub attempts: &'w Slab<Attempt>,
}

impl Lookahead for Rows<'_> {
    #[inline]
    fn prefetch(&self, event: u64) {
        let Event { kind, row, .. } = Event::unpack(event);
        match kind.prefetch() {
            Prefetch::Viewer => self.viewers.prefetch(row),
            Prefetch::Attempt => self.attempts.prefetch(row),
            Prefetch::ViewerBehind | Prefetch::Nothing => {}
        }
    }

    #[inline]
    fn prefetch_behind(&self, event: u64) {
        let Event { kind, row, .. } = Event::unpack(event);
        if matches!(kind.prefetch(), Prefetch::Attempt | Prefetch::ViewerBehind) {
            self.viewers.prefetch(self.attempts[row].origin.number());
        }
    }

    #[inline]
    fn is_stale(&self, event: u64) -> bool {
        let Event { kind, generation, row } = Event::unpack(event);
        kind.lapses()
            && match kind.subject() {
                Subject::Attempt => !self.attempts[row].awaits(kind, generation),
                Subject::Viewer => !self.viewers.is_current(row, generation),
                _ => false,
            }
    }
}
