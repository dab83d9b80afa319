//! A ratio of two figures.

use super::figure::figure;
use super::{Case, Decided, agree};

pub fn decide(case: &Case<'_>) -> Decided {
    let (above, below) = (figure(case, case.text("path")?)?, figure(case, case.text("per")?)?);
    if below == 0.0 {
        return Err("nothing is below the line".to_owned());
    }
    agree("the factor", case.number("value")?, above / below)
}
