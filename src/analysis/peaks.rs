//! The greatest values of single intervals and windows, with their times.

use std::ops::Range;

use super::course::Course;
use super::frame::{ENOUGH, Frame};
use super::why::rows_of_pools;
use crate::measure::{Measurements, Row, Scope};
use crate::vocabulary::{Column, Outcome};

/// Served attempts, or streams, as simulated, that a median or a mean needs.
pub(super) const FOR_A_MEDIAN: f64 = 30.0;
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

impl Peak {
    /// The value of a range of intervals.
    pub(super) fn of(value: f64, at: Range<usize>, frame: &Frame) -> Peak {
        Peak { value, from_s: frame.time_s(at.start), to_s: frame.time_s(at.end) }
    }
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
    /// Most and fewest streams in the mean of an interval, at full size, if their number changes.
    pub streams_change: Option<Change>,
    /// Mean wait of the attempts at each pool whose wait ended in an interval, in milliseconds.
    pub wait: Vec<Option<Peak>>,
    /// For each pool, attempts sent in a window over what the slots can serve in the window.
    pub demand: Vec<Option<Peak>>,
    /// For each pool, attempts sent in the largest trouble over what the slots can serve in it, or in its busiest interval; `None`
    /// unless the trouble is shorter than a window.
    pub in_trouble: Vec<Option<Peak>>,
    /// For each pool whose number of servers changes, the most and the fewest servers in the mean of an interval, at full size.
    pub servers: Vec<Option<Change>>,
    /// Share of the time of a region's streams in which they stall, among intervals with enough streams, of each region, by index.
    pub stalled: Vec<Option<Peak>>,
}

/// A number that changes over a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// The greatest value.
    pub most: Peak,
    /// The least value.
    pub least: Peak,
    /// Distance of the least value from the greatest, as a share of the greatest.
    pub by: f64,
}

impl Peaks {
    /// The peaks of a run with these troubles.
    pub fn of(run: &Measurements, frame: &Frame, everything: &Course) -> Peaks {
        let served = |row: &Row| row.count(Outcome::Served.column());
        let of_all = |value: &dyn Fn(&Row) -> f64| highest(run, 0, frame, value);
        let with =
            |column: Column, least: f64| of_all(&|row| if served(row) >= least { row.value(column) } else { f64::NAN });
        let servers = |row| change(run, row, frame, &|row| row.value(Column::Servers) * frame.full());
        Peaks {
            sent: of_all(&|row| row.count(Column::Attempts) * frame.full()),
            median: with(Column::LatencyP50, FOR_A_MEDIAN),
            p99: with(Column::LatencyP99, FOR_P99),
            streams: of_all(&|row| row.value(Column::StreamsMean) * frame.full()),
            streams_change: change(run, 0, frame, &|row| row.value(Column::StreamsMean) * frame.full()),
            wait: rows_of_pools(run).into_iter().map(|row| longest_wait(run, row, frame)).collect(),
            demand: rows_of_pools(run).into_iter().map(|row| demand(run, row, frame)).collect(),
            in_trouble: rows_of_pools(run).into_iter().map(|row| in_trouble(run, row, frame, everything)).collect(),
            servers: rows_of_pools(run).into_iter().map(servers).collect(),
            stalled: (0..run.layout.regions).map(|region| stalled(run, region, frame)).collect(),
        }
    }
}

/// The highest share of their time in which the streams of a region stall.
fn stalled(run: &Measurements, region: usize, frame: &Frame) -> Option<Peak> {
    highest(run, run.layout.row_of(Scope::region(region))?, frame, &|row| {
        let (stalled, streams) = row.ratio(Column::StalledShare);
        if row.value(Column::StreamsMean) >= FOR_A_MEDIAN { stalled / streams } else { f64::NAN }
    })
}

/// The greatest value above 0 that a measured interval of a row has.
pub(super) fn highest(run: &Measurements, row: usize, frame: &Frame, value: &dyn Fn(&Row) -> f64) -> Option<Peak> {
    let of = |interval: usize| Some((interval, run.row(interval, row).map(value).filter(|value| *value > 0.0)?));
    let most = frame.measured.clone().filter_map(of).reduce(|most, next| if next.1 > most.1 { next } else { most });
    most.map(|(interval, value)| Peak::of(value, interval..interval + 1, frame))
}

