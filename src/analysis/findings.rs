//! What charts show beside the analysis: figures of the mean over all replications.

use super::errors::Errors;
use super::latency::{Latency, MostStreams};
use super::reports::{Reports, of_regions};
use crate::measure::{Figures, Scope};

/// What charts show of the whole run, as the mean of its replications.
#[derive(Clone, Debug, PartialEq)]
pub struct Findings {
    /// Attempts of everything that ended, by outcome.
    pub errors: Errors,
    /// Latency of served attempts, if any was served.
    pub latency: Option<Latency>,
    /// The most streams that played, if any did.
    pub streams: Option<MostStreams>,
    /// Outage reports of everything.
    pub reports: Reports,
    /// Outage reports of each region that has any, by index of the region; those with the highest peaks first.
    pub region_reports: Vec<(usize, Reports)>,
}

impl Findings {
    /// Computes all findings from the figures of a run.
    pub fn of(figures: &Figures) -> Findings {
        let all = figures.scope(Scope::default());
        Findings {
            errors: Errors::of(figures, all),
            latency: all.and_then(|row| Latency::of(figures, row)),
            streams: all.and_then(|row| MostStreams::of(figures, row)),
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
    fn nothing_is_found_where_nothing_happened() {
        for intervals in [0, 1, 5] {
            let findings = Findings::of(&support::empty(intervals, 0.0, 10.0));
            assert_eq!((findings.errors.ended, findings.errors.overall()), (0.0, 0.0));
            assert_eq!((findings.latency, findings.streams), (None, None));
        }
    }
}
