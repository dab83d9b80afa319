//! `dropstorm sweep merge` and `missing`: the shards of a folder.

use std::fs;
use std::path::{Path, PathBuf};

use dropstorm::report::{OutputFolder, sweeps};
use dropstorm::sweep::store::ShardFile;
use dropstorm::sweep::{self, MergeError, Results};

use super::super::{FAILED, WRONG_INPUT, complain, print};
use super::finished;

/// Puts all shards together and writes the results.
pub fn merge(folder: &Path, quiet: bool, json: bool) -> u8 {
    let outcome = shards_in(folder).and_then(|folder| {
        let (outline, store) = sweep::merge(&folder).map_err(told)?;
        let failed = |error: &dyn std::fmt::Display| (format!("error: {error}"), FAILED);
        let results = Results::new(&outline, &store).map_err(|error| failed(&error))?;
        let target = OutputFolder::prepare(&folder).map_err(|error| failed(&error))?;
        let told = sweeps::write(&target, &results).map_err(|error| failed(&error))?;
        Ok(finished(&told, &outline, &folder, None, quiet, json))
    });
    outcome.unwrap_or_else(|(mistake, code)| {
        complain(&mistake);
        code
    })
}

/// Prints the numbers of the shards that are not finished.
pub fn missing(folder: &Path) -> u8 {
    match shards_in(folder).and_then(|folder| sweep::missing(&folder).map_err(told)) {
        Ok((missing, damaged)) => {
            damaged.iter().for_each(|flaw| complain(&format!("warning: {flaw}")));
            if !missing.is_empty() {
                print(&format!("{}\n", sweep::listed(&missing)));
            }
            0
        }
        Err((mistake, code)) => {
            complain(&mistake);
            code
        }
    }
}

/// The folder that holds the shards: the one that is named, or the only one in it.
fn shards_in(folder: &Path) -> Result<PathBuf, (String, u8)> {
    let has_shards = |folder: &Path| ShardFile::find(folder).is_ok_and(|(_, named)| !named.is_empty());
    if has_shards(folder) {
        return Ok(folder.to_owned());
    }
    let entries = fs::read_dir(folder)
        .map_err(|error| (format!("error: cannot read the folder `{}`: {error}", folder.display()), WRONG_INPUT))?;
    let mut within: Vec<PathBuf> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_dir() && has_shards(path)).collect();
    within.sort();
    match within.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err((format!("error: there is no shard of a sweep in `{}`", folder.display()), WRONG_INPUT)),
        several => {
            let names: Vec<String> = several.iter().map(|path| path.display().to_string()).collect();
            let title = format!("error: several sweeps have shards in `{}`", folder.display());
            Err((format!("{title}\n  help: name one of {}", names.join(", ")), WRONG_INPUT))
        }
    }
}

fn told(error: MergeError) -> (String, u8) {
    match error {
        MergeError::Refused(reasons) => {
            let lines: Vec<String> = reasons.iter().map(|reason| format!("error: {reason}")).collect();
            (lines.join("\n"), WRONG_INPUT)
        }
        MergeError::Store(error) => (format!("error: {error}"), FAILED),
    }
}
