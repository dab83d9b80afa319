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
//! At a scale below 1 neighbouring values may be one simulation, since rounding leaves no difference between them. Such a value
//! is not run again: the search ends where the scale tells nothing apart any more, and the [`Edge`] says so.
//!
//! When it is over, `recovery_s`, has no mean where some run is not over: the median of the runs is judged, and a run that is
//! not over counts above all others.
//!
//! The search assumes that the condition changes once within the range; the [`Finding`] shows the result at each value
//! that was tried.

mod decide;
mod median;
mod question;
mod search;
pub mod tried;

pub use decide::{Begun, Bottleneck, Trial, Verdict};
pub use question::Condition;
pub use search::{FindError, Search};

use super::table::Setting;
use crate::experiment::Progress;

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
    /// The nearest value at which the mean does not keep to the bound, if the scale tells nothing apart between it and
    /// `value`, though there are values between; `None` if the two are neighbours.
    pub blurred_to: Option<Setting>,
}

/// Finds the edge of the condition, on all threads of the current rayon pool; the answer does not depend on their number.
/// `None` if [`Progress::stop`] ended the search.
///
/// # Errors
/// If a value between the ends is not valid, or a run there has no figure.
pub fn find(search: &Search, progress: &dyn Progress) -> Result<Option<Finding>, FindError> {
    resume(search, progress, Tried::default(), &mut |_, _| true)
}

/// The progress of a search that has no answer yet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tried {
    /// The values that were tried.
    pub trials: Vec<Trial>,
    /// The runs of the value under way.
    pub begun: Option<Begun>,
}

/// Stores the values tried so far and the runs of the value under way; `false` ends the search, as a stop does.
pub type Keep<'a> = dyn FnMut(&[Trial], Option<&Begun>) -> bool + 'a;

/// Goes on with a search, like [`find`], of which something is `tried`. After each other value, and each time that the runs of a
/// value do not decide, `keep` gets all that was tried so far.
///
/// # Errors
/// If a value between the ends is not valid, or a run there has no figure.
pub fn resume(
    search: &Search,
    progress: &dyn Progress,
    tried: Tried,
    keep: &mut Keep<'_>,
) -> Result<Option<Finding>, FindError> {
    let mut hunt = Hunt { search, progress, tried, keep, trials: Vec::new() };
    Ok(hunt.answer()?.map(|answer| Finding { answer, trials: hunt.trials }))
}

/// A search under way.
struct Hunt<'a> {
    search: &'a Search,
    progress: &'a dyn Progress,
    /// Trials of an earlier search for the same answer that this search has not reached.
    tried: Tried,
    /// Stores all that was tried so far.
    keep: &'a mut Keep<'a>,
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
        let blurred = self.search.values.between(below, above).is_some();
        let blurred_to = blurred.then(|| setting(if rising { below } else { above }));
        let edge = Edge { value, holds: holds.map(setting), fails: fails.map(setting), blurred_to };
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

    /// Finds two values between which `is_so` changes, which is true at one end of the range and false at the other, and
    /// between which there is no value that is another simulation; `None` if the search was stopped.
    fn halve(&mut self, is_so: impl Fn(&Trial) -> bool) -> Result<Option<(f64, f64)>, FindError> {
        loop {
            let turn = self.trials.windows(2).find(|pair| is_so(&pair[0]) != is_so(&pair[1]));
            let (below, above) = match turn {
                Some(pair) => (&pair[0], &pair[1]),
                None => return Ok(Some(self.search.values.ends().into())),
            };
            let middle = self.between(below, above)?;
            let (below, above) = (below.base, above.base);
            match middle {
                None => return Ok(Some((below, above))),
                Some(middle) if self.trial(middle)?.is_none() => return Ok(None),
                Some(_) => {}
            }
        }
    }

    /// A value about halfway between two that were tried which is a simulation of its own; `None` if there is none.
    fn between(&self, below: &Trial, above: &Trial) -> Result<Option<f64>, FindError> {
        let (mut low, mut high) = (below.base, above.base);
        while let Some(middle) = self.search.values.between(low, high) {
            let identity = decide::identity(self.search, middle)?;
            // What is the same simulation as an end is the same all the way to that end.
            if identity == below.identity {
                low = middle;
            } else if identity == above.identity {
                high = middle;
            } else {
                return Ok(Some(middle));
            }
        }
        Ok(None)
    }

    /// Runs a value and inserts its trial in order; `None` if the search was stopped.
    fn trial(&mut self, base: f64) -> Result<Option<()>, FindError> {
        let known = &mut self.tried.trials;
        let known = known.iter().position(|trial| trial.base == base).map(|index| known.swap_remove(index));
        let is_new = known.is_none();
        let trial = if is_new { self.decide(base)? } else { known };
        let Some(trial) = trial else { return Ok(None) };
        let position = self.trials.partition_point(|other| other.base < base);
        self.trials.insert(position, trial);
        Ok((!is_new || (self.keep)(&self.trials, None)).then_some(()))
    }

    /// Runs a value, of which an earlier search may have made some runs; `None` if the search was stopped.
    fn decide(&mut self, base: f64) -> Result<Option<Trial>, FindError> {
        let begun = self.tried.begun.take_if(|begun| begun.base == base);
        let begun = begun.unwrap_or_else(|| Begun::new(base, self.search.scenario.spec().pool.len()));
        decide::decide(self.search, begun, self.progress, &mut |begun| (self.keep)(&self.trials, Some(begun)))
    }
}
