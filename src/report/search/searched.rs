//! A search that is over, in words.

use crate::report::chart::sweep::names;
use crate::report::numbers::{count, grouped, percent, trim_zeros};
use crate::report::words::claim::{Chosen, Claim, Fact};
use crate::report::words::phrase::{Phrase, Sentence, phrase};
use crate::sweep::cheapest::{Choice, Combination, Found};
use crate::sweep::{Outline, Prices};

/// Probabilities from which on, and up to which, it counts as decided whether the thresholds hold.
const DECIDED: (f64, f64) = (0.95, 0.05);

/// A search, what the levers cost, and what was found.
#[derive(Clone, Copy, Debug)]
pub struct Searched<'a> {
    /// The plan.
    pub outline: &'a Outline,
    /// Prices of the levers.
    pub prices: &'a Prices,
    /// Result of the search.
    pub found: &'a Found,
}

/// Whether the thresholds hold for a combination in as large a share of runs as the plan asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// They hold, at 95%.
    Holds,
    /// It is not decided.
    Open,
    /// They do not hold, at 95%.
    Fails,
}

impl State {
    /// The state in a word.
    pub fn word(self) -> &'static str {
        match self {
            State::Holds => "holds",
            State::Open => "open",
            State::Fails => "fails",
        }
    }
}

