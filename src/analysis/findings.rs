//! All findings of a run.

use super::bottleneck::{Bottleneck, fullest_link, link_is_full};
use super::errors::Errors;
use super::latency::{Latency, MostStreams};
use super::people::{Grade, Recovery, Viewers, mean};
use super::reports::{Reports, of_regions};
use crate::measure::{Figures, Scope};
use crate::vocabulary::Figure;

/// What happened in a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Findings {
    /// Failed attempts of everything, over time.
    pub errors: Errors,
    /// The pool closest to its limit.
    pub bottleneck: Option<Bottleneck>,
    /// Highest utilization of a link, if there are links.
    pub link: Option<f64>,
    /// Latency of served attempts, if any was served.
    pub latency: Option<Latency>,
    /// The most streams that played, if any did.
    pub streams: Option<MostStreams>,
    /// Viewers who came and who saw an error page, if any came.
    pub viewers: Option<Viewers>,
    /// Attempts for each request, if the summary has that figure.
    pub amplification: Option<f64>,
    /// Outage reports of everything.
    pub reports: Reports,
    /// Outage reports of each region that has any, by index of the region; those with the highest peaks first.
    pub region_reports: Vec<(usize, Reports)>,
    /// When the trouble was over.
    pub recovery: Recovery,
    /// How the run fared.
    pub grade: Grade,
}

impl Findings {
    /// Computes all findings from the figures of a run.
    pub fn of(figures: &Figures) -> Findings {
        let all = figures.scope(Scope::default());
        let errors = Errors::of(figures, all);
        Findings {
            bottleneck: all.and_then(|row| Bottleneck::of(figures, errors.episode, row)),
            link: fullest_link(figures),
            latency: all.and_then(|row| Latency::of(figures, row)),
            streams: all.and_then(|row| MostStreams::of(figures, row)),
            viewers: Viewers::of(figures),
            amplification: mean(figures, Figure::RetryAmplification),
            reports: all.map_or_else(Reports::default, |row| Reports::of(figures, row)),
            region_reports: of_regions(figures),
            recovery: Recovery::of(figures, &errors),
            grade: Grade::of(figures, &errors),
            errors,
        }
    }

    /// Whether the error rate of the worst window exceeds the bound.
    pub fn in_trouble(&self) -> bool {
        self.errors.episode.is_some()
    }

    /// Whether a link is full at some time.
    pub fn link_is_full(&self) -> bool {
        self.link.is_some_and(link_is_full)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::support;
    use crate::vocabulary::Outcome;

    #[test]
    fn the_morning_has_one_episode_that_begins_near_the_drop() {
        let findings = Findings::of(&support::morning(1.0));
        let episode = findings.errors.episode.unwrap();
        assert!(episode.from_s.abs() < 300.0 && episode.until_s > 600.0 && !episode.unfinished, "{episode:?}");
        assert!(episode.share > 0.3 && episode.share < 1.0);
        assert_eq!(findings.errors.outcomes[0].0, Outcome::TimedOut);
        let bottleneck = findings.bottleneck.unwrap();
        assert!(bottleneck.pool == 0 && bottleneck.demand > 1.0 && bottleneck.is_full() && bottleneck.is_wasteful());
        assert_eq!((findings.errors.stated_bound, findings.grade), (Some(0.01), Grade::Failed));
        assert!(matches!(findings.recovery, Recovery::Over(at) if at.mean > 600.0));
    }

    #[test]
    fn nothing_is_found_where_nothing_happened() {
        for intervals in [0, 1, 5] {
            let findings = Findings::of(&support::empty(intervals, 0.0, 10.0));
            assert_eq!((findings.errors.peak, findings.errors.episode, findings.bottleneck), (None, None, None));
            assert_eq!((findings.latency, findings.streams, findings.viewers), (None, None, None));
            assert_eq!((findings.errors.overall(), findings.grade), (0.0, Grade::Empty));
        }
    }

    #[test]
    fn all_errors_from_end_to_end_are_an_unfinished_episode() {
        let mut figures = support::empty(12, 0.0, 10.0);
        support::fill(&mut figures, Outcome::TimedOut.column(), 50.0);
        let errors = Findings::of(&figures).errors;
        let episode = errors.episode.unwrap();
        assert_eq!((episode.from_s, episode.until_s, episode.share, episode.unfinished), (0.0, 120.0, 1.0, true));
        assert_eq!(errors.above_s, 120.0);
    }
}
