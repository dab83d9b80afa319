//! What is legal but cannot be meant: found by arithmetic on the compiled scenario, each with its numbers.

use std::collections::HashSet;

use super::arrivals::{CrowdPiece, multipliers};
use super::{Arrivals, Journey, Model, Step, expected_visits, mean_seconds};
use crate::document::unions::StringOr;
use crate::policy::pool;
use crate::policy::queue::discipline::Discipline;
use crate::scenario::spec::Spec;
use crate::scenario::{Diagnostic, Diagnostics, Level, Scenario};
use crate::units::Span;

/// More of a crowd than this before `start` are lost unnoticed.
const LOST_BEFORE: f64 = 0.001;
/// Under so many slots a scaled pool queues visibly more than the one that it stands for.
const FEW_SLOTS: u64 = 50;

/// Relative error of the capacity of individual servers above which a scale is worth a warning.
const VISIBLY_OFF: f64 = 0.02;

/// A heartbeat that fewer streams than this live to see never goes out.
const SILENT: f64 = 1e-4;

/// Looks for what cannot be meant.
pub fn of(scenario: &Scenario, model: &Model) -> Diagnostics {
    let mut found = Found { scenario, list: Vec::new() };
    timers(model, &mut found);
    crowds(model, &mut found);
    everyday_load(model, &mut found);
    small_pools(model, &mut found);
    rounded_servers(model, &mut found);
    unused(scenario.spec(), &mut found);
    windows(scenario.spec(), &mut found);
    heartbeats(scenario.spec(), model, &mut found);
    Diagnostics::new(found.list)
}

/// The warnings so far.
struct Found<'a> {
    scenario: &'a Scenario,
    list: Vec<Diagnostic>,
}

impl Found<'_> {
    fn add(&mut self, path: &str, title: String, label: String, help: &str) {
        let help = (!help.is_empty()).then(|| help.to_owned());
        self.list.push(self.scenario.diagnostic(Level::Warning, path, title, label, help));
    }

    fn spec(&self) -> &Spec {
        self.scenario.spec()
    }

    /// The name of a pool by its index.
    fn pool(&self, index: usize) -> String {
        self.spec().pool.get_index(index).map_or_else(String::new, |(name, _)| name.clone())
    }
}

fn span(seconds: f64) -> String {
    let nanos = Span::from_seconds(seconds);
    // Three digits say enough.
    let digits = 10_i64.pow((nanos.0.max(1).ilog10()).saturating_sub(2));
    Span(nanos.0 / digits * digits).to_string()
}

fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent >= 10.0 { format!("{percent:.0}%") } else { format!("{percent:.2}%") }
}

/// A timer that no attempt can reach: whoever is admitted is behind at most a full queue, and that is served sooner.
///
/// The last of a full queue waits limit × mean service ÷ slots on average. Three standard deviations of exponential
/// service are granted on top, which matters in short queues only.
fn timers(model: &Model, found: &mut Found<'_>) {
    for (index, pool) in model.epochs[0].settings.pools.iter().enumerate() {
        // Only a timer that stays the same over the whole run, in the same queue, can be told to be of no use.
        let same = |other: &pool::Settings| {
            (other.queue, other.slots.count, other.timers) == (pool.queue, pool.slots.count, pool.timers)
        };
        let steady = model.epochs.iter().all(|epoch| same(&epoch.settings.pools[index]));
        let (queue, slots) = (pool.queue, pool.slots);
        // The arithmetic is that of one queue, first come, first served.
        let plain = queue.fleet.is_none() && queue.discipline == Discipline::Fifo;
        if !steady || !plain || slots.count == 0 || slots.are_unlimited() {
            continue;
        }
        let Some(limit) = queue.limit.stated() else { continue };
        let mean = mean_seconds(&pool.service);
        let longest_wait = limit as f64 * mean / slots.count as f64;
        let slack = 1.0 + 3.0 / (limit as f64 + 1.0).sqrt();
        let slow = pool.service.quantile(0.999) / 1e9;
        let served = format!(", and 999 of 1000 are then served within {}", span(slow));
        for (key, timer, reached, then) in [
            ("queue_timeout", pool.timers.queue_timeout, longest_wait * slack, ""),
            ("timeout", pool.timers.timeout, longest_wait * slack + slow, &served),
        ] {
            let Some(timer) = timer.filter(|timer| timer.seconds() > reached) else { continue };
            let name = found.pool(index);
            let full = |count: u64| (count as f64 / model.scale).round();
            found.add(
                &format!("pool.{name}.{key}"),
                format!("`{key}` of pool `{name}` can hardly expire"),
                format!("{timer}, but a full queue is served in about {}", span(longest_wait)),
                &format!(
                    "{} waiting × {} mean service ÷ {} slots = {}{then}; a longer queue or a shorter timer would give it work",
                    full(limit),
                    span(mean),
                    full(slots.count),
                    span(longest_wait)
                ),
            );
        }
    }
}

