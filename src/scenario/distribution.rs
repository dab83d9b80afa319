//! Distributions of spans as a scenario states them; the compiled, sampled form is [`crate::random::Law`].

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::unions::StringOr;
use crate::units::{Probability, Span};

/// A span of time that is drawn: a constant such as `"120 ms"`, or a table named after its law.
pub type Distribution = StringOr<Span, Choice>;

/// A law by its name: exactly one of the laws, and `shift` beside it where arrivals are meant.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-choice" = ["constant", "exponential", "lognormal", "gamma", "weibull", "uniform", "normal", "pareto", "hyperexponential", "empirical", "mixture"], "x-replace" = true))]
pub struct Choice {
    /// Always the same span; the long form of `"120 ms"`, of use where a shift stands beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub constant: Option<Constant>,
    /// Memoryless, with a mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exponential: Option<Exponential>,
    /// The exponential of a normal variable, by median and sigma, mean and cv, or median and p99.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lognormal: Option<Lognormal>,
    /// By mean and coefficient of variation; cv 1 is the exponential, cv 0.5 is Erlang-4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gamma: Option<Gamma>,
    /// By mean and shape; shape under 1 has a heavy tail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weibull: Option<Weibull>,
    /// Any span between two ends is as likely as another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uniform: Option<Uniform>,
    /// By mean and standard deviation, redrawn until not negative (so the mean of what is drawn is a little higher).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub normal: Option<Normal>,
    /// The power law above a minimum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pareto: Option<Pareto>,
    /// A mixture of exponentials, each with a weight: the law of bursty service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hyperexponential: Option<Vec<Phase>>,
    /// Linear between the sorted values of a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub empirical: Option<Empirical>,
    /// Several laws, each with a weight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mixture: Option<Vec<Component>>,
    /// Moves the law; arrivals only may become negative, that is before the drop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift: Option<Span>,
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
    /// The mean; it is the standard deviation too.
    pub mean: Span,
}

/// Parameters of the lognormal law: `median` and `sigma`, `mean` and `cv`, or `median` and `p99`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lognormal {
    /// Half of the draws are below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub median: Option<Span>,
    /// Standard deviation of the logarithm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 10.0))]
    pub sigma: Option<f64>,
    /// The mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<Span>,
    /// Coefficient of variation: standard deviation over mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1000.0))]
    pub cv: Option<f64>,
    /// One draw in a hundred is above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p99: Option<Span>,
}

/// Parameters of the gamma law.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gamma {
    /// The mean.
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
    /// The mean before negative draws are redrawn.
    pub mean: Span,
    /// Standard deviation, likewise.
    pub sd: Span,
}

/// Parameters of the Pareto law.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pareto {
    /// No draw is below it.
    pub minimum: Span,
    /// The exponent of the tail; up to 1 the mean is infinite.
    #[schemars(range(min = 0.05, max = 1000.0))]
    pub shape: f64,
}

/// One exponential of a hyperexponential law.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// How often this phase is drawn, relative to the others.
    #[schemars(range(min = 0.0))]
    pub weight: f64,
    /// The mean of the phase.
    pub mean: Span,
}

/// Where measured spans are read from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Empirical {
    /// A file with one span a line, such as `120 ms`, beside the scenario.
    pub file: String,
    /// The values read from the file, in nanoseconds and ascending; filled in when the scenario is read.
    #[serde(skip)]
    pub values: Vec<f64>,
}

/// One law of a mixture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// How often this law is drawn, relative to the others.
    #[schemars(range(min = 0.0))]
    pub weight: f64,
    /// The law.
    pub of: Distribution,
}

/// The share of one name in a mix.
pub type Mix = StringOr<String, indexmap::IndexMap<String, Probability>>;
