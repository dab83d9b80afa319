//! The protections of callers at work: each holder asks before an attempt is sent or retried, and reports how it ended.

use super::kept::{Holder, Kept, Senders, with_state};
use crate::model::{Model, Settings};
use crate::policy::caller::attempt::{End, Told, Why};
use crate::policy::caller::breaker::{self, Pass};
use crate::policy::caller::budget::{ManyBalance, OneBalance, Rule};
use crate::policy::caller::throttle;
use crate::policy::caller::window::{ManyCounts, OneCounts, Window};
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
    /// Index of the client.
    pub client: usize,
}

/// The use of protections by senders of one kind, at some time of the run.
#[derive(Clone, Copy)]
pub struct Use {
    /// Whether they use a protection; if not, the methods of [`Callers`] are not called for them.
    pub any: bool,
    /// What their protections have to be told; the methods are not called for the rest.
    pub told: Told,
}

impl Use {
    fn of(senders: &[&client::Settings]) -> Use {
        Use {
            any: senders.iter().any(|client| client.is_protected()),
            told: senders.iter().map(|client| client.told()).fold(Told::NOTHING, Told::or),
        }
    }
}

/// The states of all protections of callers in a run.
pub struct Callers {
    /// The use by the apps of viewers.
    pub apps: Use,
    /// The use by servers that call another pool.
    pub servers: Use,
    budgets: Budgets,
    breakers: Kept<breaker::State<OneCounts>, breaker::State<ManyCounts>>,
    throttles: Kept<throttle::State<OneCounts>, throttle::State<ManyCounts>>,
}

impl Callers {
    /// The states at the start of the window.
    pub fn new(model: &Model) -> Callers {
        let senders = Senders::of(model);
        Callers {
            apps: Use::of(&senders.apps),
            servers: Use::of(&senders.servers),
            budgets: Budgets::new(model, &senders),
            breakers: Kept::new(model, &senders, |client| client.breaker.is_some()),
            throttles: Kept::new(model, &senders, |client| client.throttle.is_some()),
        }
    }

    /// Bytes of the states of each viewer in runs of a model.
    pub fn bytes_of_viewer(model: &Model) -> usize {
        let Callers { budgets: Budgets { counts, windows }, breakers, throttles, .. } = Callers::new(model);
        let budgets = counts.bytes_of_viewer() + windows.bytes_of_viewer();
        budgets + breakers.bytes_of_viewer() + throttles.bytes_of_viewer()
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
    #[inline(always)]
    pub fn sends(&mut self, caller: Caller<'_>, now: Time, why: Why, attempt: Key) -> Pass {
        if let Some(rule) = &caller.set.throttle {
            let refusal = with_state!(self.throttles, caller, state => rule.asked(state, now));
            if refusal > 0.0 && attempt.draw(Purpose::Throttle).happens(refusal) {
                return Pass::Refused;
            }
        }
        let pass = match &caller.set.breaker {
            Some(rule) => with_state!(self.breakers, caller, state => rule.passes(state, now)),
            None => Pass::Sent,
        };
        if pass != Pass::Refused {
            self.budgets.sent(caller, now, why);
        }
        pass
    }

    /// Notes the end of an attempt that was sent.
    #[inline(always)]
    pub fn ended(&mut self, caller: Caller<'_>, now: Time, was: SentAs, end: End) {
        if let Some(rule) = &caller.set.throttle {
            with_state!(self.throttles, caller, state => rule.ended(state, now, end));
        }
        if let Some(rule) = &caller.set.breaker {
            with_state!(self.breakers, caller, state => rule.ended(state, now, was.on_trial, end));
        }
        self.budgets.ended(caller, was.why, end);
    }

    /// Whether a retry for the reason `why` may be made; if so, its cost is deducted.
    #[inline(always)]
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
    /// States under rules that keep counts.
    counts: Kept<u32, u64>,
    /// States under rules that keep a window.
    windows: Kept<Window<OneBalance>, Window<ManyBalance>>,
}

impl Budgets {
    fn new(model: &Model, senders: &Senders<'_>) -> Budgets {
        Budgets {
            counts: Kept::new(model, senders, |client| matches!(client.budget, Some(Rule::Counted(_)))),
            windows: Kept::new(model, senders, |client| matches!(client.budget, Some(Rule::Windowed(_)))),
        }
    }

