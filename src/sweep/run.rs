//! Runs the units of a plan on all threads of the pool that it is called in.
//!
//! Each unit's random numbers depend on its replication, never on its point, its shard or its thread, so that points are
//! compared on the same crowds and the results are the same bytes however they came about.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::outline::Replications;
use super::plan::Plan;
use super::spec::{HalfWidth, Until};
use super::store::{Shard, Store, StoreError};
use super::unit::Unit;
use crate::engine::Probe;
use crate::measure::estimate;
use crate::model::Model;
use crate::scenario::Diagnostics;
use crate::units::Time;
use crate::vocabulary::Ended;

/// Whoever wants to know how far a sweep is, and may end it.
pub trait Progress: Sync {
    /// So many units are to be run from here on, as far as is known by now.
    fn planned(&self, _units: u64) {}

    /// One of them is done and kept.
    fn done(&self) {}

    /// From here on this is run, in words.
    fn at(&self, _place: &str) {}

    /// Asked often: whether to end here. What is done stays done.
    fn stop(&self) -> bool {
        false
    }
}

/// Nobody wants to know.
impl Progress for () {}

/// Why a sweep could not go on.
#[derive(Debug)]
pub enum SweepError {
    /// A unit could not be kept.
    Store(StoreError),
    /// A point that was valid when the plan was read no longer is.
    Point(Diagnostics),
}

impl std::fmt::Display for SweepError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            SweepError::Store(error) => error.fmt(f),
            SweepError::Point(problems) => problems.fmt(f),
        }
    }
}

impl std::error::Error for SweepError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            SweepError::Store(error) => Some(error),
            SweepError::Point(problems) => Some(problems),
        }
    }
}

impl From<StoreError> for SweepError {
    fn from(error: StoreError) -> SweepError {
        SweepError::Store(error)
    }
}

/// Runs all units of a plan, or of one shard of it, that the store does not hold yet.
///
/// Gives whether all are done; they are not if [`Progress::stop`] ended it.
///
/// # Errors
/// If a unit cannot be kept. What was kept before stays, and the same call goes on from there.
pub fn run(plan: &Plan, shard: Option<Shard>, store: &Store, progress: &dyn Progress) -> Result<bool, SweepError> {
    let outline = plan.outline();
    let own = |point, replication| shard.is_none_or(|shard| shard.has(outline, point, replication));
    let mut open = Open::new(outline.points());
    let ended = AtomicBool::new(false);
    let failure: Mutex<Option<SweepError>> = Mutex::new(None);
    let fail = |error: SweepError| {
        ended.store(true, Ordering::Relaxed);
        if let Ok(mut failure) = failure.lock() {
            failure.get_or_insert(error);
        }
    };
    for round in outline.replications().rounds() {
        let missing = |point: &u64, round: &std::ops::Range<u64>| {
            let point = *point;
            round.clone().filter(move |replication| own(point, *replication) && !store.has(point, *replication))
        };
        progress.planned(open.points().map(|point| missing(&point, &round).count() as u64).sum());
        let units = open.points().flat_map(|point| {
            let model = Arc::new(OnceLock::new());
            missing(&point, &round).map(move |replication| (point, replication, Arc::clone(&model)))
        });
        units.take_while(|_| !ended.load(Ordering::Relaxed)).par_bridge().for_each(|(point, replication, model)| {
            if progress.stop() {
                return ended.store(true, Ordering::Relaxed);
            }
            // Whoever is first compiles the model, and the point's other replications share it.
            match model.get_or_init(|| compiled(plan, point)) {
                Ok((model, seed)) => match Unit::run(model, *seed, point, replication, &mut Watch { progress }) {
                    Some(unit) => match store.append(&unit) {
                        Ok(()) => progress.done(),
                        Err(error) => fail(error.into()),
                    },
                    None => ended.store(true, Ordering::Relaxed),
                },
                Err(problems) => fail(SweepError::Point(problems.clone())),
            }
        });
        if let Some(error) = failure.lock().ok().and_then(|mut failure| failure.take()) {
            // The units before the one that failed are to last all the same.
            let _ = store.sync();
            return Err(error);
        }
        store.sync()?;
        if ended.load(Ordering::Relaxed) {
            return Ok(false);
        }
        if let Replications::Until(until) = outline.replications() {
            let metric = outline.metrics().iter().position(|name| *name == until.metric).unwrap_or_default();
            open.close(|point| Ok(!own(point, 0) || decided(until, metric, point, round.end, store)?))?;
        }
    }
    Ok(true)
}

