//! The cheapest combination of levers for which the thresholds of a scenario hold.
//!
//! ```text
//! Plan, Prices ─▶ halving: rounds of ever more runs of ever fewer combinations ─▶ Found: winner, runner-up, chances
//! ```
//!
//! 1. Every combination is run a few times. All combinations face the same crowds (common random numbers).
//! 2. From how often its thresholds held, each combination has a probability that they hold in enough of all runs
//!    ([`belief`]). Times the probability that no cheaper one does, this is the chance that it is the cheapest.
//! 3. The half with the better chances is run twice as often, and so on (successive halving: Z. Karnin, T. Koren and O. Somekh,
//!    Almost Optimal Exploration in Multi-Armed Bandits, ICML 2013), until one chance, or that of none, is as large as asked
//!    for. A combination that was left behind comes back when those that were cheaper fail.
//! 4. The same search among the combinations that save on at least one lever of the winner finds the runner-up.
//!
//! Beliefs about combinations are taken as independent. Common crowds make their errors alike, so that the chance of the winner
//! is, if anything, larger than stated.

mod belief;
mod halving;

use super::outline::Outline;
use super::plan::Plan;
use super::prices::Prices;
use super::run::SweepError;
use super::store::{Store, StoreError};
use crate::experiment::Progress;
use crate::measure::Estimate;
use crate::vocabulary::Ended;
use halving::Halving;

/// How much a search may run, and how sure it is to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effort {
    /// Runs of each combination before any is left behind.
    pub first: u64,
    /// Most runs of a combination.
    pub at_most: u64,
    /// Probability at which the search ends.
    pub sure: f64,
}

/// The result of a search.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// All combinations, the cheapest first.
    pub combinations: Vec<Combination>,
    /// The cheapest for which the thresholds hold; `None` if there probably is none.
    pub winner: Option<Choice>,
    /// The cheapest of those that save on at least one lever of the winner; `None` if there probably is none.
    pub runner_up: Option<Choice>,
    /// Probability that the thresholds hold for no combination.
    pub none: f64,
}

/// A combination that was chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    /// Index among the combinations.
    pub index: usize,
    /// Probability that it is the cheapest: of all, or of those that it was chosen from.
    pub sure: f64,
}

/// One combination, and what its runs came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Combination {
    /// Index of the point of the plan.
    pub point: u64,
    /// Index of the value of each lever.
    pub digits: Vec<usize>,
    /// Cost of all values together.
    pub cost: f64,
    /// Runs.
    pub n: u64,
    /// Runs in which all thresholds held.
    pub held: u64,
    /// Probability that the thresholds hold in as large a share of all runs as the plan asks for.
    pub holds: f64,
    /// Probability that they do so for it and for none that costs less.
    pub cheapest: f64,
    /// People harmed; `None` where no run had a value.
    pub harmed: Option<Estimate>,
    /// The point that the scale makes the same simulation, if there is an earlier one.
    pub same_as: Option<u64>,
}

impl Found {
    /// Runs of all combinations together.
    pub fn runs(&self) -> u64 {
        let own = self.combinations.iter().filter(|combination| combination.same_as.is_none());
        own.map(|combination| combination.n).sum()
    }
}

/// Why a search could not go on.
#[derive(Debug)]
pub enum SearchError {
    /// A run could not be made or kept.
    Sweep(SweepError),
    /// A run was ended by a limit and has no figures.
    CutShort {
        /// The values of the levers.
        at: String,
        /// The limit that ended the run.
        ended: Ended,
    },
}

impl std::fmt::Display for SearchError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            SearchError::Sweep(error) => error.fmt(f),
            SearchError::CutShort { at, ended } => {
                write!(f, "a run at {at} was ended by the {} and has no figures", ended.word())
            }
        }
    }
}

impl std::error::Error for SearchError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            SearchError::Sweep(error) => Some(error),
            SearchError::CutShort { .. } => None,
        }
    }
}

impl From<SweepError> for SearchError {
    fn from(error: SweepError) -> SearchError {
        SearchError::Sweep(error)
    }
}

impl From<StoreError> for SearchError {
    fn from(error: StoreError) -> SearchError {
        SearchError::Sweep(SweepError::Store(error))
    }
}

impl Effort {
    /// Numbers of runs of a combination at which chances are examined: `first`, then twice as many each time, at last `at_most`.
    fn looks(&self) -> Vec<u64> {
        let doubled = std::iter::successors(Some(self.first.max(1)), |n| n.checked_mul(2));
        let mut looks: Vec<u64> = doubled.take_while(|n| *n < self.at_most).collect();
        looks.push(self.at_most.max(1));
        looks
    }

    /// Most runs of a search if each round leaves half behind and nothing comes back.
    pub fn most_runs(&self, outline: &Outline) -> u64 {
        let own = outline.points() - outline.alike().len() as u64;
        let (mut left, mut before, mut all) = (own, 0, 0);
        for look in self.looks() {
            all += left * (look - before);
            (left, before) = (left.div_ceil(2).max(2).min(own), look);
        }
        all
    }
}

/// Looks for the cheapest combination of a plan's levers and for the runner-up, on all threads of the current rayon pool; the
/// answer does not depend on their number. Runs that the store holds are not made again. `None` if [`Progress::stop`] ended it.
///
/// # Errors
/// If a run cannot be made or kept, or has no figures.
pub fn cheapest(
    plan: &Plan,
    prices: &Prices,
    store: &Store,
    effort: &Effort,
    progress: &dyn Progress,
) -> Result<Option<Found>, SearchError> {
    let mut halving = Halving::new(plan, prices, store, effort, progress);
    let every: Vec<usize> = halving.order().to_vec();
    let Some(winner) = halving.best(&every)? else { return Ok(None) };
    let runner_up = match winner {
        Some(winner) => {
            let paid: Vec<f64> = prices.costs(halving.digits(winner.index)).collect();
            let saves =
                |point: &usize| prices.costs(halving.digits(*point)).zip(&paid).any(|(cost, paid)| cost < *paid);
            let others: Vec<usize> = every.iter().copied().filter(saves).collect();
            match halving.best(&others)? {
                Some(found) => found,
                None => return Ok(None),
            }
        }
        None => None,
    };
    Ok(Some(halving.found(winner, runner_up)))
}
