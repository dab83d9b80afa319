//! The smallest or largest value of one setting for which a condition holds.
//!
//! ```text
//! scenario, PATH=LOW..HIGH, FIGURE<BOUND ─▶ Search ─▶ find: both ends ─▶ halve between them ─▶ Finding
//! ```
//!
//! 1. Both ends are tried, which tells whether the condition holds from some value up, or down, or on all of the range.
//! 2. The edge is found by halving. Each value is run on the same crowds until the interval of the figure excludes the
//!    bound, or until a cap on replications is reached, where the mean decides.
//! 3. If values near the edge were too close to the bound to be certain, the halving goes on to both sides of the edge.
//!    The result is the bracket between the nearest values that are certain.
//!
//! The search assumes that the condition changes once within the range; the [`Finding`] shows the result at each value
//! that was tried.

mod decide;
mod question;

use std::fmt;

pub use decide::{Trial, Verdict};
pub use question::Condition;

use super::table::Setting;
use crate::experiment::Progress;
use crate::scenario::{Diagnostics, Scenario};
use crate::vocabulary::Ended;
use question::Values;

/// Default replications of a value: before the first decision, and at most.
const REPLICATIONS: (u64, u64) = (10, 100);

/// A question: for which values of one setting a condition holds.
#[derive(Clone, Debug)]
pub struct Search {
    scenario: Scenario,
    values: Values,
    condition: Condition,
    first: u64,
    at_most: u64,
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

    /// The lowest and the highest value of the range.
    pub fn ends(&self) -> [Setting; 2] {
        self.values.ends().map(|end| self.values.setting(end))
    }
}

/// The result of a search.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The answer.
    pub answer: Answer,
    /// Each value that was tried, from the lowest to the highest.
    pub trials: Vec<Trial>,
}

impl Finding {
    /// Runs of all values together.
    pub fn runs(&self) -> u64 {
        self.trials.iter().map(|trial| trial.n).sum()
    }

    /// Whether the verdicts at both ends of the range are certain.
    pub fn ends_are_certain(&self) -> bool {
        [self.trials.first(), self.trials.last()].into_iter().flatten().all(|trial| trial.verdict.certain())
    }
}

/// For which values of the range the condition holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// From this value up.
    Smallest(Edge),
    /// Up to this value.
    Largest(Edge),
    /// At both ends.
    Everywhere,
    /// At neither end.
    Nowhere,
}

/// The edge between values at which the condition holds and values at which it does not.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// The value nearest to the edge at which the mean keeps to the bound.
    pub value: Setting,
    /// The nearest value at which the condition certainly holds; `None` if not even the end of the range is certain.
    pub holds: Option<Setting>,
    /// The nearest value at which the condition certainly does not hold; `None` likewise.
    pub fails: Option<Setting>,
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

/// Finds the edge of the condition, on all threads of the current rayon pool; the answer does not depend on their number.
/// `None` if [`Progress::stop`] ended the search.
///
/// # Errors
/// If a value between the ends is not valid, or a run there has no figure.
pub fn find(search: &Search, progress: &dyn Progress) -> Result<Option<Finding>, FindError> {
    let mut hunt = Hunt { search, progress, trials: Vec::new() };
    Ok(hunt.answer()?.map(|answer| Finding { answer, trials: hunt.trials }))
}

/// A search under way.
struct Hunt<'a> {
    search: &'a Search,
    progress: &'a dyn Progress,
    /// Trials so far, in the order of their values.
    trials: Vec<Trial>,
}

impl Hunt<'_> {
    fn answer(&mut self) -> Result<Option<Answer>, FindError> {
        for end in self.search.values.ends() {
            if self.trial(end)?.is_none() {
                return Ok(None);
            }
        }
        let rising = match [&self.trials[0], &self.trials[1]].map(|trial| trial.verdict.holds()) {
            [true, true] => return Ok(Some(Answer::Everywhere)),
            [false, false] => return Ok(Some(Answer::Nowhere)),
            [_, rising] => rising,
        };
        let Some((below, above)) = self.halve(|trial| trial.verdict.holds())? else { return Ok(None) };
        let Some(holds) = self.nearest(Verdict::Holds, rising)? else { return Ok(None) };
        let Some(fails) = self.nearest(Verdict::Fails, !rising)? else { return Ok(None) };
        let setting = |base| self.search.values.setting(base);
        let value = setting(if rising { above } else { below });
        let edge = Edge { value, holds: holds.map(setting), fails: fails.map(setting) };
        Ok(Some(if rising { Answer::Smallest(edge) } else { Answer::Largest(edge) }))
    }

    /// Finds the value nearest to the edge, from above or from below, that has a verdict; `Some(None)` if not even the end
    /// of the range has the verdict, `None` if the search was stopped.
    fn nearest(&mut self, verdict: Verdict, from_above: bool) -> Result<Option<Option<f64>>, FindError> {
        let has = |trial: &Trial| trial.verdict == verdict;
        let end = if from_above { self.trials.last() } else { self.trials.first() };
        if !end.is_some_and(has) {
            return Ok(Some(None));
        }
        let halved = self.halve(has)?;
        Ok(halved.map(|(below, above)| Some(if from_above { above } else { below })))
    }

    /// Finds two neighbouring values between which `is_so` changes, which is true at one end of the range and false at the
    /// other; `None` if the search was stopped.
    fn halve(&mut self, is_so: impl Fn(&Trial) -> bool) -> Result<Option<(f64, f64)>, FindError> {
        loop {
            let turn = self.trials.windows(2).find(|pair| is_so(&pair[0]) != is_so(&pair[1]));
            let (below, above) = match turn {
                Some(pair) => (pair[0].base, pair[1].base),
                None => return Ok(Some(self.search.values.ends().into())),
            };
            match self.search.values.between(below, above) {
                None => return Ok(Some((below, above))),
                Some(middle) if self.trial(middle)?.is_none() => return Ok(None),
                Some(_) => {}
            }
        }
    }

    /// Runs a value and inserts its trial in order; `None` if the search was stopped.
    fn trial(&mut self, base: f64) -> Result<Option<()>, FindError> {
        let trial = decide::decide(self.search, base, self.progress)?;
        Ok(trial.map(|trial| {
            let position = self.trials.partition_point(|other| other.base < base);
            self.trials.insert(position, trial);
        }))
    }
}
