//! `summary.json`: the summary of a run, for scripts.

use serde_json::{Map, Value, json};

use super::scale;
use crate::analysis::{Analysis, Replications, Request};
use crate::experiment::Comparison;
use crate::measure::{Estimate, Figures, Scope, ThresholdResult};
use crate::model;
use crate::report::Context;
use crate::report::clock::Clock;
use crate::report::numbers::json as number;
use crate::report::words::Words;
use crate::system::text;
use crate::vocabulary::{Names, Path};

pub use super::summary_schema::{FORMAT, json_schema};

/// Name of the file.
pub const FILE: &str = "summary.json";

/// The summary as a tree. It is the same on every machine.
pub fn json(context: &Context<'_>, figures: &Figures, analyses: &Replications) -> Value {
    let names = model::names(context.spec);
    let mut root = head(context, figures, analyses);
    root.insert("thresholds".to_owned(), figures.thresholds.iter().map(|result| threshold(result, &names)).collect());
    for kind in ["pools", "regions", "requests"] {
        root.insert(kind.to_owned(), json!({}));
    }
    for (name, pool) in scale::pools(context) {
        root["pools"][name] = pool;
    }
    for (index, name) in names.regions.iter().enumerate() {
        root["regions"][name] = json!({ "trouble": { "state": state(analyses, Scope::region(index)) } });
    }
    for (index, name) in names.requests.iter().enumerate() {
        let of = |is: fn(&Request) -> bool| analyses.first().and_then(|run| run.requests.get(index)).is_some_and(is);
        root["requests"][name] = json!({
            "call": of(|request| request.is_call),
            "heartbeat": of(|request| request.is_heartbeat),
            "optional": of(|request| request.is_optional),
            "trouble": { "state": state(analyses, Scope::request(index)) },
        });
    }
    root.insert("trouble".to_owned(), json!({ "state": state(analyses, Scope::default()) }));
    for (path, estimate) in &figures.summary {
        insert(&mut root, &path.name(&names), figure(*estimate, *path, figures.replications, analyses));
    }
    for (index, name) in names.pools.iter().enumerate() {
        root["pools"][name]["cause"] = cause(analyses, index);
    }
    root.insert("events".to_owned(), json!(figures.events));
    Value::Object(root)
}

/// Head of the summary: scenario, seed, scale, measured time and thresholds.
fn head(context: &Context<'_>, figures: &Figures, analyses: &Replications) -> Map<String, Value> {
    let mut root = Map::new();
    let mut put = |key: &str, value: Value| root.insert(key.to_owned(), value);
    put("format", json!(FORMAT));
    put("name", json!(context.name));
    put("title", json!(context.spec.title));
    if !context.spec.description.is_empty() {
        put("description", json!(context.spec.description));
    }
    put("version", json!(env!("CARGO_PKG_VERSION")));
    put("seed", json!(context.seed));
    put("scale", number(context.scale));
    put("replications", json!(figures.replications));
    if let Some(until_s) = context.partial_until_s {
        put("partial", json!(true));
        put("partial_until_s", number(until_s));
    }
    put("interval_s", number(figures.width_s));
    put("start_s", number(figures.time_s(0)));
    put("end_s", number(figures.time_s(figures.intervals)));
    put("drop", json!(Clock::of_drop(context.spec).rfc3339(0.0, 0)));
    if let Some(Analysis { frame, .. }) = analyses.first() {
        put("measure", json!({ "from_s": number(frame.from_s()), "until_s": number(frame.until_s()) }));
        put("window_s", number(frame.window_s()));
        put("bound", number(frame.bound));
        put("wait_bound_s", number(frame.wait_bound.seconds()));
    }
    root
}

/// The state of a scope: its name with one replication, the number of replications with each state with several.
fn state(analyses: &Replications, scope: Scope) -> Value {
    let states = analyses.states(scope);
    if analyses.only().is_some() {
        return states.iter().find(|(_, share)| share.k > 0).map_or(Value::Null, |(state, _)| json!(state.name()));
    }
    Value::Object(states.iter().map(|(state, share)| (state.name().to_owned(), json!(share.k))).collect())
}

