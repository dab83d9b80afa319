//! A finished run, ready to be written.

use super::context::Subject;
use super::files::trace::Traced;

/// A finished run, and what is to be left of it.
#[derive(Clone, Copy, Debug)]
pub struct Finished<'a> {
    /// The run.
    pub subject: Subject<'a>,
    /// Whether charts are drawn.
    pub charts: bool,
    /// The trace, if viewers were traced.
    pub trace: Option<Traced<'a>>,
    /// The scenario with every default filled in.
    pub resolved: &'a str,
}
