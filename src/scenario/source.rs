//! The texts that a scenario was read from, and how they are read without surprises.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::diagnostics::{Diagnostic, nearest};

/// Largest file that is read as a scenario; noise of a hundred megabytes is refused before it is read.
const LARGEST_SCENARIO: u64 = 16 << 20;

/// Largest CSV file or list of measured spans.
const LARGEST_DATA: u64 = 256 << 20;

/// One text with the name under which messages show it.
#[derive(Debug)]
pub(crate) struct Source {
    /// The path of the file as the user wrote it, or what stands for it.
    pub name: String,
    /// The whole text.
    pub text: String,
    /// The order in which messages about several texts are shown.
    pub rank: usize,
    /// The folder of the file.
    pub folder: PathBuf,
    /// The same folder seen from that of the scenario itself; files that this text names lie here.
    pub relative: PathBuf,
}

impl Source {
    pub fn new(name: &str, text: &str, rank: usize) -> Arc<Source> {
        Arc::new(Source {
            name: name.to_owned(),
            text: text.to_owned(),
            rank,
            folder: PathBuf::new(),
            relative: PathBuf::new(),
        })
    }

    /// Reads a scenario file; `relative` is its folder seen from that of the scenario itself.
    pub fn read(path: &Path, rank: usize, relative: PathBuf) -> Result<Arc<Source>, Diagnostic> {
        let name = path.display().to_string();
        let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
        let bytes = read_bytes(path, "toml", LARGEST_SCENARIO)?;
        match String::from_utf8(bytes) {
            // Editors of some systems begin a file with a byte order mark, which is no part of its text.
            Ok(text) => {
                let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
                Ok(Arc::new(Source { name, text, rank, folder, relative }))
            }
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                // All before the first wrong byte is unchanged, so that its place in the shown text is the same.
                let source = Arc::new(Source { name, text, rank, folder, relative });
                Err(Diagnostic::error("the file is not a text in UTF-8")
                    .at(&source, at..at + 1, "this byte belongs to no character")
                    .help("save it as UTF-8; a scenario is a TOML text"))
            }
        }
    }
}

/// Reads a data file that a scenario names.
pub(crate) fn read_data(path: &Path) -> Result<Vec<u8>, Diagnostic> {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or("csv");
    read_bytes(path, extension, LARGEST_DATA)
}

fn read_bytes(path: &Path, extension: &str, limit: u64) -> Result<Vec<u8>, Diagnostic> {
    let shown = path.display();
    let metadata = fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => missing(path, extension),
        _ => Diagnostic::error(format!("cannot read {shown}: {error}")),
    })?;
    if metadata.is_dir() {
        let error = Diagnostic::error(format!("{shown} is a folder, not a file"));
        return Err(match neighbours(path, extension).as_slice() {
            [] => error,
            names => error.help(format!("files in it: {}", names.join(", "))),
        });
    }
    let too_large = |size: u64| {
        Diagnostic::error(format!("{shown} is too large: {} MiB", size >> 20))
            .help(format!("at most {} MiB are read", limit >> 20))
    };
    if metadata.len() > limit {
        return Err(too_large(metadata.len()));
    }
    let mut bytes = Vec::new();
    // A device or a pipe has no length to check beforehand, so the reading itself has an end.
    File::open(path)
        .and_then(|file| file.take(limit + 1).read_to_end(&mut bytes))
        .map_err(|error| Diagnostic::error(format!("cannot read {shown}: {error}")))?;
    if bytes.len() as u64 > limit {
        return Err(too_large(bytes.len() as u64));
    }
    Ok(bytes)
}

fn missing(path: &Path, extension: &str) -> Diagnostic {
    let error = Diagnostic::error(format!("there is no file {}", path.display()));
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return error.help(format!("there is no folder {} either", folder.display()));
    }
    let names = neighbours(folder, extension);
    let wanted = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if let Some(near) = nearest(&wanted, names.iter().map(String::as_str)) {
        return error.help(format!("did you mean {}?", folder.join(near).display()));
    }
    match names.as_slice() {
        [] => error.help(format!("there are no .{extension} files in {}", folder.display())),
        names => error.help(format!("files in {}: {}", folder.display(), names.join(", "))),
    }
}

/// The first names of files in a folder that end like the one that was wanted.
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