    fn bytes(&self) -> usize {
        self.counts.bytes() + self.windows.bytes()
    }

    fn begin(&mut self, viewer: u32) {
        self.counts.begin(viewer);
        self.windows.begin(viewer);
    }

    fn replace(&mut self, replaced: impl Fn(usize) -> bool, client_of: impl Fn(u32) -> usize + Copy) {
        self.counts.replace(&replaced, client_of);
        self.windows.replace(&replaced, client_of);
    }

    #[inline(always)]
    fn sent(&mut self, caller: Caller<'_>, now: Time, why: Why) {
        match &caller.set.budget {
            Some(Rule::Counted(rule)) => with_state!(self.counts, caller, state => rule.sent(state, why)),
            Some(Rule::Windowed(rule)) => with_state!(self.windows, caller, state => rule.sent(state, now, why)),
            None => {}
        }
    }

    #[inline(always)]
    fn allows(&mut self, caller: Caller<'_>, now: Time, why: Why) -> bool {
        match &caller.set.budget {
            Some(Rule::Counted(rule)) => with_state!(self.counts, caller, state => rule.allows(state, why)),
            Some(Rule::Windowed(rule)) => with_state!(self.windows, caller, state => rule.allows(state, now)),
            None => true,
        }
    }

    #[inline(always)]
    fn ended(&mut self, caller: Caller<'_>, why: Why, end: End) {
        if let Some(Rule::Counted(rule)) = &caller.set.budget {
            with_state!(self.counts, caller, state => rule.ended(state, why, end));
        }
    }

    fn withdrawn(&mut self, caller: Caller<'_>) {
        if let Some(Rule::Counted(rule)) = &caller.set.budget {
            with_state!(self.counts, caller, state => rule.withdrawn(state));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    /// The callers of a scenario in which the client `strict` has a budget, and the bytes beside each viewer; `app` is the
    /// client of the viewers, `server` that of the calls.
    fn callers(app: &str, server: &str) -> (Callers, usize) {
        let text = format!(
            "title = \"Called\"\nstart = 2020-04-03T09:00:00Z\ndrop = 2020-04-03T09:00:00Z\nend = 2020-04-03T09:01:00Z\n\
             [pool.api]\nservers = 2\nservice = \"1 ms\"\ncalls = [{{ pool = \"db\", client = \"{server}\" }}]\n\
             [pool.db]\nservers = 1\nservice = \"1 ms\"\n\
             [client.plain]\n[client.strict]\nretry = {{ attempts = 2 }}\nbudget = \"ratio\"\n\
             [audience.fans]\nrate = \"1/s\"\njourney = \"ask\"\nclient = \"{app}\"\n\
             [journey.ask]\nsteps = [{{ request = \"api\" }}]\n"
        );
        let model = Model::compile(&Scenario::parse("called.toml", &text).unwrap_or_else(|errors| panic!("{errors}")));
        (Callers::new(&model), Callers::bytes_of_viewer(&model))
    }

    #[test]
    fn the_budget_of_calls_costs_viewers_nothing_and_that_of_apps_costs_calls_nothing() {
        let first_attempts = Told { firsts: true, ..Told::NOTHING };
        for (app, server, apps, servers, bytes) in [
            ("plain", "plain", Told::NOTHING, Told::NOTHING, 0),
            ("plain", "strict", Told::NOTHING, first_attempts, 0),
            ("strict", "plain", first_attempts, Told::NOTHING, 64),
            ("strict", "strict", first_attempts, first_attempts, 64),
        ] {
            let (callers, beside) = callers(app, server);
            assert_eq!((callers.apps.told, callers.servers.told, beside), (apps, servers, bytes), "{app}, {server}");
            assert_eq!((callers.apps.any, callers.servers.any), (app == "strict", server == "strict"));
        }
    }
}
