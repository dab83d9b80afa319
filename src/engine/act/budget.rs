//! The retry budget of a client is told of attempts and asked for retries, where a client has one.

use crate::engine::probe::Probe;
use crate::engine::state::budgets::Holder;
use crate::engine::state::viewer::{Viewer, flags};
use crate::engine::world::World;
use crate::policy::caller::budget::{End, Settings, Why};
use crate::vocabulary::Happening;

impl<'m, P: Probe> World<'m, P> {
    /// Tells the budget of a viewer's client that attempt `number` of the present request, from 1, is sent.
    #[cold]
    #[inline(never)]
    pub fn budget_sent(&mut self, viewer: u32, number: u16) {
        if let Some((budget, holder, why)) = self.budget_of(viewer, number) {
            self.budgets.sent(budget, holder, self.now, why);
        }
    }

    /// Tells the budget of a viewer's client that the attempt ended.
    #[cold]
    #[inline(never)]
    pub fn budget_ended(&mut self, viewer: u32, end: End) {
        if let Some((budget, holder, why)) = self.budget_of(viewer, self.viewers[viewer].attempt) {
            self.budgets.ended(budget, holder, why, end);
        }
    }

    /// Tells the budget of a viewer's client that a retry which it allowed is not sent after all.
    #[cold]
    #[inline(never)]
    pub fn budget_withdrawn(&mut self, viewer: u32) {
        if let Some((budget, holder, _)) = self.budget_of(viewer, self.viewers[viewer].attempt) {
            self.budgets.withdrawn(budget, holder);
        }
    }

    /// Whether the budget of a viewer's client allows a retry for the reason `why`, if the client has a budget. A retry
    /// that is denied is counted in the cell of the attempt before it.
    #[cold]
    #[inline(never)]
    pub fn budget_allows(&mut self, viewer: u32, why: Why, cell: u16) -> bool {
        let row = &mut self.viewers[viewer];
        match why {
            Why::TimedOut => row.mark(flags::APP_TIMED_OUT),
            Why::First | Why::Failed => row.unmark(flags::APP_TIMED_OUT),
        }
        let Some((budget, holder, _)) = self.budget_of(viewer, self.viewers[viewer].attempt) else { return true };
        let allows = self.budgets.allows(budget, holder, self.now, why);
        if !allows {
            self.books.recorder.retry_denied(usize::from(cell));
            self.tell(viewer, Happening::RetryDenied);
        }
        allows
    }

    /// The budget of a viewer's client, its holder, and why attempt `number` of the present request is sent.
    fn budget_of(&self, viewer: u32, number: u16) -> Option<(&'m Settings, Holder, Why)> {
        let row = &self.viewers[viewer];
        let Viewer { cohort, client, .. } = *row;
        let (region, client) = (self.model.cohorts[usize::from(cohort)].region, usize::from(client));
        let budget = self.settings.clients[client].budget.as_ref()?;
        let why = match number {
            1 => Why::First,
            _ if row.has(flags::APP_TIMED_OUT) => Why::TimedOut,
            _ => Why::Failed,
        };
        Some((budget, Holder { viewer, region, client }, why))
    }
}
