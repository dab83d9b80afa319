//! The rows of a run, which the event list prefetches.

use super::attempt::Attempt;
use super::people::People;
use super::restarts::Restarts;
use super::slab::Slab;
use super::viewer::Viewer;
use crate::engine::pending::event::{Ahead, Event, Subject};
use crate::engine::pending::lookahead::Lookahead;

/// All rows of a run.
#[derive(Clone, Copy)]
pub struct Rows<'w> {
    /// Every viewer who is inside or will come back.
    pub viewers: &'w Slab<Viewer>,
    /// Every attempt under way.
    pub attempts: &'w Slab<Attempt>,
    /// Sums beside the rows of viewers, to judge harm.
    pub people: &'w People,
    /// Points beside the rows of viewers who begin again.
    pub restarts: &'w Restarts,
}

impl Rows<'_> {
    #[inline(always)]
    fn prefetch_viewer(&self, row: u32) {
        self.viewers.prefetch(row);
        if self.people.is_kept {
            self.people.prefetch(row);
            self.restarts.prefetch(row);
        }
    }
}

impl Lookahead for Rows<'_> {
    #[inline]
    fn prefetch(&self, event: u64) {
        // The number of the row is the lower half of an event.
        if Ahead::VIEWER.has(event) {
            self.prefetch_viewer(event as u32);
        } else if Ahead::ATTEMPT.has(event) {
            self.attempts.prefetch(event as u32);
        }
    }

    #[inline]
    fn prefetch_behind(&self, event: u64) {
        if Ahead::VIEWER_BEHIND.has(event) {
            self.prefetch_viewer(self.attempts[event as u32].origin.number());
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
