//! The warning about a retry budget that cannot bind, since what each caller is always allowed is more than one app can use.

use super::found::Found;
use crate::model::steady::expected_visits;
use crate::model::{Cohort, Epoch, Model, Step};
use crate::policy::caller::budget::Budget;
use crate::policy::caller::scope::Scope;
use crate::policy::client::{self, Client};
use crate::policy::human::Repeats;
use crate::scenario::spec::Spec;
use crate::units::NANOS_PER_SECOND;

/// The mean delay of a person over the delay that many in a row keep to at least: ten exponential delays take less than a tenth of
/// their mean once in ten thousand million times.
const HASTE: f64 = 10.0;
/// The mean number of visits to a step over that which hardly anybody exceeds where journeys go round.
const ROUNDS: f64 = 10.0;

/// Warns of a budget that each app has for itself, where one app never uses up what is always allowed to it.
pub(super) fn idle(model: &Model, found: &mut Found<'_>) {
    let specs = std::iter::once(found.spec()).chain(found.scenario.timeline().iter().map(|epoch| &epoch.spec));
    let specs: Vec<&Spec> = specs.collect();
    let mut idle = Vec::new();
    for (index, (name, client)) in found.spec().client.iter().enumerate() {
        // The budget of servers that call a pool is that of all people who ask them.
        if of_calls(&specs, name) {
            continue;
        }
        // A later change may make the budget bind.
        let each = specs.iter().filter_map(|spec| spec.client.get(name));
        if model.epochs.iter().any(|epoch| cohorts(index, model, epoch).next().is_some())
            && each.clone().all(|client| model.epochs.iter().all(|epoch| is_idle(client, index, model, epoch)))
        {
            idle.extend(allowed(client).map(|(allowed, help)| (name.clone(), allowed, help)));
        }
    }
    for (name, allowed, help) in idle {
        found.add(
            &format!("client.{name}.budget"),
            format!("the budget of client `{name}` cannot bind"),
            allowed,
            &help,
        );
    }
}

/// Whether a client is that of calls, in some settings.
pub(super) fn of_calls(specs: &[&Spec], client: &str) -> bool {
    let mut calls = specs.iter().flat_map(|spec| spec.pool.values()).flat_map(|pool| pool.calls.each());
    calls.any(|(_, call)| call.client.as_deref() == Some(client))
}

/// Retries that a budget always allows to each app, and advice.
fn allowed(client: &Client) -> Option<(String, String)> {
    let shared = "`scope = \"region\"` shares the budget among all apps of a region";
    match client.budget? {
        Budget::Ratio(set) => {
            let retries = client.retry.as_ref()?.most();
            let (rate, window) = (set.at_least.0, set.window);
            Some((
                format!("each app may retry {rate} times a second, whatever the share"),
                format!(
                    "`at_least` allows {} retries in {window} to each app, which makes at most {retries} for one request; \
                     {shared}",
                    rate * window.seconds()
                ),
            ))
        }
        Budget::Concurrent(set) => Some((
            format!("each app may have {} retries under way, and has one at most", set.at_least),
            format!("an app makes one request at a time; {shared}"),
        )),
        Budget::Tokens(_) | Budget::Gate(_) | Budget::Bucket(_) => None,
    }
}

/// Whether a budget never keeps back a retry of a client's app, by the settings of an epoch. Copies of attempts may need more.
fn is_idle(client: &Client, index: usize, model: &Model, epoch: &Epoch) -> bool {
    let (Some(budget), Some(retry)) = (client.budget, &client.retry) else { return false };
    let retries = retry.most() as f64;
    if client.scope != Scope::Caller || client.hedge.is_some() || retries == 0.0 {
        return false;
    }
    match budget {
        Budget::Concurrent(set) => set.at_least >= 1,
        Budget::Ratio(set) => {
            let compiled = &epoch.settings.clients[index];
            let requests = requests_within(compiled, index, model, epoch, set.window.seconds() * NANOS_PER_SECOND);
            retries * requests <= set.at_least.0 * set.window.seconds()
        }
        Budget::Tokens(_) | Budget::Gate(_) | Budget::Bucket(_) => false,
    }
}

/// The cohorts some of whom have a client in an epoch.
pub(super) fn cohorts<'m>(client: usize, model: &'m Model, epoch: &'m Epoch) -> impl Iterator<Item = &'m Cohort> {
    let cohorts = model.cohorts.iter().zip(&epoch.settings.mixes);
    let has = move |clients: &[(f64, usize)]| clients.iter().any(|(share, of)| *share > 0.0 && *of == client);
    cohorts.filter(move |(_, mix)| has(&mix.clients)).map(|(cohort, _)| cohort)
}

/// Requests that one app makes within a time at most: those of a journey, and again after each refresh and each return.
pub(super) fn requests_within(client: &client::Settings, index: usize, model: &Model, epoch: &Epoch, time: f64) -> f64 {
    let journeys = cohorts(index, model, epoch).map(|cohort| &epoch.settings.journeys[cohort.journey]).map(|journey| {
        let visits = expected_visits(journey);
        let loops = journey.thens.iter().any(Option::is_some) || journey.repeat.is_some();
        let requests = journey.steps.iter().zip(visits).map(|(step, visits)| match step {
            Step::Request { times, .. } => visits * f64::from(*times),
            _ => 0.0,
        });
        requests.sum::<f64>() * if loops { ROUNDS } else { 1.0 }
    });
    let journey = journeys.fold(0.0, f64::max);
    let within = |repeats: Option<Repeats>| {
        repeats.filter(|repeats| repeats.probability > 0.0).map_or(0.0, |repeats| {
            // An infinite mean tells nothing of short delays.
            let delay = if repeats.delay.is_finite() { repeats.delay / HASTE } else { 0.0 };
            repeats.most.min(if delay > 0.0 { (time / delay).ceil() } else { f64::INFINITY })
        })
    };
    let refreshes = within(client.refresh.as_ref().map(|refresh| refresh.expected()));
    let again = client.refresh.as_ref().is_some_and(|refresh| refresh.from_start);
    let returns = within(client.come_back.as_ref().map(|come_back| come_back.expected()));
    (journey * if again { 1.0 + refreshes } else { 1.0 } + refreshes) * (1.0 + returns)
}
