//! Subject of a report: a scenario, its figures, and the findings.

use super::letters;
use super::settings::Step;
use crate::model::{Model, Rounding};
use crate::report::numbers::grouped;
use crate::scenario::spec::Spec;
use crate::scenario::{Epoch, Scenario};

/// A change of the timeline, as a line on the charts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mark {
    /// Seconds from the drop.
    pub t_s: f64,
    /// Note of the change, in the words of the scenario; may be empty.
    pub note: String,
    /// The settings that change.
    pub steps: Vec<Step>,
}

impl Mark {
    /// The mark of a change.
    pub fn of(change: &Epoch) -> Mark {
        let emptied = change.empty.iter().map(Step::emptied);
        let steps = change.set.iter().map(Step::of).chain(emptied).collect();
        Mark { t_s: change.at.seconds(), note: change.note.clone(), steps }
    }

    /// Whether there is a note in letters of the charts.
    pub fn is_noted(&self) -> bool {
        !self.note.is_empty() && letters::has(&self.note)
    }

    /// The note; where there is none, or none in letters of the charts, the settings in words.
    pub fn words(&self) -> String {
        if self.is_noted() || self.steps.is_empty() {
            return self.note.clone();
        }
        self.steps.iter().map(Step::words).collect::<Vec<_>>().join("; ")
    }
}

/// Scenario, seed, scale and digest of a run: the part of a report that figures do not hold.
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
    /// Changes of the timeline.
    pub changes: Vec<Mark>,
    /// End of a run that a limit of the command cut short, in seconds from the drop; `None` for a whole run.
    pub partial_until_s: Option<f64>,
    /// Names of the requests, by [`Scope::request`](crate::measure::Scope).
    pub requests: &'a [String],
    /// Whether attempts may be lost on their way, or are on it for long beside the timers of their clients.
    pub ways_matter: bool,
    /// Servers and queue of each pool after scaling; may be empty at scale 1.
    pub roundings: &'a [Rounding],
}

impl<'a> Context<'a> {
    /// The context of a whole run of a scenario, without a digest.
    pub fn of(scenario: &'a Scenario, model: &'a Model, roundings: &'a [Rounding]) -> Context<'a> {
        let spec = scenario.spec();
        Context {
            spec,
            name: scenario.name(),
            seed: spec.seed,
            scale: spec.scale,
            digest: "",
            changes: scenario.timeline().iter().map(Mark::of).collect(),
            partial_until_s: None,
            requests: &model.requests,
            ways_matter: model.ways_matter(),
            roundings,
        }
    }

    /// Name of a pool.
    pub fn pool(&self, index: usize) -> &'a str {
        self.spec.pool.get_index(index).map_or("?", |(name, _)| name.as_str())
    }

    /// Label of a region, or its name where the scenario gives it no label in letters of the charts.
    pub fn region(&self, index: usize) -> &'a str {
        match self.spec.region.get_index(index) {
            None => "?",
            Some((name, region)) if region.label.is_empty() || !letters::has(&region.label) => name.as_str(),
            Some((_, region)) => region.label.as_str(),
        }
    }

    /// Name of a request.
    pub fn request(&self, index: usize) -> &'a str {
        self.requests.get(index).map_or("?", String::as_str)
    }

    /// Pools whose capacity the scale changes visibly, the most changed first: `1:10 gives pool api 500% of its capacity`; `None`
    /// if there is none.
    pub fn scale_note(&self) -> Option<String> {
        let mut visible: Vec<&Rounding> = self.roundings.iter().filter(|rounding| rounding.is_visible()).collect();
        visible.sort_by(|a, b| b.distance().total_cmp(&a.distance()));
        let first = visible.first()?;
        let scale = grouped(1.0 / self.scale);
        let share = |rounding: &Rounding| format!("{}%", grouped(rounding.factor * 100.0));
        let rest = match visible.len() - 1 {
            0 => String::new(),
            1 => format!(", pool {} {}", self.pool(visible[1].pool), share(visible[1])),
            more => format!(", and {more} more pools another share"),
        };
        Some(format!("1:{scale} gives pool {} {} of its capacity{rest}", self.pool(first.pool), share(first)))
    }

    /// Whether the scenario states outage reports: of a client from the start, or a usual level.
    pub fn states_reports(&self) -> bool {
        !self.spec.reports.usual.is_empty() || self.spec.client.values().any(|client| client.report.is_some())
    }

    /// Outage reports per minute on an ordinary day, of all regions together.
    pub fn usual_reports(&self) -> f64 {
        self.spec.reports.usual.values().map(|rate| rate.0 * 60.0).sum()
    }
}
