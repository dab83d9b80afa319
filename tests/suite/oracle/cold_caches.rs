//! What was left out of caches: one that lets many more calls through to a pool that is told to be a cause than at the best, or than a
//! full one would.

use serde_json::Value as Json;

use super::check::{cold_cache, is_never_full};
use super::evidence::Evidence;
use super::table::Table;

/// Calls let through, as a multiple of those at the best, from which on they must be told.
const MORE: f64 = 1.5 * (1.0 + 1e-3);

/// Caches of one run.
pub fn omissions(evidence: &Evidence, verdict: &[&Json]) -> Vec<String> {
    let is_cause = |pool: &str| verdict.iter().any(|claim| claim["kind"] == "cause" && claim["name"] == pool);
    untold(evidence, verdict, std::slice::from_ref(&evidence.table), "cache_hits", is_cause)
}

/// Caches that are cold in each of several replications.
pub fn omissions_in_runs(evidence: &Evidence, verdict: &[&Json]) -> Vec<String> {
    let is_cause = |pool: &str| verdict.iter().any(|claim| claim["kind"] == "runs" && claim["scope"]["pool"] == pool);
    untold(evidence, verdict, &evidence.runs, "cache_hits_in_runs", is_cause)
}

/// That a cache is cold in all of some runs, which no claims of a kind tell.
fn untold(
    evidence: &Evidence,
    verdict: &[&Json],
    runs: &[Table],
    kind: &str,
    is_cause: impl Fn(&str) -> bool,
) -> Vec<String> {
    let is_cold = |call: &&str| {
        call.split_once('/').is_some_and(|(caller, callee)| {
            is_cause(callee) && runs.iter().all(|run| cold_cache(evidence, run, caller, callee, MORE).is_some())
        })
    };
    let told = ["lowest", "highest"].iter().all(|is| verdict.iter().any(|it| it["kind"] == kind && it["is"] == *is));
    let Some(call) = evidence.table.calls(None, None).into_iter().find(is_cold) else { return Vec::new() };
    let is_never_full = || {
        let (caller, callee) = call.split_once('/').unwrap_or_default();
        runs.iter().all(|run| is_never_full(evidence, run, caller, callee, MORE))
    };
    match () {
        () if !told => vec![format!("that the cache of {call} is cold is not told")],
        () if is_never_full() && !verdict.iter().any(|it| it["kind"] == "full_cache") => {
            vec![format!("what the cache of {call} would answer if it were full is not told")]
        }
        () => Vec::new(),
    }
}
