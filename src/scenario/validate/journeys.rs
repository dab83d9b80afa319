//! Checks of journeys: steps, turns, and tiers of requests.

use indexmap::IndexSet;

use crate::document::diagnostics::{quoted, suggest};
use crate::document::distribution::Distribution;
use crate::document::findings::{Findings, Names};
use crate::document::law::{self, always_zero};
use crate::policy::Problem;
use crate::scenario::spec::{Journey, Spec, Step};
use crate::units::Span;

/// Shortest period of a heartbeat; a shorter one would flood any pool.
const SHORTEST_HEARTBEAT: Span = Span(10_000_000);

/// Shortest mean time of a loop of steps, in nanoseconds.
const SHORTEST_ROUND: f64 = 1_000.0;

/// Number of rounds up to which their length does not matter.
const MOST_ROUNDS_AT_ONCE: f64 = 100.0;

/// Probability of a return above which viewers repeat a loop so often that its length matters.
const OFTEN: f64 = 0.999;

pub(super) fn check(spec: &Spec, out: &mut Findings<'_>) {
    rooms(spec, out);
    for (name, journey) in &spec.journey {
        let path = format!("journey.{name}");
        out.key_name(&path, name, Names::OfTables);
        for (index, step) in journey.steps.iter().enumerate() {
            let path = format!("{path}.steps.{index}");
            keys(&path, step, out);
            for (path, tier, name) in asked(&path, step) {
                ask(&path, (tier, name), spec, out);
            }
            if let Some(room) = step.enter.as_ref().filter(|room| !spec.waiting_room.contains_key(*room)) {
                out.unknown(&format!("{path}.enter"), "waiting room", room, spec.waiting_room.keys());
            }
            then(&path, journey, index, spec, out);
        }
        if let Some(repeat) = &journey.repeat {
            let round = shortest(&journey.steps, spec).max(repeat.pacing().0 as f64);
            if round < SHORTEST_ROUND && repeat.rounds() > MOST_ROUNDS_AT_ONCE {
                too_fast(&format!("{path}.repeat"), round, out);
            }
        }
    }
}

/// Checks the names, the limits and the polls of waiting rooms.
fn rooms(spec: &Spec, out: &mut Findings<'_>) {
    for (name, room) in &spec.waiting_room {
        let path = format!("waiting_room.{name}");
        out.key_name(&path, name, Names::OfTables);
        Problem::report(room.problems(), &path, out);
        if let Some(poll) = room.poll.as_ref().filter(|poll| poll.every < SHORTEST_HEARTBEAT) {
            let (title, label) = ("the room is polled too often", format!("{} is too short", poll.every));
            out.value(&format!("{path}.poll.every"), title, label, format!("at least {SHORTEST_HEARTBEAT}"));
        }
    }
    for (path, tier, name) in polled(spec) {
        ask(&path, (tier, name), spec, out);
    }
}

/// The requests of a step and of its heartbeat: path, tier, and name if one is stated.
fn asked<'s>(path: &str, step: &'s Step) -> impl Iterator<Item = (String, &'s str, Option<&'s str>)> {
    let request = step.request.as_deref().map(|tier| (path.to_owned(), tier, step.name.as_deref()));
    let heartbeat =
        step.heartbeat.as_ref().map(|beat| (format!("{path}.heartbeat"), beat.request.as_str(), beat.name.as_deref()));
    request.into_iter().chain(heartbeat)
}

/// The polls of waiting rooms: path, tier, and name if one is stated.
fn polled(spec: &Spec) -> impl Iterator<Item = (String, &str, Option<&str>)> {
    spec.waiting_room.iter().filter_map(|(name, room)| {
        let poll = room.poll.as_ref()?;
        Some((format!("waiting_room.{name}.poll"), poll.request.as_str(), poll.name.as_deref()))
    })
}

/// Every tier to which some journey makes a request, or the page of a waiting room.
pub(super) fn tiers(spec: &Spec) -> IndexSet<String> {
    let steps = spec.journey.values().flat_map(|journey| &journey.steps);
    let asked = steps.flat_map(|step| asked("", step)).chain(polled(spec));
    asked.map(|(_, tier, _)| tier.to_owned()).collect()
}

/// Every name under which requests are counted.
pub(super) fn requests(spec: &Spec) -> IndexSet<String> {
    let steps = spec.journey.values().flat_map(|journey| &journey.steps);
    let asked = steps.flat_map(|step| asked("", step)).chain(polled(spec));
    asked.map(|(_, tier, name)| name.unwrap_or(tier).to_owned()).collect()
}

