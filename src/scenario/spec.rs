//! The scenario file as types: one struct per table, one field per key.
//!
//! The doc comment of a field is its text in the reference and in the JSON Schema, so what users
//! read cannot drift from what is read.

use indexmap::IndexMap;
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};

use crate::document::bound::Bound;
use crate::document::distribution::Distribution;
use crate::document::moments::{DateTime, When};
use crate::document::unions::{Counts, Mix, StringOr};
use crate::policy::client::Client;
use crate::policy::pool::Pool;
use crate::units::{Bitrate, Probability, Rate, Span};

/// Tables by name, in the order of the file.
pub type Named<T> = IndexMap<String, T>;

/// A scenario: who comes when, what they ask of which servers, and what must hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "dropstorm scenario")]
pub struct Spec {
    /// What the scenario is called, in charts and tables.
    pub title: String,
    /// What this file teaches.
    #[serde(default)]
    pub description: String,
    /// Where the numbers come from; a number without a source is marked ASSUMPTION.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Another scenario file that this one changes: tables merge, arrays and distributions replace, `[[change]]` and
    /// `[[threshold]]` append to those of the other file. `change = []` takes away the other's, `change = [{ … }]` replaces
    /// them; likewise `threshold`. A change or threshold cannot be changed alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extends: Option<String>,
    /// Seed of all random numbers; the same seed gives the same bytes.
    #[serde(default = "default_seed")]
    #[schemars(range(max = 9_223_372_036_854_775_807_u64))]
    pub seed: u64,
    /// 0.01 simulates one in a hundred: audiences, slots, queue limits and links shrink together, and results
    /// are reported at full size.
    #[serde(default = "one")]
    #[schemars(range(min = 1e-6, max = 1.0))]
    pub scale: f64,
    /// Start of the simulated window.
    pub start: DateTime,
    /// The moment of release: zero of every time axis.
    pub drop: DateTime,
    /// End of the simulated window.
    pub end: DateTime,
    /// Width of one measurement interval.
    #[serde(default = "default_interval")]
    #[schemars(extend("x-above" = "0 s"))]
    pub interval: Span,
    /// Window of the summary figures, for textbook cases: after the warm-up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<Measure>,
    /// Where people are: each region has a clock and a link. Without one there is `world`, on UTC, its link unlimited.
    #[serde(default)]
    pub region: Named<Region>,
    /// Groups of people.
    #[serde(default)]
    pub audience: Named<Audience>,
    /// Factors on arrivals and watch time, for all the time or in a window.
    #[serde(default)]
    pub multiplier: Named<Multiplier>,
    /// What viewers do, step by step.
    #[serde(default)]
    pub journey: Named<Journey>,
    /// Servers that do one kind of work.
    #[serde(default)]
    pub pool: Named<Pool>,
    /// The app, and the human who holds the remote control.
    #[serde(default)]
    pub client: Named<Client>,
    /// The outage tracker.
    #[serde(default)]
    pub reports: Reports,
    /// How video adapts to what the links carry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
    /// The timeline: settings that change while it runs.
    #[serde(default)]
    pub change: Vec<Change>,
    /// What must hold; the exit code says whether it did.
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
    /// Offset from the drop; a whole number of intervals after the start. Default: the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Span>,
    /// Offset from the drop; a whole number of intervals after the start. Default: the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Span>,
}

/// Where people are, with a clock, a distance and a link.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// What the region is called in charts; its key by default.
    #[serde(default)]
    pub label: String,
    /// Name of its time zone in the IANA database, such as `Europe/Paris`; UTC by default.
    #[serde(default = "utc")]
    pub time_zone: String,
    /// How much later than the scenario's drop the release comes here: a staggered release.
    #[serde(default)]
    #[schemars(extend("x-at-least" = "0 s"))]
    pub drop_delay: Span,
    /// Round trip between a viewer here and any pool.
    #[serde(default)]
    #[schemars(extend("x-change" = true, "x-at-least" = "0 s"))]
    pub rtt: Span,
    /// What the delivery network can carry to this region; unlimited if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
    /// Which pool serves a tier here, drawn once per viewer and tier; a tier without a route goes to the pool of its name.
    #[serde(default)]
    #[schemars(transform = entries_may_change)]
    pub route: Named<Named<Probability>>,
    /// The region's own delivery, instead of the scenario's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
}

