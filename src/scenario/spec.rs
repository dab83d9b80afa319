//! The scenario file as types: one struct per table, one field per key.
//!
//! The doc comment of a field is the text of its key in the reference and in the JSON Schema, so the documentation of a key
//! stands beside the code that reads it.

use std::sync::Arc;

use indexmap::IndexMap;
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};

use crate::document::bound::Bound;
use crate::document::distribution::Distribution;
use crate::document::moments::{DateTime, When};
use crate::document::unions::{Counts, Mix, OneOrMany, StringOr};
use crate::policy::client::Client;
use crate::policy::distance::Distance;
use crate::policy::pool::Pool;
use crate::policy::queue::priority::Class;
use crate::policy::repeat::Repeat;
use crate::policy::waiting_room::WaitingRoom;
use crate::units::{Bitrate, Probability, Rate, Span};

/// Tables or values by name, in the order of the file.
pub type Named<T> = IndexMap<String, T>;

/// A scenario: who arrives when, what they request from which servers, and which conditions must hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "dropstorm scenario")]
pub struct Spec {
    /// Title of the scenario in charts and tables.
    pub title: String,
    /// What the scenario shows, in a few sentences.
    #[serde(default)]
    pub description: String,
    /// Sources of the numbers. `ASSUMPTION` marks numbers without a source.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Another scenario file, on which this file builds, or several, which merge in their order. Tables merge. Arrays and
    /// distributions replace those of the other file, but `[[change]]` and `[[threshold]]` are appended. `change = []` removes the changes of the other file and
    /// `change = [{ … }]` replaces all of them; likewise `threshold`. A single change or threshold cannot be replaced. The
    /// name `*` stands for every table of its kind that the other files have: `[client."*".retry]`. What only people do, from
    /// `patience` to `stall_patience`, it leaves out for clients of calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extends: Option<OneOrMany<String>>,
    /// Seed of all random numbers. The same seed gives the same bytes.
    #[serde(default = "default_seed")]
    #[schemars(range(max = 9_223_372_036_854_775_807_u64))]
    pub seed: u64,
    /// Share of the full size that is simulated; 0.01 simulates one viewer in a hundred. Audiences, slots, queue limits,
    /// links and what the apps of a region share shrink together. Results are reported at full size.
    #[serde(default = "one")]
    #[schemars(range(min = 1e-6, max = 1.0))]
    pub scale: f64,
    /// Whether a `scale` is simulated at which rounding changes the slots of some pool by more than 20%. Such a run is
    /// of a pool with another capacity.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub force_scale: bool,
    /// Start of the simulated window.
    pub start: DateTime,
    /// Moment of the release, which is zero on every time axis.
    pub drop: DateTime,
    /// End of the simulated window.
    pub end: DateTime,
    /// Width of one measurement interval.
    #[serde(default = "default_interval")]
    #[schemars(extend("x-above" = "0 s"))]
    pub interval: Span,
    /// Window of the summary figures; the whole simulated window if absent. Steady states are measured after a warm-up.
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
    /// Waiting rooms, in which people wait before they are let in.
    #[serde(default)]
    pub waiting_room: Named<WaitingRoom>,
    /// Pools: servers that do one kind of work.
    #[serde(default)]
    pub pool: Named<Pool>,
    /// Clients: the app, and the human who holds the remote control.
    #[serde(default)]
    pub client: Named<Client>,
    /// The outage tracker.
    #[serde(default)]
    pub reports: Reports,
    /// What counts as harm to people.
    #[serde(default)]
    pub harm: Harm,
    /// Bit rates of video, and how they adapt to the links.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
    /// What sets the trouble off, by dotted name: `"audience.fans"`, `"multiplier.lockdown"`, `"change.0"`. A run that ends in trouble
    /// though first tries alone would fit is *stuck* if a second run without these is within the bound at its end. All crowds
    /// if absent; with an empty list no second run is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1000))]
    pub trigger: Option<Vec<String>>,
    /// The timeline: settings that change during the run.
    #[serde(default)]
    pub change: Vec<Change>,
    /// Bounds on columns; the exit code is 99 if one does not hold.
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
fn yes() -> bool {
    true
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

/// What counts as harm to people. Each person counts once for each kind of harm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Harm {
    /// Wait above which a person has waited: in queues and in pauses before retries of one request, or of all requests from
    /// the release to the first stream, delays of refreshes included. Time in service is no wait.
    #[serde(default = "default_wait")]
    #[schemars(extend("x-above" = "0 s"))]
    pub wait: Span,
    /// Requests in which people are counted who saw an error page, gave up or waited; at most ten.
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

/// A region: its clock, its round trip, its link and its routes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// Label of the region in charts; the name of the table if absent.
    #[serde(default)]
    pub label: String,
    /// Time zone of the region by its name in the IANA database, such as `Europe/Paris`; if absent, the clock of the region
    /// is at the offset from UTC with which `drop` is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Countries of the region on the map of Europe: codes after ISO 3166-1 in two letters, separated by spaces, such as `FR` or
    /// `NO SE DK FI`; absent, the region is on no map.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub map: String,
    /// Delay of the release in this region after the scenario's drop, for a staggered release.
    #[serde(default)]
    #[schemars(extend("x-at-least" = "0 s"))]
    pub drop_delay: Span,
    /// `rtt`, `loss`.
    #[serde(flatten)]
    pub distance: Distance,
    /// The link of the delivery network to this region; unlimited if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
    /// Shares of the pools that serve a tier in this region; one pool is drawn per viewer and tier. Requests to a tier without
    /// a route go to the pool of the same name.
    #[serde(default)]
    #[schemars(transform = entries_may_change)]
    pub route: Named<Named<Probability>>,
    /// Delivery in this region; that of the scenario if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
}

/// Marks each entry of a table of names as changeable, but not the table as a whole.
fn entries_may_change(schema: &mut Schema) {
    if let Some(entry) = schema.get_mut("additionalProperties").and_then(|entry| entry.as_object_mut()) {
        entry.insert("x-change".to_owned(), true.into());
    }
}

/// The link of the delivery network to a region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Capacity of the link, which the streams share max-min fairly.
    #[schemars(extend("x-change" = true))]
    pub capacity: Bitrate,
}

