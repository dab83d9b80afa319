//! The scenario file as types: one struct per table, one field per key.
//!
//! The doc comment of a field is the text of its key in the reference and in the JSON Schema, so the documentation of a key
//! stands beside the code that reads it.

mod audience;
mod journey;
mod region;
mod threshold;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::document::moments::{DateTime, When};
use crate::document::unions::OneOrMany;
use crate::policy::client::Client;
use crate::policy::pool::Pool;
use crate::policy::waiting_room::WaitingRoom;
use crate::units::{Rate, Span};

pub use audience::{Align, Already, Audience, Bin, Gaps, Multiplier, Spacing, TimeUnit, Trace};
pub use journey::{Heartbeat, Journey, Step, Then, WaitFor};
pub use region::{Delivery, Device, Link, Region};
pub use threshold::{Scope, Threshold, WhenEmpty};

/// Tables or values by name, in the order of the file.
pub type Named<T> = IndexMap<String, T>;

/// A scenario: arrivals of viewers, their requests, the servers, and thresholds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "dropstorm scenario")]
pub struct Spec {
    /// Title of the scenario in charts and tables.
    #[schemars(length(max = 200))]
    pub title: String,
    /// Description of the scenario, in a few sentences.
    #[serde(default)]
    #[schemars(length(max = 10_000))]
    pub description: String,
    /// Sources of the numbers. `ASSUMPTION` marks numbers without a source.
    #[serde(default)]
    #[schemars(length(max = 1000), inner(length(max = 2_000)))]
    pub sources: Vec<String>,
    /// Scenario file that this file extends, or several, which merge in their order. Tables merge. Arrays and
    /// distributions replace those of the other file, but `[[change]]` and `[[threshold]]` are appended. `change = []`
    /// removes the changes of the other file and `change = [{ … }]` replaces all of them; likewise `threshold`. A
    /// single change or threshold cannot be replaced. The name `*` stands for every table of its kind that the other
    /// files have: `[client."*".retry]`. For clients of calls it leaves out the keys of people, from `patience` to
    /// `stall_patience`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extends: Option<OneOrMany<String>>,
    /// Seed of all random numbers. The same seed gives the same bytes.
    #[serde(default = "default_seed")]
    #[schemars(range(max = 9_223_372_036_854_775_807_u64))]
    pub seed: u64,
    /// Share of the full size that is simulated; 0.01 simulates one viewer in a hundred. Audiences, slots, queue
    /// limits, links and states shared by the apps of a region shrink together. Results are reported at full size.
    #[serde(default = "one")]
    #[schemars(range(min = 1e-6, max = 1.0))]
    pub scale: f64,
    /// Whether to accept a `scale` at which rounding changes the slots of a pool by more than 20%, and so its capacity.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub force_scale: bool,
    /// Start of the simulated window.
    pub start: DateTime,
    /// Moment of the release, which is zero on every time axis.
    pub drop: DateTime,
    /// End of the simulated window.
    pub end: DateTime,
    /// Width of a measurement interval.
    #[serde(default = "default_interval")]
    #[schemars(extend("x-above" = "0 s"))]
    pub interval: Span,
    /// Window of the summary figures, for example after a warm-up; the whole simulated window if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<Measure>,
    /// Regions, each with a clock, a round trip and a link. A scenario without regions has one, `world`, on the clock of `drop`
    /// and with an unlimited link.
    #[serde(default)]
    pub region: Named<Region>,
    /// Audiences: groups of people.
    #[serde(default)]
    pub audience: Named<Audience>,
    /// Factors on arrivals and on the length of streams, at all times or in a window.
    #[serde(default)]
    pub multiplier: Named<Multiplier>,
    /// Journeys: the steps of viewers.
    #[serde(default)]
    pub journey: Named<Journey>,
    /// Waiting rooms, in which people wait until they are admitted.
    #[serde(default)]
    pub waiting_room: Named<WaitingRoom>,
    /// Pools: servers that do the same kind of work.
    #[serde(default)]
    pub pool: Named<Pool>,
    /// Clients: an app and its human.
    #[serde(default)]
    pub client: Named<Client>,
    /// The outage tracker.
    #[serde(default)]
    pub reports: Reports,
    /// Bounds of harm to people.
    #[serde(default)]
    pub harm: Harm,
    /// Bit rates of video, and how they adapt to the links.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
    /// Causes of the trouble, by dotted name: `"audience.fans"`, `"multiplier.lockdown"`, `"change.0"`; all crowds if
    /// absent. A run that ends in trouble although first tries alone are within capacity is *stuck* if a second run
    /// without the trigger is within the bound at its end. With an empty list no second run is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1000))]
    pub trigger: Option<Vec<String>>,
    /// The timeline: settings that change during the run.
    #[serde(default)]
    pub change: Vec<Change>,
    /// Bounds on columns and figures; the exit code is 99 if one does not hold.
    #[serde(default)]
    pub threshold: Vec<Threshold>,
}

fn default_seed() -> u64 {
    1
}
fn default_interval() -> Span {
    Span(10_000_000_000)
}
fn one() -> f64 {
    1.0
}

/// The window of the summary figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Start of the window as an offset from the drop, a whole number of intervals after `start`; `start` if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Span>,
    /// End of the window as an offset from the drop, a whole number of intervals after `start`; `end` if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Span>,
}

/// Bounds of harm to people. Each person counts once for each kind of harm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Harm {
    /// Wait above which a person counts as having waited: in queues and in pauses before retries of one request, or of
    /// all requests from the release to the first stream, delays of refreshes included. Time in service is no wait; the
    /// time for which a pool waits for its calls is time in service.
    #[serde(default = "default_wait")]
    #[schemars(extend("x-above" = "0 s"))]
    pub wait: Span,
    /// Requests for which the people who saw an error page, gave up or waited are counted; at most ten.
    #[serde(default)]
    #[schemars(length(max = 10))]
    pub requests: Vec<String>,
}

impl Default for Harm {
    fn default() -> Harm {
        Harm { wait: default_wait(), requests: Vec::new() }
    }
}

fn default_wait() -> Span {
    Span(10_000_000_000)
}

/// The outage tracker.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reports {
    /// Usual rate of reports by region: a Poisson stream that counts with the reports of viewers.
    #[serde(default)]
    #[schemars(extend("x-change" = true))]
    pub usual: Named<Rate>,
}

/// One change of the timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Moment of the change: a clock time at the drop's offset from UTC, or an offset from the drop.
    pub at: When,
    /// New values by dotted path.
    #[serde(default)]
    pub set: IndexMap<String, serde_json::Value>,
    /// Caches that are emptied, by dotted path, such as `pool.api.calls.0.cache`.
    #[serde(default)]
    pub empty: Vec<String>,
    /// Text of the mark on charts; the settings of the change if absent.
    #[serde(default)]
    #[schemars(length(max = 200))]
    pub note: String,
}
