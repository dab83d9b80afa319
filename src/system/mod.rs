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

/// Whether an error of the system comes from a path that can never name what is asked for, such as a folder below a file.
///
/// A full disk, a read-only file system and a missing permission are failures: the path is right, and the same command may
/// succeed later or on another machine.
pub fn is_choice(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::NotFound
            | ErrorKind::AlreadyExists
            | ErrorKind::NotADirectory
            | ErrorKind::IsADirectory
            | ErrorKind::InvalidFilename
            | ErrorKind::InvalidInput
    )
}
