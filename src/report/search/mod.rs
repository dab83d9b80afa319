//! What searches leave: a table, a chart, a page, and the answer in words. One looks for the cheapest combination of levers, the
//! other for the edge of a condition in the range of one setting.

mod searched;
mod sought;
mod table;

pub use searched::{Searched, State, amount, sure};
pub use sought::{FIELDS as FIELDS_OF_FIND, Sought, figure, folder};
pub use table::{FIELDS as FIELDS_OF_SEARCH, POINT, bytes as csv};

use std::path::PathBuf;

use super::files::{OutputFolder, manifest};
use super::outputs::{CHART_OF_FIND, CHART_OF_SEARCH, TABLE_OF_FIND, TABLE_OF_SEARCH};
use super::render::{self, Look};
use super::{ReportError, chart, page};

/// Writes the table, the chart, the page, and the manifest last; returns their paths.
///
/// # Errors
/// An older result then stays as it is, or, if the end itself failed, the folder has no manifest.
pub fn write(folder: &OutputFolder, searched: &Searched<'_>, look: Look) -> Result<Vec<PathBuf>, ReportError> {
    let table = table::bytes(searched)?;
    let digest = manifest::sha256(&table);
    let mut files = vec![folder.stage(TABLE_OF_SEARCH.0, &table)?];
    let charts = [(CHART_OF_SEARCH.0.to_owned(), chart::search::sheet(searched, &digest))];
    for (name, sheet) in &charts {
        for (end, bytes) in render::files(sheet, look)? {
            files.push(folder.stage(&format!("{name}{end}"), &bytes)?);
        }
    }
    files.push(folder.stage(page::FILE, &page::search::bytes(searched, &charts))?);
    let listing =
        manifest::of_search(searched.outline, (CHART_OF_SEARCH.0, &searched.told()), &digest, &folder.written());
    files.push(folder.stage(manifest::FILE, &listing)?);
    folder.publish()?;
    Ok(files)
}

/// Writes the table, the chart, the page, and the manifest of a search over one setting, the manifest last; returns their paths.
///
/// # Errors
/// An older result then stays as it is, or, if the end itself failed, the folder has no manifest.
pub fn write_sought(folder: &OutputFolder, sought: &Sought<'_>, look: Look) -> Result<Vec<PathBuf>, ReportError> {
    let table = sought::csv(sought)?;
    let digest = manifest::sha256(&table);
    let mut files = vec![folder.stage(TABLE_OF_FIND.0, &table)?];
    let charts = [(CHART_OF_FIND.0.to_owned(), chart::find::sheet(sought, &digest))];
    for (name, sheet) in &charts {
        for (end, bytes) in render::files(sheet, look)? {
            files.push(folder.stage(&format!("{name}{end}"), &bytes)?);
        }
    }
    files.push(folder.stage(page::FILE, &page::find::bytes(sought, &charts))?);
    let listing = manifest::of_find(sought.search, (CHART_OF_FIND.0, &sought.told()), &digest, &folder.written());
    files.push(folder.stage(manifest::FILE, &listing)?);
    folder.publish()?;
    Ok(files)
}
