//! A number of people: a figure of the summary, which other tests hold against a trace of everybody.

use super::figure::figure;
use super::{Case, Decided, agree};

pub fn decide(case: &Case<'_>) -> Decided {
    // Only the waits of calls between pools leave room for more people than are counted.
    if case.claim["at_least"] == true && case.evidence.table.calls(None, None).is_empty() {
        return Err("it is as many, not at least as many".to_owned());
    }
    agree("the number", case.number("value")?, figure(case, case.text("path")?)?)
}
