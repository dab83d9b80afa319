//! Which timers can never end, and need not be started.
//!
//! A timer that is always overtaken by another leaves no trace in what happens, only work. Both rules here look at
//! all settings of the timeline, so that they hold whatever changes while an attempt is under way.

use crate::model::Model;
use crate::units::Span;

/// What is known beforehand of the waits at pools.
pub struct Waits {
    /// By cell.
    longest_answer: Vec<Span>,
    /// By pool.
    ends_first: Vec<bool>,
}

impl Waits {
    /// What the settings of a model's timeline say.
    pub fn new(model: &Model) -> Waits {
        let longest_answer = |cell: &crate::model::Cell| {
            let mut longest = (Span::ZERO, Span::ZERO);
            for epoch in &model.epochs {
                let timeout = epoch.settings.pools[cell.pool].timers.timeout.unwrap_or(Span::LONGEST);
                longest.0 = longest.0.max(timeout);
                longest.1 = longest.1.max(epoch.settings.regions[cell.region].half_rtt);
            }
            (longest.0 + longest.1 + longest.1).min(Span::LONGEST)
        };
        let ends_first = |pool: usize| {
            let timers = |epoch: usize| model.epochs[epoch].settings.pools[pool].timers;
            timers(0).queue_timer_ends_first() && (1..model.epochs.len()).all(|epoch| timers(epoch) == timers(0))
        };
        Waits {
            longest_answer: model.cells.iter().map(longest_answer).collect(),
            ends_first: (0..model.pools).map(ends_first).collect(),
        }
    }

    /// The longest that an attempt counted in a cell can go without an answer: the pool's timeout and a round trip.
    /// An app's timer that is no shorter never ends.
    #[inline]
    pub fn longest_answer(&self, cell: usize) -> Span {
        self.longest_answer[cell]
    }

    /// Whether in a pool `queue_timeout` always ends before `timeout`, so that this one matters in service only.
    #[inline]
    pub fn ends_first(&self, pool: usize) -> bool {
        self.ends_first[pool]
    }
}
