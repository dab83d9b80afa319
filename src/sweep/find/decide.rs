//! Decides whether the condition holds at one value, with as many replications as that takes.
//!
//! The interval of the mean is examined after ever more replications, and each look is a chance to be wrong. So the
//! probability of one wrong decision in a whole search, 5%, is divided evenly among all looks at all values that the
//! search may take (C. E. Bonferroni, 1936): verdicts called certain hold at 95%, all decisions of a search together.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::super::table::Setting;
use super::super::unit::Unit;
use super::median::median;
use super::question::Condition;
use super::search::{FindError, Search};
use crate::experiment::{Progress, Run, Watch, replicate_with};
use crate::measure::student;
use crate::model::Model;
use crate::vocabulary::{Ended, Figure, Path};

/// Probability that a search is wrong about any verdict that it calls certain.
const WRONG: f64 = 0.05;

/// The figures and the verdict at one value.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// The value that was tried.
    pub setting: Setting,
    /// Mean of the figure over the replications; their median where [`Condition::is_of_the_median`].
    pub mean: f64,
    /// Lower end of the interval that decides; the intervals of a search hold at 95% all together.
    pub low: f64,
    /// Upper end of the interval that decides.
    pub high: f64,
    /// Replications.
    pub n: u64,
    /// Whether the condition holds.
    pub verdict: Verdict,
    /// The pool that is a bottleneck in most replications; `None` where none is in any.
    pub bottleneck: Option<Bottleneck>,
    /// The value as a number that the search halves.
    pub(super) base: f64,
    /// The identity of the simulation at the value.
    pub(super) identity: u64,
}

/// The runs of a value that is not decided yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Begun {
    /// The value as a number that the search halves.
    pub(super) base: f64,
    /// The figure of each replication, in their order.
    pub(super) figures: Vec<f64>,
    /// For each pool, the number of replications in which it is a bottleneck.
    pub(super) bottlenecks: Vec<u64>,
}

impl Begun {
    /// A value without runs, in a scenario with this number of pools.
    pub(super) fn new(base: f64, pools: usize) -> Begun {
        Begun { base, figures: Vec::new(), bottlenecks: vec![0; pools] }
    }

    /// Number of replications.
    pub fn n(&self) -> u64 {
        self.figures.len() as u64
    }
}

/// A pool that is a bottleneck in some replications of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bottleneck {
    /// Name of the pool.
    pub pool: String,
    /// Number of those replications.
    pub runs: u64,
}

/// The model at one value, and the seed of its runs.
fn model_at(search: &Search, base: f64) -> Result<(Model, u64), FindError> {
    let values = &search.values;
    let scenario = search.scenario.with(&values.path, &values.toml(base)).map_err(FindError::Value)?;
    Ok((Model::compile(&scenario), scenario.spec().seed))
}

/// The identity of the simulation at one value.
pub(super) fn identity(search: &Search, base: f64) -> Result<u64, FindError> {
    Ok(model_at(search, base)?.0.identity())
}

/// The answer at a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// The condition certainly holds.
    Holds,
    /// The mean keeps to the bound after all replications allowed, but the interval does not exclude the bound.
    ProbablyHolds,
    /// The mean does not keep to the bound after all replications allowed, and the interval does not exclude the bound.
    ProbablyFails,
    /// The condition certainly does not hold.
    Fails,
}

impl Verdict {
    /// The verdict on a mean and the ends of its interval.
    fn of(condition: &Condition, (mean, low, high): (f64, f64, f64)) -> Verdict {
        match (condition.holds(low), condition.holds(high), condition.holds(mean)) {
            (true, true, _) => Verdict::Holds,
            (false, false, _) => Verdict::Fails,
            (.., true) => Verdict::ProbablyHolds,
            (.., false) => Verdict::ProbablyFails,
        }
    }

    /// Whether the mean keeps to the bound.
    pub fn holds(self) -> bool {
        matches!(self, Verdict::Holds | Verdict::ProbablyHolds)
    }

    /// Whether the interval excludes the bound.
    pub fn certain(self) -> bool {
        matches!(self, Verdict::Holds | Verdict::Fails)
    }
}

/// Numbers of replications after which the interval is examined: `first`, then twice as many each time, at last `at_most`.
pub(super) fn looks(first: u64, at_most: u64) -> Vec<u64> {
    let mut looks: Vec<u64> =
        std::iter::successors(Some(first), |n| n.checked_mul(2)).take_while(|n| *n < at_most).collect();
    looks.push(at_most);
    looks
}

