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
