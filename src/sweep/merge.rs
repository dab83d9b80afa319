//! Puts the shards of a sweep together.

use std::path::{Path, PathBuf};

use super::outline::Outline;
use super::store::{self, Shard, ShardFile, Store, StoreError};

/// Why shards could not be put together, each reason named.
#[derive(Debug)]
pub enum MergeError {
    /// The shards are not all there, or not all of one sweep.
    Refused(Vec<String>),
    /// The system refused something.
    Store(StoreError),
}

impl std::fmt::Display for MergeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            MergeError::Refused(reasons) => f.write_str(&reasons.join("\n")),
            MergeError::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for MergeError {}

impl From<StoreError> for MergeError {
    fn from(error: StoreError) -> MergeError {
        MergeError::Store(error)
    }
}

/// Puts all shards of a folder into one store, as if one machine had run them all.
///
/// # Errors
/// If one is missing, damaged, of another plan, or there twice with different contents: each is named.
pub fn merge(folder: &Path) -> Result<(Outline, Store), MergeError> {
    let shards = Shards::find(folder)?;
    let mut reasons: Vec<String> = shards.damaged.iter().map(ToString::to_string).collect();
    let Some(first) = shards.sound.first() else {
        reasons.push(format!("there is no finished shard in `{}`", folder.display()));
        return Err(MergeError::Refused(reasons));
    };
    for other in &shards.sound[1..] {
        if other.outline.digest() != first.outline.digest() {
            let difference = first.outline.difference(&other.outline);
            let (path, first) = (other.path.display(), first.path.display());
            reasons.push(format!("`{path}` is a shard of another plan than `{first}`; {difference}"));
        } else if other.shard.count != first.shard.count {
            let (path, name) = (other.path.display(), first.path.display());
            let counts = (other.shard.count, first.shard.count);
            reasons.push(format!("`{path}` is one of {} shards, `{name}` one of {}", counts.0, counts.1));
        }
    }
    for (index, one) in shards.sound.iter().enumerate() {
        let twin = shards.sound[..index].iter().find(|twin| twin.shard == one.shard);
        if let Some(twin) = twin.filter(|twin| twin.checksum != one.checksum) {
            let (path, twin) = (one.path.display(), twin.path.display());
            reasons.push(format!("`{path}` and `{twin}` are the same shard {} with different contents", one.shard));
        }
    }
    let missing = shards.missing();
    if !missing.is_empty() {
        let (count, list) = (missing.len(), listed(&missing));
        reasons.push(format!("{count} of {} shards are missing: {list}", first.shard.count));
    }
    if !reasons.is_empty() {
        return Err(MergeError::Refused(reasons));
    }
    let outline = first.outline.clone();
    let store = Store::open(&folder.join(store::FILE), &outline, None)?;
    for shard in &shards.sound {
        let mut different = false;
        shard.each(|unit| {
            if let Some(known) = store.read(unit.point, unit.replication)? {
                different |= !known.same_as(&unit);
                return Ok(());
            }
            store.append(&unit)
        })?;
        if different {
            let (shard, store) = (shard.path.display(), store.path().display());
            return Err(MergeError::Refused(vec![format!(
                "`{shard}` and `{store}` hold different results of one unit"
            )]));
        }
    }
    store.sync()?;
    Ok((outline, store))
}

/// The numbers of the shards of a folder that are not finished, and what is wrong with those that are damaged.
///
/// # Errors
/// If the folder cannot be read, or there is no sign of a shard in it.
pub fn missing(folder: &Path) -> Result<(Vec<u64>, Vec<String>), MergeError> {
    let shards = Shards::find(folder)?;
    if shards.count().is_none() {
        return Err(MergeError::Refused(vec![format!("there is no shard in `{}`", folder.display())]));
    }
    Ok((shards.missing(), shards.damaged.iter().map(ToString::to_string).collect()))
}

/// Numbers as schedulers take them: `1,5,9`.
pub fn listed(numbers: &[u64]) -> String {
    numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(",")
}

/// The shards of a folder.
struct Shards {
    /// Those that are as they were written, in the order of their numbers.
    sound: Vec<ShardFile>,
    damaged: Vec<StoreError>,
    /// Those that a file is named after, whatever it holds.
    named: Vec<Shard>,
}

impl Shards {
    fn find(folder: &Path) -> Result<Shards, MergeError> {
        let (files, named): (Vec<PathBuf>, Vec<Shard>) = ShardFile::find(folder)?;
        let (mut sound, mut damaged) = (Vec::new(), Vec::new());
        for file in files {
            match ShardFile::check(&file) {
                Ok(shard) => sound.push(shard),
                Err(error @ StoreError::Damaged { .. }) => damaged.push(error),
                Err(error) => return Err(error.into()),
            }
        }
        sound.sort_by_key(|file| file.shard.index);
        Ok(Shards { sound, damaged, named })
    }

    /// How many shards there should be, as far as any of them tells.
    fn count(&self) -> Option<u64> {
        let sound = self.sound.iter().map(|file| file.shard.count);
        sound.chain(self.named.iter().map(|shard| shard.count)).next()
    }

    fn missing(&self) -> Vec<u64> {
        let there = |index: &u64| self.sound.iter().any(|file| file.shard.index == *index);
        (0..self.count().unwrap_or(0)).filter(|index| !there(index)).collect()
    }
}
