//! The list of warnings, and spans in their texts.

use crate::scenario::spec::Spec;
use crate::scenario::{Diagnostic, Level, Scenario};
use crate::units::Span;

/// The warnings found so far.
pub(super) struct Found<'a> {
    pub scenario: &'a Scenario,
    pub list: Vec<Diagnostic>,
}

impl Found<'_> {
    /// Adds a warning at a path of the scenario.
    pub fn add(&mut self, path: &str, title: String, label: String, help: &str) {
        let help = (!help.is_empty()).then(|| help.to_owned());
        self.list.push(self.scenario.diagnostic(Level::Warning, path, title, label, help));
    }

    pub fn spec(&self) -> &Spec {
        self.scenario.spec()
    }

    /// The name of a pool by its index.
    pub fn pool(&self, index: usize) -> String {
        self.spec().pool.get_index(index).map_or_else(String::new, |(name, _)| name.clone())
    }
}

/// A span as text, in three digits.
pub(super) fn span(seconds: f64) -> String {
    let nanos = Span::from_seconds(seconds);
    let digits = 10_i64.pow((nanos.0.max(1).ilog10()).saturating_sub(2));
    Span(nanos.0 / digits * digits).to_string()
}
