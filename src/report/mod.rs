//! Reports of runs and sweeps: files, charts, and a few plain sentences.
//!
//! The way of the figures:
//!
//! 1. [`analysis`](crate::analysis) finds what happened, once; a [`Subject`] hands the findings to all that need them.
//! 2. [`words`] says once what happened, in sentences made of claims; [`terminal`] sets the sentences on a screen.
//! 3. [`chart`] makes charts as data, [`render`] draws charts. [`files`] has the formats for programs.
//! 4. [`outputs`] lists every file, and [`write()`] writes those of a run; [`sweeps`] does the same for a sweep, [`searches`]
//!    for a search.
//!
//! Nothing here computes a figure that the file of figures could hold; nothing here knows the engine.

pub mod chart;
pub mod clock;
mod context;
mod error;
pub mod files;
mod finished;
pub mod letters;
pub mod numbers;
pub mod outputs;
mod page;
pub mod render;
pub mod search;
pub mod searches;
pub mod settings;
pub mod several;
mod states;
mod subject;
#[cfg(test)]
pub(crate) mod support;
pub mod sweeps;
pub mod terminal;
pub mod words;

use std::path::PathBuf;

pub use context::{Context, Mark};
pub use error::ReportError;
pub use files::trace::Traced;
pub use files::{FileError, OutputFolder};
pub use finished::{Finished, Levers};
pub use subject::Subject;

use self::chart::View;
use self::chart::sheet::Sheet;
use self::files::{intervals, manifest, summary};
use self::outputs::{CHARTS_OF_COMPARISON, CHARTS_OF_RUN, Material, OF_COMPARISON, OF_RUN};
use self::render::Look;
use self::several::Several;
use crate::analysis::Replications;
use crate::measure::Figures;

/// The digest of a run's results, as hexadecimal SHA-256; `context.digest` plays no part in it.
///
/// # Errors
/// Only if the table cannot be put together.
pub fn digest(context: &Context<'_>, figures: &Figures, analyses: &Replications) -> Result<String, ReportError> {
    let table = intervals::csv(context, figures)?;
    Ok(manifest::results_digest(&table, &summary::json(context, figures, analyses)))
}

/// The files that were written, and those that the folder lost.
#[derive(Debug)]
pub struct Left {
    /// Paths of the files that were written.
    pub files: Vec<PathBuf>,
    /// Names of the files of an earlier run that are gone, since this one has none of that name.
    pub gone: Vec<String>,
}

/// Writes all files of a run, the manifest last.
///
/// The digest on the charts is taken from the results themselves, whatever the context says.
///
/// # Errors
/// An older result then stays as it is, or, if the end itself failed, the folder has no manifest.
pub fn write(folder: &OutputFolder, run: &Finished<'_>) -> Result<Left, ReportError> {
    let Subject { context, figures, analyses, .. } = run.subject;
    let table = intervals::csv(context, figures)?;
    let digest = manifest::results_digest(&table, &summary::json(context, figures, analyses));
    let context = &Context { digest: &digest, ..context.clone() };
    let subject = Subject { context, ..run.subject };
    let material = Material { run: Finished { subject, ..*run }, intervals: &table };

    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    if let Some(look) = run.charts {
        let view = View::of(&subject);
        let sheets = sheets_of(&view);
        for (name, sheet) in &sheets {
            files.extend(drawn(name, sheet, look)?);
        }
        // A page has the whole run, and opens with the part that the pictures show.
        let part = view.part();
        let sheets = if part.is_some() { sheets_of(&View::whole(&subject)) } else { sheets };
        files.push((page::FILE.to_owned(), page::run::bytes(&Finished { subject, ..*run }, &sheets, part)));
    }
    for output in OF_RUN {
        files.extend((output.make)(&material)?.map(|bytes| (output.name.to_owned(), bytes)));
    }
    let mut paths = Vec::new();
    for (name, bytes) in &files {
        paths.push(folder.stage(name, bytes)?);
    }
    // A run that is written once more, with more on its page, has a manifest already, which gives way.
    let mut written = folder.written();
    written.retain(|file| file.name != manifest::FILE);
    let listing = manifest::bytes(context, figures, &digest, &written, run.resolved);
    paths.push(folder.stage(manifest::FILE, &listing)?);
    // All of the new run is on the disk by now; here the older one goes.
    let gone = folder.publish()?;
    Ok(Left { files: paths, gone })
}

/// The charts of a run by name.
fn sheets_of(view: &View<'_>) -> Vec<(String, Sheet)> {
    CHARTS_OF_RUN.iter().filter_map(|chart| Some((chart.name.to_owned(), (chart.make)(view)?))).collect()
}

/// The files of a chart.
fn drawn(name: &str, sheet: &Sheet, look: Look) -> Result<impl Iterator<Item = (String, Vec<u8>)>, ReportError> {
    Ok(render::files(sheet, look)?.into_iter().map(move |(end, bytes)| (format!("{name}{end}"), bytes)))
}

