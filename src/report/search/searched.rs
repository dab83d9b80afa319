//! A search that is over, in words.

use crate::report::chart::sweep::names;
use crate::report::numbers::{capital, grouped, percent, trim_zeros};
use crate::sweep::cheapest::{Choice, Combination, Found};
use crate::sweep::{Outline, Prices};

/// Probabilities from which on, and up to which, it counts as decided whether the thresholds hold.
const DECIDED: (f64, f64) = (0.95, 0.05);

/// A search, what the levers cost, and what was found.
#[derive(Clone, Copy, Debug)]
pub struct Searched<'a> {
    /// The plan.
    pub outline: &'a Outline,
    /// What the levers cost.
    pub prices: &'a Prices,
    /// What was found.
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
        let all = grouped(self.found.combinations.len() as f64);
        let share = percent(self.prices.holds);
        let Some(winner) = self.found.winner else { return vec![self.none(&all, &share)] };
        let best = self.chosen(winner);
        let mut told = vec![match self.done(best) {
            done if done.is_empty() => format!(
                "Nothing need be done, {} sure: the thresholds hold in at least {share} of the runs as it is.",
                sure(winner.sure)
            ),
            done => format!(
                "{}, for {}: {} sure the cheapest of {all} combinations for which the thresholds hold in at least {share} of the runs.",
                capital(&listed(&done)),
                self.cost(best.cost),
                sure(winner.sure)
            ),
        }];
        if let Some(runner_up) = self.found.runner_up {
            let other = self.chosen(runner_up);
            told.push(format!(
                "{}: {}, for {} ({} sure).",
                capital(&self.without(best, other)),
                self.label(other),
                self.cost(other.cost),
                sure(runner_up.sure)
            ));
        } else if best.cost > 0.0 {
            told.push("No combination that saves on one of these is likely to be enough.".to_owned());
        }
        told.extend(self.blurred(best));
        told
    }

    /// The sentence where no combination is likely to be enough.
    fn none(&self, all: &str, share: &str) -> String {
        let held = |one: &Combination| if one.n > 0 { one.held as f64 / one.n as f64 } else { 0.0 };
        let nearest =
            self.found.combinations.iter().reduce(|best, other| if held(other) > held(best) { other } else { best });
        let nearest = nearest.filter(|one| one.held > 0).map(|one| {
            format!("; they hold most often, in {} of {} runs, with {}", one.held, one.n, listed(&self.values(one)))
        });
        format!(
            "None of {all} combinations is enough, {} sure: for none do the thresholds hold in at least {share} of the runs{}.",
            sure(self.found.none),
            nearest.unwrap_or_default()
        )
    }

    /// That the scale makes the answer the same simulation as another combination, if it does.
    fn blurred(&self, best: &Combination) -> Option<String> {
        let own = best.same_as.unwrap_or(best.point);
        let alike = self.found.combinations.iter().filter(|other| other.same_as.unwrap_or(other.point) == own);
        let others = alike.filter(|other| other.point != best.point).count();
        (others > 0).then(|| {
            format!("The scale makes it the same simulation as {others} other combinations; a larger scale tells them apart.")
        })
    }

    /// What the runner-up does without: the values of the winner whose levers it pays nothing for, or less.
    fn without(&self, best: &Combination, other: &Combination) -> String {
        let words = self.values(best);
        let costs: Vec<(f64, f64)> = self.prices.costs(&best.digits).zip(self.prices.costs(&other.digits)).collect();
        let those = |which: fn(&(f64, f64)) -> bool| -> Vec<String> {
            words.iter().zip(&costs).filter(|(_, costs)| which(costs)).map(|(words, _)| words.clone()).collect()
        };
        let dropped = those(|(paid, own)| *paid > 0.0 && *own == 0.0);
        let lessened = those(|(paid, own)| own < paid);
        match dropped.is_empty() {
            false => format!("without {}", listed(&dropped)),
            true => format!("with less than {}", listed(&lessened)),
        }
    }

    /// What a combination asks to be done, in words: its values but for those with which a lever stays as it was.
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

    /// What a combination asks to be done, for a label.
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
