//! Warnings about queues and capacities.

use super::found::{Found, span};
use crate::model::{Model, Rounding, mean_seconds};
use crate::policy::pool;
use crate::policy::queue::discipline::Discipline;
use crate::units::Span;

/// Number of slots below which a scaled pool queues visibly more than at full size.
const FEW_SLOTS: u64 = 50;
/// The 99.9th percentile of a service time over its mean above which the mean tells little of how long a queue takes; that of
/// an exponential law is 6.9.
const HEAVY_TAILED: f64 = 8.0;

/// Warns of a timer that hardly an attempt reaches, since even a full queue is served sooner.
///
/// The last attempt of a full queue waits limit × mean service ÷ slots on average. Three standard deviations of exponential
/// service are added, which matter only in short queues.
pub(super) fn timers(model: &Model, found: &mut Found<'_>) {
    for (index, pool) in model.epochs[0].settings.pools.iter().enumerate() {
        let slots = pool.slots;
        let Some(limit) = pool.queue.limit.stated().filter(|_| is_plain(pool) && is_steady(model, index)) else {
            continue;
        };
        let mean = mean_seconds(&pool.service);
        let longest_wait = limit as f64 * mean / slots.count as f64;
        let slack = 1.0 + 3.0 / (limit as f64 + 1.0).sqrt();
        let slow = pool.service.quantile(0.999) / 1e9;
        if slow > HEAVY_TAILED * mean {
            continue;
        }
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

/// Whether a pool is one first-come-first-served queue in front of a fixed number of slots that do nothing but serve.
fn is_plain(pool: &pool::Settings) -> bool {
    let first_come = pool.fleet.is_none() && pool.queue.discipline == Discipline::Fifo && !pool.queue.strict;
    let only_serves = !pool.turn_away.takes_a_slot() && !pool.calls.is_used();
    let has_slots = pool.slots.count > 0 && !pool.slots.are_unlimited() && pool.autoscale.is_none();
    first_come && only_serves && has_slots
}

/// Whether timers, queue, slots and service of a pool stay the same during the whole run.
fn is_steady(model: &Model, index: usize) -> bool {
    let kept = |pool: &pool::Settings| (pool.queue, pool.slots.count, pool.timers, pool.turn_away);
    let mut epochs = model.epochs.iter().map(|epoch| &epoch.settings.pools[index]);
    let first = &model.epochs[0].settings.pools[index];
    epochs.all(|pool| kept(pool) == kept(first) && (&pool.fleet, &pool.service) == (&first.fleet, &first.service))
}

/// Warns of an ejection that never happens, since even one server is more than the share that may be ejected.
pub(super) fn ejections(model: &Model, found: &mut Found<'_>) {
    for (index, pool) in model.epochs[0].settings.pools.iter().enumerate() {
        let Some(fleet) = &pool.fleet else { continue };
        let Some(eject) = fleet.eject.as_ref().filter(|eject| !eject.may_eject(0, fleet.servers.servers)) else {
            continue;
        };
        let name = found.pool(index);
        let servers = fleet.servers.servers;
        found.add(
            &format!("pool.{name}.eject"),
            format!("no server of pool `{name}` can be ejected"),
            format!("at most {:.0}% of {servers} simulated servers", eject.at_most.0 * 100.0),
            "a larger `at_most`, more servers or a larger scale lets one be ejected",
        );
    }
}

/// Warns of a scaled pool with few slots, in which attempts wait longer than at full size.
pub(super) fn small_pools(model: &Model, found: &mut Found<'_>) {
    if model.scale >= 1.0 {
        return;
    }
    for index in 0..model.pools {
        // A pool that changes in the run is as large as it ever gets.
        let slots = model.epochs.iter().map(|epoch| epoch.settings.pools[index].most_slots().count).max().unwrap_or(0);
        if (1..FEW_SLOTS).contains(&slots) {
            let name = found.pool(index);
            found.add(
                "scale",
                format!("pool `{name}` has only {slots} slot{} at this scale", if slots == 1 { "" } else { "s" }),
                format!("1:{:.0}", 1.0 / model.scale),
                &format!(
                    "small pools queue more than large ones of the same load; with {FEW_SLOTS} slots or more the error \
                     is small"
                ),
            );
        }
    }
}

/// Warns of a pool whose capacity changes visibly at this scale.
pub(super) fn rounded_servers(model: &Model, found: &mut Found<'_>) {
    for rounding in model.roundings().into_iter().filter(Rounding::is_visible) {
        let name = found.pool(rounding.pool);
        let rate = |capacity: Option<f64>| capacity.map_or_else(|| "as many".to_owned(), |rate| format!("{rate:.1}"));
        let when = if rounding.at_s > -model.drop.seconds() {
            format!(" from {} on", span_from_drop(rounding.at_s))
        } else {
            String::new()
        };
        found.add(
            "scale",
            format!("the capacity of pool `{name}` is {:+.0}% off at this scale", (rounding.factor - 1.0) * 100.0),
            format!(
                "{} instead of {} attempts a second{when}",
                rate(rounding.capacity_at_scale),
                rate(rounding.capacity_at_full)
            ),
            "a scale at which its slots are a whole number has no such error",
        );
    }
}

/// An offset from the drop in words.
fn span_from_drop(seconds: f64) -> String {
    let sign = if seconds < 0.0 { "" } else { "+" };
    format!("{sign}{}", Span::from_seconds(seconds))
}
