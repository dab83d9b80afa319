//! Figures for charts beside the analysis, of the mean over all replications.

use super::errors::Errors;
use super::reports::{Reports, of_regions};
use crate::measure::{Figures, Scope};
use crate::vocabulary::Column;

/// Figures of the whole run for charts, as the mean of its replications.
#[derive(Clone, Debug, PartialEq)]
pub struct Findings {
    /// Attempts of everything that ended, by outcome.
    pub errors: Errors,
    /// Whether the latency of replies is known: some attempt was served.
    pub has_replies: bool,
    /// Whether a stream played.
    pub has_streams: bool,
    /// Outage reports of everything.
    pub reports: Reports,
    /// Outage reports of each region that has any, by index of the region; those with the highest peaks first.
    pub region_reports: Vec<(usize, Reports)>,
}

impl Findings {
    /// Computes all findings from the figures of a run.
    pub fn of(figures: &Figures) -> Findings {
        let all = figures.scope(Scope::default());
        let has = |column| all.is_some_and(|row| figures.series(row, column).any(|value| value > 0.0));
        Findings {
            errors: Errors::of(figures, all),
            has_replies: has(Column::LatencyP50),
            has_streams: has(Column::StreamsMean),
            reports: all.map_or_else(Reports::default, |row| Reports::of(figures, row)),
            region_reports: of_regions(figures),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::support;
    use crate::vocabulary::Outcome;

    #[test]
    fn errors_are_counted_by_outcome() {
        let errors = Findings::of(&support::morning(1.0)).errors;
        assert_eq!(errors.outcomes[0].0, Outcome::TimedOut);
        assert!(errors.overall() > 0.1 && errors.overall() < 1.0, "{errors:?}");
        let mut figures = support::empty(12, 0.0, 10.0);
        support::fill(&mut figures, Outcome::TimedOut.column(), 50.0);
        let errors = Findings::of(&figures).errors;
        assert_eq!((errors.ended, errors.failed, errors.overall()), (600.0, 600.0, 1.0));
    }

    #[test]
    fn replies_and_streams_are_found_where_an_interval_has_some() {
        let mut figures = support::empty(5, 0.0, 10.0);
        support::set(&mut figures, 2, 0, Column::LatencyP50, 90.0);
        let findings = Findings::of(&figures);
        assert!(findings.has_replies && !findings.has_streams);
        support::set(&mut figures, 4, 0, Column::StreamsMean, 0.5);
        assert!(Findings::of(&figures).has_streams);
    }

    #[test]
    fn nothing_is_found_where_nothing_happened() {
        for intervals in [0, 1, 5] {
            let findings = Findings::of(&support::empty(intervals, 0.0, 10.0));
            assert_eq!((findings.errors.ended, findings.errors.overall()), (0.0, 0.0));
            assert!(!findings.has_replies && !findings.has_streams);
        }
    }
}
