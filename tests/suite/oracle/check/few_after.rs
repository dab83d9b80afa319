//! Too few attempts follow a trouble to say that it is over.

use super::not_over::aftermath;
use super::{Case, Decided};
use crate::oracle::rule::End;

pub fn decide(case: &Case<'_>) -> Decided {
    let course = case.course()?;
    if case.is_of_waiting()? {
        let range = case.waiting(&course, "since_s", "value")?;
        return match course.end_of_waiting(&range, &case.evidence.frame) {
            End::FewAfter | End::NobodyAfter => aftermath(case, &course, range.end),
            other => Err(format!("the waiting is {other:?}")),
        };
    }
    let trouble = case.trouble(&course, "since_s", "value")?;
    match course.end(&trouble, &case.evidence.frame) {
        End::FewAfter | End::NobodyAfter => aftermath(case, &course, trouble.range.end),
        other => Err(format!("the trouble is {other:?}")),
    }
}