/// Writes the files of several scenarios together, with charts if these have a look.
///
/// # Errors
/// If a file cannot be written.
pub fn write_comparison(
    folder: &OutputFolder,
    several: &Several<'_>,
    charts: Option<Look>,
) -> Result<Left, ReportError> {
    let mut paths = Vec::new();
    if let Some(look) = charts {
        let sheets =
            CHARTS_OF_COMPARISON.iter().filter_map(|chart| Some((chart.name.to_owned(), (chart.make)(several)?)));
        let sheets: Vec<(String, Sheet)> = sheets.collect();
        for (name, sheet) in &sheets {
            for (file, bytes) in drawn(name, sheet, look)? {
                paths.push(folder.stage(&file, &bytes)?);
            }
        }
        if let Some(bytes) = page::comparison::bytes(several, &sheets) {
            paths.push(folder.stage(page::FILE, &bytes)?);
        }
    }
    for output in OF_COMPARISON {
        if let Some(bytes) = (output.make)(several)? {
            paths.push(folder.stage(output.name, &bytes)?);
        }
    }
    paths.push(folder.stage(manifest::FILE, &manifest::of_comparison(several, &folder.written()))?);
    let gone = folder.publish_beside()?;
    Ok(Left { files: paths, gone })
}

#[cfg(test)]
mod tests {
    use super::support::Morning;
    use super::*;
    use crate::experiment::{Comparison, Sample};
    use crate::vocabulary::Figure;

    /// Writes a morning into a folder and gives the names of its files.
    fn left_by(morning: &Morning, folder: &OutputFolder, charts: Option<Look>) -> Vec<String> {
        let (context, findings) = (morning.context(), morning.findings());
        let subject = morning.subject(&context, &findings);
        let run = Finished { subject, charts, trace: None, resolved: "title = \"x\"", levers: None };
        let paths = write(folder, &run).unwrap().files;
        paths.iter().map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn the_digest_depends_on_the_results_alone() {
        let mut morning = Morning::new();
        let before = digest(&morning.context(), &morning.figures, &morning.analyses).unwrap();
        assert_eq!(
            digest(&Context { digest: "", ..morning.context() }, &morning.figures, &morning.analyses).unwrap(),
            before
        );
        morning.set(3, 0, crate::vocabulary::Outcome::Served.column(), 7.0);
        assert_ne!(digest(&morning.context(), &morning.figures, &morning.analyses).unwrap(), before);
    }

    #[test]
    fn a_run_without_charts_leaves_none_of_an_older_run() {
        let home = tempfile::tempdir().unwrap();
        let morning = Morning::new();
        let folder = OutputFolder::prepare(home.path()).unwrap();
        for name in ["demand.png", "traffic.png"] {
            folder.write(name, b"old").unwrap();
        }
        drop(folder);
        let folder = OutputFolder::prepare(home.path()).unwrap();
        assert_eq!(left_by(&morning, &folder, None), ["summary.json", "intervals.csv", "manifest.json"]);
        assert!(!home.path().join("demand.png").exists() && !home.path().join("traffic.png").exists());
        let manifest: serde_json::Value =
            serde_json::from_slice(&std::fs::read(home.path().join("manifest.json")).unwrap()).unwrap();
        assert_eq!(manifest["digest"], digest(&morning.context(), &morning.figures, &morning.analyses).unwrap());
        for file in manifest["files"].as_array().unwrap() {
            let bytes = std::fs::read(home.path().join(file["name"].as_str().unwrap())).unwrap();
            assert_eq!(file["sha256"], manifest::sha256(&bytes));
        }
        assert_eq!(manifest["files"][0]["name"], "summary.json");
    }

    #[test]
    fn a_run_with_charts_lists_them_all_and_nothing_else_lies_in_the_folder() {
        let home = tempfile::tempdir().unwrap();
        let morning = Morning::new();
        let folder = OutputFolder::prepare(home.path()).unwrap();
        let names = left_by(&morning, &folder, Some(Look { svg: true, ..Look::default() }));
        let charts = ["overview", "error-rate", "demand", "pools", "people", "reports", "waiting", "delivery"];
        let charts = charts.iter().flat_map(|name| [format!("{name}.png"), format!("{name}.svg")]);
        let tables = ["report.html", "summary.json", "intervals.csv", "manifest.json"].map(str::to_owned);
        assert_eq!(names, charts.chain(tables).collect::<Vec<_>>());
        assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), names.len());
        let (context, findings) = (morning.context(), morning.findings());
        let subjects = [morning.subject(&context, &findings)];
        let sample = Sample { seed: 1, summaries: vec![vec![1.5; Figure::summary().len()]] };
        let comparison = Comparison::of(&[&sample]);
        let several = Several { subjects: &subjects, comparison: &comparison, settings: &[] };
        let paths = write_comparison(&folder, &several, Some(Look::default())).unwrap().files;
        let named = ["comparison.png", "report.html", "comparison.csv", "manifest.json"];
        assert!(paths.len() == 4 && paths.iter().zip(named).all(|(path, name)| path.ends_with(name)), "{paths:?}");
        let table = std::fs::read_to_string(&paths[2]).unwrap();
        assert!(table.contains("la-casa-de-papel,viewers.arrived,,1.5,,,1,0.0,,,1,true"), "{table}");
        drop(folder);
        let folder = OutputFolder::prepare(home.path()).unwrap();
        let again = write_comparison(&folder, &several, None).unwrap();
        assert_eq!((again.files.len(), again.gone), (2, vec!["comparison.png".to_owned(), "report.html".to_owned()]));
    }
}
