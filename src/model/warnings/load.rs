//! Warnings about queues and capacities.

use super::found::{Found, span};
use crate::model::{Arrivals, Journey, Model, Step, expected_visits, mean_seconds};
use crate::policy::pool;
use crate::policy::queue::discipline::Discipline;

/// Number of slots below which a scaled pool queues visibly more than at full size.
const FEW_SLOTS: u64 = 50;
/// Relative error of the capacity of individual servers above which a scale is worth a warning.
const VISIBLY_OFF: f64 = 0.02;

/// Warns of a timer that hardly an attempt reaches, since even a full queue is served sooner.
///
/// The last attempt of a full queue waits limit × mean service ÷ slots on average. Three standard deviations of exponential
/// service are added, which matter only in short queues.
pub(super) fn timers(model: &Model, found: &mut Found<'_>) {
    for (index, pool) in model.epochs[0].settings.pools.iter().enumerate() {
        // The arithmetic holds only if the timers and the queue stay the same during the whole run.
        let same = |other: &pool::Settings| {
            (other.queue, other.slots.count, other.timers) == (pool.queue, pool.slots.count, pool.timers)
        };
        let steady = model.epochs.iter().all(|epoch| same(&epoch.settings.pools[index]));
        let (queue, slots) = (pool.queue, pool.slots);
        // The arithmetic is that of one first-come-first-served queue.
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
            ("queue_timeout", pool.timers.queue_timeout.map(|timeout| timeout.longest()), longest_wait * slack, ""),
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
                    "{} waiting × {} mean service ÷ {} slots = {}{then}; `{key}` could expire with a longer queue or a shorter span",
                    full(limit),
                    span(mean),
                    full(slots.count),
                    span(longest_wait)
                ),
            );
        }
    }
}

/// Warns of a pool whose capacity is below the offered load of its Poisson streams at their highest rate.
pub(super) fn everyday_load(model: &Model, found: &mut Found<'_>) {
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

/// The expected calls of one viewer by tier, with `times`, the loops of `then`, and heartbeats.
fn requests_per_viewer(journey: &Journey) -> Vec<(usize, f64)> {
    let visits = expected_visits(journey);
    let calls = journey.steps.iter().zip(visits).filter_map(|(step, visits)| match step {
        Step::Request { tier, times, .. } => Some((*tier, visits * f64::from(*times))),
        Step::Stream { length, heartbeat: Some(beat), .. } => {
            let reaches = |beats: i32| 1.0 - length.cdf(f64::from(beats) * beat.every.0 as f64);
            Some((beat.tier, visits * (1..10_000).map(reaches).take_while(|share| *share > 1e-6).sum::<f64>()))
        }
        _ => None,
    });
    calls.filter(|(_, calls)| calls.is_finite()).collect()
}

/// Warns of a scaled pool with few slots, in which attempts wait longer than at full size.
pub(super) fn small_pools(model: &Model, found: &mut Found<'_>) {
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

/// Warns of a pool of individual servers whose capacity changes visibly at this scale.
pub(super) fn rounded_servers(model: &Model, found: &mut Found<'_>) {
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