/// Runs replications of one value, those in `begun` being done, until the verdict is certain or `at_most` of them are run. After
/// each look without a decision `keep` gets the runs so far. `None` if `progress` or `keep` stopped it.
pub(super) fn decide(
    search: &Search,
    mut begun: Begun,
    progress: &dyn Progress,
    keep: &mut dyn FnMut(&Begun) -> bool,
) -> Result<Option<Trial>, FindError> {
    let (values, condition, base) = (&search.values, &search.condition, begun.base);
    let setting = values.setting(base);
    let (model, seed) = model_at(search, base)?;
    let looks = looks(search.first, search.at_most);
    // A search tries both ends, and halves three times: for the edge of the mean, and for each end of the uncertain bracket.
    let decisions = 2.0 + 3.0 * values.halvings();
    let tail = WRONG / (decisions * looks.len() as f64);
    progress.at(&format!("{} = {}", values.path, setting.text));
    // The looks at runs in `begun` decided nothing.
    let done = begun.n();
    for until in looks.into_iter().filter(|until| *until > done) {
        let round = begun.n()..until;
        progress.planned(round.end - round.start);
        let Some(units) = units(&model, seed, round, condition.path, progress) else { return Ok(None) };
        for (unit, pools) in &units {
            begun.figures.push(figure(unit, condition, &setting)?);
            for pool in pools {
                begun.bottlenecks[*pool] += 1;
            }
        }
        let (mean, low, high) = middle(condition, &begun.figures, tail);
        let n = begun.n();
        let verdict = Verdict::of(condition, (mean, low, high));
        if verdict.certain() || n == search.at_most {
            let (bottleneck, identity) = (most(search, &begun.bottlenecks), model.identity());
            return Ok(Some(Trial { setting, mean, low, high, n, verdict, bottleneck, base, identity }));
        }
        if !keep(&begun) {
            return Ok(None);
        }
    }
    Ok(None)
}

/// The mean of the figures, or their median where the condition is on it, and the ends of its interval.
fn middle(condition: &Condition, figures: &[f64], tail: f64) -> (f64, f64, f64) {
    if condition.is_of_the_median() {
        median(figures, tail)
    } else {
        interval(figures, tail, condition.path.figure == Figure::ThresholdsHeld)
    }
}

/// The pool that is a bottleneck in most runs, of equals the first; `runs` counts them by the pool's index.
fn most(search: &Search, runs: &[u64]) -> Option<Bottleneck> {
    let (index, runs) = (0..).zip(runs).reduce(|most, next| if next.1 > most.1 { next } else { most })?;
    let (pool, _) = search.scenario.spec().pool.get_index(index).filter(|_| *runs > 0)?;
    Some(Bottleneck { pool: pool.clone(), runs: *runs })
}

/// Runs some replications of a value, and finds the bottlenecks of each; `None` if `progress` stopped them.
fn units(
    model: &Model,
    seed: u64,
    replications: Range<u64>,
    path: Path,
    progress: &dyn Progress,
) -> Option<Vec<(Unit, Vec<usize>)>> {
    let watch = |_| Watch::new(progress);
    let keep = |run: Run<Watch<'_>>| {
        progress.done();
        Unit::with_bottlenecks(0, run.replication, &run.measurements, &[path])
    };
    replicate_with(model, seed, replications, watch, keep)?.into_iter().collect()
}

/// The condition's figure in one unit.
fn figure(unit: &Unit, condition: &Condition, setting: &Setting) -> Result<f64, FindError> {
    if unit.ended != Ended::Done {
        return Err(FindError::CutShort { setting: setting.clone(), ended: unit.ended });
    }
    match unit.figures[0] {
        // A run that has not recovered when its window ends recovers later, if ever.
        figure if figure.is_nan() && condition.path.figure == Figure::Recovery => Ok(f64::INFINITY),
        figure if figure.is_nan() => {
            Err(FindError::NoFigure { setting: setting.clone(), replication: unit.replication })
        }
        figure => Ok(figure),
    }
}

/// The mean of some values, and the ends of its interval, each of which errs with probability `tail`.
fn interval(values: &[f64], tail: f64, is_share: bool) -> (f64, f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    if is_share {
        return (mean, share_bound(mean, n, tail, 0.0), share_bound(mean, n, tail, 1.0));
    }
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0);
    let half = student(values.len() - 1, tail) * (variance / n).sqrt();
    // Counts, shares and spans are not negative, so neither is their mean.
    let least = if values.iter().all(|value| *value >= 0.0) { 0.0 } else { f64::NEG_INFINITY };
    (mean, (mean - half).max(least), mean + half)
}

/// The end towards `end` of the interval of a probability that showed as `share` in `n` trials, by the bound of H.
/// Chernoff (Annals of Mathematical Statistics 23, 1952): with probability p a share as far off as q comes about with a
/// chance of at most exp(−n KL(q, p)). Student's t would be certain of a probability of 1 after two trials.
fn share_bound(share: f64, n: f64, tail: f64, end: f64) -> f64 {
    let part = |q: f64, p: f64| if q == 0.0 { 0.0 } else { q * libm::log(q / p) };
    let divergence = |p: f64| part(share, p) + part(1.0 - share, 1.0 - p);
    let most = -libm::log(tail) / n;
    let (mut within, mut beyond) = (share, end);
    while (within - beyond).abs() > 1e-9 {
        let middle = (within + beyond) / 2.0;
        if divergence(middle) <= most { within = middle } else { beyond = middle }
    }
    if share == end { end } else { beyond }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_come_at_ever_more_replications_up_to_the_cap() {
        assert_eq!(looks(10, 100), [10, 20, 40, 80, 100]);
        assert_eq!(looks(20, 20), [20]);
    }

    #[test]
    fn a_share_that_was_always_met_is_not_certain() {
        let (mean, low, high) = interval(&[1.0; 100], 0.001, true);
        // All of n successes: the exact bound is the n-th root of the tail.
        assert!(mean == 1.0 && high == 1.0 && (low - libm::pow(0.001, 0.01)).abs() < 1e-6, "{low}");
        let (_, low, high) = interval(&[0.0, 1.0], 0.025, true);
        assert!(low < 0.06 && high > 0.94, "{low} {high}");
    }
}
