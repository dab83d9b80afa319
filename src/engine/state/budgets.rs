//! The states of retry budgets: one for each viewer's app, or one for each client in a region.

use crate::model::{Model, Settings};
use crate::policy::caller::budget::{End, Rule, Settings as Budget, Why, Window};
use crate::policy::caller::scope::Scope;
use crate::units::Time;

/// Whose budget it is.
#[derive(Clone, Copy, Debug)]
pub struct Holder {
    /// Row of the viewer.
    pub viewer: u32,
    /// Index of the region.
    pub region: usize,
    /// Index of the client.
    pub client: usize,
}

/// The states of all budgets of a run. What no settings of the timeline use takes no memory.
pub struct Budgets {
    /// Whether some settings use a budget at all.
    pub used: bool,
    /// Whether some settings count for each viewer.
    counts_viewers: bool,
    /// Whether some settings keep a window for each viewer.
    watches_viewers: bool,
    /// By viewer's row.
    viewer_counts: Vec<u32>,
    /// By viewer's row.
    viewer_windows: Vec<Window>,
    /// By region and client.
    region_counts: Vec<u64>,
    /// By region and client.
    region_windows: Vec<Window>,
    clients: usize,
}

/// Calls a method of a budget's rule on the state of its holder.
macro_rules! on_state {
    ($budgets:expr, $budget:expr, $holder:expr, $rule:ident, $state:ident => $counted:expr, $windowed:expr) => {{
        let shared = $holder.region * $budgets.clients + $holder.client;
        match (&$budget.rule, $budget.scope) {
            (Rule::Counted($rule), Scope::Caller) => {
                let $state = &mut $budgets.viewer_counts[$holder.viewer as usize];
                $counted
            }
            (Rule::Counted($rule), Scope::Region) => {
                let $state = &mut $budgets.region_counts[shared];
                $counted
            }
            (Rule::Windowed($rule), Scope::Caller) => {
                let $state = &mut $budgets.viewer_windows[$holder.viewer as usize];
                $windowed
            }
            (Rule::Windowed($rule), Scope::Region) => {
                let $state = &mut $budgets.region_windows[shared];
                $windowed
            }
        }
    }};
}

impl Budgets {
    /// The states at the start of the window, all of them full.
    pub fn new(model: &Model) -> Budgets {
        let budgets = || {
            let clients = model.epochs.iter().flat_map(|epoch| &epoch.settings.clients);
            clients.filter_map(|client| client.budget.as_ref())
        };
        let clients = model.epochs[0].settings.clients.len();
        let shared = if budgets().any(|budget| budget.scope == Scope::Region) { model.regions * clients } else { 0 };
        let per_viewer = || budgets().filter(|budget| budget.scope == Scope::Caller);
        Budgets {
            used: budgets().next().is_some(),
            counts_viewers: per_viewer().any(|budget| matches!(budget.rule, Rule::Counted(_))),
            watches_viewers: per_viewer().any(|budget| matches!(budget.rule, Rule::Windowed(_))),
            viewer_counts: Vec::new(),
            viewer_windows: Vec::new(),
            region_counts: vec![0; shared],
            region_windows: vec![Window::default(); shared],
            clients,
        }
    }

    /// Bytes of the states of viewers.
    pub fn bytes(&self) -> usize {
        self.viewer_counts.capacity() * size_of::<u32>() + self.viewer_windows.capacity() * size_of::<Window>()
    }

    /// Begins the budget of a viewer who arrives, full.
    #[cold]
    pub fn begin(&mut self, viewer: u32) {
        if self.counts_viewers {
            set(&mut self.viewer_counts, viewer, 0);
        }
        if self.watches_viewers {
            set(&mut self.viewer_windows, viewer, Window::default());
        }
    }

    /// Begins every budget anew whose rule a change replaces by another; `client_of` tells the client of a viewer's row.
    pub fn change(&mut self, before: &Settings, after: &Settings, client_of: impl Fn(u32) -> usize) {
        let replaced = |client: usize| {
            let rules = [before, after].map(|settings| settings.clients[client].budget.as_ref());
            !matches!(rules, [Some(before), Some(after)] if before.is_same_rule(after))
        };
        let replaced: Vec<bool> = (0..before.clients.len().min(after.clients.len())).map(replaced).collect();
        let viewers = self.viewer_counts.len().max(self.viewer_windows.len()) as u32;
        for viewer in (0..viewers).filter(|viewer| replaced[client_of(*viewer)]) {
            self.begin(viewer);
        }
        for shared in (0..self.region_counts.len()).filter(|shared| replaced[shared % self.clients]) {
            self.region_counts[shared] = 0;
            self.region_windows[shared] = Window::default();
        }
    }

    /// Tells a budget of an attempt that is sent.
    pub fn sent(&mut self, budget: &Budget, holder: Holder, now: Time, why: Why) {
        on_state!(self, budget, holder, rule, state => rule.sent(state, why), rule.sent(state, now, why));
    }

    /// Tells a budget of the end of an attempt that was sent for the reason `why`.
    pub fn ended(&mut self, budget: &Budget, holder: Holder, why: Why, end: End) {
        on_state!(self, budget, holder, rule, state => rule.ended(state, why, end), rule.ended(state, why, end));
    }

    /// Whether a budget allows a retry; if so, the retry has taken what it costs.
    pub fn allows(&mut self, budget: &Budget, holder: Holder, now: Time, why: Why) -> bool {
        on_state!(self, budget, holder, rule, state => rule.allows(state, why), rule.allows(state, now, why))
    }

    /// Tells a budget that a retry which it allowed is not sent after all.
    pub fn withdrawn(&mut self, budget: &Budget, holder: Holder) {
        on_state!(self, budget, holder, rule, state => rule.withdrawn(state), rule.withdrawn(state));
    }
}

/// Sets the entry of a row, in a list that grows with the rows.
fn set<T: Clone + Default>(list: &mut Vec<T>, row: u32, value: T) {
    let row = row as usize;
    if row >= list.len() {
        list.resize(row + 1, T::default());
    }
    list[row] = value;
}
