//! Links that hold streams down.

use super::frame::Frame;
use crate::measure::Measurements;

/// The time in which a region's link gives some stream less than the stream would play alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// Index of the region.
    pub region: usize,
    /// Seconds in which the link holds streams down.
    pub limited_s: f64,
    /// Start of the first interval in which it does, in seconds from the drop.
    pub from_s: f64,
    /// End of the last interval in which it does, in seconds from the drop.
    pub to_s: f64,
    /// Whether it does in all intervals between.
    pub is_contiguous: bool,
}

/// The links that hold streams down in the measured intervals, in the order of the regions.
pub fn limited(_: &Measurements, _: &Frame) -> Vec<Link> {
    Vec::new()
}
