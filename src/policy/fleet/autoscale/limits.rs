//! The limits of an autoscaler in each direction, as users write them.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::rule::{self, Limits};
use crate::document::unions::StringOr;
use crate::policy::Problem;
use crate::units::{Probability, Span};

/// Largest number of servers of an autoscaled pool, at full size.
pub const MOST_SERVERS: u64 = 1_000_000;

/// Largest number of evaluations that an autoscaler remembers.
const MOST_REMEMBERED: i64 = 100_000;

/// Limits of adding servers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ScaleOut {
    /// Relative distance of the metric from its target up to which no server is added; 10% in Kubernetes, 0% in AWS
    /// target tracking.
    pub tolerance: Probability,
    /// Time for which the metric must be beyond the tolerance or a bound at every evaluation; 3 min in AWS target
    /// tracking.
    #[schemars(extend("x-at-least" = "0 s"))]
    pub sustained: Span,
    /// Stabilization window: the smallest recommendation in it counts, so that a brief peak adds nothing; 0 s in
    /// Kubernetes.
    #[schemars(extend("x-at-least" = "0 s"))]
    pub stabilization: Span,
    /// Time after servers were added for which no more are added; 0 s in Kubernetes.
    #[schemars(extend("x-at-least" = "0 s"))]
    pub cooldown: Span,
    /// Largest number of servers added per time.
    pub at_most: Pace,
}

impl Default for ScaleOut {
    fn default() -> ScaleOut {
        ScaleOut {
            tolerance: Probability(0.1),
            sustained: Span::ZERO,
            stabilization: Span::ZERO,
            cooldown: Span::ZERO,
            at_most: Pace::default(),
        }
    }
}

/// Limits of removing servers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ScaleIn {
    /// Relative distance of the metric from its target up to which no server is removed; 10% in Kubernetes, 30% in AWS
    /// target tracking.
    pub tolerance: Probability,
    /// Time for which the metric must be beyond the tolerance or a bound at every evaluation; 15 min in AWS target
    /// tracking.
    #[schemars(extend("x-at-least" = "0 s"))]
    pub sustained: Span,
    /// Stabilization window: the largest recommendation in it counts, so that a brief calm removes nothing; 5 min in
    /// Kubernetes.
    #[schemars(extend("x-at-least" = "0 s"))]
    pub stabilization: Span,
    /// Time after servers were removed for which no more are removed; 0 s in Kubernetes.
    #[schemars(extend("x-at-least" = "0 s"))]
    pub cooldown: Span,
    /// Largest number of servers removed per time; no limit if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Pace>,
}

impl Default for ScaleIn {
    fn default() -> ScaleIn {
        ScaleIn {
            tolerance: Probability(0.1),
            sustained: Span::ZERO,
            stabilization: Span(300_000_000_000),
            cooldown: Span::ZERO,
            at_most: None,
        }
    }
}

/// Largest number of servers added or removed per time: the larger of a number and of a share of the servers wanted
/// when the time began, rounded up to at least one. Kubernetes adds at most 4 servers or 100% in 15 s.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Pace {
    /// Number of servers.
    #[schemars(range(min = 0, max = 1_000_000))]
    pub servers: u64,
    /// Share of the servers.
    pub share: Probability,
    /// The time.
    #[schemars(extend("x-above" = "0 s"))]
    pub per: Span,
}

impl Pace {
    /// Whether no server may ever be added or removed.
    pub(super) fn is_none(&self) -> bool {
        self.servers == 0 && self.share.0 == 0.0
    }
}

impl Default for Pace {
    fn default() -> Pace {
        Pace { servers: 4, share: Probability(1.0), per: Span(15_000_000_000) }
    }
}

/// `"never"`, or the limits of removing servers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "StringOr<Never, ScaleIn>", into = "StringOr<Never, ScaleIn>")]
pub enum Removal {
    /// Servers are never removed.
    Never,
    /// Servers are removed within limits.
    Within(ScaleIn),
}

