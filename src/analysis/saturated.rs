//! When a pool is full, and when it has no server.

use std::ops::Range;

use super::frame::Frame;
use super::waiting::runs_of;
use crate::measure::{Measurements, Row};
use crate::vocabulary::{Column, Outcome};

/// Share of busy slots from which on a pool is full, if somebody waits or is turned away.
///
/// A millionth less stands for the rounding of sums over servers.
const FULL: f64 = 0.98 - 1e-6;

/// Share of an interval for which a pool must be full, or without a server, for what fails then to be laid to that: chance fills a pool
/// for moments.
const MOSTLY: f64 = 0.5;

/// The ends of attempts that a pool turns away.
const TURNED_AWAY: [Outcome; 3] = [Outcome::Rejected, Outcome::Shed, Outcome::Limited];

/// Time in which a pool is saturated: full, or without a server while something is asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Saturated {
    /// Seconds in intervals in which the pool is full.
    pub full_s: f64,
    /// The stretch in which the pool is told to be full, in seconds from the drop: the intervals among which saturated ones are
    /// sought, and those before and after in which the pool is still full.
    pub full_over_s: [f64; 2],
    /// Seconds in intervals of that stretch in which the pool is full.
    pub filled_s: f64,
    /// The longest of the successive intervals of that stretch in which the pool is full, of equals the first; start and end in seconds
    /// from the drop.
    pub longest_full_s: Option<[f64; 2]>,
    /// Seconds of that stretch in which all slots are busy and somebody waits, be they whole intervals or not; 0 in a pool without a
    /// queue.
    pub waited_s: f64,
    /// Seconds in intervals in which the pool has no server and something is asked.
    pub no_server_s: f64,
    /// Seconds in which the pool has no server, whether or not something is asked, be they whole intervals or not.
    pub without_s: f64,
    /// The stretch in which that time is counted, in seconds from the drop: the intervals among which saturated ones are sought,
    /// and those before and after in which the pool is still without a server.
    pub without_over_s: [f64; 2],
    /// Start of the first such interval, in seconds from the drop.
    pub from_s: f64,
    /// End of the last such interval, in seconds from the drop.
    pub to_s: f64,
    /// The longest outage of that stretch.
    pub outage: Option<Outage>,
    /// Start of the intervals in which the pool is full in its stretch, in seconds from the drop, if they are interrupted for less
    /// than a window in all.
    pub full_from_s: Option<f64>,
    /// Start of the intervals throughout which the pool has no server, asked or not, in seconds from the drop, likewise.
    pub without_from_s: Option<f64>,
}

impl Saturated {
    /// Seconds in all.
    pub fn length_s(&self) -> f64 {
        self.full_s + self.no_server_s
    }

    /// The saturated intervals of a pool's row among some; `None` if there is none.
    pub fn of(run: &Measurements, row: usize, frame: &Frame, among: Range<usize>) -> Option<Saturated> {
        let is = |interval: usize, what: fn(&Row) -> bool| run.row(interval, row).is_some_and(what);
        let runs = runs_of(among.clone(), |interval| is(interval, is_full) || is(interval, has_no_server));
        let (first, last) = (runs.first()?, runs.last()?);
        let of = |what: fn(&Row) -> bool, among: &Range<usize>| {
            let of_kind: Vec<usize> = among.clone().filter(|interval| is(*interval, what)).collect();
            let span = of_kind
                .first()
                .zip(of_kind.last())
                .filter(|(first, last)| *last + 1 - *first < of_kind.len() + frame.window);
            (frame.length_s(of_kind.len()), span.map(|(first, _)| frame.time_s(*first)))
        };
        let ((full_s, _), (no_server_s, _)) = (of(is_full, &among), of(has_no_server, &among));
        let filled = widened(&among, &frame.measured, |interval| is(interval, is_full));
        let (filled_s, full_from_s) = of(is_full, &filled);
        let whole = widened(&among, &frame.measured, |interval| is(interval, is_without_server));
        let (_, without_from_s) = of(is_without_server, &whole);
        let seconds = |column: Column, among: &Range<usize>| {
            let ratios = among.clone().filter_map(|interval| run.row(interval, row)).map(|row| row.ratio(column));
            ratios.filter(|(_, of)| *of > 0.0).map(|(so, of)| so / of).sum::<f64>() * frame.length_s(1)
        };
        Some(Saturated {
            full_s,
            full_over_s: [frame.time_s(filled.start), frame.time_s(filled.end)],
            filled_s,
            longest_full_s: longest(runs_of(filled.clone(), |at| is(at, is_full)))
                .map(|at| [frame.time_s(at.start), frame.time_s(at.end)]),
            waited_s: seconds(Column::FullShare, &filled),
            no_server_s,
            without_s: seconds(Column::NoServerShare, &whole),
            without_over_s: [frame.time_s(whole.start), frame.time_s(whole.end)],
            outage: Outage::of(run, row, frame, whole),
            from_s: frame.time_s(first.start),
            to_s: frame.time_s(last.end),
            full_from_s,
            without_from_s,
        })
    }
}

