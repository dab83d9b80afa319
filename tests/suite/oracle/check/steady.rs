//! A rate that is the same throughout.

use super::rate::ratio;
use super::{Case, Decided, agree};

pub fn decide(case: &Case<'_>) -> Decided {
    case.window()?;
    agree("the bound", case.number("bound")?, case.evidence.frame.bound)?;
    let (course, range) = (case.course()?, case.range()?);
    let right = course.steady.ok_or("the run is not steady")?;
    agree("the rate", case.number("value")?, ratio(case, &case.scope()?, &range)?)?;
    if range != right.range && range != case.evidence.frame.range {
        return Err(format!("{} is not the measured time", case.spell(&range)));
    }
    let level = case.text("level")?;
    if level == right.level.word() { Ok(()) } else { Err(format!("the rate is {} the bound", right.level.word())) }
}
