//! The operating system at arm's length: inputs that cannot hang, folders with one writer, and texts that are safe to show.
//!
//! - [`input`]: opens files for reading, and nothing that is no file.
//! - [`output`]: folders and files that one process at a time writes, never through a link.
//! - [`text`]: texts of strangers on a terminal, in JSON and in TOML.
//! - [`name`]: names that become folders.

pub mod input;
pub mod name;
pub mod output;
pub mod text;

use std::io::ErrorKind;

/// Whether an error of the system comes from the choice of a path. Another path mends such an error; a full disk, for
/// example, is no choice.
pub fn is_choice(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::NotFound
            | ErrorKind::PermissionDenied
            | ErrorKind::AlreadyExists
            | ErrorKind::NotADirectory
            | ErrorKind::IsADirectory
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::InvalidFilename
            | ErrorKind::InvalidInput
    )
}