/// The model of a point and its seed.
fn compiled(plan: &Plan, point: u64) -> Result<(Model, u64), Diagnostics> {
    let scenario = plan.scenario_at(point)?;
    Ok((Model::compile(&scenario), scenario.spec().seed))
}

/// The points that are to be run further.
struct Open {
    points: u64,
    /// Whether a point is closed; empty while none is.
    closed: Vec<bool>,
}

impl Open {
    fn new(points: u64) -> Open {
        Open { points, closed: Vec::new() }
    }

    fn points(&self) -> impl Iterator<Item = u64> + '_ {
        (0..self.points).filter(|point| !self.closed.get(*point as usize).copied().unwrap_or(false))
    }

    fn close(&mut self, mut whether: impl FnMut(u64) -> Result<bool, StoreError>) -> Result<(), StoreError> {
        self.closed.resize(self.points as usize, false);
        for point in 0..self.points {
            let closed = &mut self.closed[point as usize];
            *closed = *closed || whether(point)?;
        }
        Ok(())
    }
}

/// Whether the interval of a point is narrow enough after so many replications, or more of them can tell nothing.
fn decided(until: &Until, metric: usize, point: u64, replications: u64, store: &Store) -> Result<bool, StoreError> {
    let mut values = Vec::with_capacity(replications as usize);
    for replication in 0..replications {
        let Some(unit) = store.read(point, replication)? else { return Ok(false) };
        if unit.ended != Ended::Done {
            return Ok(true);
        }
        values.extend(Some(unit.figures[metric]).filter(|value| !value.is_nan()));
    }
    let Some(estimate) = estimate(&values).filter(|estimate| estimate.n > 1) else { return Ok(false) };
    let half = (estimate.high - estimate.low) / 2.0;
    Ok(match until.half_width {
        HalfWidth::Absolute(width) => half <= width,
        HalfWidth::Relative(share) => half <= share * estimate.mean.abs(),
    })
}

/// Listens to a run only to end it when asked.
pub(super) struct Watch<'a> {
    pub progress: &'a dyn Progress,
}

impl Probe for Watch<'_> {
    const ENABLED: bool = false;

    fn stop(&self) -> bool {
        self.progress.stop()
    }
}

/// How long a unit takes, found by running a few of them for a short while; `None` if it was stopped.
///
/// A unit that does not end in time is judged by how far it has come.
pub fn seconds_per_unit(plan: &Plan, budget: Duration, progress: &dyn Progress) -> Option<f64> {
    let points = plan.outline().points();
    // Both ends, the middle and the quarters: what is expensive is usually at an end.
    let mut chosen = [0, points - 1, points / 2, points / 4, points / 4 * 3].to_vec();
    let mut seen = std::collections::HashSet::new();
    chosen.retain(|point| seen.insert(*point));
    let begun = Instant::now();
    let mut seconds = Vec::new();
    for (index, point) in chosen.iter().enumerate() {
        // Each of those that remain gets its share of what is left of the time.
        let left = budget.saturating_sub(begun.elapsed()) / (chosen.len() - index) as u32;
        if left.is_zero() {
            break;
        }
        let started = Instant::now();
        let (model, seed) = compiled(plan, *point).ok()?;
        let mut watch = Calibration { progress, until: started + left, intervals: 0 };
        let unit = Unit::run(&model, seed, *point, 0, &mut watch);
        if progress.stop() {
            return None;
        }
        let share = if unit.is_some() { 1.0 } else { watch.intervals.max(1) as f64 / model.intervals() as f64 };
        seconds.push(started.elapsed().as_secs_f64() / share);
    }
    Some(seconds.iter().sum::<f64>() / seconds.len().max(1) as f64)
}

/// Listens to a run to end it when its time is up.
struct Calibration<'a> {
    progress: &'a dyn Progress,
    until: Instant,
    intervals: usize,
}

impl Probe for Calibration<'_> {
    const ENABLED: bool = false;

    fn interval_closed(&mut self, _: Time, _: u64) {
        self.intervals += 1;
    }

    fn stop(&self) -> bool {
        Instant::now() >= self.until || self.progress.stop()
    }
}
