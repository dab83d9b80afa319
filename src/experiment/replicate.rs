//! The loop over replications, its tasks and its results.

use std::convert::Infallible;
use std::ops::Range;
use std::time::Instant;

use rayon::prelude::*;

use super::recovery;
use crate::engine::{self, NoProbe, Probe, Seed};
use crate::measure::{Measurements, Stopped};
use crate::model::Model;

/// A replication that is to be run.
#[derive(Clone, Debug)]
pub struct Task<'m, P> {
    /// The model that is run.
    pub model: &'m Model,
    /// Seed of the crowds and number of the replication.
    pub seed: Seed,
    /// The probe that listens to the run.
    pub probe: P,
}

/// A replication that was run.
#[derive(Clone, Debug)]
pub struct Run<P> {
    /// Index of the replication.
    pub replication: u64,
    /// Measurements of the engine.
    pub measurements: Measurements,
    /// The probe after the run.
    pub probe: P,
    /// Wall-clock time of the run in seconds.
    pub seconds: f64,
}

impl<P: Probe> Task<'_, P> {
    /// Runs the replication on the calling thread; `None` if its probe stopped it.
    pub fn run(mut self) -> Option<Run<P>> {
        let begun = Instant::now();
        let mut measurements = match self.probe.stop() {
            // The limit of time was reached before the run.
            Some(stopped) => Measurements { stopped: Some(stopped), ..Measurements::default() },
            None => engine::run_with(self.model, self.seed, &mut self.probe),
        };
        recovery::judge(self.model, self.seed, &mut measurements, &self.probe);
        let asked = measurements.stopped == Some(Stopped::Asked);
        let (replication, seconds) = (self.seed.replication, begun.elapsed().as_secs_f64());
        (!asked).then_some(Run { replication, measurements, probe: self.probe, seconds })
    }
}

/// Why the loop ended before all replications were run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Halt<E> {
    /// A probe asked its run to end.
    Stopped,
    /// A replication could not be started, or its result could not be kept.
    Failed(E),
}

/// Runs each unit of work on the threads of the current rayon pool: `task` gives the replication of a unit, `take`
/// reduces its run to a result.
///
/// The iterator yields one result for each unit, in the order of `units`. A run that its probe stopped never reaches
/// `take`. The caller ends the loop at the first [`Halt`], by `collect` into a `Result` or by `try_for_each`.
pub fn runs<U, P, T, E>(
    units: impl ParallelIterator<Item = U>,
    task: impl for<'u> Fn(&'u U) -> Result<Task<'u, P>, E> + Sync + Send,
    take: impl Fn(U, Run<P>) -> Result<T, E> + Sync + Send,
) -> impl ParallelIterator<Item = Result<T, Halt<E>>>
where
    U: Send,
    P: Probe,
    T: Send,
    E: Send,
{
    units.map(move |unit| {
        let task = task(&unit).map_err(Halt::Failed)?;
        let run = task.run().ok_or(Halt::Stopped)?;
        take(unit, run).map_err(Halt::Failed)
    })
}

/// An arm of an experiment: a model, and the seed of its crowds.
#[derive(Clone, Copy, Debug)]
pub struct Arm<'m> {
    /// The model.
    pub model: &'m Model,
    /// The seed. Two arms with the same seed face the same crowds.
    pub seed: u64,
}

/// Runs replications of one model and returns the results of `take`, in the order of the replications.
///
/// ```
/// # use dropstorm::{experiment, model::Model, scenario::{Scenario, starter}};
/// # let model = Model::compile(&Scenario::parse("drop.toml", starter()).and_then(|s| s.with("scale", "0.5")).unwrap());
/// let attempts = experiment::replicate(&model, 1, 0..3, |run| run.ledger.sent);
/// assert_eq!(attempts.len(), 3);
/// ```
pub fn replicate<T: Send>(
    model: &Model,
    seed: u64,
    replications: Range<u64>,
    take: impl Fn(Measurements) -> T + Sync + Send,
) -> Vec<T> {
    // `NoProbe` never stops a run, so the list is never missing.
    replicate_with(model, seed, replications, |_| NoProbe, |run| take(run.measurements)).unwrap_or_default()
}

/// Runs replications of one model, each with the probe that `probe` makes for its number, and returns the results of
/// `take`, in the order of the replications; `None` if a probe stopped its run.
pub fn replicate_with<P: Probe, T: Send>(
    model: &Model,
    seed: u64,
    replications: Range<u64>,
    probe: impl Fn(u64) -> P + Sync + Send,
    take: impl Fn(Run<P>) -> T + Sync + Send,
) -> Option<Vec<T>> {
    let arms = [Arm { model, seed }];
    let each = replicate_each(&arms, replications, |_, replication| probe(replication), take)?;
    each.into_iter().next()
}

/// Runs the same replications of several arms, in parallel over arms and replications, and returns the results of
/// `take`, by arm and in the order of the replications; `None` if a probe stopped its run.
///
/// `probe` makes a probe for the index of an arm and the number of a replication.
pub fn replicate_each<P: Probe, T: Send>(
    arms: &[Arm<'_>],
    replications: Range<u64>,
    probe: impl Fn(usize, u64) -> P + Sync + Send,
    take: impl Fn(Run<P>) -> T + Sync + Send,
) -> Option<Vec<Vec<T>>> {
    let each = replications.end.saturating_sub(replications.start);
    let units = (0..arms.len()).into_par_iter().flat_map(|index| {
        let arm = arms[index];
        replications.clone().into_par_iter().map(move |replication| (index, arm, replication))
    });
    let all: Result<Vec<T>, Halt<Infallible>> = runs(
        units,
        |(index, arm, replication)| {
            let seed = Seed { seed: arm.seed, replication: *replication };
            Ok(Task { model: arm.model, seed, probe: probe(*index, *replication) })
        },
        |_, run| Ok(take(run)),
    )
    .collect();
    let mut all = all.ok()?.into_iter();
    Some(arms.iter().map(|_| all.by_ref().take(each as usize).collect()).collect())
}
