//! The ways between clients and pools, beside the timers of the clients.

use super::{Model, Settings};
use crate::units::Span;

/// Share of a timer from which on the way counts.
const LONG: f64 = 0.1;

impl Model {
    /// Whether attempts may be lost between clients and pools, or are on the way there and back for a tenth of their client's timer
    /// or longer in the mean.
    pub fn ways_matter(&self) -> bool {
        self.epochs.iter().any(|epoch| of_people(&epoch.settings) || of_calls(&epoch.settings))
    }
}

fn of_people(settings: &Settings) -> bool {
    let clients = settings.mixes.iter().flat_map(|mix| &mix.clients).map(|(_, client)| *client);
    let timer = clients.filter_map(|client| settings.clients[client].timeout.span()).min();
    settings
        .regions
        .iter()
        .map(|region| &region.distance)
        .any(|distance| distance.loss() > 0.0 || timer.is_some_and(|timer| is_long(distance.mean_seconds(), timer)))
}

fn of_calls(settings: &Settings) -> bool {
    settings.pools.iter().flat_map(|pool| &pool.calls.calls).any(|call| {
        let timer = settings.clients.get(usize::from(call.client)).and_then(|client| client.timeout.span());
        let way = call.latency.as_ref().map_or(0.0, |law| law.mean() / 1e9);
        timer.is_some_and(|timer| is_long(way, timer))
    })
}

fn is_long(way_s: f64, timer: Span) -> bool {
    way_s >= LONG * timer.seconds()
}
