//! The last trouble of a run is not over.

use super::{Case, Course, Decided, agree};
use crate::oracle::rule::End;

pub fn decide(case: &Case<'_>) -> Decided {
    let course = case.course()?;
    let end = if case.is_of_waiting()? {
        let range = case.waiting(&course, "since_s", "value")?;
        if range.end < case.evidence.frame.range.end {
            return Err("nobody waits for too long any more".to_owned());
        }
        range.end
    } else {
        let trouble = case.trouble(&course, "since_s", "value")?;
        match course.end(&trouble, &case.evidence.frame) {
            End::NotOver => trouble.range.end,
            other => return Err(format!("the trouble is {other:?}")),
        }
    };
    aftermath(case, &course, end)
}

/// Fails unless the trouble is the last and what was sent and ended after it is stated right.
pub fn aftermath(case: &Case<'_>, course: &Course, end: usize) -> Decided {
    case.window()?;
    case.bound()?;
    let last = if case.is_of_waiting()? {
        course.waiting.last().map(|range| range.end)
    } else {
        course.troubles.last().map(|trouble| trouble.range.end)
    };
    if last != Some(end) {
        return Err("it is not the last trouble".to_owned());
    }
    let rest = end..case.evidence.frame.range.end;
    agree("what was sent after it", case.number("sent_after")?, course.counts.sent(&rest))?;
    agree("what ended after it", case.number("ended_after")?, course.counts.over(&rest).1)
}
