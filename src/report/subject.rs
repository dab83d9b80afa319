//! The subject of a report: a run with what is known and what is said about it.

use super::Context;
use super::words::Words;
use crate::analysis::{Findings, Replications};
use crate::measure::Figures;

/// One run, or several replications, with the findings and the words. Both are made once, by whoever has the figures, and
/// handed to tables, charts, files and the screen.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The scenario.
    pub context: &'a Context<'a>,
    /// The figures of the run, or of its replications.
    pub figures: &'a Figures,
    /// The figures of an ordinary day, if the scenario was run as one too.
    pub ordinary: Option<&'a Figures>,
    /// The findings in these figures.
    pub findings: &'a Findings,
    /// The analysis of each replication.
    pub analyses: &'a Replications,
    /// Sentences and titles made from the figures.
    pub words: &'a Words,
}

impl Subject<'_> {
    /// Whether a limit of the command ended the run before its end; whole replications, of which there are fewer, are not cut.
    pub fn is_cut(&self) -> bool {
        let end_s = self.figures.time_s(self.figures.intervals);
        self.context.partial_until_s.is_some_and(|until_s| until_s < end_s - self.figures.width_s * 1e-6)
    }
}