/// The word for no removal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Never {
    /// Servers that were added stay.
    Never,
}

impl std::str::FromStr for Never {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Never, Self::Err> {
        if text == "never" { Ok(Never::Never) } else { Err("write \"never\" or a table of limits") }
    }
}

impl From<StringOr<Never, ScaleIn>> for Removal {
    fn from(written: StringOr<Never, ScaleIn>) -> Removal {
        match written {
            StringOr::String(Never::Never) => Removal::Never,
            StringOr::Table(limits) => Removal::Within(limits),
        }
    }
}

impl From<Removal> for StringOr<Never, ScaleIn> {
    fn from(removal: Removal) -> StringOr<Never, ScaleIn> {
        match removal {
            Removal::Never => StringOr::String(Never::Never),
            Removal::Within(limits) => StringOr::Table(limits),
        }
    }
}

impl Default for Removal {
    fn default() -> Removal {
        Removal::Within(ScaleIn::default())
    }
}

/// The forms of `scale_in`.
pub(super) fn never_or_limits(generator: &mut SchemaGenerator) -> Schema {
    let never = json_schema!({ "type": "string", "enum": ["never"] });
    json_schema!({ "anyOf": [never, generator.subschema_for::<ScaleIn>()] })
}

impl Removal {
    /// The limits of removing servers, if servers are ever removed.
    pub fn limits(&self) -> Option<ScaleIn> {
        match self {
            Removal::Never => None,
            Removal::Within(limits) => Some(*limits),
        }
    }
}

/// Number of evaluations in a span, rounded up.
pub(super) fn evaluations(span: Span, every: Span) -> u64 {
    let every = every.0.max(1);
    (span.0.max(0) / every + i64::from(span.0.max(0) % every > 0)) as u64
}

impl ScaleOut {
    pub(super) fn compile(&self, every: Span) -> Limits {
        let ScaleOut { tolerance, sustained, stabilization, cooldown, at_most } = *self;
        compile(tolerance, [sustained, stabilization, cooldown], Some(at_most), every)
    }

    /// The spans, each with its key.
    pub(super) fn spans(&self) -> [(&'static str, Span); 3] {
        [("sustained", self.sustained), ("stabilization", self.stabilization), ("at_most.per", self.at_most.per)]
    }
}

impl ScaleIn {
    pub(super) fn compile(&self, every: Span) -> Limits {
        let ScaleIn { tolerance, sustained, stabilization, cooldown, at_most } = *self;
        compile(tolerance, [sustained, stabilization, cooldown], at_most, every)
    }

    /// The spans, each with its key.
    pub(super) fn spans(&self) -> [(&'static str, Span); 3] {
        let per = self.at_most.map_or(Span::ZERO, |pace| pace.per);
        [("sustained", self.sustained), ("stabilization", self.stabilization), ("at_most.per", per)]
    }
}

fn compile(
    tolerance: Probability,
    [sustained, stabilization, cooldown]: [Span; 3],
    pace: Option<Pace>,
    every: Span,
) -> Limits {
    let count = |span: Span| evaluations(span, every);
    Limits {
        tolerance: tolerance.0,
        sustained: count(sustained).max(1),
        stabilization: count(stabilization).max(1) as usize,
        cooldown: count(cooldown),
        pace: pace.map(|pace| rule::Pace {
            servers: pace.servers,
            share: pace.share.0,
            per: count(pace.per).max(1) as usize,
        }),
    }
}

/// The error of a span that is too long to be remembered evaluation by evaluation.
pub(super) fn too_long(key: &str, span: Span, every: Span) -> Option<Problem> {
    (span.0 / every.0.max(1) > MOST_REMEMBERED).then(|| {
        let title = format!("{span} is too long for an evaluation every {every}");
        let help = format!(
            "at most {MOST_REMEMBERED} evaluations are remembered: {}",
            Span(every.0.saturating_mul(MOST_REMEMBERED))
        );
        Problem::new(key, title, "too long", help)
    })
}
