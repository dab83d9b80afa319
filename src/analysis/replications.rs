//! The analyses of all replications of a scenario, taken together.

use super::groups::Spread;
use super::state::State;
use super::wilson::{NINETY_FIVE, wilson};
use super::{Analysis, Course};
use crate::measure::{Measurements, Scope};

/// The analyses of the replications of a scenario, in their order; at least one.
#[derive(Clone, Debug, PartialEq)]
pub struct Replications {
    /// The analysis of each replication.
    pub runs: Vec<Analysis>,
}

/// The replications with one outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// Replications with the outcome.
    pub k: usize,
    /// Replications.
    pub n: usize,
    /// Lower end of the 95% interval of the probability of the outcome.
    pub low: f64,
    /// Upper end of that interval.
    pub high: f64,
}

impl Replications {
    /// The analyses of some runs.
    pub fn of(runs: &[Measurements]) -> Replications {
        Replications { runs: runs.iter().map(Analysis::of).collect() }
    }

    /// The analysis of the only replication; `None` if there are several.
    pub fn only(&self) -> Option<&Analysis> {
        match self.runs.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// The replications in which something is so.
    pub fn share(&self, is_so: impl Fn(&Analysis) -> bool) -> Share {
        let (k, n) = (self.runs.iter().filter(|run| is_so(run)).count(), self.runs.len());
        let (low, high) = wilson(k as f64, n as f64, NINETY_FIVE);
        Share { k, n, low, high }
    }

    /// The replications with each state of a scope; a scope without a course is silent.
    pub fn states(&self, scope: Scope) -> [(State, Share); 6] {
        let of = |run: &Analysis| run.course(scope).map_or(State::Silent, |course: &Course| course.state);
        State::ALL.map(|state| (state, self.share(|run| of(run) == state)))
    }

    /// Median and range of a number over the replications in which it exists; `None` if in none.
    pub fn spread(&self, number: impl Fn(&Analysis) -> Option<f64>) -> Option<Spread> {
        Spread::of(self.runs.iter().map(|run| number(run).unwrap_or(f64::NAN)))
    }
}
