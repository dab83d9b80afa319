//! Troubles before and after the measured intervals, of which nothing else is told.

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
    /// Fate of the attempts.
    pub fate: Fate,
}

/// Fate of attempts in trouble.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{Layout, Row};
    use crate::units::Span;
    use crate::vocabulary::{Column, Outcome};

    /// What is not measured of sixty intervals of ten seconds, in each of which a hundred attempts are sent and as many served and failed
    /// as `ended` says.
    fn of(measured: Range<usize>, ended: impl Fn(usize) -> (u64, u64)) -> Vec<Unmeasured> {
        let width = Span::from_seconds(10.0);
        let mut layout = Layout { intervals: 60, measured, width, scale: 1.0, harm_wait: width, ..Layout::default() };
        layout.lay_out_rows();
        let row = |(served, failed): (u64, u64)| {
            let mut row = Row::default();
            row.add(Column::Attempts, 100);
            row.add(Outcome::Served.column(), served);
            row.add(Outcome::Failed.column(), failed);
            row
        };
        let rows = (0..60).map(|at| row(ended(at))).collect();
        let run = Measurements { layout, rows, ..Measurements::default() };
        Unmeasured::of(&run, &Frame::of(&run))
    }

    fn edges(found: &[Unmeasured]) -> Vec<(bool, f64, f64)> {
        found.iter().map(|trouble| (trouble.is_before, trouble.from_s, trouble.to_s)).collect()
    }

    #[test]
    fn the_largest_trouble_on_either_side_is_told() {
        let fails = |at| match at {
            3..5 => (50, 50),
            10..15 | 50..53 => (20, 80),
            _ => (100, 0),
        };
        let found = of(20..40, fails);
        assert_eq!(edges(&found), [(true, 100.0, 150.0), (false, 500.0, 530.0)]);
        assert_eq!(found[0].fate, Fate::Fail(0.8));
        assert_eq!(edges(&of(0..40, fails)), [(false, 500.0, 530.0)], "all before is measured");
        assert_eq!(of(0..60, fails), []);
    }

    #[test]
    fn what_is_calm_is_not_told_and_what_fails_throughout_is_told_whole() {
        assert_eq!(of(20..40, |_| (100, 0)), []);
        let throughout = of(20..60, |at| if at < 20 { (70, 30) } else { (100, 0) });
        assert_eq!((edges(&throughout), throughout[0].fate), (vec![(true, 0.0, 200.0)], Fate::Fail(0.3)));
    }

    #[test]
    fn attempts_that_wait_are_trouble_where_none_fails() {
        let waits = |at| match at {
            5..10 => (0, 0),
            10 => (600, 0),
            _ => (100, 0),
        };
        let found = of(20..60, waits);
        assert!(
            matches!(found[..], [Unmeasured { is_before: true, fate: Fate::Wait(most), .. }] if most >= 300.0),
            "{found:?}"
        );
    }
}