/// A group of people: a finite crowd (`viewers` and `arrival`), an open stream (`rate`) or a recorded curve
/// (`trace`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-choice" = ["viewers", "rate", "trace"]))]
pub struct Audience {
    /// Size of a finite crowd, in all or by region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub viewers: Option<Counts>,
    /// For a crowd: law of the time of each viewer's arrival, as an offset from the region's drop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrival: Option<Distribution>,
    /// Arrivals per unit of time of an open stream, in all or by region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub rate: Option<StringOr<Rate, Named<Rate>>>,
    /// For an open stream: factors on the rate at clock times of the region or at offsets from the drop, with linear
    /// interpolation between them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<Vec<(When, f64)>>,
    /// For a profile: period after which it repeats; if absent, 24 h for clock times and no repetition for offsets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-above" = "0 s"))]
    pub repeat: Option<Span>,
    /// For an open stream or a recorded curve: how arrivals follow each other.
    #[serde(default)]
    pub spacing: Spacing,
    /// For an open stream: who is inside when the window opens.
    #[serde(default)]
    pub already: Already,
    /// A recorded curve of arrivals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<Trace>,
    /// Region of all people of the audience; needed if there are several regions and neither `viewers` nor `rate` is by
    /// region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Name of the journey that the people take.
    pub journey: String,
    /// Name of the client, or shares of several clients that add up to 1. People without a client never time out and never
    /// retry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub client: Option<Mix>,
}

