//! Sentences and titles about a run, made of claims that the run's own files decide.
//!
//! [`Words::of`] says it once; the screen, the charts and `summary.json` repeat it. [`claim`] lists the kinds of claims,
//! [`phrase`] puts claims between fixed words, [`moment`] tells times, [`voice`] has the names and figures of the run, and
//! numbers are those of [`numbers`](super::numbers). The verdict has up to five sentences: [`what`] happened and when it was
//! over, [`why`], to [`whom`], and what there is [`besides`]; replications have [`several`]. What the verdict has no room for
//! is a further finding (`order`).

mod asked;
pub mod besides;
mod caches;
pub mod claim;
pub mod harm;
mod height;
pub mod key_figures;
pub mod moment;
mod order;
pub mod phrase;
mod places;
mod rest;
pub mod rooms;
pub mod several;
pub mod spell;
mod spread;
pub mod titles;
mod usage;
pub mod verdict;
pub mod voice;
pub mod what;
pub mod whom;
pub mod why;

use self::phrase::Sentence;
use self::voice::Voice;
use super::Context;
use crate::analysis::{Findings, Replications, Worst};
use crate::measure::Figures;

/// Sentences and titles about a run or its replications.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Words {
    /// The verdict: what and when over, why, to whom, what else.
    pub verdict: Vec<Sentence>,
    /// Sentences beside the verdict, in the same order.
    pub findings: Vec<Sentence>,
    /// The title of each chart, by the chart's name.
    pub titles: Vec<(&'static str, Sentence)>,
    /// Key figures: each a sentence that begins with its number.
    pub key_figures: Vec<Sentence>,
    /// Length in seconds of the window in which the most attempts failed; `None` of several replications, and where no window is told.
    pub worst_window_s: Option<f64>,
}

impl Words {
    /// The words for the replications of a scenario; none without a replication.
    pub fn of(context: &Context<'_>, figures: &Figures, findings: &Findings, all: &Replications) -> Words {
        let Some(first) = all.first() else { return Words::default() };
        let voice = Voice::new(context, figures, first);
        let ([verdict, further], titles) = match all.only() {
            Some(_) => (verdict::verdict(&voice), titles::of_run(&voice, &findings.reports)),
            None => (several::verdict(&voice, all), titles::of_all(&voice, all)),
        };
        let key_figures = key_figures::of(&voice, all);
        let worst = all.only().and_then(|run| run.everything.worst());
        Words { verdict, findings: further, titles, key_figures, worst_window_s: worst.map(Worst::window_s) }
    }

    /// The words with those about an ordinary day, whose figures are `ordinary`.
    #[must_use]
    pub fn beside(mut self, ordinary: &Figures, context: &Context<'_>, figures: &Figures, all: &Replications) -> Words {
        let title = all.first().map(|first| usage::title(&Voice::new(context, figures, first), all, ordinary));
        self.titles.extend(title.filter(|title| !title.is_empty()).map(|title| ("usage", title.title())));
        self
    }

    /// The verdict as a person reads it.
    pub fn told(&self) -> String {
        self.verdict.iter().map(Sentence::shown).collect::<Vec<_>>().join(" ")
    }

    /// The title of a chart as a person reads it; empty if the chart has none.
    pub fn title(&self, chart: &str) -> String {
        self.titles.iter().find(|(name, _)| *name == chart).map(|(_, title)| title.shown()).unwrap_or_default()
    }
}
