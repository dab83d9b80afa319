//! What a report is about: a scenario, its figures, and the findings.

use crate::analysis::Findings;
use crate::measure::Figures;
use crate::scenario::spec::Spec;

/// A moment worth a line on the charts.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Seconds from the drop.
    pub t_s: f64,
    /// What happens then.
    pub note: String,
}

/// What a report needs to know beside the figures.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    /// The scenario; its regions and pools are those of the figures, in order.
    pub spec: &'a Spec,
    /// Name of the scenario: the stem of its file.
    pub name: &'a str,
    /// Seed of the run, which need not be the file's.
    pub seed: u64,
    /// Scale of the run; figures are at full size all the same.
    pub scale: f64,
    /// The digest of the results, or its first digits; see [`digest`](super::digest). May be empty.
    pub digest: &'a str,
    /// Changes of the timeline that are worth a line.
    pub changes: Vec<Mark>,
    /// Where a limit of the command ended a run, in seconds from the drop: what comes later is missing. `None` for a whole run.
    pub partial_until_s: Option<f64>,
    /// Names of the requests, by [`Scope::request`](crate::measure::Scope).
    pub requests: &'a [String],
}

impl<'a> Context<'a> {
    /// Name of a pool.
    pub fn pool(&self, index: usize) -> &'a str {
        self.spec.pool.get_index(index).map_or("?", |(name, _)| name.as_str())
    }

    /// Label of a region, or its name where the scenario gives it no label.
    pub fn region(&self, index: usize) -> &'a str {
        match self.spec.region.get_index(index) {
            None => "?",
            Some((name, region)) if region.label.is_empty() => name.as_str(),
            Some((_, region)) => region.label.as_str(),
        }
    }

    /// Outage reports per minute on an ordinary day, of all regions together.
    pub fn usual_reports(&self) -> f64 {
        self.spec.reports.usual.values().map(|rate| rate.0 * 60.0).sum()
    }
}

/// One run, or several replications, with the findings. Findings are computed once, by whoever has the figures, and handed
/// to titles, sentences, tables and charts.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The scenario.
    pub context: &'a Context<'a>,
    /// The figures of the run, or of its replications.
    pub figures: &'a Figures,
    /// The findings in these figures.
    pub findings: &'a Findings,
}
