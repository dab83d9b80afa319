//! A file of the results, and why one could not be used.

use std::io;
use std::path::{Path, PathBuf};

use crate::system::{is_choice, text};

/// The operation that makes the folder of results.
pub(super) const CREATE_FOLDER: &str = "create the folder";

/// Why a folder or a file could not be used.
#[derive(Debug)]
pub struct FileError {
    /// The operation that failed.
    action: &'static str,
    /// The path that it failed on.
    path: PathBuf,
    /// The error of the system.
    source: io::Error,
}

impl std::fmt::Display for FileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (action, path) = (self.action, text::path(&self.path));
        let file = self.path.ancestors().find(|parent| parent.exists() && !parent.is_dir());
        match file.filter(|_| action == CREATE_FOLDER && self.is_choice()) {
            Some(file) => write!(f, "cannot {action} `{path}`: `{}` is not a folder", text::path(file)),
            None => write!(f, "cannot {action} `{path}`: {}", self.source),
        }
    }
}

impl std::error::Error for FileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

impl FileError {
    /// Whether the error comes from a path that can never name a folder of results; a full disk is a failure.
    pub fn is_choice(&self) -> bool {
        is_choice(&self.source)
    }
}

/// A file that stands in the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Name within the folder.
    pub name: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the content.
    pub sha256: String,
}

/// The error of an operation on a path.
pub(super) fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> FileError {
    let path = path.to_owned();
    move |source| FileError { action, path, source }
}
