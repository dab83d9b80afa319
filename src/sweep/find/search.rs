//! The question and the errors of a search.

use std::fmt;

use super::super::table::Setting;
use super::question::{self, Condition, Values};
use crate::scenario::{Diagnostics, Scenario};
use crate::vocabulary::Ended;

/// Default replications of a value: before the first decision, and at most.
const REPLICATIONS: (u64, u64) = (10, 100);

/// A question: for which values of one setting a condition holds.
#[derive(Clone, Debug)]
pub struct Search {
    pub(super) scenario: Scenario,
    pub(super) values: Values,
    pub(super) condition: Condition,
    pub(super) first: u64,
    pub(super) at_most: u64,
}

impl Search {
    /// Asks for which values of a range, `pool.api.servers=100..2000`, a condition holds, `error_rate.peak<1%`.
    ///
    /// # Errors
    /// Every error of the range and of the condition, and every error of the scenario at an end of the range, each located.
    pub fn new(scenario: &Scenario, vary: &str, until: &str) -> Result<Search, Diagnostics> {
        let (values, condition) = question::read(scenario, vary, until)?;
        let (first, at_most) = REPLICATIONS;
        Ok(Search { scenario: scenario.clone(), values, condition, first, at_most })
    }

    /// The same question with `first` replications of each value before the first decision, two or more, and `at_most`
    /// in all.
    pub fn replications(self, first: u64, at_most: u64) -> Search {
        let first = first.max(2);
        Search { first, at_most: at_most.max(first), ..self }
    }

    /// The scenario, in which the setting has its own value.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The dotted path of the setting that varies.
    pub fn path(&self) -> &str {
        &self.values.path
    }

    /// Unit of the values' numbers; empty for plain numbers and shares.
    pub fn unit(&self) -> &'static str {
        self.values.unit()
    }

    /// The condition that must hold.
    pub fn condition(&self) -> &Condition {
        &self.condition
    }

    /// The scenario at the lowest and at the highest value of the range.
    ///
    /// # Errors
    /// Only if a file that the scenario names has changed since the question was asked.
    pub fn scenarios_at_ends(&self) -> Result<Vec<Scenario>, Diagnostics> {
        let at = |end: f64| self.scenario.with(&self.values.path, &self.values.toml(end));
        self.values.ends().into_iter().map(at).collect()
    }

    /// The scale of the scenario.
    pub fn scale(&self) -> f64 {
        self.scenario.spec().scale
    }

    /// Number of values that are tried until an edge is found.
    pub fn most_values(&self) -> f64 {
        2.0 + self.values.halvings()
    }

    /// The lowest and the highest value of the range.
    pub fn ends(&self) -> [Setting; 2] {
        self.values.ends().map(|end| self.values.setting(end))
    }
}

/// Why a search could not go on.
#[derive(Debug)]
pub enum FindError {
    /// The scenario is not valid at a value between the ends.
    Value(Diagnostics),
    /// A run was ended by a limit and has no figures.
    CutShort {
        /// The value at which the run was made.
        setting: Setting,
        /// The limit that ended the run.
        ended: Ended,
    },
    /// The figure has no value in a run, such as a latency where nobody was served.
    NoFigure {
        /// The value at which the run was made.
        setting: Setting,
        /// The replication without a figure.
        replication: u64,
    },
}

impl fmt::Display for FindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FindError::Value(problems) => problems.fmt(f),
            FindError::CutShort { setting, ended } => {
                write!(f, "a run at {} was ended by the {} and has no figures", setting.text, ended.word())
            }
            FindError::NoFigure { setting, replication } => {
                write!(f, "the figure has no value at {} in replication {replication}", setting.text)
            }
        }
    }
}

impl std::error::Error for FindError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            FindError::Value(problems) => Some(problems),
            _ => None,
        }
    }
}
