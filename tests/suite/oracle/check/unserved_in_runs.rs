//! Attempts that are sent to a pool in intervals in which it has no server, in the replications.

use super::median::spread;
use super::{Case, Decided};
use crate::oracle::rule::saturation;
use crate::oracle::table::{Scope, Table};

pub fn decide(case: &Case<'_>) -> Decided {
    let (pool, range) = (case.text("pool")?, &case.evidence.frame.range);
    let sent = |run: &Table| {
        let (without, sent) = (saturation(run, pool)?.without, run.column(&Scope::pool(pool), "attempts")?);
        Some(range.clone().filter(|index| without[*index]).map(|index| sent[index]).sum::<f64>())
    };
    spread(case, case.evidence.runs.iter().filter_map(sent).filter(|sent| *sent > 0.0).collect())
}