/// The highest mean wait of an interval at a pool in milliseconds.
pub(super) fn longest_wait(run: &Measurements, row: usize, frame: &Frame) -> Option<Peak> {
    highest(run, row, frame, &|row| {
        let (wait, ended) = row.ratio(Column::WaitMean);
        wait / ended
    })
}

/// The greatest and the least value that a measured interval of a row has, if they differ.
fn change(run: &Measurements, row: usize, frame: &Frame, of: &dyn Fn(&Row) -> f64) -> Option<Change> {
    let most = highest(run, row, frame, of)?;
    let all = frame.measured.clone().filter_map(|interval| run.row(interval, row).map(|row| (interval, of(row))));
    let (at, value) = all.reduce(|least, next| if next.1 < least.1 { next } else { least })?;
    let by = 1.0 - value / most.value;
    let least = Peak::of(value, at..at + 1, frame);
    (by > 1e-6).then_some(Change { most, least, by })
}

/// Most attempts sent to a pool in a window over what its slots can serve there, of the windows in each interval of which it can serve
/// something: an outage is no demand. `None` without slots.
fn demand(run: &Measurements, row: usize, frame: &Frame) -> Option<Peak> {
    let mut sums = vec![(0.0, 0.0, 0)];
    for interval in frame.measured.clone() {
        let (sent, room, without) = sums[sums.len() - 1];
        let next = sent_and_room(run, row, frame, interval);
        sums.push((sent + next.0, room + next.1, without + usize::from(next.1 <= 0.0)));
    }
    let of = |start: usize| {
        let (first, last) = (sums[start], *sums.get(start + frame.window)?);
        (last.2 == first.2 && last.0 > first.0).then(|| (start, (last.0 - first.0) / (last.1 - first.1)))
    };
    let most = (0..sums.len()).filter_map(of).reduce(|most, next| if next.1 > most.1 { next } else { most });
    most.map(|(start, value)| {
        let start = frame.measured.start + start;
        Peak::of(value, start..start + frame.window, frame)
    })
}

/// Attempts sent to a pool in an interval, and how many its slots can serve there.
fn sent_and_room(run: &Measurements, row: usize, frame: &Frame, interval: usize) -> (f64, f64) {
    let Some(row) = run.row(interval, row) else { return (0.0, 0.0) };
    let room = row.value(Column::CapacityPerSecond) * frame.width.seconds();
    (row.count(Column::Attempts), if room.is_finite() { room } else { 0.0 })
}

/// Attempts sent to a pool in the largest trouble over what its slots can serve in it; where that is enough for all, the same in
/// the busiest interval of the trouble and of as long a time before it, if its attempts are too many. `None` unless the trouble is
/// shorter than a window and the pool can serve something in each of its intervals.
fn in_trouble(run: &Measurements, row: usize, frame: &Frame, everything: &Course) -> Option<Peak> {
    let trouble = everything.main().filter(|trouble| trouble.at.len() < frame.window)?;
    let all = trouble.at.clone().map(|interval| sent_and_room(run, row, frame, interval));
    let (sent, room) = all.fold((0.0, 0.0), |sum, next| (sum.0 + next.0, sum.1 + next.1));
    let whole = Peak { value: sent / room, from_s: trouble.begin_s, to_s: trouble.end_s };
    if sent <= 0.0 || trouble.at.clone().any(|interval| sent_and_room(run, row, frame, interval).1 <= 0.0) {
        return None;
    }
    // Those who wait in vain fail after those who came when there was no room.
    let since = trouble.at.start.saturating_sub(trouble.at.len()).max(frame.measured.start);
    let intervals = (since..trouble.at.end).filter_map(|interval| {
        let (sent, room) = sent_and_room(run, row, frame, interval);
        let peak = Peak::of(sent / room, interval..interval + 1, frame);
        (sent >= ENOUGH && room > 0.0 && sent > room).then_some(peak)
    });
    let busiest = intervals.reduce(|most, next| if next.value > most.value { next } else { most });
    Some(busiest.filter(|_| whole.value < 1.0).unwrap_or(whole))
}
