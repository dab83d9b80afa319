//! A finished run, ready to be written.

use super::files::trace::Traced;
use super::render::Look;
use super::several::Several;
use super::subject::Subject;
use super::words::phrase::Sentence;

/// A finished run, and what is to be left of it.
#[derive(Clone, Copy, Debug)]
pub struct Finished<'a> {
    /// The run.
    pub subject: Subject<'a>,
    /// Look of the charts; `None` draws none.
    pub charts: Option<Look>,
    /// The trace, if viewers were traced.
    pub trace: Option<Traced<'a>>,
    /// The scenario with every default filled in.
    pub resolved: &'a str,
    /// Single changes of the scenario, if some were tried.
    pub levers: Option<&'a Levers<'a>>,
}

/// Single changes of a scenario, each tried on the same crowds.
#[derive(Clone, Debug)]
pub struct Levers<'a> {
    /// The scenario and its changes, perhaps at another scale than that of the run.
    pub several: Several<'a>,
    /// Verdict on the change that spares most people, for a run that tries several.
    pub best: Option<Sentence>,
}
