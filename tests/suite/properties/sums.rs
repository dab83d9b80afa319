//! The parts against the whole: what adds up in the vocabulary adds up in the rows.

use dropstorm::measure::Figures;
use dropstorm::vocabulary::{Aggregation, Column, RowKind};

use super::case::{Case, ensure, holds};

/// Sum over all intervals of one column in all rows of a kind.
pub fn total(figures: &Figures, column: Column, kind: RowKind) -> f64 {
    let of = |scope: usize| kind_of(figures, scope) == Some(kind);
    let scopes = (0..figures.scopes.len()).filter(|scope| of(*scope));
    scopes.flat_map(|scope| figures.series(scope, column)).filter(|value| !value.is_nan()).sum()
}

pub fn kind_of(figures: &Figures, scope: usize) -> Option<RowKind> {
    let scope = figures.scopes[scope];
    RowKind::of(scope.region.is_some(), scope.pool.is_some(), scope.request.is_some())
}

pub fn add_up(case: &Case) -> Result<(), String> {
    let adds = |column: &&Column| matches!(column.aggregation(), Aggregation::Count | Aggregation::Mean(_));
    for column in Column::ALL.iter().filter(adds) {
        let total = |kind| total(&case.figures, *column, kind);
        let same = |one: f64, other: f64| (one - other).abs() <= 1e-9 * one.abs();
        let (all, regions, pools) = (total(RowKind::All), total(RowKind::Region), total(RowKind::Pool));
        let known = |kind| column.known().contains(&kind);
        // Calls of pools and polls of waiting rooms count at the pools that they reach, and are no part of the whole.
        let beats =
            ["Step.heartbeat", "Pool.calls", "WaitingRoom.poll"].iter().any(|key| case.drawn.used.contains(*key));
        if known(RowKind::Region) {
            ensure!(same(regions, all), "{} of regions: {regions}, not {all}", column.name());
        }
        // The rows of pools and requests hold heartbeats too, which are no part of the whole.
        for parts in
            [RowKind::Request, RowKind::PoolRequest, RowKind::RegionPool].into_iter().filter(|kind| known(*kind))
        {
            if !known(RowKind::Pool) {
                let holds = if beats { all <= total(parts) * (1.0 + 1e-9) } else { same(total(parts), all) };
                ensure!(holds, "{} of {}: {}, of all: {all}", column.name(), parts.each(), total(parts));
                continue;
            }
            ensure!(same(total(parts), pools), "{} of {}: {}, not {pools}", column.name(), parts.each(), total(parts));
        }
        if known(RowKind::All) && known(RowKind::Pool) {
            let holds = if beats && known(RowKind::Request) { all <= pools * (1.0 + 1e-9) } else { same(pools, all) };
            ensure!(holds, "{} of pools: {pools}, of all: {all}", column.name());
        }
    }
    Ok(())
}

#[test]
fn the_parts_add_up_to_the_whole() {
    holds(add_up);
}
