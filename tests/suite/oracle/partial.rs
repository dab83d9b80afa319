//! Runs that a limit ended: what is told is of the part that was simulated.

use std::path::Path;

use super::evidence::{Evidence, Order};
use super::judge::faults;
use super::table::Scope;

/// Scenarios of the library, each with the scale at which it is run.
const FILES: [(&str, &str); 4] = [
    ("textbook/retry-storm", "0.1"),
    ("textbook/lifo-after-a-spike", "0.1"),
    ("surges/ticket-sale", "0.05"),
    ("la-casa-de-papel-part-4", "0.01"),
];

/// Numbers of events after which a run is ended: before the drop, about the drop and after it.
const LIMITS: [u64; 4] = [2_000, 20_000, 60_000, 150_000];

/// The moments of a claim, in seconds from the drop.
fn moments(claim: &serde_json::Value) -> Vec<f64> {
    let kind = claim["kind"].as_str().unwrap_or_default();
    let edges = ["from_s", "to_s", "over_from_s", "over_to_s", "until_s", "since_s", "at_s"];
    let own = ["begins", "over", "not_over", "few_after", "moment"].contains(&kind).then_some("value");
    edges.into_iter().chain(own).filter_map(|key| claim[key].as_f64()).collect()
}

/// What is told of a time that was not simulated.
fn beyond(evidence: &Evidence, until_s: f64) -> Vec<String> {
    let claims = evidence.claims().into_iter();
    let late = claims.filter(|claim| moments(claim).into_iter().any(|moment| moment > until_s));
    late.map(|claim| format!("the run ended at {until_s} s: {claim}")).collect()
}

/// The regions in which more people come to harm than are there.
fn strangers(evidence: &Evidence) -> Vec<String> {
    let regions = evidence.summary["regions"].as_object().into_iter().flatten();
    let found = regions.flat_map(|(name, region)| {
        let people = |figure: &str| region[figure].as_f64().or(region[figure]["mean"].as_f64()).unwrap_or(0.0);
        let harms = ["saw_error", "gave_up", "waited", "stalled", "degraded"].into_iter();
        let more = harms.filter(move |harm| people(harm) > people("present"));
        more.map(move |harm| format!("in {name} more people {harm} than are present"))
    });
    found.collect()
}

#[test]
fn a_run_that_a_limit_ended_tells_of_no_time_after_its_end() {
    let (mut wrong, mut parts) = (Vec::new(), 0);
    for (name, scale) in FILES {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/{name}.toml"));
        for limit in LIMITS {
            let order = Order { limit: Some(limit), ..Order::of(&file).with("scale", scale) };
            let Ok(evidence) = order.run() else { continue };
            let Some(until_s) = evidence.summary["partial_until_s"].as_f64() else { continue };
            parts += 1;
            let attempts = evidence.table.sum(&Scope::default(), "attempts", &evidence.frame.range);
            // People are counted to the moment of the end, which may lie in the first interval in which anybody asks.
            let judged = if attempts > Some(0.0) { faults(&evidence) } else { Vec::new() };
            let found = [beyond(&evidence, until_s), strangers(&evidence), judged].concat();
            wrong.extend(found.into_iter().map(|fault| format!("{name} after {limit} events: {fault}")));
        }
    }
    assert!(parts >= 10, "only {parts} runs were ended by a limit");
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
}
