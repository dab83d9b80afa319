//! A whole chart as data.
//!
//! [`Sheet::shapes`](super::shapes) breaks a sheet down into lines, areas and letters for renderers that only draw; those that do
//! more read the sheet itself.

use super::model::{Entry, Mark, Scale, Text};
use super::panel::Panel;

/// One chart. Its parts are drawn in the order of the fields; of the panels first what lies under the marks, then lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// Height of the sheet; its width is [`WIDTH`](super::model::WIDTH).
    pub height: f64,
    /// Lines of the title: the main result, in words computed from the figures.
    pub title: Vec<Text>,
    /// Quantity, bins and number of runs.
    pub subtitle: Text,
    /// Names of what the colours stand for.
    pub legend: Vec<Entry>,
    /// The key figures of a run: the number of each, then its words line by line.
    pub figures: Vec<Vec<Text>>,
    /// Plots.
    pub panels: Vec<Panel>,
    /// The drop and the changes.
    pub marks: Vec<Mark>,
    /// Scale of the colours of cells and dots, where colours are values.
    pub scale: Option<Scale>,
    /// Texts that belong to no plot.
    pub texts: Vec<Text>,
    /// The footer: version, scenario, seed, scale, digest.
    pub footer: Text,
    /// Title and provenance for programs, by the keywords of PNG's text chunks.
    pub notes: Vec<(&'static str, String)>,
}

impl Sheet {
    /// The title in one line.
    pub fn headline(&self) -> String {
        self.title.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join(" ")
    }
}
