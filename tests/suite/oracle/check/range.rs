//! The least and the greatest value over those replications in which a figure exists.

use super::median::known;
use super::{Case, Decided, agree};

pub fn decide(case: &Case<'_>) -> Decided {
    let values = known(case, case.evidence)?;
    agree("the least", case.number("low")?, values[0])?;
    agree("the greatest", case.number("high")?, values[values.len() - 1])
}
