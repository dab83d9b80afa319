//! The ratio of the sums of two columns in each of several replications.

use super::median::spread;
use super::runs::failing;
use super::{Case, Decided};
use crate::oracle::table::Table;

pub fn decide(case: &Case<'_>) -> Decided {
    let (scope, range) = (case.scope()?, case.range()?);
    let (num, den) = (case.text("num")?, case.text("den")?);
    let rate = |run: &Table| {
        if case.claim["failing"] == true && !failing(run, &case.evidence.frame) {
            return None;
        }
        let (above, below) = (run.sum(&scope, num, &range)?, run.sum(&scope, den, &range)?);
        (below > 0.0).then_some(above / below)
    };
    spread(case, case.evidence.runs.iter().filter_map(rate).collect())
}
