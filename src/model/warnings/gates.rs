//! Warnings about thresholds that hold whatever happens, because those who wait too long are not counted.

use super::found::{Found, span};
use crate::model::{Model, Step};
use crate::units::NANOS_PER_SECOND;
use crate::vocabulary::{Aggregation, Distribution, Threshold};

/// A pool as one client asks it under the settings of some epoch.
struct Asked {
    pool: usize,
    client: usize,
    /// The longest latency of an attempt that is served, in seconds.
    longest_s: f64,
    /// The latency that half of the attempts would have if none waited, in seconds.
    median_s: f64,
}

/// Warns of a bound on latency that no attempt can pass, since a timer ends first, and of one over attempts most of which
/// outlast a timer: latency is that of attempts that are served.
pub(super) fn latencies(model: &Model, found: &mut Found<'_>) {
    for (index, threshold) in model.thresholds.iter().enumerate() {
        let Some(column) = threshold.metric.column().filter(|_| threshold.at_most) else { continue };
        if !matches!(column.aggregation(), Aggregation::Percentile(Distribution::Latency, _)) {
            continue;
        }
        let asked = asked(model, threshold);
        let longest_s = asked.iter().map(|asked| asked.longest_s).fold(0.0, f64::max);
        let path = format!("threshold.{index}.at_most");
        let name = column.name();
        let help = "latency is that of attempts that are served; a threshold on `error_rate` sees those that are not";
        if !asked.is_empty() && longest_s * 1e3 <= threshold.bound {
            let label = format!("no attempt that is served takes longer than {}, when a timer ends", span(longest_s));
            found.add(&path, format!("`{name}` cannot pass this bound"), label, help);
        } else if let Some((slow, of)) = outlasts(&asked) {
            let (pool, client) = (found.pool(slow.pool), found.spec().client.get_index(slow.client));
            let whose = client.map_or_else(String::new, |(client, _)| format!(" by client `{client}`"));
            let label = format!(
                "half of the attempts at pool `{pool}`{whose} would take {} or longer, a timer ends after {}",
                span(slow.median_s),
                span(slow.longest_s)
            );
            let few = if of == asked.len() {
                "hardly any attempt is served in time"
            } else {
                "many attempts are not served in time"
            };
            found.add(&path, format!("{few}, and `{name}` does not see the others"), label, help);
        }
    }
}

/// A pool that most attempts of a client outlast under all settings, and how many entries are such.
fn outlasts(asked: &[Asked]) -> Option<(&Asked, usize)> {
    let slow = |asked: &&Asked| asked.median_s > asked.longest_s;
    let always = |one: &&Asked| {
        asked.iter().filter(|other| (other.pool, other.client) == (one.pool, one.client)).all(|other| slow(&other))
    };
    let count = asked.iter().filter(always).count();
    asked.iter().find(always).map(|first| (first, count))
}

/// The pools and clients within the scope of a threshold, under the settings of each epoch.
fn asked(model: &Model, threshold: &Threshold) -> Vec<Asked> {
    let mut asked = Vec::new();
    for epoch in &model.epochs {
        let settings = &epoch.settings;
        for (cohort, of) in model.cohorts.iter().enumerate() {
            if threshold.scope.region.is_some_and(|region| region != of.region) {
                continue;
            }
            let region = &settings.regions[of.region];
            for step in &settings.journeys[of.journey].steps {
                let (request, tier, in_all) = match step {
                    Step::Request { request, tier, .. } => (*request, *tier, true),
                    Step::Stream { heartbeat: Some(beat), .. } | Step::Enter { poll: Some(beat), .. } => {
                        (beat.request, beat.tier, false)
                    }
                    _ => continue,
                };
                let named = threshold.scope.request.is_some() || threshold.scope.pool.is_some();
                if threshold.scope.request.is_some_and(|wanted| wanted != request) || !(in_all || named) {
                    continue;
                }
                let pools = region.routes[tier].pools.iter().filter(|(share, _)| *share > 0.0).map(|(_, pool)| *pool);
                for pool in pools.filter(|pool| threshold.scope.pool.is_none_or(|wanted| wanted == *pool)) {
                    let at = &settings.pools[pool];
                    let longest_s = region.distance.longest().seconds();
                    let pool_s = at.timers.timeout.map_or(f64::INFINITY, |timeout| timeout.seconds() + longest_s);
                    let median_s = at.service.quantile(0.5) / NANOS_PER_SECOND + region.distance.median_seconds();
                    let mix = settings.mixes[cohort].clients.iter().filter(|(share, _)| *share > 0.0);
                    for client in mix.map(|(_, client)| *client) {
                        let timeout = settings.clients[client].timeout.span();
                        let longest_s = timeout.map_or(f64::INFINITY, |timeout| timeout.seconds()).min(pool_s);
                        asked.push(Asked { pool, client, longest_s, median_s });
                    }
                }
            }
        }
    }
    asked
}
