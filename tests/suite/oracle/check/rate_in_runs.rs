//! The ratio of the sums of two columns in each of several replications.

use super::median::median;
use super::{Case, Decided, agree};
use crate::oracle::table::Table;

pub fn decide(case: &Case<'_>) -> Decided {
    let (scope, range, runs) = (case.scope()?, case.range()?, &case.evidence.runs);
    let (num, den) = (case.text("num")?, case.text("den")?);
    agree("the number of replications", case.number("n")?, runs.len() as f64)?;
    let rate = |run: &Table| {
        let (above, below) = (run.sum(&scope, num, &range)?, run.sum(&scope, den, &range)?);
        (below > 0.0).then_some(above / below)
    };
    let mut rates: Vec<f64> = runs.iter().filter_map(rate).collect();
    rates.sort_by(f64::total_cmp);
    agree("the number that has one", case.number("k")?, rates.len() as f64)?;
    let (Some(low), Some(high)) = (rates.first(), rates.last()) else { return Err("it is so in none".to_owned()) };
    agree("the median", case.number("median")?, median(&rates))?;
    agree("the least", case.number("low")?, *low)?;
    agree("the greatest", case.number("high")?, *high)
}
