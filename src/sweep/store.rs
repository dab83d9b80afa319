//! The store: an append-only file of units that survives a crash at any moment.
//!
//! Each unit is written as soon as it is done, in one frame with a checksum, and reaches the disk within a second. After a
//! crash the first frame that is not as it was written ends the file; units after it are run again. A file that is no store,
//! and one that is a link, stays as it is.

mod frame;
mod shard;

use std::fs::{self, File};
use std::io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::outline::Outline;
use super::unit::Unit;
use crate::system::{is_choice, output, text};

pub use shard::{Shard, ShardFile, units_of_shard};

/// Name of the store in the folder of a sweep.
pub const FILE: &str = "sweep.store";

/// Bytes of a unit with `figures` figures in a store.
pub fn unit_bytes(figures: usize) -> u64 {
    frame::unit_length(figures) as u64
}

/// The position of a unit in the index; `None` for a point or replication that the sweep does not have.
fn position(point: u64, replication: u64, most: u64) -> Option<usize> {
    let place = point.checked_mul(most)?.checked_add(replication)?;
    usize::try_from(place).ok().filter(|_| replication < most)
}

/// Longest time from one flush to the disk to the next.
const SYNC_EVERY: Duration = Duration::from_secs(1);

/// An error of writing or reading units.
#[derive(Debug)]
pub enum StoreError {
    /// The system refused an operation on a file.
    File {
        /// The operation.
        action: &'static str,
        /// The path.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// Another process is writing this file.
    Busy(PathBuf),
    /// The file holds units of another plan, or of this plan run by another version.
    Foreign {
        /// The file.
        path: PathBuf,
        /// The parts in which the plans differ, in words.
        difference: String,
    },
    /// The file is not as it was written.
    Damaged {
        /// The file.
        path: PathBuf,
        /// Flaw of the file.
        flaw: String,
    },
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            StoreError::File { action, path, source } => write!(f, "cannot {action} `{}`: {source}", text::path(path)),
            StoreError::Busy(path) => write!(f, "another process is writing `{}`", text::path(path)),
            StoreError::Foreign { path, difference } => {
                write!(f, "`{}` holds the units of another plan; {difference}", text::path(path))
            }
            StoreError::Damaged { path, flaw } => write!(f, "`{}` is damaged: {flaw}", text::path(path)),
        }
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            StoreError::File { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl StoreError {
    /// Whether the error comes from a path that can never name a store.
    pub fn is_choice(&self) -> bool {
        matches!(self, StoreError::File { source, .. } if is_choice(source))
    }
}

/// The head of a file of units.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Header {
    digest: String,
    outline: Outline,
    shard: Option<Shard>,
}

/// A file of units, open for writing and locked against other processes.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    most: u64,
    figures: usize,
    log: Mutex<Log>,
}

#[derive(Debug)]
struct Log {
    file: File,
    /// Offset of the first unit in bytes.
    begin: u64,
    /// For each possible unit its index in the file plus one; 0 for a unit that is not there.
    index: Vec<u32>,
    /// Units in the file.
    units: u32,
    /// Whether the file's cursor is at its end, where the next unit goes.
    at_end: bool,
    synced: Instant,
    /// Why a unit could not be written, after which no other is.
    broken: Option<io::Error>,
}

