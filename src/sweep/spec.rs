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
use crate::units::{Probability, tidy};
use crate::vocabulary::{Figure, Unit};

/// A plan: a scenario, the settings that vary or the levers, and the number of replications.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "dropstorm plan")]
pub(super) struct PlanSpec {
    /// Title of the sweep in charts; that of the scenario if absent.
    #[serde(default)]
    #[schemars(length(max = 200))]
    pub title: String,
    /// Question of the sweep, in a few sentences.
    #[serde(default)]
    #[schemars(length(max = 10_000))]
    pub description: String,
    /// Path of the scenario file, relative to the plan.
    #[schemars(extend("examples" = ["../my-drop.toml"]))]
    pub scenario: String,
    /// Replications of each point; 1 if absent.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100_000))]
    pub replications: Option<u64>,
    /// Instead of a fixed number of replications: each point is run until the interval of a figure is narrow enough.
    #[serde(default)]
    pub until: Option<Until>,
    /// Scale of all points; that of the scenario if absent.
    #[serde(default)]
    #[schemars(range(min = 1e-6, max = 1.0))]
    pub scale: Option<f64>,
    /// Whether to accept a scale at which rounding changes the slots of a pool by more than 20%; as in the scenario if
    /// absent.
    #[serde(default)]
    pub force_scale: bool,
    /// Settings that hold at all points, by dotted path.
    #[serde(default)]
    #[schemars(extend("examples" = ["{ \"threshold.0.after\" = \"+20 min\" }"]))]
    #[expect(dead_code, reason = "it is read from the tree, which has positions; here it stands for the schema")]
    pub set: IndexMap<String, Json>,
    /// Seed of all points; that of the scenario if absent.
    #[serde(default)]
    #[schemars(range(max = 9_223_372_036_854_775_807_u64))]
    pub seed: Option<u64>,
    /// The settings that vary: a list of values or a range by dotted path. Several paths, separated by commas, move together.
    #[serde(default)]
    #[schemars(extend("examples" = ["{ \"pool.api.servers\" = [100, 200, 400] }"]))]
    #[expect(dead_code, reason = "it is read from the tree, which has positions; here it stands for the schema")]
    pub vary: IndexMap<String, Json>,
    /// Levers, instead of `vary`: settings whose values have a cost. `dropstorm find PLAN --search` finds the cheapest
    /// combination, and `dropstorm sweep PLAN` runs them all.
    #[serde(default)]
    pub lever: Vec<LeverSpec>,
    /// Unit of the costs of all levers.
    #[serde(default)]
    #[schemars(length(max = 60), extend("examples" = ["servers"]))]
    pub unit_of_cost: String,
    /// Required share of the runs of a combination in which all thresholds of the scenario hold, for `find --search`.
    #[serde(default = "nine_in_ten")]
    #[schemars(extend("examples" = ["90%"]))]
    pub holds: Probability,
    /// Labels of parameters in charts, by the first path of each.
    #[serde(default)]
    #[schemars(extend("examples" = ["{ \"pool.api.servers\" = \"gateways\" }"]))]
    #[expect(dead_code, reason = "it is read from the tree, which has positions; here it stands for the schema")]
    pub labels: IndexMap<String, Json>,
    /// A sample of points drawn from the ranges, instead of the grid of all combinations.
    #[serde(default)]
    pub sample: Option<Sample>,
    /// Values of the baseline, the point with which the others are compared.
    #[serde(default)]
    #[expect(dead_code, reason = "it is read from the tree, which has positions; here it stands for the schema")]
    pub baseline: IndexMap<String, Json>,
    /// Charts to draw; if absent, charts that suit the plan.
    #[serde(default)]
    pub show: Show,
}

/// A setting whose values have a cost.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LeverSpec {
    /// Dotted path of a setting that an operator could decide, not one of the simulation, of measurement or of names.
    /// Several paths, separated by commas, move together.
    #[schemars(extend("examples" = ["pool.api.servers"]))]
    #[expect(dead_code, reason = "it is read from the tree, which has positions; here it stands for the schema")]
    pub path: String,
    /// Values of the setting; `"as it is"` is the scenario's own. For several paths, a list of values for each.
    #[schemars(length(min = 1, max = 1000), extend("examples" = [[100, 200, 400]]))]
    #[expect(dead_code, reason = "it is read from the tree, which has positions; here it stands for the schema")]
    pub values: Vec<Json>,
    /// Cost of each value, in the order of the values and in `unit_of_cost`.
    #[schemars(inner(range(min = 0.0, max = 1e12)), extend("examples" = [[0, 100, 300]]))]
    pub cost: Vec<f64>,
    /// Name of the setting in answers and charts; the path in words if absent.
    #[serde(default)]
    #[schemars(length(max = 200), extend("examples" = ["gateway servers"]))]
    pub label: String,
    /// Words for each value in answers; label and value if absent.
    #[serde(default)]
    #[schemars(inner(length(max = 200)), extend("examples" = [["no servers more", "a hundred more servers"]]))]
    pub words: Vec<String>,
}

