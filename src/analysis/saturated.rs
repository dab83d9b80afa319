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

/// The ends of attempts that a pool turns away.
const TURNED_AWAY: [Outcome; 3] = [Outcome::Rejected, Outcome::Shed, Outcome::Limited];

/// Time in which a pool is saturated: full, or without a server while something is asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Saturated {
    /// Seconds in intervals in which the pool is full.
    pub full_s: f64,
    /// Seconds in which all slots are busy and somebody waits, be they whole intervals or not; 0 in a pool without a queue.
    pub waited_s: f64,
    /// Seconds in intervals in which the pool has no server.
    pub no_server_s: f64,
    /// Start of the first such interval, in seconds from the drop.
    pub from_s: f64,
    /// End of the last such interval, in seconds from the drop.
    pub to_s: f64,
    /// Start of the intervals in which the pool is full, in seconds from the drop, if they are interrupted for less than a
    /// window in all.
    pub full_from_s: Option<f64>,
    /// Start of the intervals in which the pool has no server, in seconds from the drop, likewise.
    pub no_server_from_s: Option<f64>,
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
        let of = |what: fn(&Row) -> bool| {
            let of_kind: Vec<usize> = among.clone().filter(|interval| is(*interval, what)).collect();
            let span = of_kind
                .first()
                .zip(of_kind.last())
                .filter(|(first, last)| *last + 1 - *first < of_kind.len() + frame.window);
            (frame.length_s(of_kind.len()), span.map(|(first, _)| frame.time_s(*first)))
        };
        let ((full_s, full_from_s), (no_server_s, no_server_from_s)) = (of(is_full), of(has_no_server));
        let waited = |interval: usize| {
            let (full, of) = run.row(interval, row)?.ratio(Column::FullShare);
            (of > 0.0).then_some(full / of)
        };
        Some(Saturated {
            full_s,
            waited_s: among.filter_map(waited).sum::<f64>() * frame.length_s(1),
            no_server_s,
            from_s: frame.time_s(first.start),
            to_s: frame.time_s(last.end),
            full_from_s,
            no_server_from_s,
        })
    }
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

/// Whether there is no server throughout, and something is asked.
fn has_no_server(row: &Row) -> bool {
    let asked = row.count(Column::Attempts) > 0.0 || row.count(Column::QueueMean) > 0.0;
    asked && row.value(Column::Servers) <= 0.0
}