impl Store {
    /// Opens a file of units, or creates it; a torn end is cut off.
    ///
    /// # Errors
    /// If another process writes the file, if it holds another plan's units, or if the system refuses.
    pub fn open(path: &Path, outline: &Outline, shard: Option<Shard>) -> Result<Store, StoreError> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed("create the folder", folder))?;
        }
        let mut file = output::open_alone(path).map_err(|error| match error.kind() {
            ErrorKind::WouldBlock => StoreError::Busy(path.to_owned()),
            _ => failed("write", path)(error),
        })?;
        let head = head(&Header { digest: outline.digest(), outline: outline.clone(), shard });
        let length = file.metadata().map_err(failed("read", path))?.len();
        // A file that grows meanwhile is read no further than to the end that it had.
        match read_header(&mut BufReader::new((&mut file).take(length)), path) {
            Ok((found, _)) if found.digest != outline.digest() => {
                let difference = outline.difference(&found.outline);
                Err(StoreError::Foreign { path: path.to_owned(), difference })
            }
            Ok((_, begin)) => Store::resume(path, outline, file, begin..length),
            // A store that ends within its head never held a unit. What is no store belongs to somebody else.
            Err(StoreError::Damaged { .. }) if length <= head.len() as u64 && is_begun(&mut file, path)? => {
                let begun = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(&head));
                begun.and_then(|()| file.sync_all()).map_err(failed("write", path))?;
                path.parent().into_iter().for_each(output::sync_folder);
                let length = head.len() as u64;
                Store::resume(path, outline, file, length..length)
            }
            Err(error) => Err(error),
        }
    }

    /// Indexes the units of a file and cuts off a torn end.
    fn resume(path: &Path, outline: &Outline, mut file: File, held: Range<u64>) -> Result<Store, StoreError> {
        let Range { start: begin, end: length } = held;
        let (figures, most) = (outline.metrics().len(), outline.replications().most());
        let mut index = vec![0; usize::try_from(outline.most_units()).unwrap_or_default()];
        let mut units = 0;
        file.seek(SeekFrom::Start(begin)).map_err(failed("read", path))?;
        let mut reader = BufReader::with_capacity(1 << 20, (&mut file).take(length - begin));
        while let Some((frame::UNIT, content)) = frame::read(&mut reader).map_err(failed("read", path))? {
            let Some(unit) = frame::unit_of(&content, figures) else { break };
            let slot = position(unit.point, unit.replication, most).and_then(|at| index.get_mut(at));
            let Some(slot) = slot else { break };
            units += 1;
            *slot = units;
        }
        let end = begin + u64::from(units) * frame::unit_length(figures) as u64;
        file.set_len(end).map_err(failed("write", path))?;
        let log = Log { file, begin, index, units, at_end: false, synced: Instant::now(), broken: None };
        Ok(Store { path: path.to_owned(), most, figures, log: Mutex::new(log) })
    }

    /// Path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Number of units.
    pub fn len(&self) -> u64 {
        u64::from(self.log().units)
    }

    /// Whether the store holds no unit.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the store holds a unit.
    pub fn has(&self, point: u64, replication: u64) -> bool {
        self.log().index.get((point * self.most + replication) as usize).is_some_and(|number| *number > 0)
    }

    /// Appends a unit; a unit that the store holds already is ignored.
    ///
    /// # Errors
    /// If the unit cannot be written. The file is then as it was, and takes no more units.
    pub(super) fn append(&self, unit: &Unit) -> Result<(), StoreError> {
        let mut log = self.log();
        let log = &mut *log;
        let slot = (unit.point * self.most + unit.replication) as usize;
        if log.index.get(slot).is_none_or(|number| *number > 0) {
            return Ok(());
        }
        if let Some(earlier) = &log.broken {
            return Err(failed("write", &self.path)(again(earlier)));
        }
        let end = log.begin + u64::from(log.units) * frame::unit_length(self.figures) as u64;
        let written = if log.at_end { Ok(end) } else { log.file.seek(SeekFrom::Start(end)) };
        log.at_end = true;
        if let Err(error) = written.and_then(|_| log.file.write_all(&frame::unit(unit))) {
            log.broken = Some(again(&error));
            // A partly written unit is cut off; if that fails too, the next start does it.
            let _ = log.file.set_len(end);
            return Err(failed("write", &self.path)(error));
        }
        log.units += 1;
        log.index[slot] = log.units;
        if log.synced.elapsed() >= SYNC_EVERY {
            self.sync_log(log)?;
        }
        Ok(())
    }

    /// Waits until all units are on the disk.
    ///
    /// # Errors
    /// If the system reports that a unit is not on the disk.
    pub fn sync(&self) -> Result<(), StoreError> {
        self.sync_log(&mut self.log())
    }

    fn sync_log(&self, log: &mut Log) -> Result<(), StoreError> {
        log.synced = Instant::now();
        log.file.sync_data().map_err(|error| {
            log.broken = Some(again(&error));
            failed("write", &self.path)(error)
        })
    }

    /// Reads a unit; `None` if the store does not hold it.
    ///
    /// # Errors
    /// If the unit cannot be read, or is no longer as it was written.
    pub fn read(&self, point: u64, replication: u64) -> Result<Option<Unit>, StoreError> {
        let mut log = self.log();
        let slot = (point * self.most + replication) as usize;
        let Some(number) = log.index.get(slot).copied().filter(|number| *number > 0) else { return Ok(None) };
        let length = frame::unit_length(self.figures);
        let at = log.begin + u64::from(number - 1) * length as u64;
        let mut bytes = vec![0; length];
        log.at_end = false;
        let read = log.file.seek(SeekFrom::Start(at)).and_then(|_| log.file.read_exact(&mut bytes));
        read.map_err(failed("read", &self.path))?;
        let unit = match frame::read(&mut bytes.as_slice()) {
            Ok(Some((frame::UNIT, content))) => frame::unit_of(&content, self.figures),
            _ => None,
        };
        match unit {
            Some(unit) => Ok(Some(unit)),
            None => Err(damaged(&self.path, "a unit is no longer as it was written")),
        }
    }

    /// Removes the file, while it is still locked, so that no other process goes on from it.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn remove(self) -> Result<(), StoreError> {
        fs::remove_file(&self.path).map_err(failed("remove", &self.path))
    }

    /// Locks the log. A thread that panicked while it held the lock left a file whose torn end, if any, is cut off later.
    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a file is empty, or begins as a store does.
