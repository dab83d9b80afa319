//! The voice in which a run is told: claims about its figures, with the names and the clock of its scenario.

use super::claim::{By, Cell, Claim, Fact, Lasting, Named, Ratio, Rows, Rule, Stretch, Trouble, Unanswered};
use super::moment::{Moments, length};
use super::phrase::{Phrase, phrase};
use crate::analysis::{Analysis, Peak, Worst};
use crate::measure::{Figures, Scope};
use crate::report::Context;
use crate::report::clock::Clock;
use crate::report::numbers::{count, millis, percent, percent_beside, share};
use crate::vocabulary::{Column, Figure};

/// Column of the attempts that ended as errors.
pub const ERRORS: &str = "errors";
/// Column of the attempts that ended.
pub const ENDED: &str = "ended";
/// Column of the attempts that were served.
pub const SERVED: &str = "served";
/// Column of the attempts that were sent.
pub const ATTEMPTS: &str = "attempts";

/// One run and the names of its scenario.
#[derive(Clone, Debug)]
pub struct Voice<'a> {
    /// The scenario.
    pub context: &'a Context<'a>,
    /// The figures.
    pub figures: &'a Figures,
    /// Analysis of the run.
    pub run: &'a Analysis,
    /// Form of moments.
    pub moments: Moments,
}

