//! What is sent to a pool, as calls to another, over what the other can serve.

use super::{Case, Decided, agree};
use crate::oracle::table::{Range, Scope};

pub fn decide(case: &Case<'_>) -> Decided {
    case.window()?;
    let (caller, callee, stated) = (case.text("caller")?, case.text("callee")?, case.number("value")?);
    let before = case.between("before_from_s", "before_to_s")?;
    let made = case.total(&Scope::request(&format!("{caller}/{callee}")), "requests_ended", &before)?;
    let attempts = |range: &Range| case.total(&Scope::pool(caller), "attempts", range);
    let calls = made / attempts(&before)?;
    agree("the calls for each attempt", case.number("calls")?, calls)?;
    let times = |range: &Range| Ok::<f64, String>(attempts(range)? * calls / room(case, callee, range)?);
    let (at, measured, window) = (case.range()?, &case.evidence.frame.range, case.evidence.frame.window);
    if at.len() != window {
        return Err(format!("{} is no window", case.spell(&at)));
    }
    agree("the multiple", stated, times(&at)?)?;
    for start in measured.start..(measured.end + 1).saturating_sub(window) {
        let range = start..start + window;
        let times = times(&range)?;
        if times.is_finite() && times > stated * (1.0 + 2e-4) {
            return Err(format!("it is {times} times in {}", case.spell(&range)));
        }
    }
    Ok(())
}

/// What a pool can serve in a range.
fn room(case: &Case<'_>, pool: &str, range: &Range) -> Result<f64, String> {
    case.total(&Scope::pool(pool), "capacity", range)
}