/// Viewers who are inside when the window opens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Already {
    /// Nobody.
    #[default]
    None,
    /// A Poisson number of viewers in mid-stream: the steady state of the rate at the start.
    Steady,
}

impl Audience {
    /// Whether people of the audience are in a region.
    pub fn has_people_in(&self, region: &str, spec: &Spec) -> bool {
        let by_region = match (&self.viewers, &self.rate) {
            (Some(Counts::ByName(table)), _) => Some(table.contains_key(region)),
            (_, Some(StringOr::Table(table))) => Some(table.contains_key(region)),
            _ => None,
        };
        by_region.unwrap_or_else(|| match &self.region {
            Some(chosen) => chosen == region,
            None => spec.region.first().is_some_and(|(first, _)| first == region),
        })
    }
}

/// Ways in which arrivals follow each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Spacing {
    /// At random: a Poisson stream, or uniform within each bin of a curve.
    #[default]
    Poisson,
    /// Evenly: the k-th arrival of a stream comes when the integral of the rate reaches k, and the c arrivals of a bin come in
    /// the middle of its c equal parts.
    Even,
}

/// A recorded curve of arrivals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trace {
    /// Path of a CSV file with a header, relative to the scenario.
    pub file: String,
    /// Column with the start of each bin: a number in `unit`, or an RFC 3339 time, which needs no `align`.
    pub time: String,
    /// Unit of the time column if it holds numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<TimeUnit>,
    /// Column with the number of arrivals in each bin.
    pub count: String,
    /// Time of the file that coincides with the moment of `align`.
    #[serde(default)]
    pub origin: f64,
    /// Moment of the simulation at which `origin` lies; the region's drop if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub align: Option<Align>,
    /// Factor on every count. A count that is not whole is rounded up or down by a draw.
    #[serde(default = "one")]
    #[schemars(range(min = 0.0, max = 1e6))]
    pub scale: f64,
    /// Meaning of a bin that is missing or empty.
    #[serde(default)]
    pub gaps: Gaps,
    /// The bins of the file, filled in when the scenario is read.
    #[serde(skip)]
    pub bins: Arc<[Bin]>,
    /// Whether a region's `drop_delay` moves the bins. It does not if the file holds absolute times or `align` is the start.
    #[serde(skip)]
    pub moves_with_drop: bool,
}

/// One bin of a trace.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// Start of the bin, from the region's drop; from the scenario's drop if the trace does not move with the region's.
    pub from: Span,
    /// Width of the bin.
    pub width: Span,
    /// Arrivals within the bin, after the factor `scale` of the trace.
    pub count: f64,
}

/// Units of a trace's time column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TimeUnit {
    /// Milliseconds.
    Ms,
    /// Seconds.
    S,
    /// Minutes.
    Min,
    /// Hours.
    H,
}

/// Moments at which the origin of a trace may lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    /// At the region's drop.
    Drop,
    /// At the start of the window.
    Start,
}

/// Meanings of a missing bin of a trace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Gaps {
    /// The file is wrong.
    #[default]
    Error,
    /// Nobody arrived.
    Zero,
}

/// A factor on arrivals and on the length of streams, such as a lockdown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Multiplier {
    /// Whether the multiplier is in force.
    #[serde(default = "yes")]
    #[schemars(extend("x-change" = true))]
    pub enabled: bool,
    /// Factor on arrivals.
    #[serde(default = "one")]
    #[schemars(range(min = 0.0, max = 1e6), extend("x-change" = true))]
    pub factor: f64,
    /// Factor on the length of the streams that begin in the window.
    #[serde(default = "one")]
    #[schemars(range(min = 0.0, max = 1000.0), extend("x-change" = true))]
    pub watch_time: f64,
    /// Audiences that the multiplier applies to; all if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audiences: Option<Vec<String>>,
    /// Regions that the multiplier applies to; all if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regions: Option<Vec<String>>,
    /// Start of the window: a clock time of each region on the day of the drop, or an offset from the drop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<When>,
    /// End of the window, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<When>,
}