/// A crowd of whom too many, over all regions, come before the window, which does not simulate them. Those who come after
/// it are the usual long tail.
fn crowds(model: &Model, found: &mut Found<'_>) {
    // People in all and before `start` of each audience as simulated; its cohorts follow each other.
    let mut crowds: Vec<(String, [f64; 2])> = Vec::new();
    for ((audience, _), cohort) in model.cohort_names(found.scenario.spec()).into_iter().zip(&model.cohorts) {
        let Arrivals::Crowd { count, law, origin, pieces } = &cohort.arrivals else { continue };
        let before = share_below(pieces, law.cdf((Span(0) - *origin).0 as f64));
        if crowds.last().is_none_or(|(name, _)| name != audience) {
            crowds.push((audience.to_owned(), [0.0; 2]));
        }
        if let Some((_, [all, lost])) = crowds.last_mut() {
            *all += *count as f64;
            *lost += before * *count as f64;
        }
    }
    for (audience, [all, before]) in crowds {
        if before > LOST_BEFORE * all {
            found.add(
                &format!("audience.{audience}.arrival"),
                format!("{} of `{audience}` would come before `start`", percent(before / all)),
                format!("{:.0} people who are not simulated", before / model.scale),
                "an earlier `start` or a smaller negative `shift` brings them in",
            );
        }
    }
}

/// The share of a crowd below a point of its law, with the multipliers' factors worked in.
fn share_below(pieces: &[CrowdPiece], p: f64) -> f64 {
    let share = |piece: &CrowdPiece| piece.mass * ((p - piece.law.0) / (piece.law.1 - piece.law.0)).clamp(0.0, 1.0);
    pieces.iter().map(share).sum()
}

/// A pool that cannot carry what its open streams of people ask for at their busiest.
fn everyday_load(model: &Model, found: &mut Found<'_>) {
    let settings = &model.epochs[0].settings;
    let mut busiest = vec![0.0; model.pools];
    for cohort in &model.cohorts {
        let Arrivals::Rate(pieces) = &cohort.arrivals else { continue };
        let peak = pieces.iter().map(|piece| piece.first.max(piece.last)).fold(0.0, f64::max) * 1e9;
        for (tier, requests) in requests_per_viewer(&settings.journeys[cohort.journey]) {
            for (share, pool) in &settings.regions[cohort.region].routes[tier].pools {
                busiest[*pool] += peak * requests * share;
            }
        }
    }
    for (index, rate) in busiest.into_iter().enumerate() {
        let pool = &settings.pools[index];
        let mean = mean_seconds(&pool.service);
        let load = rate * mean;
        if pool.slots.are_unlimited() || load <= pool.slots.count as f64 {
            continue;
        }
        let name = found.pool(index);
        let full = |value: f64| value / model.scale;
        found.add(
            &format!("pool.{name}.servers"),
            format!("pool `{name}` cannot carry its everyday load"),
            format!("{:.0} slots for an offered load of {:.1}", full(pool.slots.count as f64), full(load)),
            &format!(
                "at the busiest {:.1} requests a second × {} mean service keep {:.1} slots busy, before anyone comes for \
                 the drop",
                full(rate),
                span(mean),
                full(load)
            ),
        );
    }
}

/// Calls of one viewer to each tier, with `times` and the loops of `then`, heartbeats included.
fn requests_per_viewer(journey: &Journey) -> Vec<(usize, f64)> {
    let visits = expected_visits(journey);
    let calls = journey.steps.iter().zip(visits).filter_map(|(step, visits)| match step {
        Step::Request { tier, times, .. } => Some((*tier, visits * f64::from(*times))),
        Step::Stream { length, heartbeat: Some(beat), .. } => {
            let lives = |beats: i32| 1.0 - length.cdf(f64::from(beats) * beat.every.0 as f64);
            Some((beat.tier, visits * (1..10_000).map(lives).take_while(|share| *share > 1e-6).sum::<f64>()))
        }
        _ => None,
    });
    calls.filter(|(_, calls)| calls.is_finite()).collect()
}

/// A scaled pool of few slots waits more than the pool that it stands for.
fn small_pools(model: &Model, found: &mut Found<'_>) {
    if model.scale >= 1.0 {
        return;
    }
    for (index, pool) in model.epochs[0].settings.pools.iter().enumerate() {
        if (1..FEW_SLOTS).contains(&pool.slots.count) {
            let name = found.pool(index);
            found.add(
                "scale",
                format!("pool `{name}` has only {} slots at this scale", pool.slots.count),
                format!("1:{:.0}", 1.0 / model.scale),
                &format!(
                    "small pools queue more than large ones of the same load; with {FEW_SLOTS} slots or more the error \
                     is small"
                ),
            );
        }
    }
}

