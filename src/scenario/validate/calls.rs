//! Checks of calls between pools: their callees, their clients, and the absence of cycles.

use crate::document::diagnostics::quoted;
use crate::document::findings::Findings;
use crate::policy::calls::Call;
use crate::policy::client::Client;
use crate::scenario::calls::{HUMAN, requests_of_calls};
use crate::scenario::spec::Spec;

/// Keys that a call has besides those that lead to it.
const KEYS: [&str; 7] = ["client", "times", "probability", "optional", "latency", "priority", "cache"];

/// Most pairs of pools that call one another; each has rows of its own in `intervals.csv`.
const MOST_PAIRS: usize = 64;

pub(super) fn check(spec: &Spec, out: &mut Findings<'_>) {
    for (name, pool) in &spec.pool {
        for (index, call) in pool.calls.calls.iter().enumerate() {
            let path = format!("pool.{name}.calls.{index}");
            if call.parallel.is_some() {
                KEYS.iter().for_each(|key| out.misplaced(&format!("{path}.{key}"), "each of the calls in `parallel`"));
            }
            for (path, call) in call.each(&path) {
                one(&path, call, spec, out);
            }
        }
    }
    cycles(spec, out);
    out.at_most("pool", "pairs of pools that call one another", requests_of_calls(spec).len(), MOST_PAIRS);
}

fn one(path: &str, call: &Call, spec: &Spec, out: &mut Findings<'_>) {
    if call.parallel.is_some() {
        let help = "calls in `parallel` are all made at once";
        return out.key(&format!("{path}.parallel"), "`parallel` cannot stand within `parallel`", "one too many", help);
    }
    if let Some(pool) = call.pool.as_ref().filter(|pool| !spec.pool.contains_key(*pool)) {
        out.unknown(&format!("{path}.pool"), "pool", pool, spec.pool.keys());
    }
    let path = format!("{path}.client");
    match call.client.as_ref().map(|name| (name, spec.client.get(name))) {
        Some((name, None)) => out.unknown(&path, "client", name, spec.client.keys()),
        Some((name, Some(client))) => caller(&path, name, client, out),
        None => {}
    }
}

/// Reports a client of a call with keys that only a human has.
fn caller(path: &str, name: &str, client: &Client, out: &mut Findings<'_>) {
    let stated = [
        client.patience.is_some(),
        client.refresh.is_some(),
        client.come_back.is_some(),
        client.report.is_some(),
        client.stall_patience.is_stated(),
    ];
    if let Some((key, _)) = HUMAN.iter().zip(stated).find(|(_, stated)| *stated) {
        let title = format!("client {} has `{key}`, which calls do not have", quoted(name));
        let help = "a client of a call has timers, retries and protections; give the call a client of its own";
        out.value(path, title, "not for calls", help);
    }
}

/// Reports each cycle of calls once, at the call that closes it.
fn cycles(spec: &Spec, out: &mut Findings<'_>) {
    // Pools from which all cycles have been reported.
    let mut done = Vec::new();
    for pool in 0..spec.pool.len() {
        walk(pool, &mut Vec::new(), &mut done, spec, out);
    }
}

fn walk(pool: usize, above: &mut Vec<usize>, done: &mut Vec<usize>, spec: &Spec, out: &mut Findings<'_>) {
    let Some((name, calls)) = spec.pool.get_index(pool).map(|(name, pool)| (name, &pool.calls)) else { return };
    if done.contains(&pool) {
        return;
    }
    above.push(pool);
    for (path, call) in calls.each() {
        let Some(callee) = call.pool.as_ref().and_then(|callee| spec.pool.get_index_of(callee)) else { continue };
        let Some(from) = above.iter().position(|known| *known == callee) else {
            walk(callee, above, done, spec, out);
            continue;
        };
        let round = above[from..].iter().chain([&callee]);
        let names: Vec<&str> = round.filter_map(|pool| Some(spec.pool.get_index(*pool)?.0.as_str())).collect();
        let title = format!("the calls go round: {}", names.join(" → "));
        out.value(
            &format!("pool.{name}.{path}.pool"),
            title,
            "this call closes the cycle",
            "leave out one of these calls",
        );
    }
    above.pop();
    done.push(pool);
}
