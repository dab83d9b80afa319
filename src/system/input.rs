//! Opens regular files for reading. Pipes and devices are refused, since reading them may never end.

use std::fs::{self, File, FileType, Metadata, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::Path;

/// Opens a file for reading and returns its size in bytes. The call never waits for a writer.
///
/// # Errors
/// The error of the system, or that the path leads to a folder, a pipe, a socket or a device.
pub fn open(path: &Path) -> io::Result<(File, u64)> {
    // Opening a device may have effects, so the kind is checked before and after opening.
    only_files(&fs::metadata(path)?)?;
    let file = without_waiting(OpenOptions::new().read(true)).open(path)?;
    let metadata = file.metadata()?;
    only_files(&metadata)?;
    Ok((file, metadata.len()))
}

/// Refuses anything but a regular file.
pub(super) fn only_files(metadata: &Metadata) -> io::Result<()> {
    let kind = metadata.file_type();
    if kind.is_file() {
        return Ok(());
    }
    let what = what(kind);
    let error = if kind.is_dir() { ErrorKind::IsADirectory } else { ErrorKind::InvalidInput };
    Err(io::Error::new(error, format!("it is {what}, not a file")))
}

/// The kind of a file in words.
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

/// Sets options with which opening never waits: a pipe that has taken the place of the file opens at once, and is then
/// refused.
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
