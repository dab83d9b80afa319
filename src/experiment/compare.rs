//! Comparison of several arms: the figures of each arm, and their differences from those of the first arm.

use super::difference::difference;
use crate::measure::{Estimate, Measurements, estimate, summary_of};
use crate::vocabulary::Figure;

/// The summaries of one arm's replications.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The seed of the arm's crowds.
    pub seed: u64,
    /// `[replication][figure]`, as [`Sample::summary`] gives them.
    pub summaries: Vec<Vec<f64>>,
}

impl Sample {
    /// The figures of one run's summary, in the order of `summary.json`; a figure without a value is NaN.
    pub fn summary(run: &Measurements) -> Vec<f64> {
        summary_of(run).into_iter().map(|(_, value)| value).collect()
    }

    /// One figure over the replications.
    fn figure(&self, metric: usize) -> impl Iterator<Item = f64> + '_ {
        self.summaries.iter().map(move |summary| summary.get(metric).copied().unwrap_or(f64::NAN))
    }
}

/// Several arms on the same replications, each compared with the first.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The figures, in the order of `summary.json`.
    pub metrics: &'static [Figure],
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
        let metrics = Figure::summary();
        let arms = samples.iter().map(|sample| compared(sample, samples[0], metrics.len())).collect();
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

    fn metric(&self, name: &str) -> Option<usize> {
        self.metrics.iter().position(|known| known.name() == name)
    }
}

fn compared(sample: &Sample, first: &Sample, metrics: usize) -> Compared {
    let figure = |metric| estimate(&sample.figure(metric).filter(|value| !value.is_nan()).collect::<Vec<_>>());
    Compared {
        same_crowds: sample.seed == first.seed,
        figures: (0..metrics).map(figure).collect(),
        differences: (0..metrics).map(|metric| difference(sample.figure(metric), first.figure(metric))).collect(),
    }
}
