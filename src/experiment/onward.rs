//! Requests that follow from those that are served.

use crate::analysis::{CallRate, Onward, Served};
use crate::model::{Journey, Model, Region, Settings, Step};
use crate::units::Time;

/// Most returns by `then` that are followed.
const MOST_RETURNS: usize = 10_000;
/// Part of a sum below which further returns are not followed.
const NOTHING: f64 = 1e-9;

/// Requests that follow under the settings in force when the measured window of a model ends.
pub fn of(model: &Model) -> Onward {
    let end = Time((model.interval.0.max(0) as u64).saturating_mul(model.measured.end as u64));
    let in_force = model.epochs.iter().rev().find(|epoch| epoch.at < end).or(model.epochs.first());
    let Some(Settings { pools, journeys, regions, .. }) = in_force.map(|epoch| &epoch.settings) else {
        return Onward::default();
    };
    let mut calls = vec![vec![CallRate::default(); pools.len()]; pools.len()];
    for (caller, pool) in pools.iter().enumerate() {
        for to in &pool.calls.calls {
            let asked = &mut calls[caller][usize::from(to.pool)];
            asked.times += to.mean_times();
            asked.is_cached |= to.cache.is_some();
        }
    }
    let steps = journeys.iter().enumerate().flat_map(|(index, journey)| {
        let is_taken =
            |region: usize| model.cohorts.iter().any(|cohort| (cohort.journey, cohort.region) == (index, region));
        let of_region = |(region, table): (usize, &Region)| (region, next(journey, table, pools.len()));
        let next: Vec<_> = regions.iter().enumerate().filter(|(region, _)| is_taken(*region)).map(of_region).collect();
        served(journey, &next)
    });
    Onward { steps: steps.collect(), calls }
}

/// The steps of a journey that people must get through, by what follows each in some regions.
fn served(journey: &Journey, next: &[(usize, Vec<Vec<f64>>)]) -> Vec<Served> {
    let steps = journey.steps.iter().enumerate().filter_map(|(index, step)| {
        let Step::Request { request, optional: false, .. } = step else { return None };
        let next = next.iter().map(|(region, steps)| (*region, steps[index].clone()));
        Some(Served { request: *request, next: next.collect() })
    });
    steps.collect()
}

/// By step and pool, the mean number of first tries that follow in a region once one request of the step is served, or the step has
/// ended: up to the next waiting room, the next stream or the end of the journey, behind which people begin anew.
fn next(journey: &Journey, region: &Region, pools: usize) -> Vec<Vec<f64>> {
    let steps = &journey.steps;
    let own: Vec<Vec<f64>> = steps.iter().map(|step| own(step, region, pools)).collect();
    // From the begin of each step on; nothing follows the last.
    let mut from = vec![vec![0.0; pools]; steps.len() + 1];
    let mut after = vec![vec![0.0; pools]; steps.len()];
    for _ in 0..MOST_RETURNS {
        let mut grew = false;
        for index in (0..steps.len()).rev() {
            if matches!(steps[index], Step::Enter { .. } | Step::Stream { .. }) {
                continue;
            }
            let then = journey.thens[index].map_or((index + 1, 0.0), |then| (then.step, then.probability));
            for pool in 0..pools {
                after[index][pool] = from[index + 1][pool] * (1.0 - then.1) + from[then.0][pool] * then.1;
                let sum = own[index][pool] + after[index][pool];
                grew |= sum > from[index][pool] * (1.0 + NOTHING);
                from[index][pool] = sum;
            }
        }
        if !grew {
            break;
        }
    }
    // Of the requests of one step, all but the first follow one that is served.
    let left = |(step, own): (&Step, Vec<f64>)| match step {
        Step::Request { times, .. } => own.iter().map(|tries| tries - tries / f64::from((*times).max(1))).collect(),
        _ => own,
    };
    let left = steps.iter().zip(own).map(left);
    let sum = |(left, after): (Vec<f64>, Vec<f64>)| left.iter().zip(after).map(|(left, after)| left + after).collect();
    left.zip(after).map(sum).collect()
}

/// First tries at each pool that one person makes in a step in a region. Heartbeats and polls come later.
fn own(step: &Step, region: &Region, pools: usize) -> Vec<f64> {
    let mut own = vec![0.0; pools];
    if let Step::Request { tier, times, .. } = step {
        region.routes[*tier].pools.iter().for_each(|(share, pool)| own[*pool] += share * f64::from(*times));
    }
    own
}
