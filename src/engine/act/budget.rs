//! The retry budget of a client is told of attempts and asked for retries, where a client has one.

use crate::engine::probe::Probe;
use crate::engine::state::budgets::Holder;
use crate::engine::state::viewer::{Viewer, flags};
use crate::engine::world::World;
use crate::policy::caller::budget::{End, Settings, Why};

impl<'m, P: Probe> World<'m, P> {
    /// Tells the budget of a viewer's client that an attempt is sent.
    #[cold]
    #[inline(never)]
    pub fn budget_sent(&mut self, viewer: u32) {
        if let Some((budget, holder, why)) = self.budget_of(viewer) {
            self.budgets.sent(budget, holder, self.now, why);
        }
    }

    /// Tells the budget of a viewer's client that the attempt ended.
    #[cold]
    #[inline(never)]
    pub fn budget_ended(&mut self, viewer: u32, end: End) {
        if let Some((budget, holder, why)) = self.budget_of(viewer) {
            self.budgets.ended(budget, holder, why, end);
        }
    }

    /// Tells the budget of a viewer's client that a retry which it allowed is not sent after all.
    #[cold]
    #[inline(never)]
    pub fn budget_withdrawn(&mut self, viewer: u32) {
        if let Some((budget, holder, _)) = self.budget_of(viewer) {
            self.budgets.withdrawn(budget, holder);
        }
    }

    /// Whether the budget of a viewer's client allows a retry for the reason `why`, if the client has a budget.
    #[cold]
    #[inline(never)]
    pub fn budget_allows(&mut self, viewer: u32, why: Why) -> bool {
        let row = &mut self.viewers[viewer];
        match why {
            Why::TimedOut => row.mark(flags::APP_TIMED_OUT),
            Why::First | Why::Failed => row.unmark(flags::APP_TIMED_OUT),
        }
        let Some((budget, holder, _)) = self.budget_of(viewer) else { return true };
        self.budgets.allows(budget, holder, self.now, why)
    }

    /// The budget of a viewer's client, its holder, and why the viewer's present attempt was sent.
    fn budget_of(&self, viewer: u32) -> Option<(&'m Settings, Holder, Why)> {
        let row = &self.viewers[viewer];
        let Viewer { cohort, client, attempt, .. } = *row;
        let (region, client) = (self.model.cohorts[usize::from(cohort)].region, usize::from(client));
        let budget = self.settings.clients[client].budget.as_ref()?;
        let why = match attempt {
            1 => Why::First,
            _ if row.has(flags::APP_TIMED_OUT) => Why::TimedOut,
            _ => Why::Failed,
        };
        Some((budget, Holder { viewer, region, client }, why))
    }
}
