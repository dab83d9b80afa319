//! Attempts that ended, by outcome, over the whole run; of several replications the mean.

use super::finite;
use crate::measure::Figures;
use crate::vocabulary::Outcome;

/// Attempts that ended, and what failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Errors {
    /// Attempts that ended.
    pub ended: f64,
    /// Attempts that ended and were not served.
    pub failed: f64,
    /// Outcomes that occurred and how often, most frequent first.
    pub outcomes: Vec<(Outcome, f64)>,
}

impl Errors {
    /// The errors of the scope with row `row` of the figures; without a row nothing ended.
    pub fn of(figures: &Figures, row: Option<usize>) -> Errors {
        let count = |outcome: Outcome| row.map_or(0.0, |row| finite(figures.series(row, outcome.column())).sum());
        let all: Vec<(Outcome, f64)> = Outcome::errors().into_iter().map(|outcome| (outcome, count(outcome))).collect();
        let mut outcomes: Vec<(Outcome, f64)> = all.into_iter().filter(|(_, count)| *count > 0.0).collect();
        outcomes.sort_by(|a, b| b.1.total_cmp(&a.1));
        let failed: f64 = outcomes.iter().map(|(_, count)| count).sum();
        Errors { ended: failed + count(Outcome::Served), failed, outcomes }
    }

    /// Error rate over the whole run; 0 if nothing ended.
    pub fn overall(&self) -> f64 {
        if self.ended > 0.0 { self.failed / self.ended } else { 0.0 }
    }
}