/// Reports keys that belong to another kind of step.
fn keys(path: &str, step: &Step, out: &mut Findings<'_>) {
    let at = |key: &str| format!("{path}.{key}");
    if step.request.is_none() {
        for key in ["name", "times", "optional", "priority"] {
            out.misplaced(&at(key), "a step with `request`");
        }
    }
    if step.wait.is_none() && step.until.is_none() {
        out.misplaced(&at("spread"), "a step with `wait`, or a stream with `until`");
    }
    if step.stream.is_none() {
        out.misplaced(&at("until"), "a step with `stream`");
        out.misplaced(&at("heartbeat"), "a step with `stream`");
    }
    if let Some(beat) = step.heartbeat.as_ref().filter(|beat| beat.every < SHORTEST_HEARTBEAT) {
        let label = format!("{} is too short", beat.every);
        out.value(
            &at("heartbeat.every"),
            "the heartbeat is too frequent",
            label,
            format!("at least {SHORTEST_HEARTBEAT}"),
        );
    }
}

/// Reports a tier that is neither a pool nor routed in every region, and a name that cannot stand in tables.
fn ask(path: &str, (tier, name): (&str, Option<&str>), spec: &Spec, out: &mut Findings<'_>) {
    match name {
        Some(name) => out.value_name(&format!("{path}.name"), name),
        None => out.value_name(&format!("{path}.request"), tier),
    }
    if spec.pool.contains_key(tier) {
        return;
    }
    let path = format!("{path}.request");
    let routed = spec.region.values().any(|region| region.route.contains_key(tier));
    let without = spec.region.iter().find(|(_, region)| !region.route.contains_key(tier));
    match without {
        Some((name, _)) if routed => {
            let title = format!("region {} has no route for {}", quoted(name), quoted(tier));
            let help = format!(
                "no pool is called {} either; add [region.{name}.route] {tier} = {{ POOL = 1.0 }}",
                quoted(tier)
            );
            out.value(&path, title, "no pool serves it there", help);
        }
        Some(_) => out.unknown(&path, "pool or route", tier, spec.pool.keys()),
        None => {}
    }
}

/// The mean time of steps in nanoseconds without any wait.
fn shortest(steps: &[Step], spec: &Spec) -> f64 {
    let mean = |law: &Distribution| law::compile_span(law).mean();
    let service = |tier: &str| spec.pool.get(tier).map_or(f64::INFINITY, |pool| pool.mean_service());
    let of = |step: &Step| match (&step.request, &step.think, &step.stream) {
        (Some(tier), ..) => service(tier),
        (_, Some(law), _) | (.., Some(law)) => mean(law),
        // In later rounds the moment is past.
        _ => 0.0,
    };
    steps.iter().map(of).sum()
}

/// Reports a round that takes almost no time.
fn too_fast(path: &str, round: f64, out: &mut Findings<'_>) {
    let label = format!("one round takes a mean of {}", Span::from_nanos(round));
    let help = "a round takes 1 us or more; `think` or `pacing` makes it longer";
    out.value(path, "viewers go round too fast to be simulated", label, help);
}

/// Reports a `then` that does not name exactly one step, or leads back in no time.
fn then(path: &str, journey: &Journey, index: usize, spec: &Spec, out: &mut Findings<'_>) {
    let step = &journey.steps[index];
    let Some(then) = &step.then else { return };
    let names = journey.steps.iter().map(Step::called).collect::<Vec<_>>();
    let path = format!("{path}.then");
    let name = format!("{path}.name");
    match names.iter().flatten().filter(|name| **name == then.name).count() {
        0 => {
            let known = names.iter().flatten().copied().collect::<Vec<_>>();
            let title = format!("there is no step {}", quoted(&then.name));
            out.value(&name, title, "no step of the journey has this name", suggest(&then.name, known));
        }
        1 => {}
        _ => {
            let title = format!("several steps are called {}", quoted(&then.name));
            out.value(&name, title, "ambiguous", "give one of them another `name`");
        }
    }
    let target = names.iter().position(|name| *name == Some(then.name.as_str())).filter(|target| *target <= index);
    let Some(target) = target else { return };
    if step.stream.as_ref().is_some_and(always_zero) {
        let label = "viewers could go round without end at one instant";
        return out.value(
            &path,
            "a stream of no length cannot lead back",
            label,
            "give the stream a length above zero",
        );
    }
    let round = shortest(&journey.steps[target..=index], spec);
    if then.probability.0 > OFTEN && round < SHORTEST_ROUND {
        too_fast(&path, round, out);
    }
}
