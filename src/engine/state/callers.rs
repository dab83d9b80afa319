//! The protections of callers at work: each holder asks before an attempt is sent or retried, and reports how it ended.

use super::kept::{Holder, Kept, Who};
use crate::model::{Model, Settings};
use crate::policy::caller::attempt::{End, Why};
use crate::policy::caller::breaker::{self, Pass};
use crate::policy::caller::budget::{Rule, Window};
use crate::policy::caller::scope::Scope;
use crate::policy::caller::throttle;
use crate::policy::client;
use crate::random::{Key, Purpose};
use crate::units::Time;

/// Circumstances in which an attempt was sent.
#[derive(Clone, Copy, Debug)]
pub struct SentAs {
    /// Why the attempt was sent.
    pub why: Why,
    /// Whether a breaker sent the attempt on trial.
    pub on_trial: bool,
}

/// A caller whose protections are asked: the settings of its client, and the holder of their states.
#[derive(Clone, Copy)]
pub struct Caller<'m> {
    /// The settings in force.
    pub set: &'m client::Settings,
    /// The holder of the states.
    pub holder: Holder,
}

/// The states of all protections of callers in a run.
pub struct Callers {
    /// Whether some settings use a protection; if not, the methods are not called.
    pub used: bool,
    budgets: Budgets,
    breakers: Kept<breaker::State>,
    throttles: Kept<throttle::State>,
}

impl Callers {
    /// The states at the start of the window.
    pub fn new(model: &Model) -> Callers {
        let mut clients = model.epochs.iter().flat_map(|epoch| &epoch.settings.clients);
        Callers {
            used: clients.any(client::Settings::is_protected),
            budgets: Budgets::new(model),
            breakers: Kept::new(model, |client| client.breaker.is_some()),
            throttles: Kept::new(model, |client| client.throttle.is_some()),
        }
    }

    /// Bytes of the states of each viewer in runs of a model.
    pub fn bytes_of_viewer(model: &Model) -> usize {
        let Callers { used, budgets: Budgets { narrow, windows, .. }, breakers, throttles } = Callers::new(model);
        if used {
            let budgets = narrow.bytes_of_viewer() + windows.bytes_of_viewer();
            budgets + breakers.bytes_of_viewer() + throttles.bytes_of_viewer()
        } else {
            0
        }
    }

    /// Bytes of the states.
    pub fn bytes(&self) -> usize {
        self.budgets.bytes() + self.breakers.bytes() + self.throttles.bytes()
    }

    /// Begins the states of a viewer who arrives.
    #[cold]
    pub fn begin(&mut self, viewer: u32) {
        self.budgets.begin(viewer);
        self.breakers.begin(viewer);
        self.throttles.begin(viewer);
    }

    /// Resets every state whose rule a change replaces by another; `client_of` returns the client of a viewer's row.
    pub fn change(&mut self, before: &Settings, after: &Settings, client_of: impl Fn(u32) -> usize + Copy) {
        let replaced = |same: fn(&client::Settings, &client::Settings) -> bool| {
            let pairs = before.clients.iter().zip(&after.clients);
            let replaced: Vec<bool> = pairs.map(|(a, b)| a.scope != b.scope || !same(a, b)).collect();
            move |client: usize| replaced.get(client).copied().unwrap_or(true)
        };
        self.budgets.replace(replaced(|a, b| both(&a.budget, &b.budget, Rule::is_same_kind)), client_of);
        self.breakers.replace(replaced(|a, b| both(&a.breaker, &b.breaker, |_, _| true)), client_of);
        self.throttles.replace(replaced(|a, b| both(&a.throttle, &b.throttle, |_, _| true)), client_of);
    }

    /// Decides whether an attempt, whose key is `attempt`, is sent for the reason `why`. One that is sent is noted.
    ///
    /// The throttle is asked first, so that trials of a breaker go to attempts that are sent.
    pub fn sends(&mut self, caller: Caller<'_>, now: Time, why: Why, attempt: Key) -> Pass {
        let Caller { set, holder } = caller;
        if let Some(rule) = &set.throttle {
            let refusal = rule.asked(self.throttles.of(set.scope, holder), now);
            if refusal > 0.0 && attempt.draw(Purpose::Throttle).happens(refusal) {
                return Pass::Refused;
            }
        }
        let breaker = set.breaker.as_ref();
        let pass = breaker.map_or(Pass::Sent, |rule| rule.passes(self.breakers.of(set.scope, holder), now));
        if pass != Pass::Refused {
            self.budgets.sent(caller, now, why);
        }
        pass
    }