fn nine_in_ten() -> Probability {
    Probability(0.9)
}

/// Bound on the interval of a figure: each point is run until the interval is narrow enough.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Until {
    /// A figure of the summary.
    #[schemars(extend("examples" = ["error_rate.overall"]))]
    pub metric: String,
    /// Half the width of the figure's 95% interval: a number in the unit of the figure, or a share of its mean such as
    /// `"5%"`.
    pub half_width: HalfWidth,
    /// Largest number of replications of a point.
    #[schemars(range(min = 2, max = 100_000))]
    pub at_most: u64,
}

/// Half the width that an interval may have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum HalfWidth {
    /// In the unit of the figure.
    Absolute(f64),
    /// As a share of the mean of the figure.
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

/// A sample: points drawn from the ranges and lists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// Design by which the points are drawn.
    pub design: Design,
    /// Number of points.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub points: u64,
    /// Seed of the points; another seed gives other points.
    #[serde(default)]
    #[schemars(range(max = 4_294_967_295_u64))]
    pub seed: u32,
}

/// Designs by which points are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Design {
    /// Owen-scrambled Sobol sequence, which fills the space most evenly; at most 65,536 points, best a power of two.
    Sobol,
    /// Latin hypercube: the range of each parameter has as many layers as there are points, with one point in each layer.
    LatinHypercube,
    /// Independent uniform draws.
    Random,
}

/// Charts to draw. Each kind may be one table or a list of tables.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Show {
    /// A heatmap: a figure over two parameters, as colour.
    #[serde(default, skip_serializing_if = "OneOrMany::is_empty")]
    pub heatmap: OneOrMany<Heatmap>,
    /// Curves with bands: a figure over one parameter.
    #[serde(default, skip_serializing_if = "OneOrMany::is_empty")]
    pub curves: OneOrMany<Curves>,
    /// Small multiples: a heatmap for each value of a third parameter.
    #[serde(default, skip_serializing_if = "OneOrMany::is_empty")]
    pub small_multiples: OneOrMany<SmallMultiples>,
    /// A ranking: the parameters by their effects on a figure.
    #[serde(default, skip_serializing_if = "OneOrMany::is_empty")]
    pub ranking: OneOrMany<Ranking>,
    /// Cost against harm: each point by its cost and a figure of harm, with the Pareto front.
    #[serde(default, skip_serializing_if = "OneOrMany::is_empty")]
    pub cost: OneOrMany<Cost>,
}

/// Cost against harm: each point by its cost and a figure of harm, with the Pareto front.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// Figure of the cost.
    pub figure: String,
    /// Figure that is to be small; people who see an error if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<String>,
}

impl Cost {
    /// The figure that stands against the cost.
    pub fn against(&self) -> &str {
        self.against.as_deref().unwrap_or(Figure::HarmSawError.name())
    }
}

/// A heatmap: a figure over two parameters, as colour.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Heatmap {
    /// Parameter of the horizontal axis.
    pub x: String,
    /// Parameter of the vertical axis.
    pub y: String,
    /// Figure of the colours.
    pub colour: String,
    /// Value of the figure at which a contour line is drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contour: Option<Bound>,
}

/// Curves with bands: a figure over one parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Curves {
    /// Parameter of the horizontal axis.
    pub x: String,
    /// Figure of the vertical axis.
    pub y: String,
    /// Value of the figure at which a line is drawn; the side on which the figure keeps to it is shaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<Bound>,
    /// Parameter with a curve for each of its values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// Small multiples: a heatmap for each value of a third parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SmallMultiples {
    /// Parameter of each horizontal axis.
    pub x: String,
    /// Parameter of each vertical axis.
    pub y: String,
    /// Figure of the colours.
    pub colour: String,
    /// Parameter with a heatmap for each of its values.
    pub across: String,
    /// Value of the figure at which a contour line is drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contour: Option<Bound>,
}

/// A ranking: the parameters by their effects on a figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ranking {
    /// Figures, with a chart for each.
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
    // A schema within another does not name the dialect.
    if let Some(range) = range.as_object_mut() {
        range.shift_remove("$schema");
    }
    let listed = json!({ "type": "array", "minItems": 1 });
    // In paths without quotes, each part is a table.
    let group = json!({ "type": "object", "not": { "required": ["from"] } });
    whole["properties"]["vary"]["additionalProperties"] = json!({ "anyOf": [listed, range, group] });
    whole
}
