//! The folder of results, and the only code that writes into it.
//!
//! Five promises: the folder is tried *before* the run, so that an hour's work cannot end in "permission denied"; one process
//! at a time writes into it; a result appears whole or not at all, and an older one stays until then; nothing is written
//! through a link; and nothing of an older run stays beside the new files and looks like one of them.

use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};

use super::file::{CREATE_FOLDER, FileError, Written, failed};
use super::manifest;
use crate::report::outputs;
use crate::system::output::{self, Lock};

/// A folder that was tried and can be written, by this process alone as long as the value lives.
#[derive(Debug)]
pub struct OutputFolder {
    path: PathBuf,
    written: Mutex<Vec<Entry>>,
    lock: Lock,
}

/// A file that was written through an [`OutputFolder`].
#[derive(Debug)]
struct Entry {
    written: Written,
    /// Whether the file still has its temporary name.
    staged: bool,
}

impl OutputFolder {
    /// Creates the folder of one result within the folder of all results, and prepares it; see [`OutputFolder::prepare`].
    ///
    /// # Errors
    /// Names the path and what the system said, or why no folder can have this name.
    pub fn within(results: &Path, name: &str) -> Result<OutputFolder, FileError> {
        OutputFolder::prepare(&OutputFolder::shared(results, name)?)
    }

    /// Creates the folder of one result within the folder of all results, for several processes that write side by side,
    /// each a file of its own.
    ///
    /// # Errors
    /// Names the path and what the system said, or why no folder can have this name.
    pub fn shared(results: &Path, name: &str) -> Result<PathBuf, FileError> {
        if outputs::all().any(|(taken, _)| taken == name) {
            let error =
                io::Error::new(ErrorKind::InvalidInput, "a file of this name lies beside the folders of results");
            return Err(failed(CREATE_FOLDER, &results.join(name))(error));
        }
        output::folder(results, name).map_err(failed(CREATE_FOLDER, &results.join(name)))
    }

    /// Creates the folder if need be, keeps other processes out, and tries to write a file. What processes that died left
    /// unfinished is removed. Whole files that lie there stay untouched until the first result.
    ///
    /// # Errors
    /// Names the path and what the system said, for example that another process is writing there, or the folder that stands
    /// where a file of the results goes.
    pub fn prepare(path: &Path) -> Result<OutputFolder, FileError> {
        fs::create_dir_all(path).map_err(failed(CREATE_FOLDER, path))?;
        let lock = Lock::of_folder(path).map_err(failed("write into", path))?;
        if lock.is_exclusive() {
            remove_unfinished(path);
        }
        let mut results = names_in(path).filter(|name| is_output(name)).map(|name| path.join(name));
        if let Some(folder) = results.find(|file| fs::symlink_metadata(file).is_ok_and(|found| found.is_dir())) {
            let error = io::Error::new(ErrorKind::IsADirectory, "it is a folder, where a file of the results goes");
            return Err(failed("replace", &folder)(error));
        }
        // The process number keeps two runs that start at once from taking each other's trial for their own.
        let trial = path.join(format!(".trial-{}.tmp", std::process::id()));
        let tried = output::fresh(&trial).and_then(|mut file| file.write_all(b"trial"));
        let removed = fs::remove_file(&trial);
        tried.map_err(failed("write into", path))?;
        removed.map_err(failed("remove", &trial))?;
        Ok(OutputFolder { path: path.to_owned(), written: Mutex::new(Vec::new()), lock })
    }

    /// Whether other processes are kept out; not where the file system has no locks.
    pub fn is_exclusive(&self) -> bool {
        self.lock.is_exclusive()
    }

