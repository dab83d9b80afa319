//! The greatest values of single intervals and windows, with their times.

use super::frame::Frame;
use super::why::rows_of_pools;
use crate::measure::{Measurements, Row, Scope};
use crate::vocabulary::{Column, Outcome};

/// Served attempts, as simulated, that a median needs.
const FOR_A_MEDIAN: f64 = 30.0;
/// Served attempts, as simulated, that a 99th percentile needs.
const FOR_P99: f64 = 1_000.0;

/// A greatest value, and the interval or window that has it; of equals the first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Peak {
    /// The value.
    pub value: f64,
    /// Start of the interval or window, in seconds from the drop.
    pub from_s: f64,
    /// End of the interval or window, in seconds from the drop.
    pub to_s: f64,
}

/// Greatest values over the measured intervals of a run; `None` where no interval has a value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Peaks {
    /// Attempts sent in an interval, at full size.
    pub sent: Option<Peak>,
    /// Median latency of an interval in milliseconds, among intervals with enough served attempts.
    pub median: Option<Peak>,
    /// 99th percentile of the latency of an interval in milliseconds, among intervals with enough served attempts.
    pub p99: Option<Peak>,
    /// Mean number of streams of an interval, at full size.
    pub streams: Option<Peak>,
    /// For each pool, attempts sent in a window over what the slots can serve in the window.
    pub demand: Vec<Option<Peak>>,
    /// For each pool whose number of servers changes, the most servers in the mean of an interval, at full size.
    pub servers: Vec<Option<Change>>,
    /// Bit rate that a stream would have alone in kilobits a second, of each region, by index.
    pub alone: Vec<Option<Peak>>,
}

/// A number that changes over a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// The greatest value.
    pub most: Peak,
    /// How far the least value is below the greatest, as a share of the greatest.
    pub by: f64,
}

impl Peaks {
    /// The peaks of a run.
    pub fn of(run: &Measurements, frame: &Frame) -> Peaks {
        let served = |row: &Row| row.count(Outcome::Served.column());
        let of_all = |value: &dyn Fn(&Row) -> f64| highest(run, 0, frame, value);
        let with =
            |column: Column, least: f64| of_all(&|row| if served(row) >= least { row.value(column) } else { f64::NAN });
        Peaks {
            sent: of_all(&|row| row.count(Column::Attempts) * frame.full()),
            median: with(Column::LatencyP50, FOR_A_MEDIAN),
            p99: with(Column::LatencyP99, FOR_P99),
            streams: of_all(&|row| row.value(Column::StreamsMean) * frame.full()),
            demand: rows_of_pools(run).into_iter().map(|row| demand(run, row, frame)).collect(),
            servers: rows_of_pools(run).into_iter().map(|row| servers(run, row, frame)).collect(),
            alone: (0..run.layout.regions).map(|region| alone(run, region, frame)).collect(),
        }
    }
}

/// The highest bit rate that a stream of a region would have alone.
fn alone(run: &Measurements, region: usize, frame: &Frame) -> Option<Peak> {
    let scope = Scope { region: Some(region), ..Scope::default() };
    let row = run.layout.scopes.iter().position(|known| *known == scope)?;
    highest(run, row, frame, &|row| {
        let (rate, streams) = row.ratio(Column::PeakBitrate);
        rate / streams
    })
}

/// The greatest value above 0 that a measured interval of a row has.
fn highest(run: &Measurements, row: usize, frame: &Frame, value: &dyn Fn(&Row) -> f64) -> Option<Peak> {
    let of = |interval: usize| Some((interval, run.row(interval, row).map(value).filter(|value| *value > 0.0)?));
    let most = frame.measured.clone().filter_map(of).reduce(|most, next| if next.1 > most.1 { next } else { most });
    most.map(|(interval, value)| Peak { value, from_s: frame.time_s(interval), to_s: frame.time_s(interval + 1) })
}

/// The servers of a pool, if their number changes.
fn servers(run: &Measurements, row: usize, frame: &Frame) -> Option<Change> {
    let of = |row: &Row| row.value(Column::Servers) * frame.full();
    let most = highest(run, row, frame, &of)?;
    let least = frame.measured.clone().filter_map(|interval| run.row(interval, row)).map(of).fold(most.value, f64::min);
    let by = 1.0 - least / most.value;
    (by > 1e-6).then_some(Change { most, by })
}

/// Most attempts sent to a pool in a window over what its slots can serve there; `None` without slots.
fn demand(run: &Measurements, row: usize, frame: &Frame) -> Option<Peak> {
    let mut sums = vec![(0.0, 0.0)];
    for interval in frame.measured.clone() {
        let (sent, room) = sums[sums.len() - 1];
        let next = run.row(interval, row).map_or((0.0, 0.0), |row| {
            (row.count(Column::Attempts), row.value(Column::CapacityPerSecond) * frame.width.seconds())
        });
        let room = room + if next.1.is_finite() { next.1 } else { 0.0 };
        sums.push((sent + next.0, room));
    }
    let of = |start: usize| {
        let (first, last) = (sums[start], *sums.get(start + frame.window)?);
        (last.1 > first.1 && last.0 > first.0).then(|| (start, (last.0 - first.0) / (last.1 - first.1)))
    };
    let most = (0..sums.len()).filter_map(of).reduce(|most, next| if next.1 > most.1 { next } else { most });
    most.map(|(start, value)| {
        let start = frame.measured.start + start;
        Peak { value, from_s: frame.time_s(start), to_s: frame.time_s(start + frame.window) }
    })
}
