//! What was left out of caches: one that lets many more calls through to a pool that is told to be a cause than at the best.

use serde_json::Value as Json;

use super::check::{shares_of_hits, stretch};
use super::evidence::Evidence;

/// Calls let through, as a multiple of those at the best, from which on they must be told.
const MORE: f64 = 1.5 * (1.0 + 1e-3);

pub fn omissions(evidence: &Evidence, verdict: &[&Json]) -> Vec<String> {
    let (table, frame) = (&evidence.table, &evidence.frame);
    let Some(judged) = stretch(table, frame) else { return Vec::new() };
    let is_cause = |pool: &str| verdict.iter().any(|claim| claim["kind"] == "cause" && claim["name"] == pool);
    let times = |call: &str| {
        let (caller, callee) = call.split_once('/').filter(|(_, callee)| is_cause(callee))?;
        let shares = |range| shares_of_hits(table, frame, caller, callee, range).into_iter().map(|(_, share)| share);
        let (lowest, highest) = (shares(&judged).reduce(f64::min)?, shares(&frame.range).reduce(f64::max)?);
        Some((1.0 - lowest) / (1.0 - highest)).filter(|times| *times >= MORE)
    };
    let most = table.calls(None, None).into_iter().filter_map(times).reduce(f64::max);
    let told = || {
        ["lowest", "highest"].iter().all(|is| verdict.iter().any(|it| it["kind"] == "cache_hits" && it["is"] == *is))
    };
    match most {
        Some(times) if !told() => vec![format!("that a cache lets {times} times as many calls through is not told")],
        _ => Vec::new(),
    }
}
