//! Audiences: crowds, streams, recorded curves, and multipliers.

use std::sync::Arc;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::region::Region;
use crate::document::distribution::Distribution;
use crate::document::moments::When;
use crate::document::unions::{Counts, Mix, StringOr};
use crate::units::{Rate, Span};

/// A group of people: a finite crowd (`viewers` and `arrival`), an open stream (`rate`) or a recorded curve
/// (`trace`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-choice" = ["viewers", "rate", "trace"]))]
pub struct Audience {
    /// For a crowd: number of people, in total or by region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub viewers: Option<Counts>,
    /// For a crowd: law of the arrival time of each viewer, as an offset from the region's drop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrival: Option<Distribution>,
    /// For an open stream: arrival rate, in total or by region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub rate: Option<StringOr<Rate, IndexMap<String, Rate>>>,
    /// For an open stream: factors on the rate at clock times of the region or at offsets from the drop, with linear
    /// interpolation between them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<Vec<(When, f64)>>,
    /// For a profile: period after which it repeats; if absent, 24 h for clock times and no repetition for offsets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-above" = "0 s"))]
    pub repeat: Option<Span>,
    /// For an open stream: first moment of the stream, a clock time of each region on the day of the drop, or an offset from the
    /// drop; the start of the window if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<When>,
    /// For an open stream: end of the stream, likewise; the end of the window if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<When>,
    /// For an open stream or a recorded curve: spacing of arrivals.
    #[serde(default)]
    pub spacing: Spacing,
    /// For an open stream: viewers who are inside when the window opens.
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
    /// Whether people of the audience are in a region of the scenario, the first of whose regions is that of audiences that name
    /// none.
    pub fn has_people_in(&self, region: &str, regions: &IndexMap<String, Region>) -> bool {
        let by_region = match (&self.viewers, &self.rate) {
            (Some(Counts::ByName(table)), _) => Some(table.contains_key(region)),
            (_, Some(StringOr::Table(table))) => Some(table.contains_key(region)),
            _ => None,
        };
        by_region.unwrap_or_else(|| match &self.region {
            Some(chosen) => chosen == region,
            None => regions.first().is_some_and(|(first, _)| first == region),
        })
    }
}

/// Ways in which arrivals follow each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Spacing {
    /// A Poisson stream, or uniform within each bin of a curve.
    #[default]
    Poisson,
    /// Evenly spaced: the k-th arrival of a stream comes when the integral of the rate reaches k, and the c arrivals of
    /// a bin come in the middle of its c equal parts.
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
    /// Factor on every count. A fractional count is rounded up with the probability of its fraction.
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

fn one() -> f64 {
    1.0
}

fn yes() -> bool {
    true
}
