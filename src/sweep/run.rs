//! Runs the units of a plan on all threads of the rayon pool that it is called in.
//!
//! The random numbers of a unit depend on its replication, never on its point, its shard or its thread. So all points
//! face the same crowds, and the results are the same bytes however they came about.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::outline::Replications;
use super::plan::Plan;
use super::spec::{HalfWidth, Until};
use super::store::{Shard, Store, StoreError};
use super::unit::Unit;
use crate::engine::Seed;
use crate::experiment::{Halt, Progress, Run, Task, Watch, runs};
use crate::measure::estimate;
use crate::model::Model;
use crate::scenario::Diagnostics;
use crate::vocabulary::Ended;

/// The reason why a sweep ended early.
#[derive(Debug)]
pub enum SweepError {
    /// A unit could not be kept.
    Store(StoreError),
    /// A point that was valid when the plan was read no longer is.
    Point(Diagnostics),
    /// A unit needed more memory than it may use on this machine.
    Memory {
        /// Index of the point.
        point: u64,
    },
}

impl std::fmt::Display for SweepError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            SweepError::Store(error) => error.fmt(f),
            SweepError::Point(problems) => problems.fmt(f),
            SweepError::Memory { point } => {
                write!(f, "a run at point {point} needed more memory than there is for it and was ended")
            }
        }
    }
}

impl std::error::Error for SweepError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            SweepError::Store(error) => Some(error),
            SweepError::Point(problems) => Some(problems),
            SweepError::Memory { .. } => None,
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
/// Returns whether all units are done; they are not if [`Progress::stop`] ended the sweep.
///
/// # Errors
/// If a unit cannot be kept. Units that were kept before stay, and the same call goes on from there.
pub fn run(plan: &Plan, shard: Option<Shard>, store: &Store, progress: &dyn Progress) -> Result<bool, SweepError> {
    let outline = plan.outline();
    let own = |point, replication| shard.is_none_or(|shard| shard.has(outline, point, replication));
    let mut open = Open::new(outline.points());
    for round in outline.replications().rounds() {
        let wanted = |point, replication| own(point, replication) && !store.has(point, replication);
        progress.planned(open.units(&round, &wanted).map(|units| units.count() as u64).sum());
        let units = open.units(&round, &wanted).flat_map(|units| {
            let model = PointModel::default();
            units.map(move |(point, replication)| Missing { point, replication, model: model.clone() })
        });
        if !kept(run_all(plan, units, store, progress), store)? {
            return Ok(false);
        }
        if let Replications::Until(until) = outline.replications() {
            let metric = outline.metrics().iter().position(|name| *name == until.metric).unwrap_or_default();
            open.close(|point| Ok(!own(point, 0) || decided(until, metric, point, round.end, store)?))?;
        }
    }
    Ok(true)
}

/// Runs the units of some points up to a number of replications that the store does not hold yet, and keeps each.
///
/// Returns whether all are done; they are not if [`Progress::stop`] ended the work.
///
/// # Errors
/// If a unit cannot be kept. Units that were kept before stay.
pub(super) fn run_points(
    plan: &Plan,
    points: &[u64],
    until: u64,
    store: &Store,
    progress: &dyn Progress,
) -> Result<bool, SweepError> {
    let units = points.iter().flat_map(|point| {
        let model = PointModel::default();
        let missing = (0..until).filter(|replication| !store.has(*point, *replication));
        missing.map(move |replication| Missing { point: *point, replication, model: model.clone() })
    });
    kept(run_all(plan, units, store, progress), store)
}

/// Waits until the units of a round are on the disk; returns whether the round was not stopped.
fn kept(ended: Result<(), Halt<SweepError>>, store: &Store) -> Result<bool, SweepError> {
    // Units that were kept before the round ended must survive a power cut.
    let synced = store.sync();
    match ended {
        Err(Halt::Failed(error)) => Err(error),
        Err(Halt::Stopped) => synced.map(|()| false).map_err(SweepError::from),
        Ok(()) => synced.map(|()| true).map_err(SweepError::from),
    }
}

/// Runs some units and keeps each as soon as it is done, so that memory does not grow with their number.
fn run_all(
    plan: &Plan,
    units: impl Iterator<Item = Missing> + Send,
    store: &Store,
    progress: &dyn Progress,
) -> Result<(), Halt<SweepError>> {
    let keep = |unit: Missing, run: Run<Watch<'_>>| {
        let point = unit.point;
        if let Some(unit) = Unit::of(point, unit.replication, &run.measurements, plan.metrics()) {
            // Another machine may have the memory, so a store holds no such unit.
            if unit.ended == Ended::MemoryLimit {
                return Err(SweepError::Memory { point });
            }
            store.append(&unit)?;
            progress.done();
        }
        Ok(())
    };
    runs(units.par_bridge(), |unit| unit.task(plan, progress), keep).try_for_each(|unit| unit)
}

/// The model of a point and the seed of its scenario, compiled by the first thread that needs it and shared by the
/// replications of the point.
type PointModel = Arc<OnceLock<Result<(Model, u64), Diagnostics>>>;

/// A unit that is to be run.
struct Missing {
    point: u64,
    replication: u64,
    model: PointModel,
}

impl Missing {
    fn task<'p>(&self, plan: &Plan, progress: &'p dyn Progress) -> Result<Task<'_, Watch<'p>>, SweepError> {
        match self.model.get_or_init(|| compiled(plan, self.point)) {
            Ok((model, seed)) => {
                let seed = Seed { seed: *seed, replication: self.replication };
                Ok(Task { model, seed, probe: Watch::new(progress) })
            }
            Err(problems) => Err(SweepError::Point(problems.clone())),
        }
    }
}

/// The model of a point and the seed of its scenario.
fn compiled(plan: &Plan, point: u64) -> Result<(Model, u64), Diagnostics> {
    let scenario = plan.scenario_at(point)?;
    Ok((Model::compile(&scenario), scenario.spec().seed))
}

/// The points that need more replications.
struct Open {
    points: u64,
    /// Whether each point is closed; empty while none is.
    closed: Vec<bool>,
}

impl Open {
    fn new(points: u64) -> Open {
        Open { points, closed: Vec::new() }
    }

    /// The wanted units of a round, point by point.
    fn units(
        &self,
        round: &Range<u64>,
        wanted: &(impl Fn(u64, u64) -> bool + Sync),
    ) -> impl Iterator<Item = impl Iterator<Item = (u64, u64)> + Send> + Send {
        let open = (0..self.points).filter(|point| !self.closed.get(*point as usize).copied().unwrap_or(false));
        open.map(move |point| {
            let units = round.clone().map(move |replication| (point, replication));
            units.filter(|(point, replication)| wanted(*point, *replication))
        })
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

/// Whether a point needs no more replications: its interval is narrow enough, or a run of it was cut short by a limit.
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