    /// Path of the folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes one file that belongs to no others: under a temporary name, which is replaced when the file is whole.
    ///
    /// # Errors
    /// Names the path and what the system said; the temporary file is taken away again.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, FileError> {
        let path = self.stage(name, bytes)?;
        self.place_staged()?;
        Ok(path)
    }

    /// Writes a file that is no part of a result, whole or not at all. The next result of the folder removes it.
    ///
    /// # Errors
    /// Names the path and what the system said; the temporary file is taken away again.
    pub fn keep(&self, name: &str, bytes: &[u8]) -> Result<(), FileError> {
        let (path, unfinished) = (self.path.join(name), self.unfinished(name));
        let whole = sealed(&unfinished, |file| file.write_all(bytes));
        whole.and_then(|_| fs::rename(&unfinished, &path)).map_err(|error| {
            // The first error is the one to report.
            let _ = fs::remove_file(&unfinished);
            failed("write", &path)(error)
        })
    }

    /// Writes a file of a result under a temporary name, until [`OutputFolder::publish`], and returns its later path.
    ///
    /// # Errors
    /// Names the path and what the system said; the temporary file is taken away again.
    pub fn stage(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, FileError> {
        self.stream(name, |file| file.write_all(bytes))
    }

    /// Writes a file of a result piece by piece, like [`OutputFolder::stage`]; for files that do not fit in memory.
    ///
    /// # Errors
    /// Names the path and what the system or the writer said; the temporary file is taken away again.
    pub fn stream(
        &self,
        name: &str,
        pieces: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
    ) -> Result<PathBuf, FileError> {
        let path = self.path.join(name);
        match sealed(&self.unfinished(name), pieces) {
            Ok((bytes, sha256)) => {
                let mut files = self.ledger();
                files.retain(|file| file.written.name != name);
                files.push(Entry { written: Written { name: name.to_owned(), bytes, sha256 }, staged: true });
                Ok(path)
            }
            Err(error) => {
                // The first error is the one to report; that a half-written file also resists removal adds nothing.
                let _ = fs::remove_file(self.unfinished(name));
                Err(failed("write", &path)(error))
            }
        }
    }

    /// Puts the staged files in the place of an older result: removes its manifest, so that the folder does not look whole
    /// while it changes, and its other files; then gives the new files their names, in the order in which they were written.
    /// Returns the names of the files that are gone, for which the new result has none.
    ///
    /// # Errors
    /// Names the file that resisted.
    pub fn publish(&self) -> Result<Vec<String>, FileError> {
        let known = outputs::all().map(|(name, _)| name).chain(self.charts_of_sweep());
        self.publish_without(known.chain(outputs::FORMER_OF_RUN.map(str::to_owned)))
    }

    /// Gives the staged files their names like [`OutputFolder::publish`], where of the other files of the folder those of a
    /// comparison alone are removed.
    ///
    /// # Errors
    /// Names the file that resisted.
    pub fn publish_beside(&self) -> Result<Vec<String>, FileError> {
        self.publish_without(outputs::of_comparison().chain(outputs::FORMER_OF_COMPARISON.map(str::to_owned)))
    }

    /// Gives the staged files their names, after the manifest and those of `known` that are not staged are removed.
    fn publish_without(&self, known: impl Iterator<Item = String>) -> Result<Vec<String>, FileError> {
        let fresh: Vec<String> = self.ledger().iter().map(|file| file.written.name.clone()).collect();
        self.remove([manifest::FILE.to_owned()])?;
        let gone = self.remove(known.filter(|name| !fresh.contains(name)))?;
        self.place_staged()?;
        // The manifest says that the others are there, so their names are on the disk before the command ends.
        output::sync_folder(&self.path);
        Ok(gone)
    }

    /// Gives the staged files their names.
    fn place_staged(&self) -> Result<(), FileError> {
        for file in self.ledger().iter_mut().filter(|file| file.staged) {
            let path = self.path.join(&file.written.name);
            fs::rename(self.unfinished(&file.written.name), &path).map_err(failed("replace", &path))?;
            file.staged = false;
        }
        Ok(())
    }

    /// The path of a file until it is placed. The process number keeps files apart where the file system has no locks.
    fn unfinished(&self, name: &str) -> PathBuf {
        self.path.join(format!(".{name}-{}.tmp", std::process::id()))
    }

    /// Removes files, whether they are there or not. Returns the names of those that were.
    fn remove(&self, names: impl IntoIterator<Item = String>) -> Result<Vec<String>, FileError> {
        let mut gone = Vec::new();
        for name in names {
            let path = self.path.join(&name);
            match fs::remove_file(&path) {
                Ok(()) => gone.push(name),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(failed("remove", &path)(error)),
            }
        }
        Ok(gone)
    }

    /// The charts of a sweep that lie there.
    fn charts_of_sweep(&self) -> Vec<String> {
        names_in(&self.path).filter(|name| outputs::is_chart_of_sweep(name)).collect()
    }

    /// Removes the folder, and the folder of all results that it lies in, each only if nothing lies in it.
    pub fn discard(&self, results: &Path) {
        // A folder that is not empty, or not to be removed, stays as it is.
        let _ = fs::remove_dir(&self.path).and_then(|()| fs::remove_dir(results));
    }

    /// Files written through this value so far, in order.
    pub fn written(&self) -> Vec<Written> {
        self.ledger().iter().map(|file| file.written.clone()).collect()
    }

    /// The list of written files; a thread that panicked in between leaves a list that is still true.
    fn ledger(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for OutputFolder {
    fn drop(&mut self) {
        for file in self.ledger().iter().filter(|file| file.staged) {
            // What cannot be removed goes with the next result.
            let _ = fs::remove_file(self.unfinished(&file.written.name));
        }
    }
}

/// Names of the entries of a folder.
fn names_in(folder: &Path) -> impl Iterator<Item = String> {
    fs::read_dir(folder).into_iter().flatten().flatten().filter_map(|entry| entry.file_name().into_string().ok())
}

/// Whether a file of this name belongs to results, of this version or of an earlier one.
fn is_output(name: &str) -> bool {
    let former = outputs::FORMER_OF_RUN.iter().chain(&outputs::FORMER_OF_COMPARISON);
    outputs::is_chart_of_sweep(name)
        || outputs::all().any(|(known, _)| known == name)
        || former.into_iter().any(|known| *known == name)
}

/// Removes the files that processes left unfinished, such as `.points.csv-4711.tmp`. The folder is locked, so those
/// processes are gone.
fn remove_unfinished(folder: &Path) {
    let is_unfinished = |name: &String| {
        let inner = name.strip_prefix('.').and_then(|name| name.strip_suffix(".tmp"));
        let parts = inner.and_then(|inner| inner.rsplit_once('-'));
        parts.is_some_and(|(name, process)| process.parse::<u32>().is_ok() && (name == "trial" || is_output(name)))
    };
    for name in names_in(folder).filter(is_unfinished) {
        // A file that stays does no harm: its name is never read, and that of the next process is another.
        let _ = fs::remove_file(folder.join(name));
    }
}

/// Writes a file, waits until the disk has it, and returns the size and the SHA-256 of the content.
fn sealed(path: &Path, pieces: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>) -> io::Result<(u64, String)> {
    let mut file =
        Sealed { file: BufWriter::with_capacity(1 << 16, output::fresh(path)?), hash: Sha256::new(), bytes: 0 };
    pieces(&mut file)?;
    file.flush()?;
    file.file.get_ref().sync_all()?;
    Ok((file.bytes, manifest::hex(&file.hash.finalize())))
}

/// A file whose size and checksum are summed up while it is written.
struct Sealed {
    file: BufWriter<File>,
    hash: Sha256,
    bytes: u64,
}

impl Write for Sealed {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let count = self.file.write(buffer)?;
        self.hash.update(&buffer[..count]);
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_cannot_be_written_is_named_before_the_run() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("taken");
        fs::write(&file, "").unwrap();
        let error = OutputFolder::prepare(&file.join("out")).unwrap_err().to_string();
        assert!(error.starts_with("cannot create the folder `") && error.contains("taken"), "{error}");
    }

    #[test]
    fn a_folder_in_the_place_of_a_result_is_named_before_the_run() {
        for name in ["manifest.json", "heatmap-2.png", "traffic.png"] {
            let home = tempfile::tempdir().unwrap();
            fs::create_dir(home.path().join(name)).unwrap();
            let error = OutputFolder::prepare(home.path()).unwrap_err();
            let said = error.to_string();
            assert!(error.is_choice() && said.contains(name) && said.contains("it is a folder"), "{said}");
            assert_eq!(names_in(home.path()).collect::<Vec<_>>(), [name]);
        }
    }

    #[test]
    fn files_appear_whole_and_stale_ones_go() {
        let home = tempfile::tempdir().unwrap();
        let old = ["error-rate.png", "heatmap-2.png", "manifest.json", "viewers.csv", "heatmap-of-the-user.png"];
        let unfinished = [".viewers.csv-12.tmp", ".heatmap-3.png-9.tmp", ".trial-7.tmp", ".notes-7.tmp", ".mine.csv"];
        for name in old.iter().chain(&unfinished) {
            fs::write(home.path().join(name), "old").unwrap();
        }
        let folder = OutputFolder::prepare(home.path()).unwrap();
        folder.stage("viewers.csv", b"new").unwrap();
        assert_eq!(fs::read(home.path().join("viewers.csv")).unwrap(), b"old");
        let mut gone = folder.publish().unwrap();
        gone.sort();
        assert_eq!(gone, ["error-rate.png", "heatmap-2.png"]);
        let mut names: Vec<_> =
            fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        assert_eq!(names, [".mine.csv", ".notes-7.tmp", "heatmap-of-the-user.png", "viewers.csv"]);
        assert_eq!(folder.written()[0].sha256, manifest::sha256(b"new"));
    }

    #[test]
    fn a_result_that_cannot_be_finished_leaves_the_older_one_as_it_is() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("manifest.json"), "old").unwrap();
        let folder = OutputFolder::prepare(home.path()).unwrap();
        folder.stage("intervals.csv", b"new").unwrap();
        let full = folder.stream("summary.json", |file| {
            file.write_all(b"half of it")?;
            Err(ErrorKind::StorageFull.into())
        });
        assert!(full.unwrap_err().to_string().starts_with("cannot write `"));
        drop(folder);
        let names: Vec<String> = names_in(home.path()).collect();
        assert_eq!(names, ["manifest.json"]);
    }
}
