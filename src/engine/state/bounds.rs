//! Bounds on the time to a reply, which prove that some timers can never expire and need not be started.
//!
//! A timer that always expires after another one changes only the cost of a run. The bounds hold over all settings of
//! the timeline, so they hold whatever changes while an attempt is under way.

use crate::engine::few::Few;
use crate::model::{Cell, Model};
use crate::units::Span;

/// The bounds of a model.
pub struct Bounds {
    /// By cell.
    longest_reply: Vec<Span>,
    /// By pool.
    queue_timeout_is_first: Few<bool>,
}

impl Bounds {
    /// The bounds that the settings of a model's timeline guarantee.
    pub fn new(model: &Model) -> Bounds {
        Bounds {
            longest_reply: model.cells.iter().map(|cell| longest_reply(model, cell)).collect(),
            queue_timeout_is_first: Few::new((0..model.pools).map(|pool| queue_timeout_is_first(model, pool)), false),
        }
    }

    /// The longest span from sending an attempt of a cell to its reply: the `timeout` of the pool and a round trip, unless a
    /// reply can be lost.
    /// [`Span::LONGEST`] stands for no bound. An app's `timeout` that is no shorter never expires.
    #[inline]
    pub fn longest_reply(&self, cell: usize) -> Span {
        self.longest_reply[cell]
    }

    /// Whether `queue_timeout` of a pool always expires before its `timeout`, which then matters in service only.
    #[inline]
    pub fn queue_timeout_is_first(&self, pool: usize) -> bool {
        self.queue_timeout_is_first.of(pool)
    }
}

fn longest_reply(model: &Model, cell: &Cell) -> Span {
    let (mut timeout, mut travel) = (Span::ZERO, Span::ZERO);
    for epoch in &model.epochs {
        timeout = timeout.max(epoch.settings.pools[cell.pool].timers.timeout.unwrap_or(Span::LONGEST));
        travel = travel.max(epoch.settings.regions[cell.region].distance.longest());
    }
    (timeout + travel).min(Span::LONGEST)
}

fn queue_timeout_is_first(model: &Model, pool: usize) -> bool {
    let timers = |epoch: usize| model.epochs[epoch].settings.pools[pool].timers;
    timers(0).queue_timer_ends_first() && (1..model.epochs.len()).all(|epoch| timers(epoch) == timers(0))
}
