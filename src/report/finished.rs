//! A finished run, ready to be written.

use super::files::trace::Traced;
use super::render::Look;
use super::subject::Subject;

/// A finished run, and what is to be left of it.
#[derive(Clone, Copy, Debug)]
pub struct Finished<'a> {
    /// The run.
    pub subject: Subject<'a>,
    /// How charts are drawn, if they are.
    pub charts: Option<Look>,
    /// The trace, if viewers were traced.
    pub trace: Option<Traced<'a>>,
    /// The scenario with every default filled in.
    pub resolved: &'a str,
}
