//! The plan file as types: one struct per table, one field per key.

use std::borrow::Cow;
use std::sync::LazyLock;

use indexmap::IndexMap;
use schemars::{JsonSchema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value as Json, json};

use super::draft::range_schema;
use crate::document::bound::Bound;
use crate::document::schema::Schema;
use crate::document::unions::OneOrMany;
use crate::units::tidy;
use crate::vocabulary::Unit;

/// A plan: which scenario, what varies in it, and how often each point is run.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "dropstorm plan")]
pub(super) struct PlanSpec {
    /// What the sweep is called in charts; the scenario's title by default.
    #[serde(default)]
    pub title: String,
    /// What this plan is to find out.
    #[serde(default)]
    pub description: String,
    /// The scenario file, beside the plan.
    #[schemars(extend("examples" = ["../my-drop.toml"]))]
    pub scenario: String,
    /// How many times each point is run; 1 by default.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100_000))]
    pub replications: Option<u64>,
    /// Instead of a fixed number: each point is run until one figure's interval is narrow enough.
    #[serde(default)]
    pub until: Option<Until>,
    /// Another scale than the scenario's.
    #[serde(default)]
    #[schemars(range(min = 1e-6, max = 1.0))]
    pub scale: Option<f64>,
    /// Another seed than the scenario's.
    #[serde(default)]
    #[schemars(range(max = 9_223_372_036_854_775_807_u64))]
    pub seed: Option<u64>,
    /// What varies: values or a range by dotted path. Several paths, with commas between them, move together.
    #[schemars(extend("examples" = ["{ \"pool.api.servers\" = [100, 200, 400] }"]))]
    #[expect(dead_code, reason = "it is read from the tree, which knows its place; here it stands for the schema")]
    pub vary: IndexMap<String, Json>,
    /// Points drawn from the ranges, instead of the grid of every combination.
    #[serde(default)]
    pub sample: Option<Sample>,
    /// The point that the others are compared with, by the values that it has.
    #[serde(default)]
    #[expect(dead_code, reason = "it is read from the tree, which knows its place; here it stands for the schema")]
    pub baseline: IndexMap<String, Json>,
    /// Charts to draw; without it some that suit the plan are drawn.
    #[serde(default)]
    pub show: Show,
}

/// Runs each point until the interval of one figure is narrow enough.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Until {
    /// A figure of the summary.
    #[schemars(extend("examples" = ["error_rate.overall"]))]
    pub metric: String,
    /// Half the width of its 95% interval: a number in the figure's own unit, or a share of its mean such as `"5%"`.
    pub half_width: HalfWidth,
    /// At most so many replications of a point, narrow or not.
    #[schemars(range(min = 2, max = 100_000))]
    pub at_most: u64,
}

/// How narrow an interval must be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum HalfWidth {
    /// In the unit of the figure.
    Absolute(f64),
    /// As a share of its mean.
    Relative(f64),
}

impl Serialize for HalfWidth {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            HalfWidth::Absolute(value) => serializer.serialize_f64(*value),
            HalfWidth::Relative(share) => serializer.collect_str(&format_args!("{}%", tidy(share * 100.0))),
        }
    }
}

impl<'de> Deserialize<'de> for HalfWidth {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bound = Bound::deserialize(deserializer)?;
        Ok(match bound.unit {
            Some(Unit::Share) => HalfWidth::Relative(bound.value),
            _ => HalfWidth::Absolute(bound.value),
        })
    }
}

impl JsonSchema for HalfWidth {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "HalfWidth".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> schemars::Schema {
        json_schema!({
            "anyOf": [
                { "type": "string", "format": "bound", "title": "a share of the mean", "examples": ["5%"] },
                { "type": "number", "examples": [0.01] }
            ]
        })
    }
}

/// Points drawn from ranges.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// How the points are drawn.
    pub design: Design,
    /// How many.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub points: u64,
    /// Seed of the drawing; another seed gives other points.
    #[serde(default)]
    #[schemars(range(max = 4_294_967_295_u64))]
    pub seed: u32,
}

/// How points are drawn from the ranges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Design {
    /// Owen-scrambled Sobol sequence: fills the space most evenly; at most 65,536 points. Powers of two are best.
    Sobol,
    /// Each parameter's range is cut into as many layers as there are points, and each layer is met once.
    LatinHypercube,
    /// Independent uniform draws.
    Random,
}

/// Charts to draw; each may be one table or a list of tables.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Show {
    /// A figure over two parameters as colour.
    #[serde(default, skip_serializing_if = "OneOrMany::is_empty")]
    pub heatmap: OneOrMany<Heatmap>,
    /// A figure over one parameter, as curves with bands.
    #[serde(default, skip_serializing_if = "OneOrMany::is_empty")]
    pub curves: OneOrMany<Curves>,
    /// A heatmap for each value of a third parameter.
    #[serde(default, skip_serializing_if = "OneOrMany::is_empty")]
    pub small_multiples: OneOrMany<SmallMultiples>,
    /// The parameters by how much they move a figure.
    #[serde(default, skip_serializing_if = "OneOrMany::is_empty")]
    pub ranking: OneOrMany<Ranking>,
}

/// A figure over two parameters as colour.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Heatmap {
    /// The parameter from left to right.
    pub x: String,
    /// The parameter from bottom to top.
    pub y: String,
    /// The figure that is the colour.
    pub colour: String,
    /// Draws the line along which the figure has this value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contour: Option<Bound>,
}

/// A figure over one parameter, as curves with bands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Curves {
    /// The parameter from left to right.
    pub x: String,
    /// The figure.
    pub y: String,
    /// A curve for each value of this parameter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// A heatmap for each value of a third parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SmallMultiples {
    /// The parameter from left to right in each.
    pub x: String,
    /// The parameter from bottom to top in each.
    pub y: String,
    /// The figure that is the colour.
    pub colour: String,
    /// The parameter that differs from heatmap to heatmap.
    pub across: String,
    /// Draws the line along which the figure has this value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contour: Option<Bound>,
}

/// The parameters by how much they move a figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ranking {
    /// The figures, a chart for each.
    #[schemars(length(min = 1))]
    pub metrics: Vec<String>,
}

/// The schema of the plan file.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> =
        LazyLock::new(|| Schema::of::<PlanSpec>("plan").if_empty("a plan states a `scenario` and what is to `vary`"));
    &SCHEMA
}

/// The JSON Schema (2020-12) of the plan file, for editors.
pub fn json_schema() -> Json {
    let mut whole = schema().published();
    let mut range = range_schema().published();
    // Within another schema a part does not name the dialect.
    if let Some(range) = range.as_object_mut() {
        range.shift_remove("$schema");
    }
    let listed = json!({ "type": "array", "minItems": 1 });
    // Of paths that are written without quotes each part is a table.
    let group = json!({ "type": "object", "not": { "required": ["from"] } });
    whole["properties"]["vary"]["additionalProperties"] = json!({ "anyOf": [listed, range, group] });
    whole
}