fn utc() -> String {
    "UTC".to_owned()
}

/// Lets a change set each entry of a table of names, but not the table as a whole.
fn entries_may_change(schema: &mut Schema) {
    if let Some(entry) = schema.get_mut("additionalProperties").and_then(|entry| entry.as_object_mut()) {
        entry.insert("x-change".to_owned(), true.into());
    }
}

/// What the delivery network can carry to a region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Its capacity, shared max-min fairly among the streams.
    #[schemars(extend("x-change" = true))]
    pub capacity: Bitrate,
}

/// A group of people: a finite crowd (`viewers` and `arrival`), an open stream (`rate`) or a recorded curve (`trace`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-choice" = ["viewers", "rate", "trace"]))]
pub struct Audience {
    /// A finite crowd: how many people, in all or for each region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub viewers: Option<Counts>,
    /// For a crowd: the delay of each viewer's arrival from the region's drop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrival: Option<Distribution>,
    /// An open, non-homogeneous Poisson stream: how many people come in a second, in all or for each region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub rate: Option<StringOr<Rate, Named<Rate>>>,
    /// For a stream: factors on the rate at clock times of the region or offsets from the drop, piecewise linear.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<Vec<(When, f64)>>,
    /// For a profile: after how long it starts again; 24 h by default for clock times, never for offsets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-above" = "0 s"))]
    pub repeat: Option<Span>,
    /// For a stream: `steady` puts those inside at the start who would be, in mid-stream; `none` starts empty.
    #[serde(default)]
    pub already: Already,
    /// A recorded curve.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<Trace>,
    /// The region of all these people, where `viewers` or `rate` is one number and there are several regions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// What they do.
    pub journey: String,
    /// Their client, or a mix of clients with shares that add up to 1; without one nobody times out or tries again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub client: Option<Mix>,
}

/// Who is inside when the window opens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Already {
    /// Nobody.
    #[default]
    None,
    /// Those who would be, in mid-stream: the steady state of the rate at the start.
    Steady,
}

/// A recorded curve of arrivals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trace {
    /// A CSV file with a header, beside the scenario.
    pub file: String,
    /// The column that starts a bin: a number in `unit`, or an RFC 3339 time (then without `align`).
    pub time: String,
    /// The unit of the time column, when it holds numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<TimeUnit>,
    /// The column with how many come in a bin.
    pub count: String,
    /// The time in the file that `align` places.
    #[serde(default)]
    pub origin: f64,
    /// Where `origin` lies: at the region's drop, the default, or at the start of the window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub align: Option<Align>,
    /// A factor on every count; fractions are rounded by a draw.
    #[serde(default = "one")]
    #[schemars(range(min = 0.0, max = 1e6))]
    pub scale: f64,
    /// What a missing or empty bin is: an error, or nobody.
    #[serde(default)]
    pub gaps: Gaps,
    /// The bins read from the file; filled in when the scenario is read.
    #[serde(skip)]
    pub bins: Vec<Bin>,
    /// Whether a region's `drop_delay` moves the bins: not if the file says when people came, or `align` is the start.
    #[serde(skip)]
    pub moves_with_drop: bool,
}

/// One bin of a trace.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// Its start, from the region's drop; from the scenario's drop if the trace does not move with the region's.
    pub from: Span,
    /// Its width.
    pub width: Span,
    /// How many come within it, after `scale`.
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

/// Where the origin of a trace lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    /// At the region's drop.
    Drop,
    /// At the start of the window.
    Start,
}

/// What a missing bin of a trace is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Gaps {
    /// An error.
    #[default]
    Error,
    /// Nobody came.
    Zero,
}

