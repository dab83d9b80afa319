//! Writes the files of a search: a table, a chart, a page, and the manifest.

use std::path::PathBuf;

use super::chart::sheet::Sheet;
use super::files::{OutputFolder, manifest};
use super::outputs::{CHART_OF_FIND, CHART_OF_SEARCH, TABLE_OF_FIND, TABLE_OF_SEARCH};
use super::render::{self, Look};
use super::search::{self, Searched, Sought};
use super::{ReportError, chart, page};

/// Writes the files of a search for the cheapest combination, the manifest last; returns their paths.
///
/// # Errors
/// An older result then stays as it is, or, if the end itself failed, the folder has no manifest.
pub fn write(folder: &OutputFolder, searched: &Searched<'_>, look: Look) -> Result<Vec<PathBuf>, ReportError> {
    let table = search::csv(searched)?;
    let digest = manifest::sha256(&table);
    let charts = [(CHART_OF_SEARCH.0.to_owned(), chart::search::sheet(searched, &digest))];
    let page = page::search::bytes(searched, &charts);
    let mut files = stage(folder, (TABLE_OF_SEARCH.0, &table), &charts, &page, look)?;
    let listing =
        manifest::of_search(searched.outline, (CHART_OF_SEARCH.0, &searched.told()), &digest, &folder.written());
    files.push(folder.stage(manifest::FILE, &listing)?);
    folder.publish()?;
    Ok(files)
}

/// Writes the files of a search over one setting, the manifest last; returns their paths.
///
/// # Errors
/// An older result then stays as it is, or, if the end itself failed, the folder has no manifest.
pub fn write_sought(folder: &OutputFolder, sought: &Sought<'_>, look: Look) -> Result<Vec<PathBuf>, ReportError> {
    let table = search::csv_of_find(sought)?;
    let digest = manifest::sha256(&table);
    let charts = [(CHART_OF_FIND.0.to_owned(), chart::find::sheet(sought, &digest))];
    let page = page::find::bytes(sought, &charts);
    let mut files = stage(folder, (TABLE_OF_FIND.0, &table), &charts, &page, look)?;
    let listing = manifest::of_find(sought.search, (CHART_OF_FIND.0, &sought.told()), &digest, &folder.written());
    files.push(folder.stage(manifest::FILE, &listing)?);
    folder.publish()?;
    Ok(files)
}

/// Stages a table by its name, charts by their names, and the page; returns their paths.
fn stage(
    folder: &OutputFolder,
    table: (&str, &[u8]),
    charts: &[(String, Sheet)],
    page: &[u8],
    look: Look,
) -> Result<Vec<PathBuf>, ReportError> {
    let mut files = vec![folder.stage(table.0, table.1)?];
    for (name, sheet) in charts {
        for (end, bytes) in render::files(sheet, look)? {
            files.push(folder.stage(&format!("{name}{end}"), &bytes)?);
        }
    }
    files.push(folder.stage(page::FILE, page)?);
    Ok(files)
}
