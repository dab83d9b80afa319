//! `dropstorm sweep merge` and `missing`: the shards of a folder.

use std::fs;
use std::path::{Path, PathBuf};

use dropstorm::report::{OutputFolder, sweeps};
use dropstorm::sweep::store::ShardFile;
use dropstorm::sweep::{self, MergeError, Results};
use dropstorm::system::text;

use super::super::error::{Error, Exit, note, print};
use super::super::open;
use super::super::options::{Output, Pictures};
use super::tell;

/// Merges all shards of a folder and writes the results.
pub fn merge(folder: &Path, pictures: &Pictures, output: &Output) -> Result<Exit, Error> {
    let folder = shards_in(folder)?;
    // Nobody else writes results there meanwhile; shards that still run write files of their own.
    let target = OutputFolder::prepare(&folder)?;
    let (outline, store) = sweep::merge(&folder).map_err(refused)?;
    let results = Results::new(&outline, &store).map_err(Error::failed)?;
    let told = sweeps::write(&target, &results, pictures.look()).map_err(Error::failed)?;
    let exit = tell::finished(&told, &outline, &folder, None, output);
    if pictures.open {
        open::page(&told.files);
    }
    exit
}

/// Prints the numbers of the shards that are not finished.
pub fn missing(folder: &Path) -> Result<Exit, Error> {
    let (missing, damaged) = sweep::missing(&shards_in(folder)?).map_err(refused)?;
    damaged.iter().for_each(|flaw| note(&format!("warning: {flaw}")));
    if !missing.is_empty() {
        print(&format!("{}\n", sweep::listed(&missing)))?;
    }
    Ok(Exit::Done)
}

/// The folder that holds the shards: the one that is named, or the only one in it.
fn shards_in(folder: &Path) -> Result<PathBuf, Error> {
    let has_shards = |folder: &Path| ShardFile::find(folder).is_ok_and(|(_, named)| !named.is_empty());
    if has_shards(folder) {
        return Ok(folder.to_owned());
    }
    let shown = text::path(folder);
    let entries = fs::read_dir(folder)
        .map_err(|error| Error::wrong_input(format!("cannot read the folder `{shown}`: {error}")))?;
    // A link may lead anywhere; whoever means the folder behind it names it.
    let is_folder = |path: &PathBuf| fs::symlink_metadata(path).is_ok_and(|found| found.is_dir());
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut within: Vec<PathBuf> = paths.filter(|path| is_folder(path) && has_shards(path)).collect();
    within.sort();
    match within.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(Error::wrong_input(format!("there is no shard of a sweep in `{shown}`"))),
        several => {
            let names: Vec<String> = several.iter().map(|folder| text::path(folder)).collect();
            let error = Error::wrong_input(format!("several sweeps have shards in `{shown}`"));
            Err(error.help(format!("name one of {}", names.join(", "))))
        }
    }
}

/// The error of shards that cannot be merged.
fn refused(error: MergeError) -> Error {
    match error {
        // Each reason is an error of its own.
        MergeError::Refused(reasons) => Error::wrong_input(reasons.join("\nerror: ")),
        MergeError::Store(error) => Error::failed(error),
    }
}
