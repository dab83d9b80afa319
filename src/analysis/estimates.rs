//! The figures of several runs of one model, estimated over the replications.

use super::figures::{over_runs, paths};
use super::replications::Replications;
use crate::measure::{Figures, Measurements, Pooled, judge_values};
use crate::vocabulary::Metric;

/// The figures of some runs of one model, at full size: the table of intervals, and each figure of the summary over the
/// replications, of which `all` has the values.
pub fn figures(runs: &Pooled, all: &Replications) -> Figures {
    let paths = paths(runs.layout());
    let values = |at: usize| all.summaries().map(move |values| values.get(at).copied().unwrap_or(f64::NAN));
    let summary = paths.iter().enumerate().map(|(at, path)| (*path, over_runs(*path, values(at)))).collect();
    let mut figures = Figures { summary, ..runs.figures() };
    for (result, threshold) in figures.thresholds.iter_mut().zip(&runs.layout().thresholds) {
        if let Metric::Figure(path) = threshold.metric {
            let at = paths.iter().position(|known| *known == path);
            let values = at.map(values).into_iter().flatten();
            *result = judge_values(threshold, values, runs.layout());
        }
    }
    figures
}

/// The figures of some runs of one model, at least one, which are analysed for this alone.
pub fn figures_of(runs: &[Measurements]) -> Figures {
    let mut pooled = Pooled::new(&runs[0].layout);
    runs.iter().for_each(|run| pooled.add(run));
    figures(&pooled, &Replications::of(runs))
}
