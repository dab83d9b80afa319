//! The median over those replications in which a figure exists.

use super::{Case, Decided, agree};
use crate::oracle::evidence::Evidence;

pub fn decide(case: &Case<'_>) -> Decided {
    let values = known(case, case.evidence)?;
    agree("the median", case.number("value")?, median(&values))
}

/// The values of the figure in those replications that have it, in order.
pub fn known(case: &Case<'_>, evidence: &Evidence) -> Result<Vec<f64>, String> {
    let path = case.text("path")?;
    let mut values = evidence.over_replications(path)?;
    values.sort_by(f64::total_cmp);
    agree("the number of replications", case.number("n")?, evidence.runs.len() as f64)?;
    agree("the number that has the figure", case.number("k")?, values.len() as f64)?;
    if values.is_empty() { Err(format!("no replication has `{path}`")) } else { Ok(values) }
}

/// The middle of sorted values.
pub fn median(values: &[f64]) -> f64 {
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { (values[middle - 1] + values[middle]) / 2.0 }
}

/// Whether the values that some replications have, with their median, least and greatest, are those of a claim.
pub fn spread(case: &Case<'_>, mut values: Vec<f64>) -> Decided {
    values.sort_by(f64::total_cmp);
    agree("the number of replications", case.number("n")?, case.evidence.runs.len() as f64)?;
    agree("the number that has one", case.number("k")?, values.len() as f64)?;
    let (Some(low), Some(high)) = (values.first(), values.last()) else { return Err("it is so in none".to_owned()) };
    agree("the median", case.number("median")?, median(&values))?;
    agree("the least", case.number("low")?, *low)?;
    agree("the greatest", case.number("high")?, *high)
}
