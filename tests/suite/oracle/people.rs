//! People are counted a second time from a trace of everybody.

use std::collections::{BTreeMap, BTreeSet};

use dropstorm::engine::NoProbe;
use dropstorm::experiment::{self, Trace, TraceEvent};
use dropstorm::model::Model;
use dropstorm::scenario::Scenario;
use dropstorm::vocabulary::Happening;

use super::check::{at_path, same};
use super::generated::run_of;
use crate::properties::case::seeds;

/// How many people something happened to, by the path of the figure in the summary.
pub fn counted(scenario: &Scenario) -> BTreeMap<String, f64> {
    let (spec, model) = (scenario.spec(), Model::compile(scenario));
    let trace = |_| Trace::new(usize::MAX, NoProbe);
    let traced = experiment::replicate_with(&model, spec.seed, 0..1, trace, |run| run.probe.into_events());
    let events: Vec<TraceEvent> = traced.unwrap().remove(0);
    let drop_s = model.drop.seconds();
    let (from, until) = spec.measure.as_ref().map_or((None, None), |measure| (measure.from, measure.until));
    let measured = |event: &&TraceEvent| {
        let at = event.time.seconds() - drop_s;
        from.is_none_or(|from| at >= from.seconds()) && until.is_none_or(|until| at < until.seconds())
    };
    let cohorts = model.cohort_names(spec);
    let mut people: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for kind in ["saw_error", "gave_up"] {
        people.insert(format!("harm.{kind}"), BTreeSet::new());
    }
    for event in events.iter().filter(measured) {
        let kind = match event.what {
            Happening::Arrived => "arrived",
            Happening::ErrorPage => "saw_error",
            Happening::GaveUp => "gave_up",
            _ => continue,
        };
        let region = cohorts[usize::from(event.who.cohort)].1;
        people.entry(format!("harm.{kind}")).or_default().insert(event.viewer);
        people.entry(format!("regions.{region}.{kind}")).or_default().insert(event.viewer);
    }
    people.into_iter().map(|(path, viewers)| (path, viewers.len() as f64 / spec.scale)).collect()
}

/// Scenarios that are small enough for a trace of everybody.
const CASES: u64 = 100;

/// The seed that they are drawn from.
const SEED: u64 = 14;

#[test]
fn people_are_as_many_as_a_trace_of_everybody_shows() {
    let (mut held, mut wrong) = (0, Vec::new());
    for seed in seeds(SEED, CASES) {
        let Some((evidence, text)) = run_of(seed, 1) else { continue };
        for (path, right) in counted(&evidence.scenario) {
            let Some(stated) = at_path(&evidence.summary, &path) else { continue };
            held += 1;
            if !same(stated, right) {
                wrong.push(format!("drawn from {seed}: {path} is {right} in the trace, not {stated}\n{text}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {held} figures differ, such as the one {}", wrong.len(), wrong[0]);
    assert!(held > CASES, "only {held} figures were held against a trace");
}
