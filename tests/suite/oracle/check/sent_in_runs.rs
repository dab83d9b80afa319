//! The most that a pool is sent in a window over what it can serve, in the replications.

use super::median::median;
use super::offered::{room, windows};
use super::{Case, Decided, agree};
use crate::oracle::table::{Scope, Table};

pub fn decide(case: &Case<'_>) -> Decided {
    case.window()?;
    let (pool, runs, frame) = (case.text("pool")?, &case.evidence.runs, &case.evidence.frame);
    agree("the number of replications", case.number("n")?, runs.len() as f64)?;
    let most = |run: &Table| {
        let times = windows(frame).filter_map(|range| {
            let (sent, room) = (run.sum(&Scope::pool(pool), "attempts", &range)?, room(run, pool, &range)?);
            (sent > 0.0 && room > 0.0).then_some(sent / room)
        });
        times.reduce(f64::max)
    };
    let mut values: Vec<f64> = runs.iter().filter_map(most).collect();
    values.sort_by(f64::total_cmp);
    agree("the number that has one", case.number("k")?, values.len() as f64)?;
    let (Some(low), Some(high)) = (values.first(), values.last()) else { return Err("it is so in none".to_owned()) };
    agree("the median", case.number("median")?, median(&values))?;
    agree("the least", case.number("low")?, *low)?;
    agree("the greatest", case.number("high")?, *high)
}
