//! The made-up morning of the tests of [`analysis`](crate::analysis), with the scenario that it might have come from.

use super::words::Words;
use super::words::phrase::Phrase;
use super::{Context, Mark, Subject};
use crate::analysis::{Findings, Replications, support};
use crate::measure::Figures;
use crate::scenario::spec::Spec;
use crate::vocabulary::Column;

/// Regions, pools and requests are those of the figures.
const SCENARIO: &str = r#"
title = "La casa de papel, part 4"
seed = 504
start = 2020-04-03T08:30:00+02:00
drop = 2020-04-03T09:00:00+02:00
end = 2020-04-03T10:30:00+02:00
region.france = { label = "France", time_zone = "Europe/Paris", link = { capacity = "4.2 Tbps" } }
region.spain = { label = "Spain", time_zone = "Europe/Madrid" }
region.italy = { label = "Italy", time_zone = "Europe/Rome" }
region.germany = { label = "Germany", time_zone = "Europe/Berlin" }
region.uk = { label = "United Kingdom", time_zone = "Europe/London" }
region.chile = { label = "Chile", time_zone = "America/Santiago" }
audience.fans = { viewers = { france = 420_000, spain = 610_000 }, arrival = "5 min", journey = "watch" }
journey.watch.steps = [{ request = "api", name = "browse" }, { request = "license" }]
pool.api = { servers = 180, concurrency = 64, service = "45 ms", timeout = "5 s" }
pool.license = { servers = 60, concurrency = 64, service = "20 ms" }
reports.usual = { france = "1.2/min", spain = "0.9/min", italy = "0.6/min", germany = "0.5/min", uk = "0.7/min", chile = "0.1/min" }
[[threshold]]
metric = "error_rate"
at_most = "1%"
window = "60 s"
"#;

/// The scenario of the made-up morning.
pub fn spec() -> Spec {
    toml::from_str(SCENARIO).unwrap()
}

/// Something that is said, so that sentences and titles can be looked for.
fn words() -> Words {
    let titles = [
        "overview",
        "error-rate",
        "demand",
        "pools",
        "people",
        "regions",
        "waiting",
        "delivery",
        "reports",
        "servers",
        "usage",
    ];
    let titles = titles.map(|name| (name, Phrase::from("a title that tells what happened").title())).into();
    Words {
        verdict: vec![Phrase::from("a sentence that tells what happened").sentence()],
        findings: vec![Phrase::from("a sentence that tells more").sentence()],
        titles,
        key_figures: Vec::new(),
        worst_window_s: Some(60.0),
    }
}

/// Figures together with what a report needs beside them.
#[derive(Clone)]
pub struct Morning {
    pub spec: Spec,
    pub requests: Vec<String>,
    pub changes: Vec<Mark>,
    pub figures: Figures,
    /// The figures of an ordinary day.
    pub ordinary: Option<Figures>,
    /// None of the analyses, since there were no runs.
    pub analyses: Replications,
    pub words: Words,
}

impl Morning {
    /// The morning itself.
    pub fn new() -> Morning {
        Morning::with_surge(1.0)
    }

    /// The same with a surge of another size; 0 is an ordinary day.
    pub fn with_surge(surge: f64) -> Morning {
        let mark = |t_s: f64, note: &str| Mark { t_s, note: note.to_owned(), steps: Vec::new() };
        let changes =
            vec![mark(1200.0, "operators add capacity in Dublin and Virginia"), mark(1500.0, "bit rate capped")];
        Morning { changes, ..Morning::of(support::morning(surge)) }
    }

    /// Figures without a value: `intervals` intervals of `width_s` seconds from `first_s` on.
    pub fn empty(intervals: usize, first_s: f64, width_s: f64) -> Morning {
        Morning::of(support::empty(intervals, first_s, width_s))
    }

    fn of(figures: Figures) -> Morning {
        let requests = ["browse", "license"].map(str::to_owned).to_vec();
        let analyses = Replications::default();
        Morning { spec: spec(), requests, changes: Vec::new(), figures, ordinary: None, analyses, words: words() }
    }

    /// Sets one cell.
    pub fn set(&mut self, interval: usize, row: usize, column: Column, value: f64) {
        support::set(&mut self.figures, interval, row, column, value);
    }

    /// Sets one column of every row at every interval.
    pub fn fill(&mut self, column: Column, value: f64) {
        support::fill(&mut self.figures, column, value);
    }

    /// Makes it look like the mean of several replications.
    pub fn replicate(&mut self, n: usize) {
        support::replicate(&mut self.figures, n);
    }

    /// Context of the morning, with names and digest made up for the tests.
    pub fn context(&self) -> Context<'_> {
        Context {
            partial_until_s: None,
            spec: &self.spec,
            name: "la-casa-de-papel",
            seed: 504,
            scale: 0.01,
            digest: "0123456789abcdef",
            changes: self.changes.clone(),
            requests: &self.requests,
            ways_matter: false,
            roundings: &[],
        }
    }

    /// Findings in the figures of the morning.
    pub fn findings(&self) -> Findings {
        Findings::of(&self.figures)
    }

    /// All of it together.
    pub fn subject<'a>(&'a self, context: &'a Context<'a>, findings: &'a Findings) -> Subject<'a> {
        Subject {
            context,
            figures: &self.figures,
            ordinary: self.ordinary.as_ref(),
            findings,
            analyses: &self.analyses,
            words: &self.words,
        }
    }
}
