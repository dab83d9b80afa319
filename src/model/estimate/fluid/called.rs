//! The attempts that calls send to pools, as a fluid.

use crate::model::Settings;
use crate::model::estimate::caller::{Caller, Request};
use crate::model::estimate::pool::State;
use crate::policy::calls::To;

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

    /// Attempts that calls send to each pool in a step of time in which people send `direct` ones.
    pub fn attempts(&self, direct: &[f64], states: &[State]) -> Vec<f64> {
        let mut called = vec![0.0; direct.len()];
        if !self.is_used {
            return called;
        }
        // Calls go round in no cycle, so after as many rounds as there are pools all are counted.
        for _ in 0..direct.len() {
            let next = self.further(direct, &called, states);
            if next == called {
                break;
            }
            called = next;
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
        groups.sum::<f64>() - calls.mean / 1e9
    }

    /// A call in the mean.
    fn request(&self, to: &To, states: &[State]) -> Request {
        let State { success, sojourn, .. } = states[usize::from(to.pool)];
        Caller::new(&self.settings.clients[usize::from(to.client)], self.horizon).request(success, sojourn)
    }

    /// The attempts of calls, where so many attempts of people and of calls reach their callers.
    fn further(&self, direct: &[f64], called: &[f64], states: &[State]) -> Vec<f64> {
        let mut next = vec![0.0; direct.len()];
        for (caller, pool) in self.settings.pools.iter().enumerate().filter(|(_, pool)| pool.calls.is_used()) {
            let [served, rejected, left] = states[caller].ended;
            let all = served + rejected + left;
            let part = if all > 0.0 { served / all } else { 1.0 };
            let begun = (direct[caller] + called[caller]) * part;
            for to in &pool.calls.calls {
                next[usize::from(to.pool)] += begun * to.mean_times() * self.request(to, states).attempts;
            }
        }
        next
    }
}
