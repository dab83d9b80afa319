//! The retry budget of a client is told of attempts and asked for retries, where a client has one.

use crate::engine::probe::Probe;
use crate::engine::state::budgets::Holder;
use crate::engine::state::viewer::{Viewer, flags};
use crate::engine::world::World;
use crate::model::Settings;
use crate::policy::caller::budget::{self, End, Why};

impl<'m, P: Probe> World<'m, P> {
    /// Tells the budget of a viewer's client that an attempt is sent.
    #[inline(always)]
    pub fn budget_sent(&mut self, viewer: u32) {
        if self.budgets.used {
            self.tell_budget(viewer, |world, set, holder, why| world.budgets.sent(set, holder, world.now, why));
        }
    }

    /// Tells the budget of a viewer's client that the attempt ended.
    #[inline(always)]
    pub fn budget_ended(&mut self, viewer: u32, end: End) {
        if self.budgets.used {
            self.tell_budget(viewer, |world, set, holder, why| world.budgets.ended(set, holder, why, end));
        }
    }

    /// Tells the budget of a viewer's client that a retry is not sent after all.
    pub fn budget_withdrawn(&mut self, viewer: u32) {
        if self.budgets.used {
            self.tell_budget(viewer, |world, set, holder, _| world.budgets.withdrawn(set, holder));
        }
    }

    #[cold]
    fn tell_budget(&mut self, viewer: u32, tell: impl FnOnce(&mut Self, &'m budget::Settings, Holder, Why)) {
        if let Some((set, holder)) = self.budget_of(viewer) {
            let why = why(&self.viewers[viewer]);
            tell(self, set, holder, why);
        }
    }

    /// Whether the budget of a viewer's client allows a retry for the reason `why`, if the client has a budget.
    #[cold]
    pub fn budget_allows(&mut self, viewer: u32, why: Why) -> bool {
        let row = &mut self.viewers[viewer];
        match why {
            Why::TimedOut => row.mark(flags::APP_TIMED_OUT),
            Why::First | Why::Failed => row.unmark(flags::APP_TIMED_OUT),
        }
        let Some((set, holder)) = self.budget_of(viewer) else { return true };
        self.budgets.allows(set, holder, self.now, why)
    }

    fn budget_of(&self, viewer: u32) -> Option<(&'m budget::Settings, Holder)> {
        let Viewer { cohort, client, .. } = self.viewers[viewer];
        let (region, client) = (self.model.cohorts[usize::from(cohort)].region, usize::from(client));
        let settings: &'m Settings = self.settings;
        Some((settings.clients[client].budget.as_ref()?, Holder { viewer, region, client }))
    }
}

/// Why the present attempt of a viewer was sent.
fn why(row: &Viewer) -> Why {
    match row.attempt {
        1 => Why::First,
        _ if row.has(flags::APP_TIMED_OUT) => Why::TimedOut,
        _ => Why::Failed,
    }
}
