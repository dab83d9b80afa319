//! What pools would be asked for at first if nothing on the way to them were turned away.

use std::collections::BTreeMap;

use dropstorm::policy::calls::Calls;
use dropstorm::scenario::Scenario;
use dropstorm::scenario::spec::{Journey, Spec, Step};

use crate::oracle::table::{Range, Scope, Table};

/// The first tries of a range, and what a scenario would have followed them with.
pub struct Ahead<'a> {
    table: &'a Table,
    spec: &'a Spec,
    range: Range,
}

impl<'a> Ahead<'a> {
    /// With the settings that are in force when the range ends.
    pub fn of(table: &'a Table, scenario: &'a Scenario, range: Range) -> Ahead<'a> {
        let mut changes =
            scenario.timeline().iter().filter(|change| change.at.seconds() < table.time(range.end) - 1e-9);
        Ahead { table, spec: changes.next_back().map_or(scenario.spec(), |change| &change.spec), range }
    }

    /// First tries that a pool would be offered.
    pub fn offered(&self, pool: &str) -> f64 {
        let callers = self.callers(pool);
        let made = |caller: &str| self.sum(&Scope::request(&format!("{caller}/{pool}")), "first_tries");
        // What an empty cache adds is no first try.
        let least = |caller: &str| if self.is_cached(caller, pool) { 0.0 } else { made(caller) };
        let calls = callers.iter().map(|(caller, calls)| least(caller).max(calls * self.offered(caller)));
        let of_people =
            self.sum(&Scope::pool(pool), "first_tries") - callers.iter().map(|(caller, _)| made(caller)).sum::<f64>();
        let people = self.table.names("request").into_iter().filter(|name| !name.contains('/'));
        of_people + calls.sum::<f64>() + people.map(|name| self.lost(name) * self.next(name, pool)).sum::<f64>()
    }

    /// The pools that call a pool, with the mean number of calls for each attempt.
    fn callers(&self, pool: &str) -> Vec<(&'a str, f64)> {
        let of = |calls: &Calls| {
            let to_pool = calls.each().filter(|(_, call)| call.pool.as_deref() == Some(pool));
            let mean = to_pool.map(|(_, call)| {
                let known = call.cache.map_or(0.0, |cache| cache.hit.0);
                call.times.unwrap_or(1) as f64 * call.probability.map_or(1.0, |is| is.0) * (1.0 - known)
            });
            mean.reduce(|sum, next| sum + next)
        };
        self.spec.pool.iter().filter_map(|(name, caller)| Some((name.as_str(), of(&caller.calls)?))).collect()
    }

    /// Whether a cache answers some of the calls of a pool to another.
    fn is_cached(&self, caller: &str, pool: &str) -> bool {
        let mut calls = self.spec.pool[caller].calls.each();
        calls.any(|(_, call)| call.pool.as_deref() == Some(pool) && call.cache.is_some())
    }

    /// First tries of a request which were not served, as far as the table tells.
    fn lost(&self, request: &str) -> f64 {
        let sum = |name: &str| self.sum(&Scope::request(request), name);
        (sum("first_tries") + sum("requests_failed") - sum("requests_ended")).max(0.0)
    }

    /// First tries at a pool that follow one of a request which is served, by the step with most.
    fn next(&self, request: &str, pool: &str) -> f64 {
        let mut most = 0.0_f64;
        for (name, journey) in &self.spec.journey {
            let regions: Vec<&String> = self.spec.region.keys().filter(|region| self.is_taken(name, region)).collect();
            let weights: Vec<f64> =
                regions.iter().map(|region| self.sum(&Scope::region(region), "first_tries")).collect();
            let all: f64 = weights.iter().sum();
            let steps = journey.steps.iter().enumerate();
            for (at, step) in steps.filter(|(_, step)| named(step) == Some(request) && step.optional != Some(true)) {
                if step.request.is_none() || all <= 0.0 {
                    continue;
                }
                let visits = visits_after(journey, at);
                let of_region = |region: &str| {
                    let each = visits.iter().map(|(tier, visits)| visits * self.share(region, tier, pool));
                    each.sum::<f64>()
                };
                let mean = regions.iter().zip(&weights).map(|(region, weight)| weight / all * of_region(region));
                most = most.max(mean.sum());
            }
        }
        most
    }

    fn is_taken(&self, journey: &str, region: &str) -> bool {
        let mut takers = self.spec.audience.values().filter(|audience| audience.journey == journey);
        takers.any(|audience| audience.has_people_in(region, &self.spec.region))
    }

    /// The share of a pool in the requests to a tier.
    fn share(&self, region: &str, tier: &str, pool: &str) -> f64 {
        match self.spec.region[region].route.get(tier) {
            Some(shares) => shares.get(pool).map_or(0.0, |share| share.0),
            None => f64::from(u8::from(tier == pool)),
        }
    }

    fn sum(&self, scope: &Scope, column: &str) -> f64 {
        self.table.sum(scope, column, &self.range).unwrap_or(0.0)
    }
}

fn named(step: &Step) -> Option<&str> {
    step.name.as_deref().or(step.request.as_deref())
}

/// Requests to each tier that follow a served one of a step, if all are served: people walk on until they come to a waiting room or a
/// stream, or leave.
fn visits_after(journey: &Journey, at: usize) -> BTreeMap<&str, f64> {
    let steps = &journey.steps;
    let times = |index: usize| steps[index].times.unwrap_or(1) as f64;
    let mut visits = BTreeMap::new();
    let mut visit = |index: usize, times: f64| {
        if let Some(tier) = steps[index].request.as_deref() {
            *visits.entry(tier).or_insert(0.0) += times;
        }
    };
    visit(at, times(at) - 1.0);
    let mut people = vec![0.0; steps.len()];
    people[at] = 1.0;
    for _ in 0..10_000 {
        let mut next = vec![0.0; steps.len()];
        for (index, step) in steps.iter().enumerate().filter(|(_, step)| step.enter.is_none() && step.stream.is_none())
        {
            let back = step.then.as_ref().map_or(0.0, |then| then.probability.0);
            if let Some(then) = &step.then
                && let Some(to) = steps.iter().position(|step| named(step) == Some(then.name.as_str()))
            {
                next[to] += people[index] * back;
            }
            if index + 1 < steps.len() {
                next[index + 1] += people[index] * (1.0 - back);
            }
        }
        next.iter().enumerate().for_each(|(index, people)| visit(index, people * times(index)));
        people = next;
        if people.iter().sum::<f64>() < 1e-12 {
            break;
        }
    }
    visits
}
