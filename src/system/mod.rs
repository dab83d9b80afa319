//! Guarded access to the operating system: inputs that cannot hang, folders with one writer, and texts that are safe to
//! show.
//!
//! - [`input`]: opens regular files for reading.
//! - [`output`]: folders and files that one process at a time writes, never through a link.
//! - [`text`]: untrusted texts on a terminal, in JSON and in TOML.
//! - [`name`]: names that become folders.

pub mod input;
pub mod name;
pub mod output;
pub mod text;

use std::io::ErrorKind;

/// Whether an error of the system is due to the choice of a path, so that another path may help; a full disk, for
/// example, is not.
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
