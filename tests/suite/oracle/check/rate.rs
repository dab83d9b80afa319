//! The ratio of the sums of two columns.

use super::{Case, Decided, agree};
use crate::oracle::table::{Range, Scope};

pub fn decide(case: &Case<'_>) -> Decided {
    agree("the rate", case.number("value")?, ratio(case, &case.scope()?, &case.range()?)?)
}

/// The ratio of the columns `num` and `den` over a range.
pub fn ratio(case: &Case<'_>, scope: &Scope, range: &Range) -> Result<f64, String> {
    let den = case.total(scope, case.text("den")?, range)?;
    if den <= 0.0 {
        return Err(format!("nothing is below the line in {}", case.spell(range)));
    }
    Ok(case.total(scope, case.text("num")?, range)? / den)
}
