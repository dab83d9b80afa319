//! The attributes of a figure.

use super::known::Known;
use crate::vocabulary::source::Source;
use crate::vocabulary::unit::Unit;

/// Attributes of a figure.
#[derive(Clone, Copy)]
pub(super) struct FigureRow {
    /// Dotted name in `summary.json`, sweeps and `find`.
    pub(super) name: &'static str,
    /// Unit of a value.
    pub(super) unit: Unit,
    /// Name on charts, with a small first letter.
    pub(super) words: Words,
    /// Source of the value.
    pub(super) source: Source,
    /// Scopes that have the figure, and its name there.
    pub(super) known: Known,
}

/// Words for a figure, as a sentence needs them.
#[derive(Clone, Copy)]
pub(super) enum Words {
    /// A singular: `error rate in the worst minute`.
    One(&'static str),
    /// A plural: `viewers who see an error`.
    Many(&'static str),
}
