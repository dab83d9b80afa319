//! Attempts that have been unanswered for long, as many for certain.

use super::{Case, Decided, agree};
use crate::oracle::rule::{Frame, unanswered};

pub fn decide(case: &Case<'_>) -> Decided {
    let (course, bound, at) = (case.course()?, case.number("bound")?, case.index("at_s")?);
    let frame = &case.evidence.frame;
    if at == 0 || at < frame.range.start || at > frame.range.end {
        return Err("the moment is not measured".to_owned());
    }
    let late = unanswered(&course.counts, &Frame { wait_s: bound, ..frame.clone() });
    let right = late[at - 1];
    // Cells have six digits, and the number is a difference of sums of many.
    let rounded = 1e-5 * course.counts.sent(&(0..at));
    let stated = case.number("value")?;
    if (stated - right).abs() > rounded {
        agree("the number", stated, right)?;
    }
    let most = frame.range.clone().map(|index| late[index]).fold(0.0, f64::max);
    let is_most = case.claim["most"].as_bool().unwrap_or(false);
    if is_most && most > right * (1.0 + 1e-6) { Err(format!("at another moment there are {most}")) } else { Ok(()) }
}
