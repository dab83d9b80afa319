//! A number of people: a figure of the summary, which other tests hold against a trace of everybody.

use super::figure::figure;
use super::{Case, Decided, agree};

pub fn decide(case: &Case<'_>) -> Decided {
    agree("the number", case.number("value")?, figure(case, case.text("path")?)?)
}
