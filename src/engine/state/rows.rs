//! The rows of a run, which the event list prefetches.

use super::attempt::Attempt;
use super::fleet::Fleet;
use super::pool::Pool;
use super::slab::Slab;
use super::viewer::Viewer;
use super::words::Words;
use crate::engine::pending::event::{Ahead, Event, Kind, Subject};
use crate::engine::pending::lookahead::Lookahead;

/// All rows of a run.
#[derive(Clone, Copy)]
pub struct Rows<'w> {
    /// Every viewer who is inside or will come back.
    pub viewers: &'w Slab<Viewer>,
    /// Every attempt under way.
    pub attempts: &'w Slab<Attempt>,
    /// Words beside the rows of viewers.
    pub words: &'w Words,
    /// Every pool.
    pub pools: &'w Vec<Pool<'w>>,
}

impl Rows<'_> {
    /// Prefetches the viewer behind an attempt. In the row of a call or a free row, the number is no viewer's.
    #[inline(always)]
    fn prefetch_viewer_behind(&self, attempt: &Attempt) {
        let row = attempt.origin.number();
        if (row as usize) < self.viewers.len() {
            self.prefetch_viewer(row);
        }
    }

    #[inline(always)]
    fn prefetch_viewer(&self, row: u32) {
        self.viewers.prefetch(row);
        if self.words.used {
            self.words.prefetch(row);
        }
    }

    /// The individual server whose work on an attempt ends by an event.
    #[inline]
    fn server_that_completes(&self, event: u64) -> Option<(&Fleet, u32)> {
        let Event { kind, row, .. } = Event::unpack(event);
        if kind != Kind::Complete {
            return None;
        }
        let attempt = &self.attempts[row];
        Some((self.pools[usize::from(attempt.pool)].individuals()?, attempt.server))
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
            self.prefetch_viewer_behind(&self.attempts[event as u32]);
        }
    }

    #[inline]
    fn prefetch_behind_timer(&self, event: u64) {
        if Ahead::VIEWER_BEHIND.has(event) {
            let Event { generation, row, .. } = Event::unpack(event);
            let attempt = &self.attempts[row];
            if attempt.generation == generation {
                self.prefetch_viewer_behind(attempt);
            }
        }
    }

    #[inline]
    fn prefetch_server(&self, event: u64) {
        if let Some((fleet, server)) = self.server_that_completes(event) {
            fleet.prefetch(server);
        }
    }

    #[inline]
    fn prefetch_next(&self, event: u64) {
        if let Some(next) = self.server_that_completes(event).and_then(|(fleet, server)| fleet.first_in_line(server)) {
            self.attempts.prefetch(next);
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
