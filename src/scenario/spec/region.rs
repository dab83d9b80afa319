//! Regions, their links, and the bit rates of video.

use indexmap::IndexMap;
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};

use crate::policy::distance::Distance;
use crate::units::{Bitrate, Probability, Span};

/// A region: its clock, its round trip, its link and its routes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// Label of the region in charts; the name of the table if absent.
    #[serde(default)]
    #[schemars(length(max = 200))]
    pub label: String,
    /// Time zone of the region by its name in the IANA database, such as `Europe/Paris`; if absent, the clock of the region
    /// is at the offset from UTC with which `drop` is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Countries of the region on the map of Europe: two-letter codes of ISO 3166-1, separated by spaces, such as `FR`
    /// or `NO SE DK FI`; if absent, the region is on no map.
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
    pub route: IndexMap<String, IndexMap<String, Probability>>,
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
    pub devices: IndexMap<String, Device>,
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
