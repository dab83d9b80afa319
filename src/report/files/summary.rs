//! `summary.json`: the summary of a run, for scripts.

use serde_json::{Map, Number, Value, json};

use crate::experiment::Comparison;
use crate::measure::{Estimate, Figures, ThresholdResult};
use crate::report::Context;
use crate::report::numbers::rounded;
use crate::system::text;

/// Name of the file.
pub const FILE: &str = "summary.json";

/// The summary as a tree. Without `wall_s` the tree is the same on every machine; the digest covers that form.
pub fn json(context: &Context<'_>, figures: &Figures, wall_s: Option<f64>) -> Value {
    let mut root = Map::new();
    root.insert("title".to_owned(), json!(context.spec.title));
    root.insert("scenario".to_owned(), json!(context.name));
    root.insert("seed".to_owned(), json!(context.seed));
    root.insert("scale".to_owned(), number(context.scale));
    root.insert("version".to_owned(), json!(env!("CARGO_PKG_VERSION")));
    root.insert("replications".to_owned(), json!(figures.replications));
    if let Some(until_s) = context.partial_until_s {
        root.insert("partial".to_owned(), json!(true));
        root.insert("partial_until_s".to_owned(), number(until_s));
    }
    for (wanted, estimate) in &figures.summary {
        let value = estimate.map_or(Value::Null, |estimate| figure(estimate, figures.replications));
        insert(&mut root, wanted.name(), value);
    }
    root.insert("events".to_owned(), json!(figures.events));
    if let Some(wall_s) = wall_s {
        root.insert("wall_s".to_owned(), number(wall_s));
    }
    root.insert("thresholds".to_owned(), figures.thresholds.iter().map(threshold).collect());
    Value::Object(root)
}

/// The paired differences of scenario `arm` from the first scenario, as a tree like that of the summary.
pub fn differences(first: &Context<'_>, comparison: &Comparison, arm: usize) -> Value {
    let mut root = Map::new();
    let same_crowds = comparison.arms.get(arm).is_some_and(|arm| arm.same_crowds);
    root.insert("to".to_owned(), json!(first.name));
    root.insert("same_crowds".to_owned(), json!(same_crowds));
    for metric in comparison.metrics {
        let difference = comparison.difference(arm, metric.name());
        let value = difference.map_or(Value::Null, |difference| figure(difference, comparison.replications));
        insert(&mut root, metric.name(), value);
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

/// A figure: a plain number with one replication, mean and interval with several.
fn figure(estimate: Estimate, replications: usize) -> Value {
    if replications <= 1 {
        return number(estimate.mean);
    }
    json!({
        "mean": number(estimate.mean),
        "low": number(estimate.low),
        "high": number(estimate.high),
        "n": estimate.n,
    })
}

fn threshold(result: &ThresholdResult) -> Value {
    json!({
        "text": result.text,
        "held": result.held,
        "worst": number(result.worst),
        "worst_at_s": number(result.worst_at_s),
        "bound": number(result.bound),
    })
}

/// A number in JSON: whole numbers without a point, null for NaN and infinities.
fn number(value: f64) -> Value {
    let value = rounded(value);
    if value.fract() == 0.0 && value.abs() < 9e15 {
        return Value::from(value as i64);
    }
    Number::from_f64(value).map_or(Value::Null, Value::Number)
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
        morning.figures.summary.push((Figure::Recovery, None));
        let tree = json(&morning.context(), &morning.figures, None);
        assert!(tree["viewers"]["arrived"].is_i64(), "{tree:#}");
        assert_eq!(tree["recovery_s"], Value::Null);
        assert_eq!(tree["seed"], 504);
        assert_eq!(tree.get("wall_s"), None);
        assert_eq!(json(&morning.context(), &morning.figures, Some(1.25))["wall_s"], 1.25);
    }

    #[test]
    fn with_replications_each_figure_has_its_interval() {
        let mut morning = Morning::new();
        morning.replicate(8);
        let tree = json(&morning.context(), &morning.figures, None);
        assert_eq!(tree["viewers"]["arrived"]["n"], 8);
        assert!(tree["viewers"]["arrived"]["low"].is_number());
    }

    #[test]
    fn differences_are_of_the_replications_in_which_both_scenarios_have_a_value() {
        let sample = |recovery: [f64; 3]| {
            let of = |value: f64| move |figure: &Figure| if *figure == Figure::Recovery { value } else { 0.0 };
            let summary = |value: f64| Figure::summary().iter().map(of(value)).collect();
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