/// A factor on arrivals and watch time, such as a lockdown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Multiplier {
    /// false takes the multiplier out without removing its table.
    #[serde(default = "yes")]
    #[schemars(extend("x-change" = true))]
    pub enabled: bool,
    /// Factor on arrivals.
    #[serde(default = "one")]
    #[schemars(range(min = 0.0, max = 1e6), extend("x-change" = true))]
    pub factor: f64,
    /// Factor on the length of streams that begin in the window.
    #[serde(default = "one")]
    #[schemars(range(min = 0.0, max = 1000.0), extend("x-change" = true))]
    pub watch_time: f64,
    /// The audiences it concerns; all, if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audiences: Option<Vec<String>>,
    /// The regions it concerns; all, if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regions: Option<Vec<String>>,
    /// Start of its window: a clock time of each region on the drop's day, or an offset from the drop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<When>,
    /// End of its window, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<When>,
}

/// What a viewer does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Journey {
    /// Steps in order.
    #[schemars(length(min = 1))]
    pub steps: Vec<Step>,
}

/// One step: a request, a time to think, a wait for the drop, or a stream.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-choice" = ["request", "think", "wait", "stream"], "x-replace" = true))]
pub struct Step {
    /// A request to this tier: the pool of that name, or the pools of the region's route.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// What the step is called in tables and in `then`; by default what it requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// For a request: how many calls, one after the other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 10_000))]
    pub times: Option<u64>,
    /// For a request: when it fails it is skipped, without page or refresh.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub optional: Option<bool>,
    /// A time in which nothing is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub think: Option<Distribution>,
    /// Holds until the region's drop, and passes after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<WaitFor>,
    /// For a wait: one draw more after the drop, for those who waited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub spread: Option<Distribution>,
    /// A stream of this length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub stream: Option<Distribution>,
    /// For a stream: where to go on with what probability; else on to the next step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<Then>,
    /// For a stream: a request at each full period of wall time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heartbeat: Option<Heartbeat>,
}

/// What a wait waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum WaitFor {
    /// The region's drop.
    Drop,
}

/// Where a viewer goes after a stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Then {
    /// The step to go back to.
    pub name: String,
    /// How likely it is; else the viewer goes on.
    #[schemars(extend("x-change" = true))]
    pub probability: Probability,
}

/// A request that goes out while a stream plays: one attempt, no retry, no error page, no report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Heartbeat {
    /// The tier that is asked.
    pub request: String,
    /// What the heartbeat is called in tables; by default what it requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The period, in wall time, stalled or not.
    #[schemars(extend("x-change" = true))]
    pub every: Span,
}

/// The outage tracker.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reports {
    /// The tracker's usual level for each region, drawn as Poisson and counted with the rest.
    #[serde(default)]
    #[schemars(extend("x-change" = true))]
    pub usual: Named<Rate>,
}

/// How video adapts to what the links carry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// Bit rates of the encodings, ascending.
    #[schemars(length(min = 1), extend("x-change" = true))]
    pub ladder: Vec<Bitrate>,
    /// No stream gets more; the 2020 European cut is a lower cap. Default: the highest rung.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub cap: Option<Bitrate>,
    /// What people watch on: a device is drawn per viewer. Default: one device that plays the highest rung.
    #[serde(default)]
    #[schemars(extend("x-change" = true))]
    pub devices: Named<Device>,
}

/// What people watch on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Device {
    /// The highest bit rate that it plays.
    pub peak: Bitrate,
    /// The share of viewers who have it; the shares add up to 1.
    pub share: Probability,
}

/// One entry of the timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// When: a clock time in the drop's offset, or an offset from the drop.
    pub at: When,
    /// New values by dotted path.
    pub set: IndexMap<String, serde_json::Value>,
    /// What the mark on the charts says.
    #[serde(default)]
    pub note: String,
}

/// What must hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// A column of intervals.csv.
    pub metric: String,
    /// Whose; everything, if left out.
    #[serde(default)]
    pub of: Scope,
    /// The highest value that is allowed: a number, or a string with its unit such as `"1%"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Bound>,
    /// The lowest value that is allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Bound>,
    /// Width of the sliding window, a whole number of intervals; one interval by default. The worst window counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-above" = "0 s"))]
    pub window: Option<Span>,
    /// Windows that begin before this offset from the drop do not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Span>,
    /// Windows that end after this offset from the drop do not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Span>,
}

/// Whose figures a threshold reads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// A region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// A pool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pool: Option<String>,
    /// A request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
}
