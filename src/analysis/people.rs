//! Harm to viewers, recovery from the trouble, and the grade of a run.

use super::errors::Errors;
use crate::measure::{Estimate, Figures};
use crate::vocabulary::Figure;

/// Error rate of the worst window from which on a run is an outage.
const OUTAGE: f64 = 0.5;

/// Viewers who arrived, and viewers who saw an error page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewers {
    /// Viewers who arrived; above 0.
    pub arrived: f64,
    /// Viewers who were shown an error page.
    pub saw_error: f64,
}

impl Viewers {
    /// The viewers of the summary; none if nobody came.
    pub fn of(figures: &Figures) -> Option<Viewers> {
        let viewers = Viewers {
            arrived: mean(figures, Figure::ViewersArrived)?,
            saw_error: mean(figures, Figure::ViewersSawError)?,
        };
        (viewers.arrived > 0.0).then_some(viewers)
    }
}

/// When the trouble of a run was over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Recovery {
    /// There was no trouble.
    Calm,
    /// The summary does not say.
    Unknown,
    /// The run ended first, in each replication.
    NotOver,
    /// Seconds from the drop, over the replications in which the trouble was over.
    Over(Estimate),
}

impl Recovery {
    /// The recovery of the summary, if there was trouble.
    pub fn of(figures: &Figures, errors: &Errors) -> Recovery {
        let known =
            figures.summary.iter().find(|(path, _)| *path == Figure::Recovery.into()).map(|(_, estimate)| *estimate);
        match (errors.episode, known) {
            (None, _) => Recovery::Calm,
            (_, None) => Recovery::Unknown,
            (_, Some(None)) => Recovery::NotOver,
            (_, Some(Some(at))) => Recovery::Over(at),
        }
    }
}

/// How a run fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// Every threshold held.
    Held,
    /// A threshold did not hold.
    Failed,
    /// Without thresholds: no attempt ended.
    Empty,
    /// Without thresholds: the worst window kept to the bound.
    Calm,
    /// Without thresholds: less than half of the attempts of the worst window failed.
    Degraded,
    /// Without thresholds: at least half of the attempts of the worst window failed.
    Outage,
}

impl Grade {
    /// Whether the thresholds held; where there are none, how bad the worst window was.
    pub fn of(figures: &Figures, errors: &Errors) -> Grade {
        match errors.peak {
            _ if !figures.thresholds.is_empty() && figures.thresholds_held() => Grade::Held,
            _ if !figures.thresholds.is_empty() => Grade::Failed,
            None => Grade::Empty,
            Some(peak) if peak.rate <= errors.bound => Grade::Calm,
            Some(peak) if peak.rate < OUTAGE => Grade::Degraded,
            Some(_) => Grade::Outage,
        }
    }
}

/// The mean of a figure of the summary, if finite.
pub(super) fn mean(figures: &Figures, figure: Figure) -> Option<f64> {
    figures.figure(figure).map(|estimate| estimate.mean).filter(|mean| mean.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::support;
    use crate::vocabulary::Outcome;

    #[test]
    fn recovery_is_known_only_where_there_was_trouble() {
        let (mut bad, calm) = (support::morning(1.0), support::morning(0.0));
        let of = |figures: &Figures| Recovery::of(figures, &Errors::of(figures, Some(0)));
        assert!(matches!(of(&bad), Recovery::Over(_)));
        assert_eq!(of(&calm), Recovery::Calm);
        bad.summary
            .iter_mut()
            .filter(|(path, _)| *path == Figure::Recovery.into())
            .for_each(|(_, estimate)| *estimate = None);
        assert_eq!(of(&bad), Recovery::NotOver);
        bad.summary.clear();
        assert_eq!(of(&bad), Recovery::Unknown);
    }

    #[test]
    fn without_thresholds_the_worst_window_grades_the_run() {
        let grade = |failed: f64| {
            let mut figures = support::empty(12, 0.0, 10.0);
            support::fill(&mut figures, Outcome::Served.column(), 1000.0 - failed);
            support::fill(&mut figures, Outcome::Rejected.column(), failed);
            Grade::of(&figures, &Errors::of(&figures, Some(0)))
        };
        assert_eq!(
            [10.0, 11.0, 499.0, 500.0].map(grade),
            [Grade::Calm, Grade::Degraded, Grade::Degraded, Grade::Outage]
        );
    }

    #[test]
    fn nobody_is_harmed_where_nobody_came() {
        assert_eq!(Viewers::of(&support::empty(3, 0.0, 10.0)), None);
        assert!(Viewers::of(&support::morning(1.0)).unwrap().saw_error > 1e5);
    }
}
