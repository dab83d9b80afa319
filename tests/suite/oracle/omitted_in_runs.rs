//! What was left out of several replications: failures that their causes do not explain, and trouble at times that are not measured.

use serde_json::Value as Json;

use super::check::{failing, largest, median, most_of_run, stretch};
use super::cold_caches;
use super::evidence::Evidence;
use super::omitted::verdict_alone;
use super::rule::through;
use super::table::Scope;

/// Share of the failures from which on they must be told.
const MANY: f64 = 0.2 * (1.0 + 1e-4);

pub fn omissions(evidence: &Evidence, verdict: &[&Json]) -> Vec<String> {
    let found = kept_back(evidence).into_iter().chain(at_other_times(evidence, verdict));
    let found = found.chain(unmeasured(evidence, verdict)).chain(means(evidence));
    found.chain(cold_caches::omissions_in_runs(evidence, verdict)).collect()
}

/// Key figures that are means over the replications, which may be the figure of none.
fn means(evidence: &Evidence) -> Vec<String> {
    let figures = evidence.summary["key_figures"].as_array().into_iter().flatten();
    let claims = figures.flat_map(|figure| figure["claims"].as_array().into_iter().flatten());
    let is_known = |kind: &str| ["median", "range", "group", "runs", "bound", "name"].contains(&kind);
    let others = claims.filter(|claim| !is_known(claim["kind"].as_str().unwrap_or_default()));
    others.map(|claim| format!("{claim} is no figure of several replications")).collect()
}

/// Attempts that clients kept back, which the verdict must tell.
fn kept_back(evidence: &Evidence) -> Option<String> {
    let failing = evidence.runs.iter().filter(|run| failing(run, &evidence.frame));
    let mut shares: Vec<f64> = failing
        .filter_map(|run| {
            let sum = |column: &str| run.sum(&Scope::default(), column, &evidence.frame.range);
            Some(sum("refused").unwrap_or(0.0) / sum("errors")?)
        })
        .collect();
    shares.sort_by(f64::total_cmp);
    let kept = if shares.is_empty() { 0.0 } else { median(&shares) };
    let is_told = verdict_alone(evidence).any(|claim| claim["kind"] == "rate_in_runs" && claim["num"] == "refused");
    (kept >= MANY && !is_told)
        .then(|| format!("that clients kept back {kept} of what fails is not told in the verdict"))
}

/// Failures of a pool that is told to be full or without a server, while it is not.
fn at_other_times(evidence: &Evidence, verdict: &[&Json]) -> Vec<String> {
    let frame = &evidence.frame;
    let troubled = evidence.runs.iter().filter(|run| stretch(run, frame).is_some()).count();
    let is = |pool: &str, states: &[&str]| {
        let of_pool = |claim: &&&Json| claim["kind"] == "runs" && claim["scope"]["pool"] == pool;
        verdict.iter().filter(of_pool).any(|claim| states.contains(&claim["state"].as_str().unwrap_or_default()))
    };
    let suffers = |pool: &str, behind: &str| {
        let so = |run| stretch(run, frame).is_some_and(|range| !through(run, frame, pool, behind, &range).is_empty());
        evidence.runs.iter().any(so)
    };
    let pools = evidence.table.names("pool");
    let saturated = |pool: &&&str| is(pool, &["full", "no_server"]);
    let mut judged: Vec<(&str, Option<&str>)> = Vec::new();
    for pool in &pools {
        let behind = pools.iter().filter(saturated).find(|behind| suffers(pool, behind)).copied();
        let is_behind = pools.iter().any(|caller| is(caller, &["holds", "passes"]) && suffers(caller, pool));
        if is(pool, &["holds"]) && behind.is_some() || (saturated(&pool) && !is_behind && behind.is_none()) {
            judged.push((pool, behind));
        }
    }
    let mut found = Vec::new();
    for (pool, behind) in judged {
        let most: Vec<(&str, f64)> =
            evidence.runs.iter().filter_map(|run| most_of_run(run, frame, pool, behind)).collect();
        let mut shares: Vec<f64> = most.iter().map(|(_, share)| *share).collect();
        shares.sort_by(f64::total_cmp);
        let is_one = most.iter().all(|(outcome, _)| *outcome == most[0].0);
        let due = is_one && 2 * shares.len() >= troubled && !shares.is_empty() && median(&shares) >= MANY;
        let told = |claim: &&&Json| claim["kind"] == "elsewhen_in_runs" && claim["scope"]["pool"] == pool;
        if due && verdict.iter().find(told).is_none() {
            found.push(format!("that {shares:?} of what fails at `{pool}` fails at other times is not told"));
        }
    }
    found
}

/// Trouble before the measured time, and after it.
fn unmeasured(evidence: &Evidence, verdict: &[&Json]) -> Vec<String> {
    let measured = &evidence.frame.range;
    let told = |before: bool| {
        let is = |claim: &&Json| claim["kind"] == "unmeasured_in_runs" && claim["before"] == before;
        verdict.iter().any(is)
    };
    let due = |before: bool| {
        evidence.runs.iter().any(|run| {
            let side = if before { 0..measured.start } else { measured.end..run.len() };
            largest(run, &evidence.frame, side).is_some()
        })
    };
    let missing = [true, false].into_iter().filter(|before| due(*before) && !told(*before));
    missing.map(|before| format!("trouble that is not measured is not told (before: {before})")).collect()
}
