//! The stretch around the worst that is as bad.

use super::rate::ratio;
use super::{Case, Decided, agree};
use crate::oracle::rule::{plateau, worst};

pub fn decide(case: &Case<'_>) -> Decided {
    case.window()?;
    let (course, range) = (case.course()?, case.range()?);
    agree("the rate", case.number("value")?, ratio(case, &case.scope()?, &range)?)?;
    let frame = &case.evidence.frame;
    let within = case.trouble(&course, "over_from_s", "over_to_s")?;
    if range.start < within.range.start || range.end > within.range.end {
        return Err(format!("{} does not lie in the trouble", case.spell(&range)));
    }
    let worst = worst(&course.counts, frame, &within.range).ok_or("the trouble has no worst")?;
    let found = plateau(&course.counts, frame, &within.range, &worst).ok_or("the trouble has no plateau")?;
    let inside = found.range.start <= range.start && range.end <= found.range.end;
    let holds_worst = range.start <= worst.range.start && worst.range.end <= range.end;
    match inside && holds_worst && range.len() >= 4 * frame.window {
        true => Ok(()),
        false => Err(format!("the plateau is {}", case.spell(&found.range))),
    }
}
