//! Writes what a sweep leaves: tables of points, differences and units, charts, and the manifest.

use std::path::PathBuf;

use sha2::{Digest, Sha256};

use super::files::tables::Units;
use super::files::{OutputFolder, Written, manifest};
use super::outputs::{OF_SWEEP, UNITS_PARQUET};
use super::render::{self, Look};
use super::words::phrase::Sentence;
use super::{ReportError, chart, page};
use crate::sweep::Results;

/// Summary of a sweep for the terminal.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// The files, the manifest last.
    pub files: Vec<PathBuf>,
    /// The title of each chart, by the chart's name.
    pub titles: Vec<(String, Sentence)>,
    /// SHA-256 over the tables.
    pub digest: String,
    /// Number of units.
    pub units: u64,
    /// Number of units that a limit ended, which have no figures.
    pub cut_short: u64,
}

/// Writes the tables of a sweep whose units are all there, its charts, and the manifest last.
///
/// # Errors
/// An older result then stays as it is, or, if the end itself failed, the folder has no manifest.
pub fn write(folder: &OutputFolder, results: &Results<'_>, look: Look) -> Result<Told, ReportError> {
    let (mut files, mut units) = (Vec::new(), Units::default());
    for table in &OF_SWEEP {
        files.push(folder.stream(table.name, |file| (table.make)(file, results, &mut units))?);
    }
    if let Some(make) = UNITS_PARQUET.make {
        files.push(folder.stream(UNITS_PARQUET.name, |file| make(file, results, &mut units))?);
    }
    let digest = digest(&folder.written());
    let (mut sheets, mut titles) = (Vec::new(), Vec::new());
    for chart in chart::sweep::all(results, &digest)? {
        titles.push((chart.name.clone(), chart.title));
        sheets.push((chart.name, chart.sheet));
    }
    for (name, sheet) in &sheets {
        for (end, bytes) in render::files(sheet, look)? {
            files.push(folder.stage(&format!("{name}{end}"), &bytes)?);
        }
    }
    files.push(folder.stage(page::FILE, &page::sweep::bytes(results, &sheets, &digest)?)?);
    let listing = manifest::of_sweep(results.outline(), units.all, &digest, &titles, &folder.written());
    files.push(folder.stage(manifest::FILE, &listing)?);
    folder.publish()?;
    Ok(Told { files, titles, digest, units: units.all, cut_short: units.cut_short })
}

/// The digest of the tables, in order. Two sweeps have the same results just when they have the same digest.
fn digest(written: &[Written]) -> String {
    let tables = OF_SWEEP.map(|table| written.iter().find(|file| file.name == table.name));
    let mut hash = Sha256::new();
    tables.into_iter().flatten().for_each(|file| hash.update(&file.sha256));
    manifest::hex(&hash.finalize())
}
