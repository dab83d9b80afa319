//! Several scenarios, compared with the first: who harms how many people, and the verdict about it.

use super::Subject;
use super::numbers::si;
use super::words::claim::{Claim, Fact, Named};
use super::words::phrase::{Sentence, phrase};
use super::words::voice::named;
use crate::experiment::Comparison;
use crate::measure::Estimate;
use crate::vocabulary::Figure;

/// Several scenarios and their differences from the first, which is the base.
#[derive(Clone, Copy, Debug)]
pub struct Several<'a> {
    /// The scenarios, in the order in which they were given.
    pub subjects: &'a [Subject<'a>],
    /// Their differences from the first, replication by replication.
    pub comparison: &'a Comparison,
}

/// A kind of harm to people.
#[derive(Clone, Copy, Debug)]
pub struct Harm {
    /// Dotted paths of the figure; the first that exists counts.
    paths: &'static [&'static str],
    /// The harm in a column's heading.
    pub heading: &'static str,
    /// The harm in a sentence, after a number of people.
    words: &'static str,
}

/// The kinds of harm; of kinds that hurt as many people, the first is told.
const KINDS: [Harm; 5] = [
    Harm {
        paths: &["harm.saw_error", "viewers.saw_error"],
        heading: "saw error",
        words: " people are shown an error page",
    },
    Harm { paths: &["harm.gave_up", "viewers.gave_up"], heading: "gave up", words: " people give up" },
    Harm { paths: &["harm.waited"], heading: "waited", words: " people wait too long" },
    Harm { paths: &["harm.stalled"], heading: "stalled", words: " people have streams that stall" },
    Harm { paths: &["harm.degraded"], heading: "degraded", words: " people have poor pictures" },
];

impl Harm {
    /// Dotted path of the figure; `None` where there is no such figure.
    pub fn path(&self) -> Option<&'static str> {
        self.paths.iter().copied().find(|path| Figure::named(path).is_some())
    }
}

impl Several<'_> {
    /// Number of people whom a scenario harms in one way; `None` where that is not known.
    pub fn people(&self, arm: usize, harm: Harm) -> Option<Estimate> {
        self.comparison.figure(arm, harm.path()?)
    }

    /// The people whom a scenario harms, each counted for the kind of harm that hurts most: no fewer are harmed in all.
    fn harmed(&self, arm: usize) -> f64 {
        let counts = KINDS.iter().filter_map(|kind| self.people(arm, *kind)).map(|count| count.mean);
        counts.filter(|count| count.is_finite()).fold(0.0, f64::max)
    }

    /// The kind of harm that hurts most people in any of the scenarios.
    pub fn kind(&self) -> Harm {
        let most = |harm: &Harm| {
            let counts = (0..self.subjects.len()).filter_map(|arm| self.people(arm, *harm)).map(|count| count.mean);
            counts.filter(|count| count.is_finite()).fold(0.0, f64::max)
        };
        KINDS
            .into_iter()
            .reduce(|worst, next| if most(&next) > most(&worst) { next } else { worst })
            .unwrap_or(KINDS[0])
    }

    /// The scenarios, those that harm fewest people first; of equals, in the order in which they were given.
    pub fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.subjects.len()).collect();
        order.sort_by(|a, b| self.harmed(*a).total_cmp(&self.harmed(*b)));
        order
    }

    /// Whether all scenarios have their drop at one moment of one clock, so that times of day can be compared.
    pub fn share_a_clock(&self) -> bool {
        let drop = |subject: &Subject<'_>| subject.context.spec.drop;
        self.subjects.windows(2).all(|pair| drop(&pair[0]) == drop(&pair[1]))
    }

    /// What the comparison comes to; `None` unless there are two scenarios with a kind of harm that is known.
    pub fn verdict(&self) -> Option<Sentence> {
        let (kind, order) = (self.kind(), self.order());
        let path = kind.path()?;
        let (best, worst) = (*order.first()?, *order.last()?);
        // The base is compared with whoever does best, or, if that is itself, with whoever does worst.
        let other = if best == 0 { worst } else { best };
        if other == 0 {
            return None;
        }
        let difference = self.comparison.difference(other, path)?;
        let in_base = self.people(0, kind)?;
        let people = Claim {
            text: si(in_base.mean),
            fact: Fact::People { value: in_base.mean, path: path.to_owned(), at_least: false },
        };
        let several = difference.n > 1;
        let told = match several {
            true => (difference.low > 0.0) || (difference.high < 0.0),
            false => difference.mean != 0.0,
        };
        if !told {
            let claim = self.difference(difference, path, &format!("about as many ({})", self.plus_minus(difference)));
            let claim = if difference.mean == 0.0 { self.difference(difference, path, "as many") } else { claim };
            return Some(
                phrase![
                    "in ",
                    self.name(other),
                    " ",
                    claim,
                    kind.words,
                    " as in ",
                    self.name(0),
                    ", where ",
                    people,
                    " are"
                ]
                .sentence(),
            );
        }
        let way = if difference.mean < 0.0 { "fewer" } else { "more" };
        let interval = if several { format!(" (95%: {})", self.plus_minus(difference)) } else { String::new() };
        let claim = self.difference(difference, path, &format!("{} {way}{interval}", si(difference.mean.abs())));
        Some(
            phrase![
                "in ",
                self.name(other),
                " ",
                claim,
                kind.words,
                " than in ",
                self.name(0),
                ", where ",
                people,
                " are"
            ]
            .sentence(),
        )
    }

    /// A difference as an interval: `−1.3M to −1.1M`.
    fn plus_minus(&self, difference: Estimate) -> String {
        let signed = |value: f64| {
            let sign = if value < 0.0 { "\u{2212}" } else { "+" };
            format!("{sign}{}", si(value.abs()))
        };
        format!("{} to {}", signed(difference.low), signed(difference.high))
    }

    fn difference(&self, difference: Estimate, path: &str, text: &str) -> Claim {
        let fact = Fact::Difference {
            value: difference.mean,
            low: difference.low,
            high: difference.high,
            path: path.to_owned(),
            against: self.subjects[0].context.name.to_owned(),
        };
        Claim { text: text.to_owned(), fact }
    }

    fn name(&self, arm: usize) -> Claim {
        let name = self.subjects[arm].context.name;
        named(name, name, Named::Scenario)
    }
}
