//! A shard: the part of a sweep that one of several machines runs, and the file with its units.
//!
//! While a shard runs, its units go to a store of its own. When all are done they are written in order to a file with a
//! checksum at its end, under a temporary name until the file is whole.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read, Take, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::super::outline::{Outline, Replications};
use super::super::unit::Unit;
use super::{Store, StoreError, damaged, failed, frame, read_header};
use crate::system::{input, output};

/// Most shards of a sweep.
const MOST: u64 = 100_000;

/// Name endings of a finished shard and of a shard that is being run.
const DONE: &str = "units";
const UNFINISHED: &str = "part";

/// One of several parts of a sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// Index of the shard, from 0.
    pub index: u64,
    /// Number of shards.
    pub count: u64,
}

impl FromStr for Shard {
    type Err = String;

    /// Reads `7/64`.
    fn from_str(text: &str) -> Result<Shard, String> {
        let wrong = || format!("`{text}` is not I/N, such as 7/64; I counts from 0 to N − 1");
        let (index, count) = text.split_once('/').ok_or_else(wrong)?;
        let number = |digits: &str| digits.trim().parse::<u64>().map_err(|_| wrong());
        let shard = Shard { index: number(index)?, count: number(count)? };
        if shard.is_possible() {
            Ok(shard)
        } else if shard.count > MOST {
            Err(format!("at most {MOST} shards"))
        } else {
            Err(wrong())
        }
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

impl Shard {
    /// Whether a sweep can have such a shard.
    pub(super) fn is_possible(self) -> bool {
        self.index < self.count && self.count <= MOST
    }

    /// Whether a unit belongs to the shard. Units are assigned to the shards in turn, so that all shards take about equally
    /// long. Where intervals decide the number of replications, whole points are assigned.
    pub fn has(self, outline: &Outline, point: u64, replication: u64) -> bool {
        let number = match outline.replications() {
            Replications::Fixed(count) => point.checked_mul(*count).and_then(|first| first.checked_add(replication)),
            Replications::Until(_) => Some(point),
        };
        number.is_some_and(|number| number % self.count == self.index)
    }

    /// The file of the finished shard in a folder.
    pub fn file(self, folder: &Path) -> PathBuf {
        folder.join(self.name(DONE))
    }

    /// The store of the shard while it runs.
    pub fn unfinished(self, folder: &Path) -> PathBuf {
        folder.join(self.name(UNFINISHED))
    }

    fn name(self, ending: &str) -> String {
        let width = self.count.to_string().len();
        format!("shard-{:0width$}-of-{}.{ending}", self.index, self.count)
    }
}

/// A finished shard.
#[derive(Clone, Debug)]
pub struct ShardFile {
    /// Path of the file.
    pub path: PathBuf,
    /// The shard.
    pub shard: Shard,
    /// The sweep that the shard is a part of.
    pub outline: Outline,
    /// Number of units.
    pub units: u64,
    /// SHA-256 of all bytes before the frame that states it.
    pub checksum: [u8; 32],
}

/// Number of units of a shard; the largest possible number where intervals decide the number of replications.
pub fn units_of_shard(outline: &Outline, shard: Shard) -> u64 {
    let (dealt, each) = match outline.replications() {
        Replications::Fixed(_) => (outline.most_units(), 1),
        Replications::Until(until) => (outline.points(), until.at_most),
    };
    dealt.saturating_sub(shard.index).div_ceil(shard.count) * each
}

impl ShardFile {
    /// Writes the file of a shard whose units are all done, and removes its store.
    ///
    /// # Errors
    /// If the file cannot be written; the store is then kept.
    pub fn write(store: Store, outline: &Outline, shard: Shard, folder: &Path) -> Result<PathBuf, StoreError> {
        let path = shard.file(folder);
        let unfinished = folder.join(format!(".{}.tmp", shard.name(DONE)));
        if let Err(error) = ShardFile::write_unfinished(&store, outline, shard, &unfinished) {
            // On a full disk a half-written file takes the room that the next try needs.
            let _ = fs::remove_file(&unfinished);
            return Err(error);
        }
        fs::rename(&unfinished, &path).map_err(failed("replace", &path))?;
        output::sync_folder(folder);
        store.remove()?;
        Ok(path)
    }

    /// Writes the file of a shard under the name that it has until it is whole.
    fn write_unfinished(store: &Store, outline: &Outline, shard: Shard, path: &Path) -> Result<(), StoreError> {
        let mut file =
            Sealed { file: BufWriter::new(output::fresh(path).map_err(failed("write", path))?), hash: Sha256::new() };
        let header = super::Header { digest: outline.digest(), outline: outline.clone(), shard: Some(shard) };
        file.write(&super::head(&header)).map_err(failed("write", path))?;
        let mut units: u64 = 0;
        for point in 0..outline.points() {
            for replication in 0..outline.replications().most() {
                if let Some(unit) = store.read(point, replication)? {
                    file.write(&frame::unit(&unit)).map_err(failed("write", path))?;
                    units += 1;
                }
            }
        }
        let footer = [&units.to_le_bytes()[..], &file.hash.clone().finalize()].concat();
        file.write(&frame::wrap(frame::FOOTER, &footer)).map_err(failed("write", path))?;
        let inner = file.file.into_inner().map_err(|error| failed("write", path)(error.into_error()))?;
        inner.sync_all().map_err(failed("write", path))
    }

    /// Reads a whole file and checks it.
    ///
    /// # Errors
    /// If the file cannot be read, or is not as it was written.
    pub fn check(path: &Path) -> Result<ShardFile, StoreError> {
        let mut units = Units::open(path)?;
        let mut count = 0;
        let (stated, checksum) = loop {
            match units.next()? {
                Item::Unit(unit) => {
                    if !units.shard.has(&units.outline, unit.point, unit.replication) {
                        return Err(damaged(path, "it holds a unit of another shard"));
                    }
                    count += 1;
                }
                Item::Footer(stated, checksum) => break (stated, checksum),
            }
        };
        if stated != count || checksum != units.checksum {
            return Err(damaged(path, "its checksum does not match"));
        }
        Ok(ShardFile { path: path.to_owned(), shard: units.shard, outline: units.outline, units: count, checksum })
    }

    /// Passes each unit to `take`.
    ///
    /// # Errors
    /// If the file can no longer be read, or the error of `take`.
    pub(in super::super) fn each(
        &self,
        mut take: impl FnMut(Unit) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut units = Units::open(&self.path)?;
        while let Item::Unit(unit) = units.next()? {
            take(unit)?;
        }
        Ok(())
    }

    /// Finds the files of finished shards in a folder, and all shards, finished or not, that a file is named after.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn find(folder: &Path) -> Result<(Vec<PathBuf>, Vec<Shard>), StoreError> {
        let (mut files, mut named) = (Vec::new(), Vec::new());
        for entry in fs::read_dir(folder).map_err(failed("read", folder))? {
            let path = entry.map_err(failed("read", folder))?.path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let Some((stem, ending)) = name.rsplit_once('.') else { continue };
            let Some(numbers) = stem.strip_prefix("shard-") else { continue };
            if ending == DONE || ending == UNFINISHED {
                named.extend(numbers.replace("-of-", "/").parse::<Shard>());
            }
            if ending == DONE {
                files.push(path);
            }
        }
        files.sort();
        Ok((files, named))
    }
}

/// A file that updates its checksum as it is written.
struct Sealed {
    file: BufWriter<File>,
    hash: Sha256,
}

impl Sealed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.hash.update(bytes);
        self.file.write_all(bytes)
    }
}

