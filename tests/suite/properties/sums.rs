//! The parts against the whole.

use dropstorm::measure::Scope;
use dropstorm::vocabulary::Column;

use super::books::{outcomes, total};
use super::case::{Case, ensure, holds, is_all, is_pool, is_region};

pub fn add_up(case: &Case) -> Result<(), String> {
    let of = |column, wanted: fn(&Scope) -> bool| total(&case.figures, column, wanted);
    let same = |one: f64, other: f64| (one - other).abs() <= 1e-9 * one.abs();
    for column in outcomes().chain([Column::Attempts]) {
        let (all, regions, pools) = (of(column, is_all), of(column, is_region), of(column, is_pool));
        ensure!(same(regions, all), "{} of regions: {regions}, not {all}", column.name());
        // The rows of pools and requests hold heartbeats too, which are no part of the whole.
        let requests = of(column, |scope| scope.request.is_some() && scope.pool.is_none());
        ensure!(same(requests, pools), "{} of requests: {requests}, not {pools}", column.name());
        for (what, parts) in [
            ("requests of pools", of(column, |scope| scope.pool.is_some() && scope.request.is_some())),
            ("pools of regions", of(column, |scope| scope.pool.is_some() && scope.region.is_some())),
        ] {
            ensure!(same(parts, pools), "{} of {what}: {parts}, not {pools}", column.name());
        }
        ensure!(all <= pools * (1.0 + 1e-9), "{} of pools: {pools}, less than {all}", column.name());
        let beats = case.drawn.used.contains("Step.heartbeat");
        ensure!(beats || same(pools, all), "{} of pools without heartbeats: {pools}, not {all}", column.name());
    }
    for column in [
        Column::Arrivals,
        Column::Starts,
        Column::Reports,
        Column::ViewersActive,
        Column::ViewersError,
        Column::StreamsMean,
    ] {
        let (all, regions) = (of(column, is_all), of(column, is_region));
        ensure!(same(regions, all), "{} of regions: {regions}, not {all}", column.name());
    }
    Ok(())
}

#[test]
fn the_parts_add_up_to_the_whole() {
    holds(add_up);
}