impl Searched<'_> {
    /// Whether the thresholds hold for a combination.
    pub fn state(&self, combination: &Combination) -> State {
        match combination.holds {
            holds if holds >= DECIDED.0 => State::Holds,
            holds if holds <= DECIDED.1 => State::Fails,
            _ => State::Open,
        }
    }

    /// A chosen combination.
    pub fn chosen(&self, choice: Choice) -> &Combination {
        &self.found.combinations[choice.index]
    }

    /// The answer in one or two sentences, for a meeting.
    pub fn sentences(&self) -> Vec<String> {
        self.told().iter().map(Sentence::shown).collect()
    }

    /// The sentences with their claims.
    pub fn told(&self) -> Vec<Sentence> {
        let share = || {
            let fact = Fact::Bound { value: self.prices.holds, of: "runs_held".to_owned() };
            Claim { text: percent(self.prices.holds), fact }
        };
        let all = || {
            let number = self.found.combinations.len() as f64;
            claim(grouped(number), "all", "number", Some(number), None)
        };
        let Some(winner) = self.found.winner else { return vec![self.none(all(), share()).sentence()] };
        let best = self.chosen(winner);
        let sure_of = |is, choice: Choice| self.sure_of(is, choice);
        let mut told = vec![match self.done(best) {
            done if done.is_empty() => phrase![
                claim("nothing".to_owned(), "cheapest", "values", None, Some(best.point)),
                " need be done, ",
                sure_of("cheapest", winner),
                " sure: the thresholds hold in at least ",
                share(),
                " of the runs as it is"
            ],
            done => phrase![
                claim(listed(&done), "cheapest", "values", None, Some(best.point)),
                ", for ",
                self.cost_of("cheapest", best),
                ": ",
                sure_of("cheapest", winner),
                " sure the cheapest of ",
                all(),
                " combinations for which the thresholds hold in at least ",
                share(),
                " of the runs"
            ],
        }];
        if let Some(runner_up) = self.found.runner_up {
            let (is, other) = ("runner_up", self.chosen(runner_up));
            let values = |text: String| claim(text, is, "values", None, Some(other.point));
            told.push(phrase![
                values(self.without(best, other)),
                ": ",
                values(self.label(other)),
                ", for ",
                self.cost_of(is, other),
                " (",
                sure_of(is, runner_up),
                " sure)"
            ]);
        } else if best.cost > 0.0 {
            let none = claim("no".to_owned(), "runner_up", "number", None, None);
            told.push(phrase![none, " combination that saves on one of these is likely to be enough"]);
        }
        told.extend(self.harmed(best));
        told.extend(self.blurred(best));
        told.into_iter().map(Phrase::sentence).collect()
    }

    /// The probability that a choice is right.
    fn sure_of(&self, is: &'static str, choice: Choice) -> Claim {
        claim(sure(choice.sure), is, "sure", Some(choice.sure), Some(self.chosen(choice).point))
    }

    /// People who see an error page with the cheapest combination, on average; thresholds may leave them out.
    fn harmed(&self, best: &Combination) -> Option<Phrase> {
        let mean = best.harmed.map(|people| people.mean).filter(|mean| *mean >= 1.0)?;
        let people = claim(count(mean), "cheapest", "harmed", Some(mean), Some(best.point));
        let with = if self.done(best).is_empty() { "as it is" } else { "with the cheapest" };
        Some(phrase![people, " people see an error page ", with, ", on average"])
    }

    /// Claims the cost of a combination, in the unit of the prices.
    fn cost_of(&self, is: &'static str, combination: &Combination) -> Claim {
        claim(self.cost(combination.cost), is, "cost", Some(combination.cost), Some(combination.point))
    }

    /// The sentence where no combination is likely to be enough.
    fn none(&self, all: Claim, share: Claim) -> Phrase {
        let held = |one: &Combination| if one.n > 0 { one.held as f64 / one.n as f64 } else { 0.0 };
        let nearest =
            self.found.combinations.iter().reduce(|best, other| if held(other) > held(best) { other } else { best });
        let nearest = nearest.filter(|one| one.held > 0).map(|one| {
            let number =
                |number: u64, what| claim(number.to_string(), "nearest", what, Some(number as f64), Some(one.point));
            let values = claim(listed(&self.values(one)), "nearest", "values", None, Some(one.point));
            let (held, runs) = (number(one.held, "held"), number(one.n, "runs"));
            phrase!["; they hold most often, in ", held, " of ", runs, " runs, with ", values]
        });
        let sure = claim(sure(self.found.none), "all", "sure", Some(self.found.none), None);
        phrase![
            "none of ",
            all,
            " combinations is enough, ",
            sure,
            " sure: for none do the thresholds hold in at least ",
            share,
            " of the runs",
            nearest
        ]
    }

    /// That the scale makes the answer the same simulation as another combination, if it does.
    fn blurred(&self, best: &Combination) -> Option<Phrase> {
        let own = best.same_as.unwrap_or(best.point);
        let alike = self.found.combinations.iter().filter(|other| other.same_as.unwrap_or(other.point) == own);
        let others = alike.filter(|other| other.point != best.point).count();
        (others > 0).then(|| {
            let number = claim(others.to_string(), "alike", "number", Some(others as f64), Some(best.point));
            let words = " other combinations; a larger scale tells them apart";
            phrase!["the scale makes it the same simulation as ", number, words]
        })
    }

    /// Levers that the winner pays for and the runner-up does not: `without a waiting room`; else those it pays less for.
    fn without(&self, best: &Combination, other: &Combination) -> String {
        let words = self.values(best);
        let costs: Vec<(f64, f64)> = self.prices.costs(&best.digits).zip(self.prices.costs(&other.digits)).collect();
        let those = |which: fn(&(f64, f64)) -> bool| -> Vec<String> {
            words.iter().zip(&costs).filter(|(_, costs)| which(costs)).map(|(words, _)| words.clone()).collect()
        };
        let dropped = those(|(paid, own)| *paid > 0.0 && *own == 0.0);
        let lessened = those(|(paid, own)| own < paid);
        if !dropped.is_empty() {
            format!("without {}", listed(&dropped))
        } else {
            format!("with less than {}", listed(&lessened))
        }
    }

    /// Values of a combination in words, without those with which a lever stays as it was.
    fn done(&self, combination: &Combination) -> Vec<String> {
        let places = self.values(combination).into_iter().zip(&combination.digits).enumerate();
        let done = places.filter(|(lever, (_, digit))| self.untouched(*lever) != Some(**digit));
        done.map(|(_, (words, _))| words).collect()
    }

    /// The value with which a lever stays as it was, if one costs nothing: that of the baseline, or else the first such value.
    fn untouched(&self, lever: usize) -> Option<usize> {
        let is_free = |digit: &usize| self.prices.cost_of(lever, *digit) == Some(0.0);
        let baseline = self.outline.grid_digits(self.outline.baseline().0).get(lever).copied();
        baseline.filter(is_free).or_else(|| (0..self.prices.values(lever)).find(is_free))
    }

    /// The values of a combination in words.
    pub fn values(&self, combination: &Combination) -> Vec<String> {
        let settings = self.outline.settings(combination.point);
        let each = self.outline.parameters().zip(&settings).zip(self.prices.words(&combination.digits));
        let words = each.map(|((parameter, settings), stated)| match (stated, settings.first()) {
            (Some(stated), _) if !stated.is_empty() => stated.to_owned(),
            (_, Some(setting)) => format!("{} {}", names::parameter(parameter), names::value(parameter, setting)),
            _ => names::parameter(parameter),
        });
        words.collect()
    }

    /// Label of a combination: the values it changes, or `as it is`.
    pub fn label(&self, combination: &Combination) -> String {
        let done = self.done(combination);
        if done.is_empty() { "as it is".to_owned() } else { listed(&done) }
    }

    /// A cost with its unit: `10 servers`, `1 server`, `nothing`.
    pub fn cost(&self, cost: f64) -> String {
        if cost == 0.0 {
            return "nothing".to_owned();
        }
        let unit = self.prices.unit.as_str();
        let unit = if cost == 1.0 { unit.strip_suffix('s').unwrap_or(unit) } else { unit };
        format!("{} {unit}", amount(cost)).trim_end().to_owned()
    }
}

/// A claim about a combination.
fn claim(text: String, is: &'static str, what: &'static str, value: Option<f64>, point: Option<u64>) -> Claim {
    Claim { text, fact: Fact::Combination(Chosen { is, what, value, point }) }
}

/// A probability as a whole percentage, rounded down, since nothing is certain.
pub fn sure(probability: f64) -> String {
    format!("{:.0}%", (probability * 100.0 + 1e-9).floor().clamp(0.0, 99.0))
}

/// A cost without its unit.
pub fn amount(cost: f64) -> String {
    if cost.fract() == 0.0 { grouped(cost) } else { trim_zeros(&format!("{cost:.2}")).to_owned() }
}

/// Words in a row: `a, b and c`.
fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