/// A reader of the units of a finished shard.
struct Units {
    path: PathBuf,
    file: BufReader<Take<File>>,
    shard: Shard,
    outline: Outline,
    hash: Sha256,
    checksum: [u8; 32],
}

enum Item {
    Unit(Unit),
    /// Number of units in the file, and SHA-256 of all bytes before.
    Footer(u64, [u8; 32]),
}

impl Units {
    fn open(path: &Path) -> Result<Units, StoreError> {
        let (file, length) = input::open(path).map_err(failed("read", path))?;
        // A file that grows meanwhile is read no further than to the end that it had.
        let mut file = BufReader::with_capacity(1 << 20, file.take(length));
        let mut hash = Sha256::new();
        let (header, _) = read_header(&mut Heard { file: &mut file, hash: &mut hash }, path)?;
        let Some(shard) = header.shard else { return Err(damaged(path, "it is no shard")) };
        Ok(Units { path: path.to_owned(), file, shard, outline: header.outline, hash, checksum: [0; 32] })
    }

    fn next(&mut self) -> Result<Item, StoreError> {
        self.checksum = self.hash.clone().finalize().into();
        let mut heard = Heard { file: &mut self.file, hash: &mut self.hash };
        match frame::read(&mut heard).map_err(failed("read", &self.path))? {
            Some((frame::UNIT, content)) => frame::unit_of(&content, self.outline.metrics().len())
                .map(Item::Unit)
                .ok_or_else(|| damaged(&self.path, "a unit has other figures than the plan")),
            Some((frame::FOOTER, content)) => match (content.split_first_chunk::<8>(), content.last_chunk::<32>()) {
                (Some((count, _)), Some(checksum)) => Ok(Item::Footer(u64::from_le_bytes(*count), *checksum)),
                _ => Err(damaged(&self.path, "its end is not as it was written")),
            },
            _ => Err(damaged(&self.path, "it is cut short, or a byte of it has changed")),
        }
    }
}

/// A reader that updates a checksum with the bytes that it reads.
struct Heard<'a> {
    file: &'a mut BufReader<Take<File>>,
    hash: &'a mut Sha256,
}

impl Read for Heard<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.hash.update(&buffer[..count]);
        Ok(count)
    }
}