/// A pool of individual servers whose capacity is visibly off at this scale.
fn rounded_servers(model: &Model, found: &mut Found<'_>) {
    let spec = found.scenario.spec();
    for ((name, pool), settings) in spec.pool.iter().zip(&model.epochs[0].settings.pools) {
        let Some(fleet) = &settings.queue.fleet else { continue };
        let error = fleet.servers.capacity_error(&pool.slots, model.scale);
        if error.abs() > VISIBLY_OFF {
            found.add(
                "scale",
                format!("the capacity of pool `{name}` is {:+.0}% off at this scale", error * 100.0),
                format!("simulated as {} servers with {} slots each", fleet.servers.servers, fleet.servers.slots),
                "a scale at which its servers are a whole number has no such error",
            );
        }
    }
}

/// Tables that nothing refers to.
fn unused(spec: &Spec, found: &mut Found<'_>) {
    let journeys: HashSet<&str> = spec.audience.values().map(|audience| audience.journey.as_str()).collect();
    let mut clients: HashSet<&str> = HashSet::new();
    // A change may bring a client or a route into use later on.
    let specs = std::iter::once(spec).chain(found.scenario.timeline().iter().map(|epoch| &epoch.spec));
    let mut pools: HashSet<&str> = HashSet::new();
    for spec in specs.collect::<Vec<_>>() {
        for audience in spec.audience.values() {
            match &audience.client {
                Some(StringOr::String(name)) => drop(clients.insert(name)),
                Some(StringOr::Table(mix)) => clients.extend(mix.keys().map(String::as_str)),
                None => {}
            }
        }
        let used = spec.journey.iter().filter(|(name, _)| journeys.contains(name.as_str()));
        for step in used.flat_map(|(_, journey)| &journey.steps) {
            let tiers = step.request.iter().chain(step.heartbeat.iter().map(|beat| &beat.request));
            for tier in tiers {
                for region in spec.region.values() {
                    match region.route.get(tier) {
                        Some(shares) => pools.extend(shares.keys().map(String::as_str)),
                        None => drop(pools.insert(tier)),
                    }
                }
            }
        }
    }
    let tables = [
        (
            "pool",
            spec.pool.keys().collect::<Vec<_>>(),
            &pools,
            "no journey that an audience takes asks it for anything",
        ),
        ("client", spec.client.keys().collect(), &clients, "no audience has it"),
        ("journey", spec.journey.keys().collect(), &journeys, "no audience takes it"),
    ];
    let idle: Vec<(String, String, &str)> = tables
        .iter()
        .flat_map(|(kind, names, used, why)| {
            let idle = names.iter().filter(|name| !used.contains(name.as_str()));
            idle.map(move |name| (format!("{kind}.{name}"), format!("{kind} `{name}` is not used"), *why))
        })
        .collect();
    for (path, title, why) in idle {
        found.add(&path, title, why.to_owned(), "");
    }
}

/// A multiplier whose window misses the simulated one does nothing.
fn windows(spec: &Spec, found: &mut Found<'_>) {
    let (start, end) = (spec.start.since(spec.drop), spec.end.since(spec.drop));
    let mut in_force: HashSet<*const crate::scenario::spec::Multiplier> = HashSet::new();
    for (audience, region) in super::arrivals::cohorts(spec) {
        let meets = multipliers(spec, audience, region).filter(|window| window.from < end && window.until > start);
        in_force.extend(meets.map(|window| std::ptr::from_ref(window.multiplier)));
    }
    for (name, multiplier) in &spec.multiplier {
        if multiplier.enabled && !in_force.contains(&std::ptr::from_ref(multiplier)) {
            found.add(
                &format!("multiplier.{name}"),
                format!("multiplier `{name}` does nothing"),
                format!("its window misses the simulated one, {start} to {end} around the drop, or concerns nobody"),
                "",
            );
        }
    }
}

/// A heartbeat whose period hardly any stream reaches.
fn heartbeats(spec: &Spec, model: &Model, found: &mut Found<'_>) {
    let stretch = spec.multiplier.values().filter(|m| m.enabled).map(|m| m.watch_time.max(1.0)).product::<f64>();
    for ((name, _), journey) in spec.journey.iter().zip(&model.epochs[0].settings.journeys) {
        for (index, step) in journey.steps.iter().enumerate() {
            let Step::Stream { length, heartbeat: Some(beat), .. } = step else { continue };
            if 1.0 - length.cdf(beat.every.0 as f64 / stretch) < SILENT {
                found.add(
                    &format!("journey.{name}.steps.{index}.heartbeat.every"),
                    "this heartbeat never goes out".to_owned(),
                    format!("fewer than one stream in {:.0} lasts {}", 1.0 / SILENT, beat.every),
                    "it goes out at each full period of a stream",
                );
            }
        }
    }
}

#[cfg(test)]
mod tests;
