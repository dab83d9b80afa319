//! The sum of a column.

use super::{Case, Decided, agree};

pub fn decide(case: &Case<'_>) -> Decided {
    let right = case.total(&case.scope()?, case.text("column")?, &case.range()?)?;
    agree("the sum", case.number("value")?, right)
}