fn is_begun(file: &mut File, path: &Path) -> Result<bool, StoreError> {
    let mut first = Vec::new();
    let read = file.rewind().and_then(|()| file.take(frame::MAGIC.len() as u64).read_to_end(&mut first));
    read.map_err(failed("read", path))?;
    Ok(frame::MAGIC.starts_with(&first))
}

/// The bytes before the first unit.
fn head(header: &Header) -> Vec<u8> {
    // Every type of the header has a form in JSON, so serializing it cannot fail.
    let json = serde_json::to_vec(header).unwrap_or_default();
    [frame::MAGIC, &frame::wrap(frame::HEADER, &json)].concat()
}

/// Reads the head of a file of units and its length in bytes.
fn read_header(file: &mut impl Read, path: &Path) -> Result<(Header, u64), StoreError> {
    let mut magic = [0; frame::MAGIC.len()];
    let begins = frame::filled(file, &mut magic).map_err(failed("read", path))?;
    if !begins || magic != frame::MAGIC {
        return Err(damaged(path, "this is no file of a sweep's units, or it is cut short"));
    }
    let mut read = Vec::new();
    match frame::read(&mut Noted { file, read: &mut read }).map_err(failed("read", path))? {
        Some((frame::HEADER, json)) => {
            let length = (frame::MAGIC.len() + frame::PREFIX + 1 + json.len()) as u64;
            let header: Header = serde_json::from_slice(&json).map_err(|error| {
                damaged(path, format!("its head cannot be read: {}", text::visible(&error.to_string())))
            })?;
            let stray = header.shard.filter(|shard| !shard.is_possible()).map(|_| "a shard that no sweep has");
            match stray.or_else(|| header.outline.flaw()) {
                None => Ok((header, length)),
                Some(flaw) => Err(damaged(path, format!("its head states {flaw}"))),
            }
        }
        _ => Err(damaged(path, format!("its head is {}", frame::flaw(&read)))),
    }
}

/// A reader that keeps what it has read.
struct Noted<'a, R> {
    file: &'a mut R,
    read: &'a mut Vec<u8>,
}

impl<R: Read> Read for Noted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.read.extend_from_slice(&buffer[..count]);
        Ok(count)
    }
}

/// An error of the system once more, with its reason.
fn again(error: &io::Error) -> io::Error {
    error.raw_os_error().map_or_else(|| io::Error::new(error.kind(), error.to_string()), io::Error::from_raw_os_error)
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    let path = path.to_owned();
    move |source| StoreError::File { action, path, source }
}

fn damaged(path: &Path, flaw: impl Into<String>) -> StoreError {
    StoreError::Damaged { path: path.to_owned(), flaw: flaw.into() }
}