    /// Notes the end of an attempt that was sent.
    pub fn ended(&mut self, caller: Caller<'_>, now: Time, was: SentAs, end: End) {
        let Caller { set, holder } = caller;
        if let Some(rule) = &set.throttle {
            rule.ended(self.throttles.of(set.scope, holder), now, end);
        }
        if let Some(rule) = &set.breaker {
            rule.ended(self.breakers.of(set.scope, holder), now, was.on_trial, end);
        }
        self.budgets.ended(caller, was.why, end);
    }

    /// Whether a retry for the reason `why` may be made; if so, its cost is deducted.
    pub fn may_retry(&mut self, caller: Caller<'_>, now: Time, why: Why) -> bool {
        self.budgets.allows(caller, now, why)
    }

    /// Notes that a retry which was allowed is not sent after all.
    pub fn withdrawn(&mut self, caller: Caller<'_>) {
        self.budgets.withdrawn(caller);
    }
}

/// Whether there are two rules, and the second can take over the states of the first.
fn both<R>(before: &Option<R>, after: &Option<R>, same: impl Fn(&R, &R) -> bool) -> bool {
    matches!((before, after), (Some(before), Some(after)) if same(before, after))
}

/// The states of budgets.
struct Budgets {
    /// States of viewers, under rules that keep counts.
    narrow: Kept<u32>,
    /// States of regions and servers, under rules that keep counts.
    wide: Kept<u64>,
    /// States under rules that keep a window.
    windows: Kept<Window>,
}

/// Calls a method of a budget's rule, if the client has a budget, on the state of its holder.
macro_rules! on_state {
    ($budgets:expr, $caller:expr, $rule:ident, $state:ident => $counted:expr, $windowed:expr) => {
        match (&$caller.set.budget, $caller.set.scope, $caller.holder.who) {
            (None, ..) => None,
            (Some(Rule::Counted($rule)), Scope::Caller, Who::Viewer(_)) => {
                let $state = $budgets.narrow.of($caller.set.scope, $caller.holder);
                Some($counted)
            }
            (Some(Rule::Counted($rule)), ..) => {
                let $state = $budgets.wide.of($caller.set.scope, $caller.holder);
                Some($counted)
            }
            (Some(Rule::Windowed($rule)), ..) => {
                let $state = $budgets.windows.of($caller.set.scope, $caller.holder);
                Some($windowed)
            }
        }
    };
}

impl Budgets {
    fn new(model: &Model) -> Budgets {
        let counts = |client: &client::Settings| matches!(client.budget, Some(Rule::Counted(_)));
        Budgets {
            narrow: Kept::new(model, |client| counts(client) && client.scope == Scope::Caller),
            wide: Kept::new(model, |client| counts(client) && client.scope == Scope::Region),
            windows: Kept::new(model, |client| matches!(client.budget, Some(Rule::Windowed(_)))),
        }
    }

    fn bytes(&self) -> usize {
        self.narrow.bytes() + self.wide.bytes() + self.windows.bytes()
    }

    fn begin(&mut self, viewer: u32) {
        self.narrow.begin(viewer);
        self.windows.begin(viewer);
    }

    fn replace(&mut self, replaced: impl Fn(usize) -> bool, client_of: impl Fn(u32) -> usize + Copy) {
        self.narrow.replace(&replaced, client_of);
        self.wide.replace(&replaced, client_of);
        self.windows.replace(&replaced, client_of);
    }

    fn sent(&mut self, caller: Caller<'_>, now: Time, why: Why) {
        on_state!(self, caller, rule, state => rule.sent(state, why), rule.sent(state, now, why));
    }

    fn ended(&mut self, caller: Caller<'_>, why: Why, end: End) {
        on_state!(self, caller, rule, state => rule.ended(state, why, end), rule.ended(state, why, end));
    }

    fn allows(&mut self, caller: Caller<'_>, now: Time, why: Why) -> bool {
        on_state!(self, caller, rule, state => rule.allows(state, why), rule.allows(state, now, why)).unwrap_or(true)
    }

    fn withdrawn(&mut self, caller: Caller<'_>) {
        on_state!(self, caller, rule, state => rule.withdrawn(state), rule.withdrawn(state));
    }
}
