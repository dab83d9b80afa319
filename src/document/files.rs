//! Guarded reading of files: documents and the data that they name.

use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::diagnostics::{Diagnostic, nearest};
use super::source::{Origin, Source};
use crate::system::{input, name, text};

/// Size in bytes of the largest document that is read; a larger file is refused before it is read.
const LARGEST_DOCUMENT: u64 = 16 << 20;

/// Size in bytes of the largest CSV file or list of measured spans.
const LARGEST_DATA: u64 = 256 << 20;

/// Reads a file; `relative` is its folder relative to the folder of the document itself.
pub(crate) fn read(path: &Path, origin: Origin, relative: PathBuf) -> Result<Arc<Source>, Diagnostic> {
    let name = text::path(path);
    let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
    let bytes = read_bytes(path, "toml", LARGEST_DOCUMENT)?;
    match String::from_utf8(bytes) {
        // Editors of some systems begin a file with a byte order mark, which is no part of its text.
        Ok(text) => {
            let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
            Ok(Arc::new(Source { name, text, origin, folder, relative }))
        }
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            // The text before the first wrong byte is unchanged, so the offset of that byte stays the same.
            let source = Arc::new(Source { name, text, origin, folder, relative });
            Err(Diagnostic::error("the file is not UTF-8 text")
                .at(&source, at..at + 1, "this byte belongs to no character")
                .help("save it as UTF-8; TOML is always UTF-8"))
        }
    }
}

/// Reads a data file that a document names.
pub(crate) fn read_data(path: &Path) -> Result<Vec<u8>, Diagnostic> {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or("csv");
    read_bytes(path, extension, LARGEST_DATA)
}

fn read_bytes(path: &Path, extension: &str, limit: u64) -> Result<Vec<u8>, Diagnostic> {
    let shown = text::path(path);
    let (file, size) = input::open(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => missing(path, extension),
        ErrorKind::IsADirectory => {
            let error = Diagnostic::error(format!("{shown} is a folder, not a file"));
            match neighbours(path, extension).as_slice() {
                [] => error,
                names => error.help(format!("files in it: {}", listed(names))),
            }
        }
        ErrorKind::InvalidInput => Diagnostic::error(format!("cannot read {shown}: {error}"))
            .help("save its contents as a file, and name that"),
        _ => Diagnostic::error(format!("cannot read {shown}: {error}")),
    })?;
    let too_large = |size: u64| {
        Diagnostic::error(format!("{shown} is too large: {} MiB", size >> 20))
            .help(format!("at most {} MiB are read", limit >> 20))
    };
    if size > limit {
        return Err(too_large(size));
    }
    let mut bytes = Vec::new();
    // A file that grows while it is read has no length to check beforehand, so the reading itself stops at the limit.
    file.take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Diagnostic::error(format!("cannot read {shown}: {error}")))?;
    if bytes.len() as u64 > limit {
        return Err(too_large(bytes.len() as u64));
    }
    Ok(bytes)
}

/// The name of a document, after which the folder of its results is named: that of its file without the extension.
pub(crate) fn name_of(path: &Path, otherwise: &str) -> Result<String, Diagnostic> {
    let name = name::stem(path, otherwise);
    match name::flaw(&name) {
        None => Ok(name),
        // The shell leaves a pattern as it is where no file matches.
        Some(_) if name.contains(['*', '?', '[']) && !path.exists() => {
            Err(Diagnostic::error(format!("no file matches {}", text::path(path))))
        }
        Some(flaw) => {
            let title = format!("`{}` cannot be the name of results: {flaw}", text::visible(&name));
            let error = Diagnostic::error(title).more_help("the folder of the results is named after the file");
            Err(error.more_help(&format!("rename {}", text::path(path))))
        }
    }
}

/// The error for a file that does not exist, with the nearest name in its folder.
fn missing(path: &Path, extension: &str) -> Diagnostic {
    if path.as_os_str().is_empty() {
        return Diagnostic::error("the name of the file is empty").help(format!("a file ends with .{extension}"));
    }
    let error = Diagnostic::error(format!("there is no file {}", text::path(path)));
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return error.help(format!("there is no folder {} either", text::path(folder)));
    }
    let names = neighbours(folder, extension);
    let wanted = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if let Some(near) = nearest(&wanted, names.iter().map(String::as_str)) {
        return error.help(format!("did you mean {}?", text::path(&folder.join(near))));
    }
    match names.as_slice() {
        [] => error.help(format!("there are no .{extension} files in {}", text::path(folder))),
        names => error.help(format!("files in {}: {}", text::path(folder), listed(names))),
    }
}

/// Names in a list, in visible characters.
fn listed(names: &[String]) -> String {
    names.iter().map(|name| text::visible(name)).collect::<Vec<_>>().join(", ")
}

/// The first twenty names of files in a folder that have an extension, in alphabetical order.
fn neighbours(folder: &Path, extension: &str) -> Vec<String> {
    let mut names = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| Path::new(name).extension().is_some_and(|e| e.eq_ignore_ascii_case(extension)))
        .collect::<Vec<_>>();
    names.sort();
    names.truncate(20);
    names
}
