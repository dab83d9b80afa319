//! The most that a pool is sent in a window over what it can serve, in the replications.

use super::median::spread;
use super::offered::{room, windows};
use super::{Case, Decided};
use crate::oracle::table::{Scope, Table};

pub fn decide(case: &Case<'_>) -> Decided {
    case.window()?;
    let (pool, frame) = (case.text("pool")?, &case.evidence.frame);
    let most = |run: &Table| {
        let times = windows(frame).filter_map(|range| {
            let (sent, room) = (run.sum(&Scope::pool(pool), "attempts", &range)?, room(run, pool, &range)?);
            (sent > 0.0 && room > 0.0).then_some(sent / room)
        });
        times.reduce(f64::max)
    };
    spread(case, case.evidence.runs.iter().filter_map(most).collect())
}
