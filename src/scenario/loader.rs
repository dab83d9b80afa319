//! The data files of a scenario.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::document::diagnostics::Diagnostic;

/// The data files of a scenario, each read once for all changes of a timeline and all points of a sweep.
#[derive(Clone, Debug, Default)]
pub(super) struct Loader {
    /// The content of each file, or why the file could not be read.
    pub files: BTreeMap<PathBuf, Arc<Result<Vec<u8>, Diagnostic>>>,
}
