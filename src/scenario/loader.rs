//! The data files of a scenario.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::spec::Bin;
use crate::document::diagnostics::Diagnostic;

/// The data files of a scenario, each read once for all changes of a timeline and all points of a sweep.
#[derive(Clone, Debug, Default)]
pub(super) struct Loader {
    /// The content of each file, or why the file could not be read.
    pub files: BTreeMap<PathBuf, Arc<Result<Vec<u8>, Diagnostic>>>,
    /// The spans of each file that empirical laws name.
    pub spans: BTreeMap<PathBuf, Result<Arc<[f64]>, Flaw>>,
    /// The bins of each file that traces name, by file and by how the trace reads the file.
    pub bins: BTreeMap<(PathBuf, String), Result<Bins, Flaw>>,
}

/// The bins of a recorded curve.
#[derive(Clone, Debug)]
pub(super) struct Bins {
    pub bins: Arc<[Bin]>,
    /// Whether a region's `drop_delay` moves the bins.
    pub moves_with_drop: bool,
}

/// An error of a data file: the label at the file's name in the scenario, and the help.
#[derive(Clone, Debug)]
pub(super) struct Flaw {
    pub label: String,
    pub help: String,
}