/// Why a pool loses attempts or makes them wait: null if it does not, with several replications how often each cause.
fn cause(analyses: &Replications, pool: usize) -> Value {
    let mut causes = analyses.causes(pool);
    if analyses.only().is_some() {
        return causes.next().map_or(Value::Null, |cause| json!(cause));
    }
    let mut counts: Map<String, Value> = Map::new();
    for cause in causes {
        let count = counts.entry(cause).or_insert(json!(0));
        *count = json!(count.as_u64().unwrap_or(0) + 1);
    }
    Value::Object(counts)
}

/// Adds what is said about the run to its summary: the verdict, the further findings, the key figures and the
/// titles of the charts, each with its claims.
pub fn say(tree: &mut Value, words: &Words) {
    let titles = words.titles.iter().map(|(chart, title)| ((*chart).to_owned(), json!(title)));
    tree["verdict"] = json!(words.verdict);
    tree["findings"] = json!(words.findings);
    tree["key_figures"] = json!(words.key_figures);
    tree["titles"] = Value::Object(titles.collect());
}

/// The paired differences of scenario `arm` from the first scenario, as a tree like that of the summary.
pub fn differences(first: &Context<'_>, comparison: &Comparison, arm: usize) -> Value {
    let mut root = Map::new();
    let same_crowds = comparison.arms.get(arm).is_some_and(|arm| arm.same_crowds);
    root.insert("to".to_owned(), json!(first.name));
    root.insert("same_crowds".to_owned(), json!(same_crowds));
    for metric in &comparison.metrics {
        let difference = comparison.difference(arm, metric.name());
        insert(&mut root, metric.name(), told(difference, comparison.replications));
    }
    Value::Object(root)
}

/// The bytes of the file: indented, with a newline at the end.
pub fn bytes(tree: &Value) -> Vec<u8> {
    let mut bytes = text::json(tree).into_bytes();
    bytes.push(b'\n');
    bytes
}

/// Puts a value at a dotted name. Where a name is a figure and a folder of figures at once, the figure moves to
/// `value` within the folder, so that nothing is lost.
fn insert(tree: &mut Map<String, Value>, name: &str, value: Value) {
    let Some((folder, rest)) = name.split_once('.') else {
        match tree.get_mut(name) {
            Some(Value::Object(inside)) if !value.is_object() => inside.insert("value".to_owned(), value),
            _ => tree.insert(name.to_owned(), value),
        };
        return;
    };
    let slot = tree.entry(folder).or_insert_with(|| json!({}));
    if !slot.is_object() {
        *slot = json!({ "value": slot.take() });
    }
    if let Value::Object(inside) = slot {
        insert(inside, rest, value);
    }
}

/// A figure: its mean, the ends of the 95% interval with several replications, and the number of those that have a value.
/// A figure that only some of them have is no mean but a median with a range.
fn figure(estimate: Option<Estimate>, path: Path, replications: usize, analyses: &Replications) -> Value {
    let spread = || analyses.spread_of(path).filter(|_| replications > 1 && path.figure.is_of_some_runs());
    match (estimate, spread()) {
        (_, Some(spread)) => {
            let mut tree = told(estimate, replications);
            tree["n"] = json!(spread.k);
            for (key, value) in [("median", spread.median), ("least", spread.low), ("most", spread.high)] {
                tree[key] = number(value);
            }
            tree
        }
        _ => told(estimate, replications),
    }
}

/// An estimate; nulls and an `n` of 0 where there is none. One value has no interval.
fn told(estimate: Option<Estimate>, replications: usize) -> Value {
    let end = |end: f64| if replications > 1 { number(end) } else { Value::Null };
    match estimate {
        None => json!({ "mean": null, "low": null, "high": null, "n": 0 }),
        Some(Estimate { mean, low, high, n }) => {
            json!({ "mean": number(mean), "low": end(low), "high": end(high), "n": n })
        }
    }
}

