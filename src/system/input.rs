//! Opens files for reading, and nothing that is no file: a pipe or a device may have no end, or never begin.

use std::fs::{self, File, FileType, Metadata, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::Path;

/// Opens a file for reading and returns its size in bytes. The call never waits for a writer.
///
/// # Errors
/// What the system says, or that the path leads to a folder, a pipe, a socket or a device.
pub fn open(path: &Path) -> io::Result<(File, u64)> {
    // To open a device may have effects, so the kind is asked for first, and again of what was opened.
    only_files(&fs::metadata(path)?)?;
    let file = without_waiting(OpenOptions::new().read(true)).open(path)?;
    let metadata = file.metadata()?;
    only_files(&metadata)?;
    Ok((file, metadata.len()))
}

/// Refuses what is no regular file.
pub(super) fn only_files(metadata: &Metadata) -> io::Result<()> {
    let kind = metadata.file_type();
    if kind.is_file() {
        return Ok(());
    }
    let what = what(kind);
    let error = if kind.is_dir() { ErrorKind::IsADirectory } else { ErrorKind::InvalidInput };
    Err(io::Error::new(error, format!("it is {what}, not a file")))
}

/// What stands at a path, in words.
fn what(kind: FileType) -> &'static str {
    if kind.is_dir() {
        return "a folder";
    }
    if kind.is_symlink() {
        return "a link";
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return "a pipe";
        }
        if kind.is_socket() {
            return "a socket";
        }
    }
    "a device"
}

/// Options with which no call waits: a pipe that takes the place of a file meanwhile opens at once, and is then refused.
#[cfg(unix)]
fn without_waiting(options: &mut OpenOptions) -> &mut OpenOptions {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;
    options.custom_flags((OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed())
}

#[cfg(not(unix))]
fn without_waiting(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}
