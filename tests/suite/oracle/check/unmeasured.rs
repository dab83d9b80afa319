//! The largest trouble before the measured time, and after it.

use super::median::spread;
use super::{Case, Decided, agree};
use crate::oracle::evidence::Evidence;
use crate::oracle::rule::{Frame, Level, course, unanswered};
use crate::oracle::table::{Range, Scope, Table};

pub fn decide(case: &Case<'_>) -> Decided {
    case.window()?;
    case.bound()?;
    let is_of_waiting = case.is_of_waiting()?;
    let (from, to) = (case.index("from_s")?, case.index("to_s")?);
    let troubles = unmeasured(case.evidence);
    let found = troubles.iter().find(|(waits, range, _)| *waits == is_of_waiting && *range == (from..to));
    let (.., value) = found.ok_or_else(|| format!("unmeasured are {troubles:?}"))?;
    agree("how bad it is", case.number("value")?, *value)
}

/// The same in each of several replications: how bad it is, or when it begins.
pub fn in_runs(case: &Case<'_>) -> Decided {
    case.window()?;
    case.bound()?;
    let (is_of_waiting, before) = (case.is_of_waiting()?, case.claim["before"] == true);
    let (frame, is) = (&case.evidence.frame, case.text("is")?);
    let of_run = |run: &Table| {
        let side = sides(frame, run.len())[usize::from(!before)].clone();
        let (waits, range, worst) = largest(run, frame, side)?;
        let values =
            [("worst", worst), ("from", run.time(range.start)), ("lasts", range.len() as f64 * run.interval_s)];
        values.into_iter().find(|(key, _)| *key == is && waits == is_of_waiting).map(|(_, value)| value)
    };
    spread(case, case.evidence.runs.iter().filter_map(of_run).collect())
}

/// Whether attempts wait, when, and the share that fails or the number that waits: of the largest trouble on either side.
pub fn unmeasured(evidence: &Evidence) -> Vec<(bool, Range, f64)> {
    // A run that a limit ended says nothing of the time that it did not reach.
    let reached = evidence.summary["partial_until_s"].as_f64().and_then(|until_s| evidence.table.index(until_s));
    let sides = sides(&evidence.frame, reached.unwrap_or(evidence.table.len()));
    sides.into_iter().filter_map(|side| largest(&evidence.table, &evidence.frame, side)).collect()
}

/// The intervals before and after the measured ones, of some.
fn sides(frame: &Frame, whole: usize) -> [Range; 2] {
    [0..frame.range.start, frame.range.end..whole]
}

/// The largest trouble of some intervals; `None` where there are none, or none of it.
pub fn largest(table: &Table, frame: &Frame, side: Range) -> Option<(bool, Range, f64)> {
    if side.is_empty() {
        return None;
    }
    let frame = Frame { range: side.clone(), ..frame.clone() };
    let course = course(table, &Scope::default(), &frame)?;
    let rate = |range: &Range| {
        let (failed, ended) = course.counts.over(range);
        failed / ended
    };
    if course.steady.as_ref().is_some_and(|steady| steady.level == Level::Above) {
        return Some((false, side.clone(), rate(&side)));
    }
    let main = course.troubles.iter().reduce(|most, next| if next.failed > most.failed { next } else { most });
    if let Some(main) = main {
        return Some((false, main.range.clone(), rate(&main.range)));
    }
    let late = unanswered(&course.counts, &frame);
    let most = |range: &Range| late[range.clone()].iter().copied().fold(0.0, f64::max);
    let waits = course.waiting.iter().map(|range| (range.clone(), most(range)));
    let (range, most) = waits.reduce(|most, next| if next.1 > most.1 { next } else { most })?;
    Some((true, range, most))
}
