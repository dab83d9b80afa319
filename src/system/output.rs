//! Folders and files that one process at a time writes, never through a link.
//!
//! Locks are those of the system, which releases them when a process dies. On a file system without locks there is
//! none, and the user must keep processes apart.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::input::only_files;

/// Name of the file that is locked where a folder itself cannot be.
const LOCK_FILE: &str = ".lock";

/// Largest number of times that a file is opened again because it was removed meanwhile.
const MOST_TRIES: usize = 100;

/// The error of a folder or a file that another process writes.
fn busy() -> io::Error {
    io::Error::new(ErrorKind::WouldBlock, "another process is writing there")
}

/// Creates a folder of a name within another folder, unless it exists.
///
/// # Errors
/// The error of the system, or that a link or another file has the name.
pub fn folder(within: &Path, name: &str) -> io::Result<PathBuf> {
    if let Some(flaw) = super::name::flaw(name) {
        return Err(io::Error::new(ErrorKind::InvalidInput, format!("no folder can have this name: {flaw}")));
    }
    fs::create_dir_all(within)?;
    let path = within.join(name);
    if let Err(error) = fs::create_dir(&path)
        && error.kind() != ErrorKind::AlreadyExists
    {
        return Err(error);
    }
    no_link(&path)?;
    Ok(path)
}

/// Refuses a path that is a link, or no folder.
///
/// # Errors
/// The error of the system, or the kind of file at the path.
pub fn no_link(path: &Path) -> io::Result<()> {
    let kind = fs::symlink_metadata(path)?.file_type();
    if kind.is_symlink() {
        return Err(io::Error::new(ErrorKind::InvalidInput, "it is a link, through which nothing is written"));
    }
    if kind.is_dir() { Ok(()) } else { Err(ErrorKind::NotADirectory.into()) }
}

/// The right to write into a folder, which ends with this value or with the process.
#[derive(Debug)]
pub struct Lock {
    /// The folder, or the file that stands for it, open as long as the right lasts.
    _held: File,
    /// Whether the file system has locks.
    exclusive: bool,
    /// The file that stands for the folder, to be removed.
    file: Option<PathBuf>,
}

impl Lock {
    /// Takes the right to write into a folder.
    ///
    /// # Errors
    /// [`ErrorKind::WouldBlock`] if another process has the right; otherwise the error of the system.
    pub fn of_folder(path: &Path) -> io::Result<Lock> {
        // A lock on the folder itself leaves no file behind. Windows and some network file systems have none on folders.
        match File::open(path).map(|folder| folder.try_lock().map(|()| folder)) {
            Ok(Ok(folder)) if is_at(&folder, path) => return Ok(Lock { _held: folder, exclusive: true, file: None }),
            // Another folder has taken its place meanwhile, and another process is at work there.
            Ok(Ok(_)) | Ok(Err(TryLockError::WouldBlock)) => return Err(busy()),
            Ok(Err(TryLockError::Error(_))) | Err(_) => {}
        }
        let file = path.join(LOCK_FILE);
        let (held, exclusive) = locked(&file)?;
        Ok(Lock { _held: held, exclusive, file: Some(file) })
    }

    /// Whether other processes are kept out.
    pub fn is_exclusive(&self) -> bool {
        self.exclusive
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(file) = &self.file {
            // The lock is still held, so no other process relies on the file; an empty file that stays does no harm.
            let _ = fs::remove_file(file);
        }
    }
}

/// Opens a file like [`open_alone`], and says whether other processes are kept out.
fn locked(path: &Path) -> io::Result<(File, bool)> {
    for _ in 0..MOST_TRIES {
        let file = own_file(path)?;
        match file.try_lock() {
            // The last holder of the lock may have removed the file; a lock on a removed file excludes nobody.
            Ok(()) if is_at(&file, path) => return Ok((file, true)),
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(busy()),
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => return Ok((file, false)),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Err(busy())
}

/// Opens a file for reading and writing, or creates it, and locks it against other processes while it is open, where
/// the file system has locks.
///
/// # Errors
/// [`ErrorKind::WouldBlock`] if another process has the file open; that it is a link or no regular file;
/// otherwise the error of the system.
pub fn open_alone(path: &Path) -> io::Result<File> {
    Ok(locked(path)?.0)
}

/// Opens a regular file for reading and writing, or creates it; never through a link.
fn own_file(path: &Path) -> io::Result<File> {
    match fs::symlink_metadata(path) {
        Ok(metadata) => only_files(&metadata)?,
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed());
    }
    let file = options.open(path)?;
    only_files(&file.metadata()?)?;
    Ok(file)
}

/// Creates a file for writing. An earlier file or link of its name is removed, not written through.
///
/// # Errors
/// The error of the system.
pub fn fresh(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    OpenOptions::new().write(true).create_new(true).open(path)
}

/// Syncs a folder, so that new names of files in it survive a power cut. Systems that cannot open a folder do not need
/// it.
pub fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

/// Whether an open file or folder is the one at a path.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let same = |one: fs::Metadata, other: fs::Metadata| (one.dev(), one.ino()) == (other.dev(), other.ino());
    file.metadata().and_then(|one| Ok(same(one, fs::metadata(path)?))).unwrap_or(false)
}

/// Elsewhere an open file keeps its name.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_folder_has_one_writer_at_a_time() {
        let home = tempfile::tempdir().unwrap();
        let path = folder(home.path(), "a").unwrap();
        let first = Lock::of_folder(&path).unwrap();
        assert!(first.is_exclusive());
        assert_eq!(Lock::of_folder(&path).unwrap_err().kind(), ErrorKind::WouldBlock);
        drop(first);
        assert!(Lock::of_folder(&path).is_ok());
        assert_eq!(fs::read_dir(&path).unwrap().count(), 0);
    }

    #[test]
    fn a_file_has_one_writer_at_a_time_even_after_it_was_removed() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a");
        let first = open_alone(&path).unwrap();
        assert_eq!(open_alone(&path).unwrap_err().kind(), ErrorKind::WouldBlock);
        fs::remove_file(&path).unwrap();
        let second = open_alone(&path).unwrap();
        drop(first);
        assert_eq!(open_alone(&path).unwrap_err().kind(), ErrorKind::WouldBlock);
        drop(second);
    }

    #[test]
    fn nothing_is_written_through_links() {
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().join(name);
        fs::create_dir(at("elsewhere")).unwrap();
        fs::write(at("precious"), "kept").unwrap();
        symlink(at("elsewhere"), at("folder")).unwrap();
        symlink(at("precious"), at("file")).unwrap();
        for name in ["folder", "..", ".", "a/b", ""] {
            assert_eq!(folder(home.path(), name).unwrap_err().kind(), ErrorKind::InvalidInput, "{name}");
        }
        assert!(open_alone(&at("file")).unwrap_err().to_string().contains("it is a link"));
        fresh(&at("file")).unwrap();
        assert_eq!(fs::read_to_string(at("precious")).unwrap(), "kept");
        assert_eq!(folder(home.path(), "precious").unwrap_err().kind(), ErrorKind::NotADirectory);
    }
}
