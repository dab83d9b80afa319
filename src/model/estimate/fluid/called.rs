//! The attempts that calls send to pools, as a fluid.

use crate::model::Settings;
use crate::model::estimate::caller::{Caller, Fate, Request};
use crate::model::estimate::guard::Guard;
use crate::model::estimate::pool::{State, Waits};
use crate::model::estimate::protection::product;
use crate::policy::caller::scope::Scope;
use crate::policy::calls::To;
use crate::policy::pool::Settings as Pool;

/// The calls between the pools of some settings.
pub struct Called<'m> {
    settings: &'m Settings,
    /// Length of the window in seconds.
    horizon: f64,
    /// Whether some pool makes calls.
    is_used: bool,
    /// The protections of the clients of calls, by calling pool and call.
    guards: Vec<Vec<Guard>>,
}

impl<'m> Called<'m> {
    /// The calls under some settings, for people of a number of regions.
    pub fn new(settings: &'m Settings, horizon: f64, regions: f64) -> Called<'m> {
        let is_used = settings.pools.iter().any(|pool| pool.calls.is_used());
        let guards = settings.pools.iter().map(|pool| {
            // Servers that are told apart have a state each; others share one.
            let servers = if pool.fleet.is_some() { pool.most_up() as f64 } else { 1.0 };
            let holders = |to: &To| match settings.clients[usize::from(to.client)].scope {
                Scope::Caller => servers,
                Scope::Region => regions,
            };
            pool.calls.calls.iter().map(|to| Guard::new(holders(to))).collect()
        });
        Called { settings, horizon, is_used, guards: guards.collect() }
    }

    /// The same calls under other settings; the protections keep their states.
    pub fn change(&mut self, settings: &'m Settings, regions: f64) {
        let before = std::mem::replace(self, Called::new(settings, self.horizon, regions));
        for (guards, before) in self.guards.iter_mut().zip(before.guards) {
            guards.iter_mut().zip(before).for_each(|(guard, before)| *guard = before);
        }
    }

    /// Shortens the waits that clients allow at each pool to those that calls allow. A call carries the deadline of the
    /// attempt that makes it, so every deadline is known after as many rounds as there are pools.
    pub fn limit(&self, waits: &mut [Waits]) {
        for _ in 0..if self.is_used { waits.len() } else { 0 } {
            for (caller, pool) in self.callers() {
                for to in &pool.calls.calls {
                    let client = self.caller(to);
                    let deadline = client.deadline().min(waits[caller].deadline);
                    waits[usize::from(to.pool)].send(client.timeout(), deadline);
                }
            }
        }
    }

    /// Updates the protections after a step of `dt` seconds in which people sent `direct` attempts and calls sent
    /// `called`.
    pub fn learn(&mut self, direct: &[f64], called: &[f64], states: &[State], dt: f64) {
        let mut heard = Vec::new();
        self.each_call(direct, called, states, dt, |call, to, requests, request| {
            let caller = self.caller(to);
            heard.push((call, caller, request.heard(requests, &self.fate(to, states), caller.timeout())));
        });
        for ((pool, call), caller, heard) in heard {
            if caller.settings().is_protected() {
                self.guards[pool][call].learn(caller.settings(), heard, dt);
            }
        }
    }

    /// Attempts that calls send to each pool in a step of `dt` seconds in which people send `direct` attempts.
    pub fn attempts(&self, direct: &[f64], states: &[State], dt: f64) -> Vec<f64> {
        self.through(direct.len(), |called| self.further(direct, called, states, dt))
    }

    /// Pauses before the retries of calls in a step of `dt` seconds in which people send `direct` attempts and calls
    /// send `called`.
    pub fn pauses(&self, direct: &[f64], called: &[f64], states: &[State], dt: f64) -> f64 {
        let mut pauses = 0.0;
        self.each_call(direct, called, states, dt, |_, _, requests, request| {
            pauses += requests * (request.tries - 1.0).max(0.0);
        });
        pauses
    }

    /// Largest number of attempts of calls at each pool at once, where `people` is that of people: each attempt that
    /// calls holds a slot, and waits for as many calls as it makes in parallel.
    pub fn most(&self, people: &[f64]) -> Vec<f64> {
        self.through(people.len(), |called| self.more(people, called))
    }

    /// Attempts that reach each pool by calls, from the attempts that reach their callers. Calls form no cycle, so as
    /// many rounds as there are pools count all of them.
    fn through(&self, pools: usize, next: impl Fn(&[f64]) -> Vec<f64>) -> Vec<f64> {
        let mut called = vec![0.0; pools];
        for _ in 0..if self.is_used { pools } else { 0 } {
            let more = next(&called);
            if more == called {
                break;
            }
            called = more;
        }
        called
    }

    /// Probability that the calls of an attempt at a pool do not fail it.
    pub fn success(&self, pool: usize, states: &[State]) -> f64 {
        let calls = self.settings.pools[pool].calls.calls.iter().enumerate().filter(|(_, to)| !to.optional);
        calls.map(|(call, to)| libm::pow(self.request((pool, call), states).success, to.mean_times())).product()
    }

    /// Seconds by which the calls of an attempt at a pool take longer than if they waited for nothing; negative where they fail
    /// sooner.
    pub fn delay(&self, pool: usize, states: &[State]) -> f64 {
        let calls = &self.settings.pools[pool].calls;
        let once = |call: usize, to: &To| {
            let request = self.request((pool, call), states);
            request.seconds + request.attempts * to.latency.as_ref().map_or(0.0, |law| law.mean() / 1e9)
        };
        let groups = calls.groups.iter().map(|group| {
            let numbers = usize::from(group.calls.start)..usize::from(group.calls.end);
            let calls = numbers.map(|call| (call, &calls.calls[call]));
            if group.at_once {
                calls.map(|(call, to)| to.mean_times().min(1.0) * once(call, to)).fold(0.0, f64::max)
            } else {
                calls.map(|(call, to)| to.mean_times() * once(call, to)).sum::<f64>()
            }
        });
        // Nobody waits for longer than the window.
        groups.sum::<f64>().min(self.horizon) - (calls.mean / 1e9).min(self.horizon)
    }

    /// The mean fate of an attempt of a call.
    fn fate(&self, to: &To, states: &[State]) -> Fate {
        let (state, caller) = (&states[usize::from(to.pool)], self.caller(to));
        Fate { success: state.success, last: caller.last(state), sojourn: state.sojourn.min(caller.timeout()) }
    }

    /// The client of a call.
    fn caller(&self, to: &To) -> Caller<'m> {
        Caller::new(&self.settings.clients[usize::from(to.client)], self.horizon)
    }

