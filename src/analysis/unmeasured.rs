//! What goes wrong before and after the measured intervals, of which nothing else is told.

use std::ops::Range;

use super::course::Course;
use super::frame::Frame;
use super::steady::Level;
use crate::measure::Measurements;

/// Trouble of everything before the measured intervals, or after them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unmeasured {
    /// Whether it is before them.
    pub is_before: bool,
    /// Start in seconds from the drop.
    pub from_s: f64,
    /// End in seconds from the drop.
    pub to_s: f64,
    /// What happens to the attempts.
    pub fate: Fate,
}

/// What happens to attempts in trouble.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fate {
    /// Such a share of those that end fails.
    Fail(f64),
    /// So many at full size wait too long at one time, at least.
    Wait(f64),
}

impl Unmeasured {
    /// The largest trouble on either side of the measured intervals of a run.
    pub fn of(run: &Measurements, frame: &Frame) -> Vec<Unmeasured> {
        let sides = [(true, 0..frame.measured.start), (false, frame.measured.end..run.reached())];
        sides.into_iter().filter_map(|(is_before, at)| Unmeasured::of_side(run, frame, is_before, at)).collect()
    }

    /// The trouble of some intervals in which most attempts fail; where none is, that in which most wait.
    fn of_side(run: &Measurements, frame: &Frame, is_before: bool, at: Range<usize>) -> Option<Unmeasured> {
        if at.is_empty() {
            return None;
        }
        let (from_s, to_s) = (frame.time_s(at.start), frame.time_s(at.end));
        let course = Course::of(run, 0, &Frame { measured: at, ..frame.clone() });
        if course.steady.is_some_and(|steady| steady.level == Level::Above) {
            return Some(Unmeasured { is_before, from_s, to_s, fate: Fate::Fail(course.rate()) });
        }
        if let Some(main) = course.main() {
            let fate = Fate::Fail(main.rate());
            return Some(Unmeasured { is_before, from_s: main.begin_s, to_s: main.end_s, fate });
        }
        let waits = course.waiting.stretches.iter();
        let wait = waits.reduce(|most, next| if next.most > most.most { next } else { most })?;
        Some(Unmeasured { is_before, from_s: wait.begin_s, to_s: wait.end_s, fate: Fate::Wait(wait.most) })
    }
}
