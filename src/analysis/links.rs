//! Links that hold streams down.

use super::frame::Frame;
use super::peaks::{FOR_A_MEDIAN, Peak};
use super::waiting::runs_of;
use crate::measure::{Measurements, Row, Scope};
use crate::vocabulary::Column;

/// Share of a bit rate by which rounding may change it.
const ROUNDED: f64 = 1e-7;

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
    /// Mean bit rate of the streams in those intervals, in kilobits a second; NaN if nothing streams.
    pub bitrate_kbps: f64,
    /// Mean bit rate that the same streams would have alone, in kilobits a second; NaN if nothing streams.
    pub alone_kbps: f64,
    /// Lowest mean bit rate of an interval, among the measured intervals with enough streams; `None` where the link does not hold
    /// streams down in that interval.
    pub lowest: Option<Peak>,
}

/// The lowest mean bit rate of a row in an interval with enough streams, and the interval, of equals the first.
fn lowest(run: &Measurements, row: usize, frame: &Frame) -> Option<(usize, Peak)> {
    let rate = |interval: usize| {
        let row = run.row(interval, row)?;
        let (rates, streams) = row.ratio(Column::BitrateMean);
        let rate = rates / streams;
        (rate.is_finite() && row.value(Column::StreamsMean) >= FOR_A_MEDIAN).then_some((interval, rate))
    };
    let rates = frame.measured.clone().filter_map(rate);
    let least = rates.reduce(|least, next| if next.1 < least.1 * (1.0 - ROUNDED) { next } else { least });
    least.map(|(interval, value)| (interval, Peak::of(value, interval..interval + 1, frame)))
}

/// The links that hold streams down in the measured intervals, in the order of the regions.
pub fn limited(run: &Measurements, frame: &Frame) -> Vec<Link> {
    (0..run.layout.regions).filter_map(|region| Link::of(run, region, frame)).collect()
}

impl Link {
    fn of(run: &Measurements, region: usize, frame: &Frame) -> Option<Link> {
        let row = run.layout.row_of(Scope::region(region))?;
        let share = |interval: usize| {
            let (limited, whole) = run.row(interval, row).map_or((0.0, 0.0), |row| row.ratio(Column::LimitedShare));
            if whole > 0.0 { limited / whole } else { 0.0 }
        };
        let runs = runs_of(frame.measured.clone(), |interval| share(interval) > 0.0);
        // Where nothing flows the bit rate is unknown, though streams are there.
        let mean = |column: Column| {
            let limited = runs.iter().flat_map(Clone::clone).filter_map(|interval| run.row(interval, row));
            let flows =
                limited.map(|row: &Row| row.ratio(column)).map(|(rates, streams)| (f64::max(rates, 0.0), streams));
            let (rates, streams) = flows.fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
            rates / streams
        };
        let shares: f64 = frame.measured.clone().map(share).sum();
        Some(Link {
            region,
            limited_s: shares * frame.width.seconds(),
            from_s: frame.time_s(runs.first()?.start),
            to_s: frame.time_s(runs.last()?.end),
            is_contiguous: runs.len() == 1,
            bitrate_kbps: mean(Column::BitrateMean),
            alone_kbps: mean(Column::PeakBitrate),
            lowest: lowest(run, row, frame).filter(|(interval, _)| share(*interval) > 0.0).map(|(_, peak)| peak),
        })
    }
}
