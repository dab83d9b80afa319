//! The effort, the result and the errors of a search over levers.

use super::super::outline::Outline;
use super::super::run::SweepError;
use super::super::store::StoreError;
use crate::measure::Estimate;
use crate::vocabulary::Ended;

/// The effort of a search.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effort {
    /// Runs of each combination before any is dropped.
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

/// One combination, and the results of its runs.
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
    /// Probability that they do so for this combination and for none that costs less.
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
    pub(super) fn looks(&self) -> Vec<u64> {
        let doubled = std::iter::successors(Some(self.first.max(1)), |n| n.checked_mul(2));
        let mut looks: Vec<u64> = doubled.take_while(|n| *n < self.at_most).collect();
        looks.push(self.at_most.max(1));
        looks
    }

    /// Largest number of runs of a search if each round drops half of the combinations for good.
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
