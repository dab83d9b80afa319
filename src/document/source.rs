//! The texts of a document.

use std::path::PathBuf;
use std::sync::Arc;

/// Origin of a text; messages about several texts are shown in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Origin {
    /// A file; 0 is the document itself, the others are those that it extends.
    File(usize),
    /// The plan of a sweep, after the files of its scenario.
    Plan,
    /// A setting `PATH=VALUE` of the command line or of a sweep's point, by index.
    Setting(usize),
    /// A question of `dropstorm find`.
    Question,
}

/// A text with the name under which messages show it.
#[derive(Debug)]
pub(crate) struct Source {
    /// The path of the file as the user wrote it, in visible characters, or the name of another origin.
    pub name: String,
    /// The whole text.
    pub text: String,
    /// Origin of the text.
    pub origin: Origin,
    /// The folder of the file.
    pub folder: PathBuf,
    /// The same folder relative to the folder of the document itself; files that this text names lie here.
    pub relative: PathBuf,
}

impl Source {
    /// A text that is no file.
    pub fn new(name: &str, text: &str, origin: Origin) -> Arc<Source> {
        let (name, text) = (name.to_owned(), text.to_owned());
        Arc::new(Source { name, text, origin, folder: PathBuf::new(), relative: PathBuf::new() })
    }
}
