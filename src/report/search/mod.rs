//! What a search for the cheapest combination of levers leaves: a table, a chart, a page, and the answer in words.

mod searched;
mod table;

pub use searched::{Searched, State, amount, sure};
pub use table::bytes as csv;

use std::path::PathBuf;

use super::files::{OutputFolder, manifest};
use super::outputs::{CHART_OF_SEARCH, TABLE_OF_SEARCH};
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
    let listing = manifest::of_search(searched.outline, &searched.sentences(), &digest, &folder.written());
    files.push(folder.stage(manifest::FILE, &listing)?);
    folder.publish()?;
    Ok(files)
}
