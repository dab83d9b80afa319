//! Failures that the causes that are told leave out: those of pools while they are fine, and attempts that clients kept back.

use serde_json::Value as Json;

use super::check::{OUTCOMES, elsewhen, stretch};
use super::evidence::Evidence;
use super::omitted::verdict_alone;
use super::table::Scope;

pub fn omissions(evidence: &Evidence, verdict: &[&Json]) -> Vec<String> {
    let (table, frame) = (&evidence.table, &evidence.frame);
    let fails = evidence.course(&Scope::default()).is_some_and(|course| {
        !course.troubles.is_empty() || course.steady.as_ref().is_some_and(|steady| steady.level.word() == "above")
    });
    let Some(range) = stretch(table, frame).filter(|_| fails) else { return Vec::new() };
    let told =
        |kind: &str, key: &str, value: &str| verdict.iter().any(|claim| claim["kind"] == kind && claim[key] == value);
    let of_everything = |column: &str| table.sum(&Scope::default(), column, &frame.range).unwrap_or(0.0);
    let kept = of_everything("refused") / of_everything("errors");
    let mut found = Vec::new();
    if kept >= 0.2 * (1.0 + 1e-4) && !told("part", "column", "refused") {
        found.push(format!("that clients kept back {kept} of what fails is not told"));
    }
    let others = OUTCOMES.iter().chain(&["rejected"]).map(|outcome| of_everything(outcome)).fold(0.0, f64::max);
    let is_most = kept >= 0.2 * (1.0 + 1e-4) && of_everything("refused") > others * (1.0 + 1e-4);
    let is_told = || verdict_alone(evidence).any(|claim| claim["kind"] == "part" && claim["column"] == "refused");
    if (is_most || kept >= (1.0 + 1e-4) / 3.0) && !is_told() {
        found.push(format!("that clients kept back {kept} of what fails is not told in the verdict"));
    }
    found.extend(kept_back_calls(evidence, verdict));
    // A pool that suffers from another is fine while both are; what it passes on is told by its share.
    let causes = || verdict.iter().copied().filter(|claim| claim["kind"] == "cause");
    let is_saturated = |pool: &str| {
        let is = |claim: &Json| ["full", "no_server"].contains(&claim["is"].as_str().unwrap_or_default());
        causes().any(|claim| claim["name"] == pool && is(claim) && claim["through"].is_null())
    };
    let judged = |pool: &'_ str| -> Option<Vec<String>> {
        let through = causes().find(|claim| claim["name"] == pool && claim["through"].is_string());
        let behind = through.and_then(|claim| claim["through"].as_str());
        if through.is_some_and(|claim| claim["is"] != "holds") || !is_saturated(behind.unwrap_or(pool)) {
            return None;
        }
        let is_behind = causes().any(|claim| claim["through"] == pool);
        (!is_behind).then(|| [Some(pool), behind].into_iter().flatten().map(str::to_owned).collect())
    };
    for pools in table.names("pool").into_iter().filter_map(judged) {
        let pools: Vec<&str> = pools.iter().map(String::as_str).collect();
        let pool = pools[0];
        for outcome in OUTCOMES {
            let share = elsewhen(table, &pools, outcome, &range).unwrap_or(0.0);
            let told = verdict.iter().any(|claim| claim["kind"] == "elsewhen" && claim["scope"]["pool"] == pool);
            if share >= 0.2 * (1.0 + 1e-4) && !told {
                found.push(format!("that {share} of what fails at `{pool}` is `{outcome}` at other times is not told"));
            }
        }
    }
    found
}

/// Calls that a pool passes on as failed, many of which its client for them kept back.
fn kept_back_calls(evidence: &Evidence, verdict: &[&Json]) -> Vec<String> {
    let table = &evidence.table;
    let Some(range) = stretch(table, &evidence.frame) else { return Vec::new() };
    let passes = verdict.iter().filter(|claim| claim["kind"] == "cause" && claim["is"] == "passes");
    let of = |claim: &&Json| table.calls(claim["name"].as_str(), claim["through"].as_str());
    let kept = |call: &&str| {
        let sum = |column: &str| table.sum(&Scope::request(call), column, &range).unwrap_or(0.0);
        sum("refused") / sum("errors") >= 0.2 * (1.0 + 1e-4)
    };
    let told = |call: &&str| {
        let of_call = |claim: &&&Json| claim["num"] == "refused" && claim["scope"]["request"] == **call;
        verdict.iter().find(of_call).is_some()
    };
    let missing = passes.flat_map(of).filter(kept).filter(|call| !told(call));
    missing.map(|call| format!("that clients kept back many of what fails of {call} is not told")).collect()
}
