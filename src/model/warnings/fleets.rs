//! Warnings about servers: cores that stay idle, numbers outside of the bounds of an autoscaler, and lists longer than a fleet.

use super::found::Found;
use crate::model::Model;
use crate::policy::fleet::autoscale::Metric;
use crate::policy::pool::Pool;
use crate::policy::slots::Concurrency;
use crate::units::Time;

/// Warns of servers with more cores than slots: an attempt uses one core, so the cores beyond `concurrency` stay idle.
pub(super) fn idle_cores(found: &mut Found<'_>) {
    let pools = found.spec().pool.iter();
    let idle = pools.filter_map(|(name, pool)| match (pool.sharing.cores, pool.slots.concurrency) {
        (Some(cores), Concurrency::Limited(slots)) if slots < u64::from(cores) => Some((name.clone(), cores, slots)),
        _ => None,
    });
    for (name, cores, slots) in idle.collect::<Vec<_>>() {
        found.add(
            &format!("pool.{name}.cores"),
            format!("pool `{name}` never uses all of its cores"),
            format!("{cores} in each server, with a `concurrency` of {slots}"),
            &format!("an attempt uses one core; a `concurrency` of {cores} or more uses them all"),
        );
    }
}

/// Warns of a stated number of servers that an autoscaler replaces at the start, since it lies outside of the bounds.
pub(super) fn beyond_bounds(model: &Model, found: &mut Found<'_>) {
    for (index, pool) in model.epochs[0].settings.pools.iter().enumerate() {
        let (stated, kept) = (pool.servers(), pool.servers_within_bounds(Time::START));
        if stated != kept {
            let name = found.pool(index);
            found.add(
                &format!("pool.{name}.servers"),
                format!("pool `{name}` begins with {kept} servers instead of {stated}"),
                "outside of the bounds of its autoscaler".to_owned(),
                "`servers` of an autoscaled pool is the number at the start, within `at_least`, `at_most` and `schedule`",
            );
        }
    }
}

/// Warns of an autoscaler that never adds a server again once there is none: attempts are turned away instead of waiting, so that
/// nothing but their rate shows them.
pub(super) fn without_return(found: &mut Found<'_>) {
    let pools = found.spec().pool.iter().filter(|(_, pool)| is_without_return(pool));
    for name in pools.map(|(name, _)| name.clone()).collect::<Vec<_>>() {
        found.add(
            &format!("pool.{name}.autoscale.at_least"),
            format!("pool `{name}` stays without a server once it has none"),
            "without a server the metric is 0, and no attempt waits".to_owned(),
            "at_least = 1, the metric `attempts_per_server` or a shared queue in which attempts wait brings servers back",
        );
    }
}

fn is_without_return(pool: &Pool) -> bool {
    let turns_away = pool.queue.is_per_server() || pool.queue.shared_limit() == Some(0);
    pool.autoscale.as_ref().is_some_and(|autoscale| {
        let sees_attempts = autoscale.policy.metric() == Metric::AttemptsPerServer;
        autoscale.at_least == 0 && autoscale.schedule.is_empty() && turns_away && !sees_attempts
    })
}

/// Warns of entries of `speeds` and `failures` for servers that the simulated fleet never has.
pub(super) fn long_lists(model: &Model, found: &mut Found<'_>) {
    let pools = found.spec().pool.iter().enumerate();
    let long = pools.flat_map(|(index, (name, pool))| {
        let servers = most_individuals(model, index);
        let lists = [("speeds", pool.differences.speeds.len()), ("failures", pool.differences.failures.len())];
        lists.into_iter().filter(move |(_, entries)| *entries > servers).map(move |list| (name.clone(), list, servers))
    });
    for (name, (key, entries), servers) in long.collect::<Vec<_>>() {
        found.add(
            &format!("pool.{name}.{key}"),
            format!("`{key}` of pool `{name}` has {entries} entries for {servers} simulated servers"),
            "the last ones belong to no server".to_owned(),
            "the entries belong to the servers in order of number, from the first one on",
        );
    }
}

/// The most individual servers that a pool has in the run, as simulated.
fn most_individuals(model: &Model, pool: usize) -> usize {
    let pools = model.epochs.iter().map(|epoch| &epoch.settings.pools[pool]);
    let servers = pools.filter_map(|pool| {
        let most = pool.autoscale.as_ref().map_or(pool.servers(), |autoscale| autoscale.most());
        pool.fleet.as_ref().map(|fleet| fleet.servers.number(most) as usize)
    });
    servers.max().unwrap_or(0)
}
