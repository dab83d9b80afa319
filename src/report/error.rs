//! Why a report could not be finished.

use super::FileError;

/// Why a report could not be finished.
#[derive(Debug)]
pub enum ReportError {
    /// A file could not be written.
    File(FileError),
    /// A table could not be put together.
    Csv(csv::Error),
    /// A chart could not be drawn.
    Chart(String),
}

impl std::fmt::Display for ReportError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ReportError::File(error) => error.fmt(f),
            ReportError::Csv(error) => write!(f, "cannot put a table together: {error}"),
            ReportError::Chart(reason) => write!(f, "cannot draw a chart: {reason}"),
        }
    }
}

impl std::error::Error for ReportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ReportError::File(error) => Some(error),
            ReportError::Csv(error) => Some(error),
            ReportError::Chart(_) => None,
        }
    }
}

impl From<FileError> for ReportError {
    fn from(error: FileError) -> Self {
        ReportError::File(error)
    }
}

impl From<csv::Error> for ReportError {
    fn from(error: csv::Error) -> Self {
        ReportError::Csv(error)
    }
}
