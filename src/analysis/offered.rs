//! Demand on a called pool if its callers let everything through.

use std::ops::Range;

use super::cause::Cause;
use super::frame::{ENOUGH, Frame};
use super::peaks::{Peak, Peaks};
use super::why::Why;
use crate::measure::{Measurements, Scope};
use crate::vocabulary::Column;

/// Ratio of what callers are sent, as calls, to what the called pool is sent itself, from which on it is told.
const MORE: f64 = 1.2;
/// Share of an interval from which on a pool that is full keeps calls waiting.
const HALF: f64 = 0.5;

/// Attempts sent to a pool that waits for calls, as calls to the pool that it waits for. Slots that are held let few attempts get
/// as far as a call, so that the called pool itself is never sent much more than it can serve.
#[derive(Clone, Debug, PartialEq)]
pub struct Offered {
    /// Indices of the pools from the one that is asked to the one that is called at the end, call by call.
    pub chain: Vec<usize>,
    /// Calls to the last pool for each attempt at the first, before the called pool is full.
    pub calls: f64,
    /// Start and end of that time, in seconds from the drop.
    pub before_s: [f64; 2],
    /// Attempts sent to the first pool in a window, times these calls, over what the slots of the last can serve in the window.
    pub peak: Peak,
}

impl Offered {
    /// Demand of the first named pool that suffers from one that it calls, on that one; `None` if too few attempts came before to
    /// tell how many calls they make, or if a rate limit, not its slots, bounds what the called pool serves.
    pub fn of(run: &Measurements, rows: &[usize], frame: &Frame, why: &Why) -> Option<Offered> {
        let chain = why.named.iter().map(|pool| &why.pools[*pool].chain).find(|chain| !chain.is_empty())?;
        let (caller, callee) = (*chain.first()?, *chain.last()?);
        if why.pools[callee].cause == Some(Cause::Limited) {
            return None;
        }
        let before = before(run, rows[callee], frame, why);
        let (calls, attempts) = calls_for_each(run, rows, chain, before.clone());
        // A pool on the way may have made calls for attempts that came before the measured window alone.
        if attempts < ENOUGH || !calls.is_finite() || calls <= 0.0 {
            return None;
        }
        let window = |from: usize| {
            let at = from..from + frame.window;
            let can_serve = |at: Range<usize>| sum_over(run, rows[callee], Column::CapacityPerSecond, at);
            let sent = sum_over(run, rows[caller], Column::Attempts, at.clone());
            let room = can_serve(at.clone()) * frame.width.seconds();
            let peak = Peak::of(sent * calls / room, at.clone(), frame);
            // An outage of the called pool is no demand.
            at.clone().all(|interval| can_serve(interval..interval + 1) > 0.0).then_some(peak)
        };
        let last = (frame.measured.end + 1).saturating_sub(frame.window);
        let windows = (frame.measured.start..last).filter_map(window);
        let peak = windows.reduce(|most, next| if next.value > most.value { next } else { most })?;
        let before_s = [frame.from_s(), frame.time_s(before.end)];
        Some(Offered { chain: chain.clone(), calls, before_s, peak })
    }

    /// Whether that is more than the called pool can serve, and more than it is sent itself.
    pub(super) fn is_more(&self, peaks: &Peaks) -> bool {
        let callee = self.chain.last().and_then(|pool| peaks.demand.get(*pool).copied().flatten());
        self.peak.value >= MORE * callee.map_or(0.0, |sent| sent.value).max(1.0)
    }
}

/// The measured intervals before the stretch in which pools are judged, and before the called pool is full for half of an interval:
/// calls that wait there have not ended yet, and are not counted.
fn before(run: &Measurements, callee: usize, frame: &Frame, why: &Why) -> Range<usize> {
    let is_full = |interval: usize| {
        let (full, whole) = run.row(interval, callee).map_or((0.0, 0.0), |row| row.ratio(Column::FullShare));
        full >= HALF * whole && whole > 0.0
    };
    let ends = |interval: &usize| frame.time_s(*interval) >= why.from_s || is_full(*interval);
    let end = frame.measured.clone().find(ends).unwrap_or(frame.measured.end);
    frame.measured.start..end
}

/// Calls to the last pool of a chain for each attempt at the first, and these attempts, over some intervals.
fn calls_for_each(run: &Measurements, rows: &[usize], chain: &[usize], at: Range<usize>) -> (f64, f64) {
    let attempts = |pool: usize| sum_over(run, rows[pool], Column::Attempts, at.clone());
    let made = |step: &[usize]| -> f64 {
        let rows = rows_of_calls(run, step[0], step[1]);
        rows.map(|row| sum_over(run, row, Column::RequestsEnded, at.clone())).sum()
    };
    let calls = chain.windows(2).map(|step| made(step) / attempts(step[0])).product();
    (calls, attempts(chain[0]))
}

/// The sum of a count of a row over some intervals.
fn sum_over(run: &Measurements, row: usize, column: Column, at: Range<usize>) -> f64 {
    at.filter_map(|interval| run.row(interval, row)).map(|row| row.count(column)).sum()
}

/// The rows of the calls of one pool to another.
fn rows_of_calls(run: &Measurements, caller: usize, callee: usize) -> impl Iterator<Item = usize> + '_ {
    let calls = run.layout.calls.iter().enumerate().filter_map(|(request, call)| Some((request, (*call)?)));
    let of_pair = calls.filter(move |(_, call)| (call.caller, call.callee) == (caller, callee));
    of_pair.filter_map(|(request, _)| run.layout.row_of(Scope::request(request)))
}