/// A journey: what a viewer does.
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
    /// For a request: class of its attempts, which matters in pools whose queue has a priority; `"normal"` if absent.
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
    /// A waiting room, by its name. Whoever was admitted passes it until they give up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enter: Option<String>,
    /// For a wait: law of a further pause of those who waited, from the moment on. For a stream with `until`: law of the delay of
    /// its end after that moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub spread: Option<Distribution>,
    /// A stream, by the law of its length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub stream: Option<Distribution>,
    /// For a stream: moment at which it ends for everybody who has not left before, as an offset from the region's drop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Span>,
    /// A step to which viewers go from this one with some probability, whether this one was done or skipped; otherwise they go on
    /// to the next step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<Then>,
    /// For a stream: a request at each full period of simulated time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heartbeat: Option<Heartbeat>,
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
    /// Class of its attempts, which matters in pools whose queue has a priority.
    #[serde(default)]
    #[schemars(extend("x-change" = true))]
    pub priority: Class,
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

/// The bit rates of video, and how they adapt to the links.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// Bit rates of the encodings, in ascending order.
    #[schemars(length(min = 1), extend("x-change" = true))]
    pub ladder: Vec<Bitrate>,
    /// Highest bit rate of a stream; the highest rung if absent. The European cut of 2020 is a lower cap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub cap: Option<Bitrate>,
    /// Devices, one of which is drawn per viewer; if absent, one device that plays the highest rung.
    #[serde(default)]
    #[schemars(extend("x-change" = true))]
    pub devices: Named<Device>,
}

/// A device that people watch on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Device {
    /// Highest bit rate that the device plays.
    pub peak: Bitrate,
    /// Share of viewers who have the device; the shares of all devices add up to 1.
    pub share: Probability,
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
    /// Caches that are emptied, by dotted path, as `pool.api.calls.0.cache`: a restart, or a change of what is asked for.
    #[serde(default)]
    pub empty: Vec<String>,
    /// Text of the mark on the charts; made of the settings if absent.
    #[serde(default)]
    pub note: String,
}

/// A bound on a column, which must hold in every window, or on a figure of the summary.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// A column of `intervals.csv`, or a figure of `summary.json` by its dotted path, such as `harm.saw_error`,
    /// `trouble.over_s` or `pools.NAME.utilization`. A figure is judged once, over the measured window, and stands without `of`,
    /// `window`, `after`, `before` and `at_least_attempts`.
    pub metric: String,
    /// Region, pool or request whose column is meant; everything if absent.
    #[serde(default)]
    pub of: Scope,
    /// Highest value allowed: a number, or a text with a unit such as `"1%"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Bound>,
    /// Lowest value allowed, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Bound>,
    /// Width of the sliding window, a whole number of intervals; one interval if absent. The worst window counts. If no
    /// window counts, nothing was judged: see `when_empty`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-above" = "0 s"))]
    pub window: Option<Span>,
    /// Offset from the drop before which no window begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Span>,
    /// Offset from the drop after which no window ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Span>,
    /// For `error_rate` and `waited_share`: the fewest attempts, counted as simulated, over which a rate is judged; 100 if
    /// absent. A window with fewer grows until it has as many, first at its end, then at its begin. If all time from `after`
    /// to `before` has fewer, no window counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000_000))]
    pub at_least_attempts: Option<u64>,
    /// What a threshold is worth of which no window counts, because nothing was there to judge, or whose figure has no value.
    #[serde(default)]
    pub when_empty: WhenEmpty,
}

/// Verdicts on a threshold of which no window counts, or whose figure has no value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum WhenEmpty {
    /// The threshold is missed, since nothing shows that it holds.
    #[default]
    Fail,
    /// The threshold is passed.
    Pass,
}

/// The rows that a threshold reads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// Name of a region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Name of a pool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pool: Option<String>,
    /// Name of a request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
}
