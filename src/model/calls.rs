//! Calls between pools, and their mean time without any wait.

use super::names::Indices;
use crate::policy::cache::Sizes;
use crate::policy::calls::{self, Found};
use crate::policy::client;
use crate::policy::pool::Settings;
use crate::scenario::spec::Spec;

/// Compiles the calls of a scenario into the settings of its pools, and the clients of the calls into `clients`.
pub fn compile(spec: &Spec, names: &Indices<'_>, pools: &mut [Settings], clients: &mut Vec<client::Settings>) {
    for ((caller, pool), into) in spec.pool.iter().zip(&mut *pools) {
        // Where servers are interchangeable, one state of a protection stands for all of them.
        let servers = if into.fleet.is_some() { 1.0 } else { into.slots.servers * spec.scale };
        let mut of_pool: Vec<(&str, usize)> = Vec::new();
        for name in pool.calls.each().filter_map(|(_, call)| call.client.as_deref()) {
            if let Some(client) = spec.client.get(name)
                && !of_pool.iter().any(|(known, _)| *known == name)
            {
                of_pool.push((name, clients.len()));
                clients.push(client.compile_for_calls(spec.scale, servers));
            }
        }
        let client_of = |name: &str| of_pool.iter().find(|(known, _)| *known == name).map(|(_, index)| *index);
        let server = into.fleet.as_ref().map_or(1.0, |fleet| fleet.servers.factor);
        // The check of the scenario guarantees that the names exist.
        into.calls = pool.calls.compile(Sizes { pool: spec.scale, server }, |callee, client| Found {
            pool: spec.pool.get_index_of(callee).unwrap_or(0) as u8,
            client: client.and_then(client_of).unwrap_or(spec.client.len()) as u16,
            request: names.request(&calls::request(caller, callee)) as u16,
        });
    }
    // Calls have no cycle, so after as many rounds as there are pools every mean is complete.
    for _ in 0..pools.len() {
        let holds: Vec<f64> = pools.iter().map(|pool| pool.hold_at(1.0)).collect();
        for pool in &mut *pools {
            pool.calls.mean = mean(&pool.calls, &holds);
        }
    }
}

/// Mean time of all calls of an attempt in nanoseconds, given the time for which each pool holds a call. Parallel calls
/// take as long as the one with the longest mean.
fn mean(calls: &calls::Settings, holds: &[f64]) -> f64 {
    let once = |call: &calls::To| call.latency.as_ref().map_or(0.0, |law| law.mean()) + holds[usize::from(call.pool)];
    let of_group = |group: &calls::Group| {
        let calls = calls.calls[usize::from(group.calls.start)..usize::from(group.calls.end)].iter();
        if group.at_once {
            calls.map(|call| call.mean_times().min(1.0) * once(call)).fold(0.0, f64::max)
        } else {
            calls.map(|call| call.mean_times() * once(call)).sum::<f64>()
        }
    };
    calls.groups.iter().map(of_group).sum()
}
