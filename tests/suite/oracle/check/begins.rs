//! A trouble begins.

use super::{Case, Decided};

pub fn decide(case: &Case<'_>) -> Decided {
    case.window()?;
    case.bound()?;
    let course = case.course()?;
    match case.is_of_waiting()? {
        true => case.waiting(&course, "value", "until_s").map(|_| ()),
        false => case.trouble(&course, "value", "until_s").map(|_| ()),
    }
}
