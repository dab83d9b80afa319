//! Comparison of several arms: the figures of each arm, and their differences from those of the first arm.

use super::difference::difference;
use crate::analysis::{Analysis, over_runs, values};
use crate::measure::{Estimate, Measurements};
use crate::vocabulary::{Figure, Path};

/// The summaries of one arm's replications.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The seed of the arm's crowds.
    pub seed: u64,
    /// `[replication][figure]`, as [`Sample::summary`] gives them.
    pub summaries: Vec<Vec<f64>>,
}

impl Sample {
    /// The figures of everything of one run's summary, in the order of `summary.json`; a figure without a value is NaN.
    pub fn summary(run: &Measurements) -> Vec<f64> {
        let paths: Vec<Path> = Figure::of_everything().into_iter().map(Path::all).collect();
        values(run, &Analysis::of(run), &paths)
    }

    /// The sample of replications with these summaries, which begin with the figures of everything.
    pub fn of<'a>(seed: u64, summaries: impl Iterator<Item = &'a [f64]>) -> Sample {
        let figures = Figure::of_everything().len();
        let of_everything = |summary: &[f64]| summary.iter().copied().take(figures).collect();
        Sample { seed, summaries: summaries.map(of_everything).collect() }
    }

    /// One figure over the replications.
    fn figure(&self, metric: usize) -> impl Iterator<Item = f64> + '_ {
        self.summaries.iter().map(move |summary| summary.get(metric).copied().unwrap_or(f64::NAN))
    }
}

/// Several arms on the same replications, each compared with the first.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The figures of everything, in the order of `summary.json`.
    pub metrics: Vec<Figure>,
    /// The arms, in the order in which they were given.
    pub arms: Vec<Compared>,
    /// Replications of each arm.
    pub replications: usize,
}

/// One arm of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// Whether the arm faced the crowds of the first arm, that is, has the same seed.
    pub same_crowds: bool,
    /// Mean and 95% interval of each figure; `None` where no replication had a value.
    pub figures: Vec<Option<Estimate>>,
    /// Mean and 95% interval of each figure minus that of the first arm, replication by replication; `None` where no
    /// replication had a value in both arms.
    pub differences: Vec<Option<Estimate>>,
}

impl Comparison {
    /// Compares samples that have the same replications.
    pub fn of(samples: &[&Sample]) -> Comparison {
        let metrics = Figure::of_everything();
        let arms = samples.iter().map(|sample| compared(sample, samples[0], &metrics)).collect();
        let replications = samples.iter().map(|sample| sample.summaries.len()).min().unwrap_or(0);
        Comparison { metrics, arms, replications }
    }

    /// A figure of one arm; `None` where the name, the arm or the value is missing.
    pub fn figure(&self, arm: usize, metric: &str) -> Option<Estimate> {
        self.arms.get(arm)?.figures[self.metric(metric)?]
    }

    /// A figure of one arm minus that of the first arm; `None` where the name, the arm or the value is missing.
    pub fn difference(&self, arm: usize, metric: &str) -> Option<Estimate> {
        self.arms.get(arm)?.differences[self.metric(metric)?]
    }

    /// Leaves out the differences of an arm, the figures of which are not those of a whole run; of all arms for the first.
    pub fn leave_out(&mut self, arm: usize) {
        let left_out = if arm == 0 { 0..self.arms.len() } else { arm..(arm + 1).min(self.arms.len()) };
        self.arms[left_out].iter_mut().for_each(|arm| arm.differences.fill(None));
    }

    fn metric(&self, name: &str) -> Option<usize> {
        self.metrics.iter().position(|known| known.name() == name)
    }
}

fn compared(sample: &Sample, first: &Sample, metrics: &[Figure]) -> Compared {
    let each = || metrics.iter().enumerate();
    Compared {
        same_crowds: sample.seed == first.seed,
        figures: each().map(|(at, figure)| over_runs(Path::all(*figure), sample.figure(at))).collect(),
        differences: each().map(|(at, _)| difference(sample.figure(at), first.figure(at))).collect(),
    }
}
