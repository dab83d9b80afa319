//! Limits on the size of a scenario, checked before anything else.

use super::journeys;
use crate::document::findings::Findings;
use crate::document::unions::{Counts, StringOr};
use crate::scenario::spec::{Audience, Spec};

/// Most entries of a table whose entries have rows of their own in `intervals.csv`.
const MOST_NAMES: usize = 64;

/// Most steps of a journey.
const MOST_STEPS: usize = 200;

/// Most thresholds of a scenario.
const MOST_THRESHOLDS: usize = 1_000;

/// Most pools in one route, names in a multiplier, rungs of a ladder, points of a profile and the like.
const MOST_ENTRIES: usize = 10_000;

/// Most (audience, region) pairs; each is an arrival process of its own.
const MOST_PAIRS: usize = MOST_NAMES * MOST_NAMES;

/// Reports all counts above their limits. Returns whether there are none, so that the other checks may go on.
pub(super) fn check(spec: &Spec, out: &mut Findings<'_>) -> bool {
    let before = out.found.len();
    for (path, what, count) in [
        ("region", "regions", spec.region.len()),
        ("audience", "audiences", spec.audience.len()),
        ("multiplier", "multipliers", spec.multiplier.len()),
        ("journey", "journeys", spec.journey.len()),
        ("pool", "pools", spec.pool.len()),
        ("client", "clients", spec.client.len()),
        ("waiting_room", "waiting rooms", spec.waiting_room.len()),
    ] {
        out.at_most(path, what, count, MOST_NAMES);
    }
    out.at_most("threshold", "thresholds", spec.threshold.len(), MOST_THRESHOLDS);
    out.at_most("reports.usual", "regions", spec.reports.usual.len(), MOST_ENTRIES);
    for (name, journey) in &spec.journey {
        out.at_most(&format!("journey.{name}.steps"), "steps", journey.steps.len(), MOST_STEPS);
    }
    out.at_most("audience", "pairs of an audience and a region", spec.audience.values().map(pairs).sum(), MOST_PAIRS);
    for (name, audience) in &spec.audience {
        let points = audience.profile.as_ref().map_or(0, Vec::len);
        out.at_most(&format!("audience.{name}.profile"), "points", points, MOST_ENTRIES);
        if let Some(StringOr::Table(mix)) = &audience.client {
            out.at_most(&format!("audience.{name}.client"), "clients", mix.len(), MOST_ENTRIES);
        }
    }
    for (name, multiplier) in &spec.multiplier {
        for (key, list) in [("audiences", &multiplier.audiences), ("regions", &multiplier.regions)] {
            let count = list.as_ref().map_or(0, Vec::len);
            out.at_most(&format!("multiplier.{name}.{key}"), "names", count, MOST_ENTRIES);
        }
    }
    for (name, region) in &spec.region {
        let entries = region.route.len() + region.route.values().map(indexmap::IndexMap::len).sum::<usize>();
        out.at_most(&format!("region.{name}.route"), "entries", entries, MOST_ENTRIES);
    }
    let deliveries = spec.region.iter().map(|(name, region)| (format!("region.{name}.delivery"), &region.delivery));
    for (path, delivery) in deliveries.chain([("delivery".to_owned(), &spec.delivery)]) {
        if let Some(delivery) = delivery {
            out.at_most(&format!("{path}.ladder"), "rungs", delivery.ladder.len(), MOST_ENTRIES);
            out.at_most(&format!("{path}.devices"), "devices", delivery.devices.len(), MOST_NAMES);
        }
    }
    if out.found.len() == before {
        out.at_most("journey", "different requests", journeys::requests(spec).len(), MOST_NAMES);
    }
    out.found.len() == before
}

/// Number of rows in each interval: the sum, regions, pools, requests, and pairs of pool and request and of region and pool.
pub(super) fn rows(spec: &Spec) -> usize {
    let (regions, pools, requests) = (spec.region.len(), spec.pool.len(), journeys::requests(spec).len());
    // Calls of one pool to another are a request of their own, which goes to one pool only.
    let calls = crate::scenario::calls::requests_of_calls(spec).len();
    1 + regions + pools + requests + pools * requests + regions * pools + 2 * calls
}

/// Number of regions in which an audience has people.
fn pairs(audience: &Audience) -> usize {
    match (&audience.viewers, &audience.rate) {
        (Some(Counts::ByName(table)), _) => table.len(),
        (_, Some(StringOr::Table(table))) => table.len(),
        _ => 1,
    }
}