/// Successive intervals in which a pool has no server throughout.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outage {
    /// Start in seconds from the drop.
    pub from_s: f64,
    /// End in seconds from the drop.
    pub to_s: f64,
    /// Attempts sent to the pool in these intervals, at full size.
    pub sent: f64,
}

impl Outage {
    /// The longest outage among some intervals of a pool's row, of equals the first.
    fn of(run: &Measurements, row: usize, frame: &Frame, among: Range<usize>) -> Option<Outage> {
        let at = longest(runs_of(among, |interval| run.row(interval, row).is_some_and(is_without_server)))?;
        let rows = at.clone().filter_map(|interval| run.row(interval, row));
        let sent = rows.map(|row| row.count(Column::Attempts)).sum::<f64>() * frame.full();
        Some(Outage { from_s: frame.time_s(at.start), to_s: frame.time_s(at.end), sent })
    }
}

/// The longest of some runs of intervals, of equals the first.
fn longest(runs: Vec<Range<usize>>) -> Option<Range<usize>> {
    runs.into_iter().reduce(|longest, next| if next.len() > longest.len() { next } else { longest })
}

/// Whether a pool is full, and whether it is without a server, for less than half of an interval.
pub(super) fn is_mostly_free(row: &Row) -> bool {
    let rarely = |column: Column| {
        let (so, of) = row.ratio(column);
        so <= 0.0 || so < MOSTLY * of
    };
    rarely(Column::FullShare) && rarely(Column::NoServerShare) && !is_full(row) && !is_without_server(row)
}

/// Whether at least 98% of the slots are busy, and somebody waits or is turned away.
fn is_full(row: &Row) -> bool {
    let (busy, slots) = row.ratio(Column::Utilization);
    let turned_away: f64 = TURNED_AWAY.iter().map(|outcome| row.count(outcome.column())).sum();
    slots > 0.0
        && busy >= FULL * slots
        && !has_no_server(row)
        && (row.count(Column::QueueMean) > 0.0 || turned_away > 0.0)
}

/// A range with what adjoins it at either end for as long as something is so that is so at that end.
fn widened(range: &Range<usize>, most: &Range<usize>, is_so: impl Fn(usize) -> bool) -> Range<usize> {
    let first = (most.start..range.start + 1).rev().take_while(|at| is_so(*at)).last();
    let last = (range.end.saturating_sub(1)..most.end).take_while(|at| is_so(*at)).last();
    first.unwrap_or(range.start)..last.map_or(range.end, |last| last + 1)
}

/// Whether there is no server throughout, and something is asked.
fn has_no_server(row: &Row) -> bool {
    let asked = row.count(Column::Attempts) > 0.0 || row.count(Column::QueueMean) > 0.0;
    asked && is_without_server(row)
}

/// Whether there is no server throughout, whether or not something is asked.
fn is_without_server(row: &Row) -> bool {
    row.value(Column::Servers) <= 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_widened_by_what_goes_on_at_its_ends() {
        let of = |so: &[usize], range: Range<usize>| widened(&range, &(0..10), |at| so.contains(&at));
        assert_eq!(of(&[1, 2, 3, 6, 7], 3..7), 1..8);
        assert_eq!(of(&[1, 2, 4, 5, 7], 3..7), 3..7, "nothing is so at the ends");
        assert_eq!(of(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 4..5), 0..10);
        assert_eq!(of(&[0, 1, 2], 3..6), 3..6);
    }
}
