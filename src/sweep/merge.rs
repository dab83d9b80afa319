//! Merges the shards of a sweep into one store.

use std::path::{Path, PathBuf};

use super::outline::Outline;
use super::store::{self, Shard, ShardFile, Store, StoreError};
use crate::system::text;

/// The reason why shards could not be merged.
#[derive(Debug)]
pub enum MergeError {
    /// Shards are missing, or belong to different sweeps; each reason is named.
    Refused(Vec<String>),
    /// The system refused an operation on a file.
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
/// If a shard is missing, damaged, of another plan, or there twice with different contents: each reason is named.
pub fn merge(folder: &Path) -> Result<(Outline, Store), MergeError> {
    let shards = Shards::find(folder)?;
    let damaged = shards.damaged.iter().map(ToString::to_string);
    let Some(first) = shards.sound.first() else {
        let none = format!("there is no finished shard in `{}`", text::path(folder));
        return Err(MergeError::Refused(damaged.chain([none]).collect()));
    };
    let reasons: Vec<String> = damaged
        .chain(strangers(first, &shards.sound))
        .chain(twins(&shards.sound))
        .chain(gaps(first, &shards))
        .collect();
    if !reasons.is_empty() {
        return Err(MergeError::Refused(reasons));
    }
    let store = Store::open(&folder.join(store::FILE), &first.outline, None)?;
    for shard in &shards.sound {
        add(shard, &store)?;
    }
    store.sync()?;
    Ok((first.outline.clone(), store))
}

/// The shards that are not of the same plan, or not of the same number of shards, as the first.
fn strangers(first: &ShardFile, shards: &[ShardFile]) -> impl Iterator<Item = String> {
    shards.iter().filter_map(|other| {
        let (path, name) = (text::path(&other.path), text::path(&first.path));
        if other.outline.digest() != first.outline.digest() {
            let difference = first.outline.difference(&other.outline);
            return Some(format!("`{path}` is a shard of another plan than `{name}`; {difference}"));
        }
        let (own, its) = (first.shard.count, other.shard.count);
        (own != its).then(|| format!("`{path}` is one of {its} shards, `{name}` one of {own}"))
    })
}

/// The shards that are there twice with different contents.
fn twins(shards: &[ShardFile]) -> impl Iterator<Item = String> {
    shards.iter().enumerate().filter_map(|(index, one)| {
        let twin = shards[..index].iter().find(|twin| twin.shard == one.shard)?;
        let (path, name) = (text::path(&one.path), text::path(&twin.path));
        (twin.checksum != one.checksum)
            .then(|| format!("`{path}` and `{name}` are the same shard {} with different contents", one.shard))
    })
}

/// The shards that are missing, in one reason.
fn gaps(first: &ShardFile, shards: &Shards) -> Option<String> {
    let missing = shards.missing();
    let (count, all, list) = (missing.len(), first.shard.count, listed(&missing));
    (count > 0).then(|| format!("{count} of {all} shards are missing: {list}"))
}

/// Adds the units of a shard to a store.
fn add(shard: &ShardFile, store: &Store) -> Result<(), MergeError> {
    let mut different = false;
    shard.each(|unit| {
        if let Some(known) = store.read(unit.point, unit.replication)? {
            different |= !known.same_as(&unit);
            return Ok(());
        }
        store.append(&unit)
    })?;
    if different {
        let (shard, store) = (text::path(&shard.path), text::path(store.path()));
        return Err(MergeError::Refused(vec![format!("`{shard}` and `{store}` hold different results of one unit")]));
    }
    Ok(())
}

/// Finds the indices of the shards of a folder that are not finished, and what is wrong with the damaged ones.
///
/// # Errors
/// If the folder cannot be read, or there is no sign of a shard in it.
pub fn missing(folder: &Path) -> Result<(Vec<u64>, Vec<String>), MergeError> {
    let shards = Shards::find(folder)?;
    if shards.count().is_none() {
        return Err(MergeError::Refused(vec![format!("there is no shard in `{}`", text::path(folder))]));
    }
    Ok((shards.missing(), shards.damaged.iter().map(ToString::to_string).collect()))
}

/// Formats indices as schedulers take them: `1,5,9`.
pub fn listed(numbers: &[u64]) -> String {
    numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(",")
}

/// The shards of a folder.
struct Shards {
    /// Undamaged shards, in the order of their indices.
    sound: Vec<ShardFile>,
    damaged: Vec<StoreError>,
    /// Shards that a file is named after, whatever it holds.
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

    /// Number of shards of the sweep; `None` if no file tells.
    fn count(&self) -> Option<u64> {
        let sound = self.sound.iter().map(|file| file.shard.count);
        sound.chain(self.named.iter().map(|shard| shard.count)).next()
    }

    fn missing(&self) -> Vec<u64> {
        let there = |index: &u64| self.sound.iter().any(|file| file.shard.index == *index);
        (0..self.count().unwrap_or(0)).filter(|index| !there(index)).collect()
    }
}
