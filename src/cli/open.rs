//! Opens a page in the browser.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use dropstorm::system::text;

use super::error::note;

/// The program of the system that opens a file.
const OPENER: &str = if cfg!(target_os = "macos") {
    "open"
} else if cfg!(windows) {
    "explorer"
} else {
    "xdg-open"
};

/// Opens the last page among the files of a command; that of a comparison comes after those of its runs. A system
/// without a browser is no failure of the command.
pub fn page<'a>(files: impl IntoIterator<Item = &'a PathBuf>) {
    let Some(page) = files.into_iter().filter(|file| file.extension().is_some_and(|end| end == "html")).last() else {
        return note("note: there is no page to open; with `--charts none` none is written");
    };
    if let Err(error) = show(page) {
        note(&format!("note: `{}` cannot be opened here: {}: {error}", text::path(page), OPENER));
    }
}

/// Starts the program that opens the page, and does not wait for it.
fn show(page: &Path) -> std::io::Result<()> {
    // Some programs take a relative path for an address.
    let page = std::path::absolute(page)?;
    let mut command = Command::new(OPENER);
    command.arg(page).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().map(drop)
}
