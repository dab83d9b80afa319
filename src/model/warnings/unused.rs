//! Warnings about tables and settings without effect.

use std::collections::HashSet;

use super::found::Found;
use crate::document::moments::When;
use crate::document::unions::StringOr;
use crate::model::arrivals::{cohorts, multipliers, stream_window};
use crate::model::{Model, Step};
use crate::scenario::spec::{Already, Multiplier, Region, Spec, Step as Stated, WaitFor};
use crate::units::Span;

/// Share of streams that reach the period of a heartbeat below which the heartbeat is never sent.
const SILENT: f64 = 1e-4;

/// Number of regions whose clocks are named.
const MOST_CLOCKS: usize = 4;

/// Warns of pools, clients and journeys that nothing refers to.
pub(super) fn tables(spec: &Spec, found: &mut Found<'_>) {
    let journeys: HashSet<&str> = spec.audience.values().map(|audience| audience.journey.as_str()).collect();
    let mut clients: HashSet<&str> = HashSet::new();
    // A change of the timeline may use a client or a route later.
    let specs = std::iter::once(spec).chain(found.scenario.timeline().iter().map(|epoch| &epoch.spec));
    let mut pools: HashSet<&str> = HashSet::new();
    let mut rooms: HashSet<&str> = HashSet::new();
    for spec in specs.collect::<Vec<_>>() {
        for audience in spec.audience.values() {
            match &audience.client {
                Some(StringOr::String(name)) => drop(clients.insert(name)),
                Some(StringOr::Table(mix)) => clients.extend(mix.keys().map(String::as_str)),
                None => {}
            }
        }
        for call in spec.pool.values().flat_map(|pool| pool.calls.each()).map(|(_, call)| call) {
            clients.extend(call.client.as_deref());
            pools.extend(call.pool.as_deref());
        }
        let used = spec.journey.iter().filter(|(name, _)| journeys.contains(name.as_str()));
        for step in used.flat_map(|(_, journey)| &journey.steps) {
            let room = step.enter.as_ref().and_then(|room| spec.waiting_room.get(room));
            rooms.extend(step.enter.as_deref());
            let beats = step.heartbeat.iter().map(|beat| &beat.request);
            let polls = room.and_then(|room| room.poll.as_ref()).map(|poll| &poll.request);
            let tiers = step.request.iter().chain(beats).chain(polls);
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
            "no journey that an audience takes asks it for anything, and no pool calls it",
        ),
        ("client", spec.client.keys().collect(), &clients, "no audience and no call has it"),
        ("journey", spec.journey.keys().collect(), &journeys, "no audience takes it"),
        ("waiting_room", spec.waiting_room.keys().collect(), &rooms, "no journey that an audience takes enters it"),
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

/// Warns of a stream that nobody comes in, and of a multiplier without effect, because its window misses the simulated one or it
/// applies to no cohort.
pub(super) fn windows(spec: &Spec, found: &mut Found<'_>) {
    let (start, end) = (spec.start.since(spec.drop), spec.end.since(spec.drop));
    for (audience, region) in cohorts(spec) {
        if stream_window(spec, audience, region).is_some_and(|(from, until)| from >= end || until <= start) {
            let key = if spec.audience[audience].from.is_some() { "from" } else { "until" };
            found.add(
                &format!("audience.{audience}.{key}"),
                format!("nobody of audience `{audience}` comes"),
                format!("its window misses the simulated one, {start} to {end} around the drop"),
                "",
            );
        }
    }
    let mut in_force: HashSet<*const Multiplier> = HashSet::new();
    for (audience, region) in cohorts(spec) {
        let overlapping =
            multipliers(spec, audience, region).filter(|window| window.from < end && window.until > start);
        in_force.extend(overlapping.map(|window| std::ptr::from_ref(window.multiplier)));
    }
    for (name, multiplier) in &spec.multiplier {
        if multiplier.enabled && !in_force.contains(&std::ptr::from_ref(multiplier)) {
            found.add(
                &format!("multiplier.{name}"),
                format!("multiplier `{name}` does nothing"),
                format!("its window misses the simulated one, {start} to {end} around the drop, or concerns nobody"),
                &if by_clock(multiplier) { clocks(spec) } else { String::new() },
            );
        }
    }
}

/// Warns of waiting rooms that open when the run is over.
pub(super) fn rooms(spec: &Spec, found: &mut Found<'_>) {
    let end = spec.end.since(spec.drop);
    for (name, room) in &spec.waiting_room {
        if room.opens.is_some_and(|opens| opens >= end) {
            found.add(
                &format!("waiting_room.{name}.opens"),
                format!("waiting_room `{name}` never opens"),
                format!("the run ends {end} from the drop"),
                "nobody is let in",
            );
        }
    }
}

/// Warns of steps that wait for a moment which the run does not reach, and of steps that end before it begins.
pub(super) fn moments(spec: &Spec, found: &mut Found<'_>) {
    let (start, end) = (spec.start.since(spec.drop), spec.end.since(spec.drop));
    for (name, journey) in &spec.journey {
        let taken = cohorts(spec).filter(|(audience, _)| spec.audience[*audience].journey == *name);
        let delays: Vec<Span> = taken.map(|(_, region)| spec.region[region].drop_delay).collect();
        let (Some(least), Some(most)) = (delays.iter().min(), delays.iter().max()) else { continue };
        for (index, step) in journey.steps.iter().enumerate() {
            let Some((at, key)) = moment(step) else { continue };
            let says = match key {
                "wait.until" if at + *least >= end => {
                    ("nobody gets past this wait", format!("the run ends {end} from the drop"))
                }
                _ if at + *most <= start => {
                    ("this step takes no time", format!("the run begins {start} from the drop"))
                }
                _ => continue,
            };
            found.add(&format!("journey.{name}.steps.{index}.{key}"), says.0.to_owned(), says.1, "");
        }
    }
}

/// Warns of people who are in a stream when the window opens although their journey waits for a later moment before it.
pub(super) fn waits(spec: &Spec, found: &mut Found<'_>) {
    let start = spec.start.since(spec.drop);
    for (name, audience) in spec.audience.iter().filter(|(_, audience)| audience.already == Already::Steady) {
        let regions = cohorts(spec).filter(|(of, _)| of == name).map(|(_, region)| spec.region[region].drop_delay);
        let Some(delay) = regions.max() else { continue };
        let later = |step: &Stated| match step.wait {
            Some(WaitFor::Drop) => delay > start,
            Some(WaitFor::Until(at)) => at + delay > start,
            None => false,
        };
        let steps = &spec.journey[&audience.journey].steps;
        let wait = steps.iter().take_while(|step| step.then.is_none()).position(later);
        let stream = wait.and_then(|wait| Some(wait + steps[wait..].iter().position(|step| step.stream.is_some())?));
        if let (Some(wait), Some(stream)) = (wait, stream) {
            let journey = &audience.journey;
            found.add(
                &format!("audience.{name}.already"),
                format!("viewers of audience `{name}` are ahead of a wait"),
                format!("they begin in steps.{stream} of journey `{journey}`, which others enter after steps.{wait}"),
                "nobody who waits for a moment has a steady state",
            );
        }
    }
}

/// The moment from the region's drop that a step states, and its key.
fn moment(step: &Stated) -> Option<(Span, &'static str)> {
    match step.wait {
        Some(WaitFor::Until(at)) => Some((at, "wait.until")),
        _ => Some((step.until?, "until")),
    }
}

/// Warns of thresholds of which no window lies in the run.
pub(super) fn thresholds(spec: &Spec, found: &mut Found<'_>) {
    let (start, end) = (spec.start.since(spec.drop), spec.end.since(spec.drop));
    for (index, threshold) in spec.threshold.iter().enumerate() {
        let from = threshold.after.map_or(start, |after| after.max(start));
        let until = threshold.before.map_or(end, |before| before.min(end));
        let window = threshold.window.unwrap_or(spec.interval);
        if until - from < window {
            let key = if from > start { "after" } else { "before" };
            found.add(
                &format!("threshold.{index}.{key}"),
                "no window of this threshold lies in the run".to_owned(),
                format!("the run goes from {start} to {end} around the drop, and a window is {window}"),
                "`when_empty` decides; without it the threshold is missed",
            );
        }
    }
}

/// Whether an end of a multiplier's window is a clock time.
fn by_clock(multiplier: &Multiplier) -> bool {
    [multiplier.from, multiplier.until].iter().any(|end| matches!(end, Some(When::Clock(_))))
}

/// The clocks on which clock times of regions are read, in words.
pub(super) fn clocks(spec: &Spec) -> String {
    let clock = |(name, region): (&String, &Region)| match &region.time_zone {
        Some(zone) => format!("{name} on that of {zone}"),
        None => format!("{name} on that of the drop, UTC{}", spec.drop.offset),
    };
    let few = spec.region.iter().take(MOST_CLOCKS).map(clock).collect::<Vec<_>>().join(", ");
    let rest = if spec.region.len() > MOST_CLOCKS { ", …" } else { "" };
    format!("each region reads clock times on its own clock: {few}{rest}")
}

/// Warns of a heartbeat whose period hardly any stream reaches.
pub(super) fn heartbeats(spec: &Spec, model: &Model, found: &mut Found<'_>) {
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
