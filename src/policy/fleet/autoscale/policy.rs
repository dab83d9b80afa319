//! The rule of an autoscaler, as users write it: a target, or steps.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::limits::MOST_SERVERS;
use super::metric::Metric;
use super::rule::{Aim, Amount};
use crate::document::bound::Bound;
use crate::policy::Problem;
use crate::vocabulary::Unit;

/// Rule by which servers are added and removed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// Target tracking: `ceil(sum of the metric over the servers ÷ value)` servers (the Kubernetes horizontal pod
    /// autoscaler, AWS target tracking).
    Target(Target),
    /// Step scaling: servers are added or removed when the metric passes a bound (AWS step scaling).
    Steps(Steps),
}

/// A target of a metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The metric.
    pub metric: Metric,
    /// Target value of the metric.
    #[schemars(schema_with = "level")]
    pub value: Bound,
}

/// Bounds of a metric, each with a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Steps {
    /// The metric.
    pub metric: Metric,
    /// The bounds. Of the bounds that the metric passes, the furthest one holds.
    #[schemars(length(min = 1, max = 100))]
    pub bounds: Vec<ScalingStep>,
}

/// A bound of the metric and its step: `above` with `add`, or `below` with `remove`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScalingStep {
    /// Value above which servers are added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "level")]
    pub above: Option<Bound>,
    /// Value below which servers are removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "level")]
    pub below: Option<Bound>,
    /// Servers to add: a number, or a share of the servers that are not booting, rounded down to at least one. Booting
    /// servers count towards the step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "amount")]
    pub add: Option<Bound>,
    /// Servers to remove: a number, or a share of those wanted, rounded down to at least one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "amount")]
    pub remove: Option<Bound>,
}

/// The forms of a value of a metric.
fn level(_: &mut SchemaGenerator) -> Schema {
    let text = json_schema!({
        "type": "string", "format": "bound", "title": "a share or a rate", "examples": ["60%", "300/s"]
    });
    json_schema!({ "title": "a value of the metric", "anyOf": [{ "type": "number", "minimum": 0.0 }, text] })
}

/// The forms of a number of servers.
fn amount(_: &mut SchemaGenerator) -> Schema {
    let text = json_schema!({ "type": "string", "format": "bound", "title": "a share", "examples": ["20%"] });
    json_schema!({ "title": "servers", "anyOf": [{ "type": "number", "minimum": 0.0, "examples": [4] }, text] })
}

impl Policy {
    /// The metric that decides.
    pub fn metric(&self) -> Metric {
        match self {
            Policy::Target(target) => target.metric,
            Policy::Steps(steps) => steps.metric,
        }
    }

    /// The errors that no schema can state, below the key `policy`.
    pub(super) fn problems(&self, has: &dyn Fn(Metric) -> bool) -> Vec<Problem> {
        let metric = self.metric();
        let mut found = Vec::new();
        let kind = if let Policy::Target(_) = self { "target" } else { "steps" };
        if !has(metric) {
            let title = "slots without limit have no utilization";
            let help = "state `concurrency`, or another metric";
            found.push(Problem::new(format!("{kind}.metric"), title, "no share of the slots", help));
        }
        match self {
            Policy::Target(Target { value, .. }) => {
                if is_wrong(value, metric) || value.value <= 0.0 {
                    let title = "this is no target of the metric";
                    found.push(Problem::new("target.value", title, "no value of it above zero", metric.example()));
                }
            }
            Policy::Steps(Steps { bounds, .. }) => {
                found.extend(contradiction(bounds));
                let steps = bounds.iter().enumerate();
                found
                    .extend(steps.flat_map(|(index, step)| check_step(step, &format!("steps.bounds.{index}"), metric)));
            }
        }
        found.into_iter().map(|problem| problem.below("policy")).collect()
    }

    /// The compiled aim of the rule.
    pub(super) fn compile(&self) -> Aim {
        match self {
            Policy::Target(target) => Aim::Target(target.value.value),
            Policy::Steps(Steps { bounds, .. }) => {
                let list = |pair: fn(&ScalingStep) -> (&Option<Bound>, &Option<Bound>)| {
                    let steps = bounds.iter().map(pair);
                    let steps =
                        steps.filter_map(|(bound, amount)| Some((bound.as_ref()?.value, amount_of(amount.as_ref()?)?)));
                    steps.collect::<Vec<_>>()
                };
                let mut above = list(|step| (&step.above, &step.add));
                let mut below = list(|step| (&step.below, &step.remove));
                above.sort_by(|one, other| one.0.total_cmp(&other.0));
                below.sort_by(|one, other| other.0.total_cmp(&one.0));
                Aim::Steps { above, below }
            }
        }
    }
}

/// Whether a value is none of a metric.
fn is_wrong(bound: &Bound, metric: Metric) -> bool {
    let number = bound.unit.is_none() && metric.unit() != Some(Unit::PerSecond);
    (bound.unit != metric.unit() && !number) || bound.value < 0.0
}

/// The errors of a step at the key `at`.
fn check_step(step: &ScalingStep, at: &str, metric: Metric) -> Vec<Problem> {
    let (bound, amount) = match (&step.above, &step.add, &step.below, &step.remove) {
        (Some(bound), Some(amount), None, None) | (None, None, Some(bound), Some(amount)) => (bound, amount),
        _ => {
            let help = "write { above = …, add = … } or { below = …, remove = … }";
            let title = "a step has one bound and one number of servers";
            return vec![Problem::new(at, title, "not such a step", help)];
        }
    };
    let mut found = Vec::new();
    if is_wrong(bound, metric) {
        let key = if step.above.is_some() { "above" } else { "below" };
        let title = "this is no value of the metric";
        found.push(Problem::new(format!("{at}.{key}"), title, "another quantity", metric.example()));
    }
    if amount_of(amount).is_none() {
        let key = if step.add.is_some() { "add" } else { "remove" };
        let help = "a whole number such as 4, or a share such as \"20%\"";
        found.push(Problem::new(format!("{at}.{key}"), "this is no number of servers", "no step", help));
    }
    found
}

/// The error of the first bound that stands twice, or by which a step removes servers where another one adds some.
fn contradiction(bounds: &[ScalingStep]) -> Option<Problem> {
    let above = |step: &ScalingStep| step.above.as_ref().map(|bound| bound.value);
    let below = |step: &ScalingStep| step.below.as_ref().map(|bound| bound.value);
    let least_added = bounds.iter().filter_map(above).fold(f64::INFINITY, f64::min);
    for (index, step) in bounds.iter().enumerate() {
        let earlier = &bounds[..index];
        let at = |key: &str, title: &str| {
            let help = "the steps that add lie above those that remove, each bound once";
            Some(Problem::new(format!("steps.bounds.{index}.{key}"), title, "against another step", help))
        };
        if above(step).is_some() && earlier.iter().any(|other| above(other) == above(step)) {
            return at("above", "two steps have this bound");
        }
        if below(step).is_some() && earlier.iter().any(|other| below(other) == below(step)) {
            return at("below", "two steps have this bound");
        }
        if below(step).is_some_and(|bound| bound > least_added) {
            return at("below", "this step removes servers where another one adds some");
        }
    }
    None
}

/// The servers of a step; `None` if the value is no number of servers.
fn amount_of(bound: &Bound) -> Option<Amount> {
    match bound.unit {
        Some(Unit::Share) if bound.value > 0.0 => Some(Amount::Share(bound.value)),
        None if bound.value >= 1.0 && bound.value <= MOST_SERVERS as f64 && bound.value.fract() == 0.0 => {
            Some(Amount::Servers(bound.value as u64))
        }
        _ => None,
    }
}
