//! What a run leaves: files, charts, and a few plain sentences.
//!
//! The way through the folder is the way of the figures:
//!
//! 1. [`findings`] asks the figures what happened: the peak, the episode around it, the bottleneck. Titles, sentences and
//!    tables all draw on it, so that no two of them can disagree; [`tracker`] does the same for outage reports.
//! 2. [`verdict`] says it in two or three sentences; [`terminal`], [`comparison`] and [`differences`] set it on a screen.
//! 3. [`intervals`], [`summary`], [`trace`] and [`manifest`] are the files for machines, [`charts`] those for people.
//! 4. [`sweeps`] does the same for the results of a sweep.
//! 5. [`files`] alone writes; [`write()`] below is the order in which it does.
//!
//! Nothing here computes a figure that the file of figures could hold; nothing here knows the engine.

pub mod charts;
pub mod clock;
pub mod comparison;
pub mod differences;
pub mod files;
pub mod findings;
pub mod intervals;
pub mod manifest;
pub mod numbers;
#[cfg(feature = "parquet")]
pub mod parquet;
pub mod summary;
#[cfg(test)]
pub(crate) mod support;
pub mod sweeps;
pub mod terminal;
pub mod trace;
pub mod tracker;
pub mod verdict;

use std::path::PathBuf;

pub use files::{FileError, OutputFolder};

use crate::measure::Figures;
use crate::scenario::spec::Spec;

/// A moment worth a line on the charts.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Seconds from the drop.
    pub t_s: f64,
    /// What happens then.
    pub note: String,
}

/// What a report needs to know beside the figures.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    /// The scenario; its regions and pools are those of the figures, in order.
    pub spec: &'a Spec,
    /// What the scenario is called on disk: the file's stem.
    pub name: &'a str,
    /// The seed that the run took, which need not be the file's.
    pub seed: u64,
    /// The scale that the run took; figures are at full size all the same.
    pub scale: f64,
    /// The digest of the results, or its first figures; see [`digest`]. May be empty.
    pub digest: &'a str,
    /// The changes of the timeline that are worth a line.
    pub changes: Vec<Mark>,
    /// Names of the requests, by [`Scope::request`](crate::measure::Scope).
    pub requests: &'a [String],
}

/// Why a report could not be finished.
#[derive(Debug)]
pub enum ReportError {
    /// A file could not be written.
    File(FileError),
    /// The table could not be put together.
    Csv(csv::Error),
    /// A chart could not be drawn.
    Chart(String),
}

impl std::fmt::Display for ReportError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ReportError::File(error) => error.fmt(f),
            ReportError::Csv(error) => write!(f, "cannot put intervals.csv together: {error}"),
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

/// The digest of a run's results, as hexadecimal SHA-256; `context.digest` plays no part in it.
///
/// # Errors
/// Only if the table cannot be put together.
pub fn digest(context: &Context<'_>, figures: &Figures) -> Result<String, ReportError> {
    let table = intervals::csv(context, figures)?;
    Ok(manifest::results_digest(&table, &summary::json(context, figures, None)))
}

/// Writes all files of a run and returns their paths, the manifest last. `extra` are files that the caller has made.
///
/// `resolved` is the scenario with every default filled in; `wall_s` is how long the run took and goes into the summary
/// alone. The digest on the charts is taken from the results themselves, whatever `context.digest` says.
///
/// # Errors
/// The folder then has no manifest, which tells it from a finished one.
pub fn write(
    folder: &OutputFolder,
    context: &Context<'_>,
    figures: &Figures,
    charts: bool,
    extra: Vec<(&str, Vec<u8>)>,
    resolved: &str,
    wall_s: f64,
) -> Result<Vec<PathBuf>, ReportError> {
    let table = intervals::csv(context, figures)?;
    let digest = manifest::results_digest(&table, &summary::json(context, figures, None));
    let context = &Context { digest: &digest, ..context.clone() };

    let mut files: Vec<(&str, Vec<u8>)> = Vec::new();
    if charts {
        files.extend(charts::all(context, figures)?);
    }
    files.push((summary::FILE, summary::bytes(&summary::json(context, figures, Some(wall_s)))));
    files.push((intervals::FILE, table));
    files.extend(extra);

    // From here on the older run is gone; so everything that can fail without the disk has been done before.
    folder.clear(&files.iter().map(|(name, _)| *name).collect::<Vec<_>>())?;
    let mut paths = Vec::new();
    for (name, bytes) in &files {
        paths.push(folder.write(name, bytes)?);
    }
    let listing = manifest::bytes(context, figures, &digest, &folder.written(), resolved);
    paths.push(folder.write(manifest::FILE, &listing)?);
    Ok(paths)
}

/// Writes the picture of several scenarios on common axes; see [`charts::overlay`].
///
/// # Errors
/// If the file cannot be written.
pub fn write_overlay(folder: &OutputFolder, runs: &[(&Context<'_>, &Figures)]) -> Result<PathBuf, ReportError> {
    Ok(folder.write(charts::overlay::FILE, &charts::overlay::draw(runs)?)?)
}

#[cfg(test)]
mod tests {
    use super::support::Morning;
    use super::*;

    #[test]
    fn the_digest_depends_on_the_results_alone() {
        let mut morning = Morning::new();
        let before = digest(&morning.context(), &morning.figures).unwrap();
        assert_eq!(digest(&Context { digest: "", ..morning.context() }, &morning.figures).unwrap(), before);
        morning.set(3, 0, crate::vocabulary::Outcome::Served.column(), 7.0);
        assert_ne!(digest(&morning.context(), &morning.figures).unwrap(), before);
    }

    #[test]
    fn a_run_without_charts_leaves_none_of_an_older_run() {
        let home = tempfile::tempdir().unwrap();
        let morning = Morning::new();
        let folder = OutputFolder::prepare(home.path()).unwrap();
        folder.write("traffic.png", b"old").unwrap();
        let folder = OutputFolder::prepare(home.path()).unwrap();
        let paths =
            write(&folder, &morning.context(), &morning.figures, false, Vec::new(), "title = \"x\"", 1.5).unwrap();
        let names: Vec<_> = paths.iter().filter_map(|path| path.file_name()?.to_str()).collect();
        assert_eq!(names, ["summary.json", "intervals.csv", "manifest.json"]);
        assert!(!home.path().join("traffic.png").exists());
        let manifest: serde_json::Value =
            serde_json::from_slice(&std::fs::read(home.path().join("manifest.json")).unwrap()).unwrap();
        assert_eq!(manifest["digest"], digest(&morning.context(), &morning.figures).unwrap());
        assert_eq!(manifest["files"][0]["name"], "summary.json");
    }

    #[test]
    fn a_run_with_charts_lists_them_all_and_nothing_else_lies_in_the_folder() {
        let home = tempfile::tempdir().unwrap();
        let morning = Morning::new();
        let folder = OutputFolder::prepare(home.path()).unwrap();
        let paths =
            write(&folder, &morning.context(), &morning.figures, true, Vec::new(), "title = \"x\"", 1.5).unwrap();
        let names: Vec<_> = paths.iter().filter_map(|path| path.file_name()?.to_str()).collect();
        let charts = ["error-rate.png", "traffic.png", "reports.png", "latency.png", "streams.png"];
        assert_eq!(names, [&charts[..], &["summary.json", "intervals.csv", "manifest.json"]].concat());
        assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), names.len());
        let context = morning.context();
        assert!(write_overlay(&folder, &[(&context, &morning.figures)]).unwrap().ends_with("overlay.png"));
    }
}
