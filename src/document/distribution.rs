//! Distributions of spans as a document states them; the compiled, sampled form is [`crate::random::Law`].

mod check;

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::unions::StringOr;
use crate::units::Span;

pub(crate) use check::{Sign, check};

/// A distribution of spans: a constant such as `"120 ms"`, or a table with a law.
pub type Distribution = StringOr<Span, ShiftedLaw>;

/// A law by its name: exactly one of the laws, and `shift` beside it where arrivals are meant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-noun" = "distribution"))]
pub struct ShiftedLaw {
    /// The law.
    #[serde(flatten)]
    pub family: Family,
    /// Moves the law; arrivals only may become negative, that is before the drop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift: Option<Span>,
}

/// A family of laws with its parameters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// The same span always: the long form of `"120 ms"`, for use with `shift`.
    Constant(Constant),
    /// Exponential (memoryless), by its mean.
    Exponential(Exponential),
    /// Lognormal, by median and sigma, mean and cv, or median and p99.
    Lognormal(Lognormal),
    /// Gamma, by mean and coefficient of variation; cv 1 is the exponential, cv 0.5 is Erlang-4.
    Gamma(Gamma),
    /// Weibull, by mean and shape; a shape below 1 has a heavy tail.
    Weibull(Weibull),
    /// Uniform between two ends.
    Uniform(Uniform),
    /// Normal truncated at zero, by mean and standard deviation before the truncation; the mean of the draws is a
    /// little higher.
    Normal(Normal),
    /// Pareto: a power law above a minimum.
    Pareto(Pareto),
    /// Hyperexponential: a mixture of exponentials, each with a weight.
    Hyperexponential(Vec<Phase>),
    /// Empirical: linear interpolation between the sorted values of a file.
    Empirical(Empirical),
    /// Mixture of several laws, each with a weight.
    Mixture(Vec<Component>),
}

/// Parameters of the constant law.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Constant {
    /// The span itself.
    pub value: Span,
}

/// Parameters of the exponential law.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exponential {
    /// The mean, which is the standard deviation too.
    #[schemars(extend("x-above" = "0 s"))]
    pub mean: Span,
}

/// Parameters of the lognormal law: `median` and `sigma`, `mean` and `cv`, or `median` and `p99`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lognormal {
    /// The median: half of all draws are below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-above" = "0 s"))]
    pub median: Option<Span>,
    /// Standard deviation of the logarithm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 10.0))]
    pub sigma: Option<f64>,
    /// The mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-above" = "0 s"))]
    pub mean: Option<Span>,
    /// Coefficient of variation: standard deviation over mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1000.0))]
    pub cv: Option<f64>,
    /// The 99th percentile: one draw in a hundred is above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p99: Option<Span>,
}

/// Parameters of the gamma law.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gamma {
    /// The mean.
    #[schemars(extend("x-above" = "0 s"))]
    pub mean: Span,
    /// Coefficient of variation: standard deviation over mean.
    #[schemars(range(min = 0.01, max = 100.0))]
    pub cv: f64,
}

/// Parameters of the Weibull law.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Weibull {
    /// The mean.
    #[schemars(extend("x-above" = "0 s"))]
    pub mean: Span,
    /// The shape k; 1 is the exponential.
    #[schemars(range(min = 0.05, max = 100.0))]
    pub shape: f64,
}

/// Parameters of the uniform law.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Uniform {
    /// The shortest span.
    pub low: Span,
    /// The longest span.
    pub high: Span,
}

/// Parameters of the normal law.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Normal {
    /// The mean before the truncation at zero.
    pub mean: Span,
    /// The standard deviation before the truncation at zero.
    #[schemars(extend("x-at-least" = "0 s"))]
    pub sd: Span,
}

/// Parameters of the Pareto law.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pareto {
    /// The shortest span that is drawn.
    #[schemars(extend("x-above" = "0 s"))]
    pub minimum: Span,
    /// The exponent of the tail; up to 1 the mean is infinite.
    #[schemars(range(min = 0.05, max = 1000.0))]
    pub shape: f64,
}

/// One exponential of a hyperexponential law.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// How often the phase is drawn, relative to the weights of the others.
    #[schemars(range(min = 0.0))]
    pub weight: f64,
    /// The mean of the phase.
    #[schemars(extend("x-above" = "0 s"))]
    pub mean: Span,
}

/// A file of measured spans.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Empirical {
    /// A file with one span a line, such as `120 ms`, beside the scenario.
    pub file: String,
    /// The spans of the file, in nanoseconds and ascending; filled in after the document is read.
    #[serde(skip)]
    pub values: Arc<[f64]>,
}

/// One law of a mixture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// How often the law is drawn, relative to the weights of the others.
    #[schemars(range(min = 0.0))]
    pub weight: f64,
    /// The law.
    pub of: Distribution,
}
