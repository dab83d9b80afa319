//! The warning about a breaker that cannot open, since one app never sends so many attempts in its window.

use super::budgets::{cohorts, of_calls, requests_within};
use super::found::Found;
use crate::model::{Epoch, Model};
use crate::policy::caller::retry::Retry;
use crate::policy::caller::scope::Scope;
use crate::policy::client::Client;
use crate::scenario::spec::Spec;
use crate::units::NANOS_PER_SECOND;

/// Warns of a breaker that each app has for itself, where one app never sends the least number of attempts at which it opens.
pub(super) fn idle(model: &Model, found: &mut Found<'_>) {
    let specs = std::iter::once(found.spec()).chain(found.scenario.timeline().iter().map(|epoch| &epoch.spec));
    let specs: Vec<&Spec> = specs.collect();
    let mut idle = Vec::new();
    for (index, (name, client)) in found.spec().client.iter().enumerate() {
        let Some(breaker) = client.breaker else { continue };
        // A later change may let the breaker open.
        let each: Vec<&Client> = specs.iter().filter_map(|spec| spec.client.get(name)).collect();
        let used = model.epochs.iter().any(|epoch| cohorts(index, model, epoch).next().is_some());
        let never = |epoch: &Epoch| {
            each.iter().filter_map(|client| attempts_at_most(client, index, model, epoch)).fold(0.0, f64::max)
        };
        if of_calls(&specs, name) || !used || each.iter().any(|client| client.scope != Scope::Caller) {
            continue;
        }
        let most = model.epochs.iter().map(never).fold(0.0, f64::max);
        let least = each.iter().filter_map(|client| client.breaker).map(|breaker| breaker.requests).min().unwrap_or(0);
        if most < least as f64 {
            idle.push((name.clone(), breaker, most));
        }
    }
    for (name, breaker, most) in idle {
        found.add(
            &format!("client.{name}.breaker"),
            format!("the breaker of client `{name}` cannot open"),
            format!(
                "it opens after {} attempts within {}, and one app makes at most {most}",
                breaker.requests, breaker.window
            ),
            "fewer `requests` let it open; `scope = \"region\"` shares the breaker among all apps of a region",
        );
    }
}

/// Most attempts that one app makes within the window of a client's breaker, by the settings of an epoch; infinite where nothing
/// bounds them, and `None` without a breaker.
fn attempts_at_most(client: &Client, index: usize, model: &Model, epoch: &Epoch) -> Option<f64> {
    let breaker = client.breaker?;
    // Heartbeats and polls go out whatever the breaker says, and count nothing.
    let compiled = &epoch.settings.clients[index];
    let requests = requests_within(compiled, index, model, epoch, breaker.window.seconds() * NANOS_PER_SECOND);
    let tries = 1.0 + client.retry.as_ref().map_or(0, Retry::most) as f64;
    let copies = 1.0 + client.hedge.as_ref().map_or(0, |hedge| hedge.at_most) as f64;
    Some(requests * tries * copies)
}
