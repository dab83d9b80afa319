//! The largest trouble before the measured time, and after it.

use super::{Case, Decided, agree};
use crate::oracle::evidence::Evidence;
use crate::oracle::rule::{Frame, Level, course, unanswered};
use crate::oracle::table::{Range, Scope};

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

/// Whether attempts wait, when, and the share that fails or the number that waits: of the largest trouble on either side.
pub fn unmeasured(evidence: &Evidence) -> Vec<(bool, Range, f64)> {
    let measured = &evidence.frame.range;
    // A run that a limit ended says nothing of the time that it did not reach.
    let reached = evidence.summary["partial_until_s"].as_f64().and_then(|until_s| evidence.table.index(until_s));
    let whole = reached.unwrap_or(evidence.table.len());
    let sides = [0..measured.start, measured.end..whole];
    sides.into_iter().filter(|side| !side.is_empty()).filter_map(|side| largest(evidence, side)).collect()
}

fn largest(evidence: &Evidence, side: Range) -> Option<(bool, Range, f64)> {
    let frame = Frame { range: side.clone(), ..evidence.frame.clone() };
    let course = course(&evidence.table, &Scope::default(), &frame)?;
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