fn threshold(result: &ThresholdResult, names: &Names) -> Value {
    let of = [
        ("region", result.scope.region, &names.regions),
        ("pool", result.scope.pool, &names.pools),
        ("request", result.scope.request, &names.requests),
    ];
    let of = of.into_iter().filter_map(|(kind, index, names)| Some((kind.to_owned(), json!(names.get(index?)?))));
    let seconds = |value: Option<f64>| value.map_or(Value::Null, number);
    json!({
        "text": result.text,
        "metric": result.metric.name(names),
        "of": of.collect::<Map<String, Value>>(),
        "after_s": seconds(result.after_s),
        "before_s": seconds(result.before_s),
        "window_s": number(result.window_s),
        "op": if result.at_most { "<=" } else { ">=" },
        "bound": number(result.bound),
        "worst": number(result.worst),
        "worst_at_s": number(result.worst_at_s),
        "worst_window_s": number(result.worst_window_s),
        "held": result.held,
        "held_in": result.held_in,
        "judged_in": result.judged_in,
        "n": result.n,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Sample;
    use crate::report::support::Morning;
    use crate::vocabulary::Figure;

    #[test]
    fn dotted_names_become_folders_and_missing_figures_null() {
        let mut morning = Morning::new();
        morning.figures.summary.push((Figure::Recovery.into(), None));
        let tree = json(&morning.context(), &morning.figures, &Replications::default());
        assert!(tree["viewers"]["arrived"]["mean"].is_i64(), "{tree:#}");
        assert_eq!(tree["viewers"]["arrived"]["low"], Value::Null);
        assert_eq!(tree["recovery_s"], json!({ "mean": null, "low": null, "high": null, "n": 0 }));
        assert_eq!(
            (&tree["seed"], &tree["format"], &tree["drop"]),
            (&json!(504), &json!(1), &json!("2020-04-03T09:00:00+02:00"))
        );
    }

    #[test]
    fn with_replications_each_figure_has_its_interval() {
        let mut morning = Morning::new();
        morning.replicate(8);
        let tree = json(&morning.context(), &morning.figures, &Replications::default());
        assert_eq!(tree["viewers"]["arrived"]["n"], 8);
        assert!(tree["viewers"]["arrived"]["low"].is_number());
    }

    #[test]
    fn differences_are_of_the_replications_in_which_both_scenarios_have_a_value() {
        let sample = |recovery: [f64; 3]| {
            let of = |value: f64| move |figure: &Figure| if *figure == Figure::Recovery { value } else { 0.0 };
            let summary = |value: f64| Figure::of_everything().iter().map(of(value)).collect();
            Sample { seed: 1, summaries: recovery.map(summary).into() }
        };
        let (before, after) = (sample([60.0, 120.0, 180.0]), sample([120.0, f64::NAN, 240.0]));
        let tree = differences(&Morning::new().context(), &Comparison::of(&[&before, &after]), 1);
        assert_eq!((tree["recovery_s"]["mean"].as_f64(), tree["recovery_s"]["n"].as_u64()), (Some(60.0), Some(2)));
        assert_eq!((tree["to"].as_str(), tree["same_crowds"].as_bool()), (Some("la-casa-de-papel"), Some(true)));
    }

    #[test]
    fn a_figure_that_is_also_a_folder_loses_nothing() {
        let mut tree = Map::new();
        insert(&mut tree, "a", json!(1));
        insert(&mut tree, "a.b", json!(2));
        insert(&mut tree, "c.d", json!(3));
        insert(&mut tree, "c", json!(4));
        assert_eq!(Value::Object(tree), json!({ "a": { "value": 1, "b": 2 }, "c": { "d": 3, "value": 4 } }));
    }
}
