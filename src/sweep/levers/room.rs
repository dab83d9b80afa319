//! Levers of waiting rooms: one where there is none, and the rate of those that there are.

use super::setting::{Inserted, Setting};
use crate::model::Model;
use crate::model::warnings::requests_per_viewer;
use crate::scenario::Scenario;
use crate::scenario::spec::Spec;

/// Share of what the bottlenecks can serve that a waiting room lets in.
const LET_IN: f64 = 0.9;
/// Least difference of a rate from that of the scenario, as a share of it.
const DIFFERS: f64 = 0.05;
/// Name of the waiting room of a lever.
pub const NAME: &str = "lobby";

/// A waiting room before the requests of each journey, after a wait for the drop, where there is no waiting room: it lets as many in
/// as the scarcest of the pools can serve for most of the time, with the requests before the room and the heartbeats of streams.
pub fn new(scenario: &Scenario, pools: &[&str]) -> Vec<Setting> {
    let spec = scenario.spec();
    if !spec.waiting_room.is_empty() {
        return Vec::new();
    }
    let model = Model::compile(scenario);
    let mut rate = f64::INFINITY;
    let mut settings = Vec::new();
    for (index, (name, journey)) in spec.journey.iter().enumerate() {
        let waits = journey.steps.iter().rposition(|step| step.wait.is_some()).map(|index| index + 1);
        let place = waits.or_else(|| journey.steps.iter().position(|step| step.request.is_some()));
        let Some(place) = place.filter(|place| *place < journey.steps.len()) else { continue };
        rate = rate.min(served(&model, spec, index, pools));
        let path = format!("journey.{name}.steps");
        if let Some(toml::Value::Array(mut steps)) = scenario.value(&path) {
            let enter = toml::Table::from_iter([("enter".to_owned(), toml::Value::from(NAME))]);
            steps.insert(place, toml::Value::Table(enter));
            settings.push(Setting::new(path, toml::Value::Array(steps).to_string()));
        }
    }
    // Pools without an end need no room.
    if !rate.is_finite() || rate <= 0.0 {
        return Vec::new();
    }
    settings.push(Setting::new(
        format!("waiting_room.{NAME}"),
        format!("{{ admit = {{ rate = \"{}/s\" }} }}", rounded(rate)),
    ));
    settings
}

/// The rates of the waiting rooms that have one and keep it all through, where they differ from what the scarcest of the pools can
/// serve for most of the time.
pub fn rates(scenario: &Scenario, pools: &[&str]) -> Vec<Setting> {
    let spec = scenario.spec();
    if spec.waiting_room.is_empty() {
        return Vec::new();
    }
    let model = Model::compile(scenario);
    let mut settings = Vec::new();
    for (name, room) in &spec.waiting_room {
        let Some(own) = room.admit.rate else { continue };
        let path = format!("waiting_room.{name}.admit.rate");
        let enters = |index: &usize| {
            let steps = spec.journey.get_index(*index).map(|(_, journey)| journey.steps.iter());
            steps.into_iter().flatten().any(|step| step.enter.as_ref() == Some(name))
        };
        let journeys = (0..spec.journey.len()).filter(enters);
        let rate = journeys.map(|index| served(&model, spec, index, pools)).fold(f64::INFINITY, f64::min);
        let changes = spec.change.iter().any(|change| change.set.keys().any(|set| path.starts_with(set.as_str())));
        if rate.is_finite() && rate > 0.0 && (rate / own.0 - 1.0).abs() > DIFFERS && !changes {
            settings.push(Setting::new(path, format!("{}/s", rounded(rate))));
        }
    }
    settings
}

/// The step that a lever put into the journey with these steps, if it is an entry into its waiting room.
pub fn inserted(changed: &Scenario, path: String) -> Option<Inserted> {
    let name = path.strip_prefix("journey.")?.strip_suffix(".steps")?;
    let steps = &changed.spec().journey.get(name)?.steps;
    let at = steps.iter().position(|step| step.enter.as_deref() == Some(NAME))?;
    Some(Inserted { words: format!("enter {NAME} before step {}", at + 1), path })
}

/// People on a journey a second whom the scarcest of some pools can serve for most of the time; infinite where none has an end.
fn served(model: &Model, spec: &Spec, journey: usize, pools: &[&str]) -> f64 {
    let Some(first) = model.epochs.first() else { return f64::INFINITY };
    let of_pool = |pool: &&str| {
        let asked = asked(model, spec, journey, pool);
        let settings = spec.pool.get_index_of(*pool).and_then(|index| first.settings.pools.get(index));
        settings.filter(|_| asked > 0.0).map(|it| LET_IN * it.stated_capacity() / spec.scale / asked)
    };
    pools.iter().filter_map(of_pool).fold(f64::INFINITY, f64::min)
}

/// Expected attempts of one person on a journey at a pool, where all are served: those of every step, as often as it is
/// done, and heartbeats; in the region with most of them.
fn asked(model: &Model, spec: &Spec, journey: usize, pool: &str) -> f64 {
    let Some(settings) = model.epochs.first().map(|epoch| &epoch.settings) else { return 0.0 };
    let Some(steps) = settings.journeys.get(journey) else { return 0.0 };
    let requests = requests_per_viewer(steps);
    let name = |index: usize| spec.pool.get_index(index).map_or("", |(name, _)| name.as_str());
    let in_region = |region: usize| {
        let at = |tier: usize| {
            let pools = settings.regions[region].routes[tier].pools.iter();
            pools.map(|(share, index)| share * reach(spec, name(*index), pool)).sum::<f64>()
        };
        requests.iter().map(|(tier, times)| times * at(*tier)).sum::<f64>()
    };
    let cohorts = model.cohorts.iter().filter(|cohort| cohort.journey == journey);
    cohorts.map(|cohort| in_region(cohort.region)).fold(0.0, f64::max)
}

/// Expected attempts at a pool for each attempt at another, by its calls, where all are served and caches are full.
pub fn reach(spec: &Spec, from: &str, pool: &str) -> f64 {
    if from == pool {
        return 1.0;
    }
    let Some(caller) = spec.pool.get(from) else { return 0.0 };
    // Calls go round in no cycle, so this ends.
    let calls = caller.calls.each().map(|(_, call)| call);
    calls.filter_map(|call| Some(call.mean_times() * reach(spec, call.pool.as_deref()?, pool))).sum()
}

/// A rate with six digits at most.
fn rounded(rate: f64) -> f64 {
    format!("{rate:.5e}").parse().unwrap_or(rate)
}