    /// The mean course of a call, by the calling pool and the index of the call there.
    fn request(&self, (pool, call): (usize, usize), states: &[State]) -> Request {
        let to = &self.settings.pools[pool].calls.calls[call];
        self.caller(to).request(&self.fate(to, states), self.guards[pool][call].share())
    }

    /// Attempts of calls at each pool that follow from `direct` attempts of people and `called` attempts of calls at
    /// their callers.
    fn further(&self, direct: &[f64], called: &[f64], states: &[State], dt: f64) -> Vec<f64> {
        let mut next = vec![0.0; direct.len()];
        self.each_call(direct, called, states, dt, |_, to, requests, request| {
            next[usize::from(to.pool)] += requests * request.attempts;
        });
        next
    }

    /// Calls `of` with each call: the calling pool and the index of the call there, its settings, the number of its
    /// requests, and the mean course of one. `direct` attempts of people and `called` attempts of calls reach the
    /// callers.
    fn each_call(
        &self,
        direct: &[f64],
        called: &[f64],
        states: &[State],
        dt: f64,
        mut of: impl FnMut((usize, usize), &To, f64, Request),
    ) {
        for (caller, pool) in self.callers() {
            let [served, rejected, left] = states[caller].ended;
            let all = served + rejected + left;
            let part = if all > 0.0 { served / all } else { 1.0 };
            // An attempt begins its calls once a slot is free.
            let begun = ((direct[caller] + called[caller]) * part).min(states[caller].most_begun * dt);
            for group in &pool.calls.groups {
                for call in usize::from(group.calls.start)..usize::from(group.calls.end) {
                    let to = &pool.calls.calls[call];
                    let request = self.request((caller, call), states);
                    // The first call of an attempt comes at once, and each other one as fast as the one before is answered.
                    let each = request.seconds + to.latency.as_ref().map_or(0.0, |law| law.mean() / 1e9);
                    let rate = if group.at_once { f64::INFINITY } else { (1.0 / each - 1.0 / self.horizon).max(0.0) };
                    let further = product(states[caller].in_service * dt, rate);
                    of((caller, call), to, (begun * to.mean_times()).min(begun + further), request);
                }
            }
        }
    }

    /// Largest number of attempts of calls at each pool, where `people` and `called` are those at the callers.
    fn more(&self, people: &[f64], called: &[f64]) -> Vec<f64> {
        let mut next = vec![0.0; people.len()];
        for (caller, pool) in self.callers() {
            let slots = if pool.has_unlimited_slots() { f64::INFINITY } else { pool.most_slots().count as f64 };
            let holding = slots.min(people[caller] + called[caller]);
            for group in &pool.calls.groups {
                for to in &pool.calls.calls[usize::from(group.calls.start)..usize::from(group.calls.end)] {
                    let at_once = if group.at_once { f64::from(to.times) } else { 1.0 };
                    next[usize::from(to.pool)] += holding * at_once * self.copies(to);
                }
            }
        }
        next
    }

    /// Largest number of attempts of one call under way at once; infinite where abandoned attempts stay at their pool.
    fn copies(&self, to: &To) -> f64 {
        let (client, pool) =
            (&self.settings.clients[usize::from(to.client)], &self.settings.pools[usize::from(to.pool)]);
        let stays = !pool.abandoned.on_abandon.leaves_the_queue() || !pool.abandoned.on_abandon.ends_in_service();
        if client.timeout.span().is_some() && stays {
            f64::INFINITY
        } else {
            1.0 + client.hedge.as_ref().map_or(0.0, |hedge| hedge.at_most as f64)
        }
    }

    /// The pools that make calls, by index.
    fn callers(&self) -> impl Iterator<Item = (usize, &Pool)> {
        self.settings.pools.iter().enumerate().filter(|(_, pool)| pool.calls.is_used())
    }
}