impl<'a> Voice<'a> {
    /// The voice for a run of a scenario.
    pub fn new(context: &'a Context<'a>, figures: &'a Figures, run: &'a Analysis) -> Voice<'a> {
        let frame = &run.frame;
        let moments = Moments::new(Clock::of_drop(context.spec), frame.time_s(0), frame.time_s(frame.intervals));
        Voice { context, figures, run, moments }
    }

    /// The measured part of the run.
    pub fn measured(&self) -> Stretch {
        Stretch { from_s: self.run.frame.from_s(), to_s: self.run.frame.until_s() }
    }

    /// The start of what is told, in words, if a moment is that and not the drop: what is so from then on may have been so before.
    pub fn at_the_start(&self, t_s: f64) -> Option<&'static str> {
        let is_start = t_s == self.run.frame.from_s() && t_s != 0.0;
        let words = match self.run.frame.measured.start {
            0 => "the start of the run",
            _ => "the start of the measured time",
        };
        is_start.then_some(words)
    }

    /// Words for the end of what is told.
    pub fn when_it_ends(&self) -> &'static str {
        let frame = &self.run.frame;
        match self.context.partial_until_s {
            _ if frame.measured.end == frame.intervals => " when the run ends",
            Some(until_s) if until_s <= frame.until_s() => " when this part ends",
            _ => " when the measured time ends",
        }
    }

    /// The rows of a scope by their names.
    pub fn rows(&self, scope: Scope) -> Rows {
        let region = |index| self.context.spec.region.get_index(index).map(|(name, _)| name.clone());
        let pool = |index| self.context.spec.pool.get_index(index).map(|(name, _)| name.clone());
        Rows {
            region: scope.region.and_then(region),
            pool: scope.pool.and_then(pool),
            request: scope.request.and_then(|index| self.context.requests.get(index).cloned()),
        }
    }

    /// The rule by which attempts of a scope that fail, or that wait, are trouble.
    pub fn rule(&self, of: Trouble, scope: Scope) -> Rule {
        let frame = &self.run.frame;
        let bound = match of {
            Trouble::Errors => frame.bound,
            Trouble::Waiting => frame.wait_bound.seconds(),
        };
        Rule { of, by: By { scope: self.rows(scope), bound, window_s: frame.window_s() } }
    }

    /// A share of failed attempts, told from the bound.
    pub fn share(&self, rate: f64) -> String {
        let nearly = share(rate);
        if nearly == percent(rate) { percent_beside(rate, self.run.frame.bound) } else { nearly }
    }

    /// The ratio of failed attempts of a scope to those that ended.
    pub fn ratio(&self, value: f64, scope: Scope, over: Stretch) -> Ratio {
        Ratio { value, num: ERRORS, den: ENDED, scope: self.rows(scope), over }
    }

    /// The worst window of a scope.
    pub fn worst(&self, worst: &Worst, scope: Scope) -> Claim {
        let over = Stretch { from_s: worst.from_s, to_s: worst.to_s };
        let fact = Fact::Worst {
            ratio: self.ratio(worst.rate, scope, over),
            window_s: over.seconds(),
            over_from_s: worst.over_from_s,
            over_to_s: worst.over_to_s,
            least: crate::analysis::frame::ENOUGH,
        };
        Claim { text: self.share(worst.rate), fact }
    }

    /// The greatest or the least cell of a column of a scope.
    pub fn cell(&self, peak: Peak, column: Column, scope: Scope) -> Cell {
        let Stretch { from_s: over_from_s, to_s: over_to_s } = self.measured();
        let at = Stretch { from_s: peak.from_s, to_s: peak.to_s };
        Cell { value: peak.value, column: column.name(), scope: self.rows(scope), at, over_from_s, over_to_s }
    }

    /// The bound of the error rate.
    pub fn bound(&self) -> Claim {
        let value = self.run.frame.bound;
        Claim { text: percent(value), fact: Fact::Bound { value, of: "error_rate".to_owned() } }
    }

    /// The wait beyond which an answer is late.
    pub fn late(&self) -> Claim {
        let value = self.run.frame.wait_bound.seconds();
        Claim { text: length(value), fact: Fact::Length { value, of: Lasting::Late } }
    }

    /// The length of a window.
    pub fn window(&self, seconds: f64) -> Claim {
        Claim { text: length(seconds), fact: Fact::Length { value: seconds, of: Lasting::Window } }
    }

    /// The length of a stretch.
    pub fn lasting(&self, stretch: Stretch) -> Claim {
        let value = stretch.seconds();
        Claim { text: length(value), fact: Fact::Length { value, of: Lasting::Stretch(stretch) } }
    }

    /// A moment that another claim of the sentence begins with, after a word such as "from".
    pub fn from(&self, t_s: f64, scope: Scope) -> Claim {
        let fact = Fact::Moment { value: t_s, of: "from", scope: self.rows(scope), column: None };
        Claim { text: self.moments.bare(t_s), fact }
    }

    /// The sum of a column over the measured time.
    pub fn sum(&self, value: f64, column: &'static str, scope: Scope) -> Claim {
        self.sum_over(value, column, scope, self.measured())
    }

    /// The sum of a column over a stretch.
    pub fn sum_over(&self, value: f64, column: &'static str, scope: Scope, over: Stretch) -> Claim {
        Claim { text: count(value), fact: Fact::Sum { value, column, scope: self.rows(scope), over } }
    }

    /// Words for the sum of a column over the measured time, which is zero.
    pub fn zero(&self, words: &str, column: &'static str, scope: Scope) -> Claim {
        self.zero_in(words, column, scope, self.measured())
    }

    /// Words for the sum of a column over a stretch, which is zero.
    pub fn zero_in(&self, words: &str, column: &'static str, scope: Scope, over: Stretch) -> Claim {
        let zero = super::claim::Zero::Column { column, scope: self.rows(scope), over };
        Claim { text: words.to_owned(), fact: Fact::Nothing(zero) }
    }

    /// The name of a pool.
    pub fn pool(&self, index: usize) -> Claim {
        named(self.context.pool(index), self.context.pool(index), Named::Pool)
    }

    /// The name of a region, as people know it.
    pub fn region(&self, index: usize) -> Claim {
        let name = self.context.spec.region.get_index(index).map_or("?", |(name, _)| name.as_str());
        named(self.context.region(index), name, Named::Region)
    }

    /// The name of a request.
    pub fn request(&self, index: usize) -> Claim {
        let name = self.context.requests.get(index).map_or("?", String::as_str);
        named(name, name, Named::Request)
    }

    /// Scope of attempts as an adverb of place: ` in Malta`, ` at licence`; no words for everything.
    pub fn place(&self, scope: Scope) -> Phrase {
        match scope {
            Scope { region: Some(region), .. } => phrase![" in ", self.region(region)],
            Scope { request: Some(request), .. } => phrase![" at ", self.request(request)],
            _ => Phrase::default(),
        }
    }

    /// The value of a figure of the summary; `None` if the figure has no value.
    pub fn figure(&self, figure: Figure) -> Option<f64> {
        self.figures.figure(figure).map(|estimate| estimate.mean)
    }

    /// The highest mean wait of an interval at a pool: `34 s (the mean of 10 s from 1 min 20 s after the drop)`.
    pub fn mean_wait(&self, pool: usize, wait: Peak) -> Phrase {
        let scope = Scope::pool(pool);
        let mean = Claim { text: millis(wait.value), fact: Fact::Highest(self.cell(wait, Column::WaitMean, scope)) };
        let width = self.lasting(Stretch { from_s: wait.from_s, to_s: wait.to_s });
        phrase![mean, " (the mean of ", width, " from ", self.from(wait.from_s, Scope::default()), ")"]
    }

    /// A number of attempts that at a moment have been unanswered for longer than `bound` seconds.
    pub fn unanswered(&self, value: f64, at_s: f64, bound: f64, most: bool, scope: Scope) -> Claim {
        let late = Unanswered { value, scope: self.rows(scope), bound, at_s, most };
        Claim { text: count(value), fact: Fact::Late(late) }
    }
}

/// A name, shown as `text`.
pub fn named(text: &str, name: &str, of: Named) -> Claim {
    Claim { text: text.to_owned(), fact: Fact::Name { name: name.to_owned(), of } }
}
