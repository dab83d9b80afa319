//! A trouble is over: enough attempts after it keep to the bound.

use super::{Case, Decided, same};
use crate::oracle::rule::End;

pub fn decide(case: &Case<'_>) -> Decided {
    case.window()?;
    case.bound()?;
    let (course, frame) = (case.course()?, &case.evidence.frame);
    let end = if case.is_of_waiting()? {
        let range = case.waiting(&course, "since_s", "value")?;
        match course.end_of_waiting(&range, frame) {
            End::Over => range.end,
            other => return Err(format!("the waiting is {other:?}")),
        }
    } else {
        let trouble = case.trouble(&course, "since_s", "value")?;
        match course.end(&trouble, frame) {
            End::Over => trouble.range.end,
            other => return Err(format!("the trouble is {other:?}")),
        }
    };
    if end >= frame.range.end {
        return Err("the trouble lasts to the end".to_owned());
    }
    after(case, &course.counts.failed, &course.counts.ended, end)
}

/// Fails unless some intervals after the end have as many attempts as stated, with that rate.
fn after(case: &Case<'_>, failed: &[f64], ended: &[f64], end: usize) -> Decided {
    let (stated, rate) = (case.number("attempts_after")?, case.number("rate_after")?);
    let (mut bad, mut all) = (0.0, 0.0);
    for index in end..case.evidence.frame.range.end {
        bad += failed[index];
        all += ended[index];
        if same(stated, all) && (all == 0.0 || same(rate, bad / all)) {
            return Ok(());
        }
    }
    Err(format!("no intervals after the end have {stated} attempts, of which {rate} fail"))
}
