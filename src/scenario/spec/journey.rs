//! Journeys: the steps of viewers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::document::distribution::Distribution;
use crate::policy::queue::priority::Class;
use crate::policy::repeat::Repeat;
use crate::units::{Probability, Span};

/// Journey: the steps of a viewer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Journey {
    /// The steps, in order.
    #[schemars(length(min = 1))]
    pub steps: Vec<Step>,
    /// Rounds of the journey; one if absent. A viewer who has done the last step begins again at the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat: Option<Repeat>,
}

/// One step: a request, a think time, a wait for a moment, a waiting room, or a stream.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-choice" = ["request", "think", "wait", "enter", "stream"], "x-replace" = true))]
pub struct Step {
    /// A request to this tier: to the pool of that name, or to the pools of the region's route.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// Name of the step in tables and in `then`; the tier if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// For a request: number of requests, one after the other; 1 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 10_000))]
    pub times: Option<u64>,
    /// For a request: whether a viewer goes on after a failure, without error page and refresh.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub optional: Option<bool>,
    /// For a request: class of its attempts, in pools whose queue has a priority; `"normal"` if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub priority: Option<Class>,
    /// Think time: a pause without requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub think: Option<Distribution>,
    /// A wait until a moment; it takes no time after that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<WaitFor>,
    /// A waiting room, by its name. Viewers who were admitted pass the step until they give up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enter: Option<String>,
    /// For a wait: law of a further pause after the moment, for viewers who waited. For a stream with `until`: law of
    /// the delay of its end after that moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub spread: Option<Distribution>,
    /// A stream, by the law of its length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub stream: Option<Distribution>,
    /// For a stream: moment at which the stream ends at the latest, as an offset from the region's drop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Span>,
    /// Step to which viewers go from this one with some probability, whether this one was done or skipped; otherwise
    /// they go to the next step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<Then>,
    /// For a stream: a request at each full period of simulated time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heartbeat: Option<Heartbeat>,
}

impl Step {
    /// The name of the step in tables and in `then`: the stated one, or the tier; `None` for a step without either.
    pub fn called(&self) -> Option<&str> {
        self.name.as_deref().or(self.request.as_deref())
    }
}

/// Moments that a viewer may wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum WaitFor {
    /// The region's drop.
    Drop,
    /// A moment, as an offset from the region's drop.
    Until(Span),
}

/// A step to which viewers go instead of the next one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Then {
    /// Name of the step: an earlier one, this one or a later one.
    pub name: String,
    /// Probability that a viewer goes there.
    #[schemars(extend("x-change" = true))]
    pub probability: Probability,
}

/// A request at regular times during a stream: one attempt, without retry, error page and report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Heartbeat {
    /// Tier that the request goes to.
    pub request: String,
    /// Name of the heartbeat in tables; the tier if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Period in simulated time, time in which the stream stalls included.
    #[schemars(extend("x-change" = true))]
    pub every: Span,
    /// Class of the attempts, in pools whose queue has a priority.
    #[serde(default)]
    #[schemars(extend("x-change" = true))]
    pub priority: Class,
}
