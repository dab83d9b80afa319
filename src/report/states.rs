//! Results of scopes in the few words of a table: the state of the attempts, and the cause at a pool.

use super::numbers::{grouped, percent};
use super::words::moment::length;
use crate::analysis::{Replications, State};
use crate::measure::{Scope, ThresholdResult};

/// Share of the people who wait too long from which on a calm run is not told as calm alone.
const MANY: f64 = 0.01;

/// State of the attempts of a scope: `calm`, `over`, `not over`, `stuck`; of several replications, the number in each state.
pub fn state(all: &Replications, scope: Scope) -> String {
    let stuck = if scope == Scope::default() { all.stuck().k } else { 0 };
    // A stuck run ends in trouble, be it that its trouble is not over or that it fails at the same rate throughout.
    let mut left = stuck;
    let mut rest = |state: State, k: usize| {
        let taken = if matches!(state, State::NotOver | State::Steady) { left.min(k) } else { 0 };
        left -= taken;
        (state.name().replace('_', " "), k - taken)
    };
    let states: Vec<(String, usize)> = all.states(scope).map(|(state, share)| rest(state, share.k)).into();
    let told = states.into_iter().chain([("stuck".to_owned(), stuck)]).filter(|(_, runs)| *runs > 0);
    counted(told, all.count())
}

/// Whether thresholds held: `failed` if one is broken, and otherwise `not judged` if nothing shows that one holds.
pub fn of_thresholds(thresholds: &[ThresholdResult], is_cut: bool) -> &'static str {
    let missed = || thresholds.iter().filter(|threshold| !threshold.held);
    match (missed().any(ThresholdResult::is_judged), missed().next().is_some(), is_cut) {
        (true, ..) => "failed",
        (false, true, _) => "not judged",
        (false, false, true) => "held so far",
        (false, false, false) => "held",
    }
}

/// The same of everything; of a single run that is calm by the ends of its attempts, also that many people wait for long all the same.
pub fn told(all: &Replications) -> String {
    let state = state(all, Scope::default());
    let hidden = all.only().filter(|run| {
        let (course, harm) = (&run.everything, &run.harm);
        // Intervals that are longer than a late answer show no wait but those that outlast them.
        let is_shown = !course.waiting.stretches.is_empty() && run.frame.width <= run.frame.wait_bound;
        !course.fails() && !is_shown && harm.waited > 0.0 && harm.waited >= MANY * harm.present
    });
    match hidden {
        Some(run) => {
            let share = percent(run.harm.waited / run.harm.present);
            let late = length(run.frame.wait_bound.seconds());
            format!("{state}, though {share} of people wait more than {late}")
        }
        None => state,
    }
}

/// Why a pool loses attempts or makes them wait, as `pools.NAME.cause` has it; of several replications, in how many for each cause.
/// Empty if it does not.
pub fn cause(all: &Replications, pool: usize) -> String {
    let mut causes: Vec<(String, usize)> = Vec::new();
    for cause in all.causes(pool) {
        let cause = cause.replace('_', " ");
        match causes.iter_mut().find(|(known, _)| *known == cause) {
            Some((_, runs)) => *runs += 1,
            None => causes.push((cause, 1)),
        }
    }
    counted(causes.into_iter(), all.count())
}

/// Words with the number of runs that have each: `over in 3 of 5, stuck in 2 of 5`; the word alone if all have it.
fn counted(words: impl Iterator<Item = (String, usize)>, n: usize) -> String {
    let told = words.map(|(word, runs)| {
        if runs == n { word } else { format!("{word} in {} of {}", grouped(runs as f64), grouped(n as f64)) }
    });
    told.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_counted_where_they_are_not_all() {
        let words = |runs: &[(&str, usize)], n| counted(runs.iter().map(|(word, k)| ((*word).to_owned(), *k)), n);
        assert_eq!(words(&[("over", 3), ("stuck", 2)], 5), "over in 3 of 5, stuck in 2 of 5");
        assert_eq!((words(&[("calm", 1)], 1), words(&[], 3)), ("calm".to_owned(), String::new()));
    }
}
