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
use super::why::rows_of_pools;
use crate::measure::Measurements;
use crate::vocabulary::Column;

/// Standard errors by which first tries must be fewer than what a pool can serve.
const CHANCE: f64 = 3.0;

/// Whether a run ends in trouble though first tries alone offer each saturated pool less than its capacity, so that only a run
/// without the trigger can tell whether it is stuck.
pub fn may_be_stuck(run: &Measurements) -> bool {
    let frame = Frame::of(run);
    let last = last_window(&frame);
    let course = Course::of(run, 0, &frame);
    let lasts = course.state == State::NotOver || course.steady.is_some_and(|steady| steady.level == Level::Above);
    if !lasts || is_within_the_bound(run, &course, &frame) {
        return false;
    }
    let pools = rows_of_pools(run).into_iter().filter(|row| Saturated::of(run, *row, &frame, last.clone()).is_some());
    let fits: Vec<bool> = pools.map(|row| first_tries_fit(run, row, &frame, &last)).collect();
    !fits.is_empty() && fits.into_iter().all(|fits| fits)
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

/// Whether first tries alone offer a pool less than its capacity, beyond chance.
fn first_tries_fit(run: &Measurements, row: usize, frame: &Frame, at: &Range<usize>) -> bool {
    let rows = || at.clone().filter_map(|interval| run.row(interval, row));
    let offered: f64 = rows().map(|row| row.count(Column::FirstTries)).sum();
    let capacity: f64 = rows().map(|row| row.count(Column::CapacityPerSecond)).sum();
    // Closed loops offer a full pool just what it can serve, so that chance alone puts them below it.
    offered + CHANCE * offered.sqrt() < capacity * frame.width.seconds()
}
