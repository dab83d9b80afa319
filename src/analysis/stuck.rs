//! Whether a run is stuck: it ends in trouble that its load would not cause and that would not be there without its trigger.
//!
//! Such a failure is called metastable (N. Bronson and others, Metastable Failures in Distributed Systems, HotOS 2021).

use std::ops::Range;

use super::course::Course;
use super::frame::Frame;
use super::saturated::Saturated;
use super::series::Series;
use super::state::State;
use super::steady::Level;
use super::unhindered::{Onward, Unhindered};
use super::why::rows_of_pools;
use crate::measure::{FirstTries, Measurements};
use crate::vocabulary::Column;

/// Standard errors by which first tries must be fewer than what a pool can serve.
const CHANCE: f64 = 3.0;

/// Whether a run ends in trouble.
pub fn ends_in_trouble(run: &Measurements) -> bool {
    let frame = Frame::of(run);
    let course = Course::of(run, 0, &frame);
    let lasts = course.state == State::NotOver || course.steady.is_some_and(|steady| steady.level == Level::Above);
    lasts && !is_within_the_bound(run, &course, &frame)
}

/// First tries at the pool whose capacity they would fill most, of those that are saturated at the end of a run; `None` unless first
/// tries alone would offer each of these less than its capacity, even if nothing were turned away on the way to it. If the run ends in
/// trouble, only one without the trigger can tell then whether it is stuck.
pub fn first_tries_that_would_fit(run: &Measurements, onward: &Onward) -> Option<FirstTries> {
    let frame = Frame::of(run);
    let last = last_window(&frame);
    let offered = Unhindered::new(run, onward, last.clone()).by_pool();
    let seconds = frame.length_s(last.len());
    let first_tries = |(pool, row): (usize, usize)| {
        let rows = last.clone().filter_map(|interval| run.row(interval, row));
        let capacity: f64 = rows.map(|row| row.count(Column::CapacityPerSecond)).sum();
        let capacity_per_s = capacity * frame.width.seconds() / seconds;
        FirstTries { pool, offered_per_s: offered[pool] / seconds, capacity_per_s }
    };
    let saturated: Vec<FirstTries> = saturated_at_the_end(run, &frame).into_iter().map(first_tries).collect();
    let all_fit = saturated.iter().all(|pool| fits(*pool, seconds));
    saturated.into_iter().filter(|_| all_fit).reduce(|most, next| if filled(next) > filled(most) { next } else { most })
}

/// The part of a pool's capacity that first tries would fill.
fn filled(first_tries: FirstTries) -> f64 {
    first_tries.offered_per_s / first_tries.capacity_per_s
}

/// Whether a pool can serve the first tries of some seconds. Closed loops offer a full pool just what it can serve, so that chance
/// alone puts them below it.
fn fits(first_tries: FirstTries, seconds: f64) -> bool {
    let [offered, capacity] = [first_tries.offered_per_s, first_tries.capacity_per_s].map(|per_s| per_s * seconds);
    offered + CHANCE * offered.sqrt() < capacity
}

/// First tries that are made at the end of another run of the same pools, at those which are saturated at the end of `run`.
pub fn first_tries_at_the_saturated(run: &Measurements, other: &Measurements) -> f64 {
    let frame = Frame::of(run);
    let rows = rows_of_pools(other);
    let of_pool = |(pool, _): &(usize, usize)| rows.get(*pool).copied();
    let made = |row: usize| last_window(&frame).filter_map(move |interval| other.row(interval, row));
    let saturated = saturated_at_the_end(run, &frame);
    saturated.iter().filter_map(of_pool).flat_map(made).map(|row| row.count(Column::FirstTries)).sum()
}

/// Whether a run keeps to the bound in its last window, and nobody waits for too long at its end.
pub fn ends_within_the_bound(run: &Measurements) -> bool {
    let frame = Frame::of(run);
    is_within_the_bound(run, &Course::of(run, 0, &frame), &frame)
}

fn is_within_the_bound(run: &Measurements, course: &Course, frame: &Frame) -> bool {
    let series = Series::of(run, 0);
    let last = last_window(frame);
    let waits = course.waiting.stretches.last().is_some_and(|wait| wait.at.end == frame.measured.end);
    series.failed(last.clone()) <= frame.bound * series.ended(last) && !waits
}

/// The last window of the measured intervals.
fn last_window(frame: &Frame) -> Range<usize> {
    let Range { start, end } = frame.measured;
    end.saturating_sub(frame.window).max(start)..end
}

/// The pools that are saturated in the last window, with their rows.
fn saturated_at_the_end(run: &Measurements, frame: &Frame) -> Vec<(usize, usize)> {
    let is_saturated = |row: usize| Saturated::of(run, row, frame, last_window(frame)).is_some();
    rows_of_pools(run).into_iter().enumerate().filter(|(_, row)| is_saturated(*row)).collect()
}
