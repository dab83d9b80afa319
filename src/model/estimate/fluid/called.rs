//! The attempts that calls send to pools, as a fluid.

use crate::model::Settings;
use crate::model::estimate::caller::{Caller, Request};
use crate::model::estimate::pool::State;
use crate::model::estimate::protection::product;
use crate::policy::calls::To;
use crate::policy::pool::Settings as Pool;

/// The calls between the pools of some settings.
pub struct Called<'m> {
    settings: &'m Settings,
    /// Length of the window in seconds.
    horizon: f64,
    /// Whether some pool makes calls.
    is_used: bool,
}

impl<'m> Called<'m> {
    /// The calls under some settings.
    pub fn new(settings: &'m Settings, horizon: f64) -> Called<'m> {
        let is_used = settings.pools.iter().any(|pool| pool.calls.is_used());
        Called { settings, horizon, is_used }
    }

    /// Attempts that calls send to each pool in a step of `dt` seconds in which people send `direct` ones.
    pub fn attempts(&self, direct: &[f64], states: &[State], dt: f64) -> Vec<f64> {
        self.through(direct.len(), |called| self.further(direct, called, states, dt))
    }

    /// Most attempts of calls that can be at each pool at once, where so many people at most have one there: each attempt that
    /// calls holds a slot, and waits for as many calls as it makes at once.
    pub fn most(&self, people: &[f64]) -> Vec<f64> {
        self.through(people.len(), |called| self.more(people, called))
    }

    /// What reaches each pool by calls, from what reaches their callers. Calls go round in no cycle, so after as many rounds as
    /// there are pools all is counted.
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
        let calls = self.settings.pools[pool].calls.calls.iter().filter(|to| !to.optional);
        calls.map(|to| libm::pow(self.request(to, states).success, to.mean_times())).product()
    }

    /// Seconds by which the calls of an attempt at a pool take longer than if they waited for nothing; negative where they fail
    /// sooner.
    pub fn delay(&self, pool: usize, states: &[State]) -> f64 {
        let calls = &self.settings.pools[pool].calls;
        let once = |to: &To| {
            let request = self.request(to, states);
            request.seconds + request.attempts * to.latency.as_ref().map_or(0.0, |law| law.mean() / 1e9)
        };
        let groups = calls.groups.iter().map(|group| {
            let calls = calls.calls[usize::from(group.calls.start)..usize::from(group.calls.end)].iter();
            match group.at_once {
                false => calls.map(|to| to.mean_times() * once(to)).sum::<f64>(),
                true => calls.map(|to| to.mean_times().min(1.0) * once(to)).fold(0.0, f64::max),
            }
        });
        // Nobody waits for longer than the window.
        groups.sum::<f64>().min(self.horizon) - (calls.mean / 1e9).min(self.horizon)
    }

    /// A call in the mean.
    fn request(&self, to: &To, states: &[State]) -> Request {
        let State { success, sojourn, .. } = states[usize::from(to.pool)];
        let caller = Caller::new(&self.settings.clients[usize::from(to.client)], self.horizon);
        let timeout = caller.settings().timeout.span().map_or(f64::INFINITY, |span| span.seconds());
        caller.request(success, sojourn.min(timeout), 1.0)
    }

    /// The attempts of calls, where so many attempts of people and of calls reach their callers.
    fn further(&self, direct: &[f64], called: &[f64], states: &[State], dt: f64) -> Vec<f64> {
        let mut next = vec![0.0; direct.len()];
        for (caller, pool) in self.callers() {
            let [served, rejected, left] = states[caller].ended;
            let all = served + rejected + left;
            let part = if all > 0.0 { served / all } else { 1.0 };
            // An attempt begins its calls once a slot is free.
            let begun = ((direct[caller] + called[caller]) * part).min(states[caller].most_begun * dt);
            for group in &pool.calls.groups {
                for to in &pool.calls.calls[usize::from(group.calls.start)..usize::from(group.calls.end)] {
                    let request = self.request(to, states);
                    // The first call of an attempt comes at once, and each other one as fast as the one before is answered.
                    let each = request.seconds + to.latency.as_ref().map_or(0.0, |law| law.mean() / 1e9);
                    let rate = if group.at_once { f64::INFINITY } else { (1.0 / each - 1.0 / self.horizon).max(0.0) };
                    let further = product(states[caller].in_service * dt, rate);
                    next[usize::from(to.pool)] += (begun * to.mean_times()).min(begun + further) * request.attempts;
                }
            }
        }
        next
    }

    /// Most attempts of calls at each pool, where so many of people and of calls can be at their callers.
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

    /// Most attempts of one call that can be under way at once: without end where those that nobody waits for stay.
    fn copies(&self, to: &To) -> f64 {
        let (client, pool) =
            (&self.settings.clients[usize::from(to.client)], &self.settings.pools[usize::from(to.pool)]);
        let stays = !pool.abandoned.on_abandon.leaves_the_queue() || !pool.abandoned.on_abandon.ends_in_service();
        match client.timeout.span().is_some() && stays {
            true => f64::INFINITY,
            false => 1.0 + client.hedge.as_ref().map_or(0.0, |hedge| hedge.at_most as f64),
        }
    }

    /// The pools that make calls, by index.
    fn callers(&self) -> impl Iterator<Item = (usize, &Pool)> {
        self.settings.pools.iter().enumerate().filter(|(_, pool)| pool.calls.is_used())
    }
}
