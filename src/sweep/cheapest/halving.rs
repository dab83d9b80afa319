//! Successive halving: rounds of ever more runs of ever fewer combinations.

use super::super::plan::Plan;
use super::super::prices::Prices;
use super::super::results::Results;
use super::super::run::run_points;
use super::super::store::Store;
use super::belief::at_least;
use super::found::{Choice, Combination, Effort, Found, SearchError};
use crate::experiment::Progress;
use crate::measure::{Estimate, estimate_within};
use crate::vocabulary::{Ended, Figure};

/// Fewest combinations that a round goes on with, unless one alone has a chance.
const FEWEST: usize = 2;

/// A search under way. Combinations are identified by their index in the plan.
pub(super) struct Halving<'a> {
    plan: &'a Plan,
    store: &'a Store,
    effort: &'a Effort,
    progress: &'a dyn Progress,
    holds: f64,
    digits: Vec<Vec<usize>>,
    costs: Vec<f64>,
    /// All combinations, the cheapest first, equals in the order of the plan.
    order: Vec<usize>,
    tallies: Vec<Tally>,
    /// Announced runs that have not been made yet.
    planned: u64,
}

/// The results of the runs of one combination.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    n: u64,
    held: u64,
    harmed: Option<Estimate>,
}

impl<'a> Halving<'a> {
    pub fn new(
        plan: &'a Plan,
        prices: &Prices,
        store: &'a Store,
        effort: &'a Effort,
        progress: &'a dyn Progress,
    ) -> Halving<'a> {
        let outline = plan.outline();
        let digits: Vec<Vec<usize>> = (0..outline.points()).map(|point| outline.grid_digits(point)).collect();
        let costs: Vec<f64> = digits.iter().map(|digits| prices.cost(digits)).collect();
        let mut order: Vec<usize> = (0..costs.len()).collect();
        order.sort_by(|a, b| costs[*a].total_cmp(&costs[*b]));
        let tallies = vec![Tally::default(); costs.len()];
        let planned = effort.most_runs(outline);
        progress.planned(planned);
        Halving { plan, store, effort, progress, holds: prices.holds, digits, costs, order, tallies, planned }
    }

    /// All combinations, the cheapest first.
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// The index of the value of each lever of a combination.
    pub fn digits(&self, combination: usize) -> &[usize] {
        &self.digits[combination]
    }

    /// Looks for the cheapest among some combinations, which come in order of their cost; `Some(None)` if there probably is none
    /// for which the thresholds hold, `None` if the search was stopped.
    pub fn best(&mut self, among: &[usize]) -> Result<Option<Option<Choice>>, SearchError> {
        let (mut open, mut room) = (among.to_vec(), among.len());
        for look in self.effort.looks() {
            if !self.run(&open, look)? {
                return Ok(None);
            }
            let chances = self.chances(among);
            let some: f64 = chances.iter().sum();
            if chances.iter().any(|chance| *chance >= self.effort.sure) || some <= 1.0 - self.effort.sure {
                break;
            }
            room = room.div_ceil(2).max(FEWEST);
            open = contenders(among, &chances, room, (1.0 - self.effort.sure) / 2.0);
        }
        Ok(Some(self.chosen(among)))
    }

    /// The combination with the best chance, unless it is more probable that there is none. Among equal costs with
    /// practically certain thresholds, the one that harms fewest people.
    fn chosen(&self, among: &[usize]) -> Option<Choice> {
        let chances = self.chances(among);
        let none = 1.0 - chances.iter().sum::<f64>();
        let best = (0..among.len()).reduce(|best, other| if chances[other] > chances[best] { other } else { best })?;
        if chances[best] <= none {
            return None;
        }
        let enough = self.belief(among[best]).min(self.effort.sure);
        let equal = |place: &usize| {
            self.costs[among[*place]] == self.costs[among[best]] && self.belief(among[*place]) >= enough
        };
        let harmed = |place: usize| self.tallies[among[place]].harmed.map_or(f64::INFINITY, |harmed| harmed.mean);
        let equals = (0..among.len()).filter(equal);
        let place = equals.reduce(|least, other| if harmed(other) < harmed(least) { other } else { least })?;
        Some(Choice { index: among[place], sure: self.sure(among)[place] })
    }

    /// Runs combinations until each has `until` runs, and counts them; `false` if the search was stopped.
    fn run(&mut self, open: &[usize], until: u64) -> Result<bool, SearchError> {
        let mut own: Vec<u64> = open.iter().map(|combination| self.own(*combination)).collect();
        own.sort_unstable();
        own.dedup();
        let missing =
            |point: &u64| (0..until).filter(|replication| !self.store.has(*point, *replication)).count() as u64;
        let missing: u64 = own.iter().map(missing).sum();
        self.progress.at(&format!("{} combinations, {until} runs of each", own.len()));
        self.progress.planned(missing.saturating_sub(self.planned));
        self.planned = self.planned.saturating_sub(missing);
        if !run_points(self.plan, &own, until, self.store, self.progress)? {
            return Ok(false);
        }
        for combination in open {
            // Runs of an earlier search among more combinations still count.
            let until = until.max(self.tallies[*combination].n);
            self.tallies[*combination] = self.tally(self.own(*combination), until)?;
        }
        Ok(true)
    }

    /// The point whose runs are those of a combination: an earlier one that the scale makes the same, or its own.
    fn own(&self, combination: usize) -> u64 {
        let point = combination as u64;
        self.plan.outline().same_as(point).unwrap_or(point)
    }

    /// Counts the first runs of a point.
    fn tally(&self, point: u64, until: u64) -> Result<Tally, SearchError> {
        let outline = self.plan.outline();
        let metric = |figure: Figure| outline.metrics().iter().position(|name| name == figure.name());
        let (held, harmed) = (metric(Figure::ThresholdsHeld), metric(Figure::HarmSawError));
        let mut units = Results::new(outline, self.store)?.units(point)?;
        units.truncate(until as usize);
        if let Some(cut) = units.iter().find(|unit| unit.ended != Ended::Done) {
            return Err(SearchError::CutShort { at: outline.values_at(point).join(", "), ended: cut.ended });
        }
        let values = |metric: Option<usize>| -> Vec<f64> {
            let of = |metric: usize| units.iter().map(move |unit| unit.figures[metric]).filter(|value| !value.is_nan());
            metric.map(|metric| of(metric).collect()).unwrap_or_default()
        };
        let held = values(held).iter().filter(|held| **held >= 1.0).count() as u64;
        Ok(Tally { n: units.len() as u64, held, harmed: estimate_within(&values(harmed), (0.0, f64::INFINITY)) })
    }

    /// Probability that the thresholds hold for a combination.
    fn belief(&self, combination: usize) -> f64 {
        let Tally { n, held, .. } = self.tallies[combination];
        at_least(self.holds, held, n)
    }

    /// For each of some combinations in order of their cost, the probability that the thresholds hold for it and for none
    /// before it. With the probability that they hold for none, these add up to 1.
    fn chances(&self, among: &[usize]) -> Vec<f64> {
        let mut before = 1.0;
        let chance = |combination: &usize| {
            let belief = self.belief(*combination);
            let chance = before * belief;
            before *= 1.0 - belief;
            chance
        };
        among.iter().map(chance).collect()
    }

    /// For each of some combinations in order of their cost, the probability that the thresholds hold for it and for none that
    /// costs less; of several that cost the same, each may be the cheapest.
    fn sure(&self, among: &[usize]) -> Vec<f64> {
        let (mut cheaper, mut before, mut cost) = (1.0, 1.0, f64::NEG_INFINITY);
        let sure = |combination: &usize| {
            if self.costs[*combination] > cost {
                (cheaper, cost) = (before, self.costs[*combination]);
            }
            let belief = self.belief(*combination);
            before *= 1.0 - belief;
            cheaper * belief
        };
        among.iter().map(sure).collect()
    }

    /// The result.
    pub fn found(&self, winner: Option<Choice>, runner_up: Option<Choice>) -> Found {
        let chances = self.chances(&self.order);
        let none = (1.0 - chances.iter().sum::<f64>()).max(0.0);
        let sure = self.sure(&self.order);
        let each = self.order.iter().zip(sure).map(|(combination, cheapest)| {
            let Tally { n, held, harmed } = self.tallies[*combination];
            Combination {
                point: *combination as u64,
                digits: self.digits[*combination].clone(),
                cost: self.costs[*combination],
                n,
                held,
                holds: self.belief(*combination),
                cheapest,
                harmed,
                same_as: self.plan.outline().same_as(*combination as u64),
            }
        });
        let place = |choice: Choice| {
            let index = self.order.iter().position(|combination| *combination == choice.index);
            index.map(|index| Choice { index, ..choice })
        };
        Found {
            combinations: each.collect(),
            winner: winner.and_then(place),
            runner_up: runner_up.and_then(place),
            none,
        }
    }
}

/// The combinations of the next round: those with the best chances, at most `room` of them, and no more than needed to
/// drop at most `spare` of all chances.
fn contenders(among: &[usize], chances: &[f64], room: usize, spare: f64) -> Vec<usize> {
    let mut places: Vec<usize> = (0..among.len()).collect();
    places.sort_by(|a, b| chances[*b].total_cmp(&chances[*a]));
    let mut rest: f64 = chances.iter().sum();
    let mut kept = Vec::new();
    for place in places.into_iter().take(room) {
        if rest <= spare && !kept.is_empty() {
            break;
        }
        rest -= chances[place];
        kept.push(among[place]);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_goes_on_with_the_better_half_and_with_no_more_than_have_a_chance() {
        let among = [7, 8, 9, 10];
        assert_eq!(contenders(&among, &[0.1, 0.4, 0.3, 0.2], 2, 0.0), [8, 9]);
        assert_eq!(contenders(&among, &[0.001, 0.6, 0.0, 0.3], 4, 0.01), [8, 10]);
        assert_eq!(contenders(&among, &[0.0; 4], 2, 0.01), [7]);
    }
}
