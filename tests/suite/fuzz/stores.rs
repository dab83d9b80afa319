//! Readers of stores and shards: a damaged file gives no unit but those that were written, or is refused by its name.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use dropstorm::report::render::Look;
use dropstorm::report::{OutputFolder, sweeps};
use dropstorm::sweep::store::{FILE, ShardFile};
use dropstorm::sweep::{self, Plan, Results, Shard, Store, StoreError};

use super::change::{self, Random};
use super::{Failure, Tally};

/// First bytes of a file of units.
const MAGIC: &[u8] = b"dropstorm units 1\n";

/// A finished sweep, its store, and its only shard.
struct Whole {
    plan: Plan,
    store: Vec<u8>,
    shard: Vec<u8>,
    /// The figures of each unit by point and replication, bit for bit.
    units: Vec<(u64, u64, Vec<u64>)>,
}

static WHOLE: LazyLock<Whole> = LazyLock::new(|| {
    let home = tempfile::tempdir().unwrap();
    super::readers::lay_out(home.path());
    let plan = Plan::read(&home.path().join("plan.toml"), &[]).unwrap_or_else(|found| panic!("{found}"));
    let outline = plan.outline();
    let store = Store::open(&home.path().join(FILE), outline, None).unwrap();
    assert!(sweep::run(&plan, None, &store, &()).unwrap());
    let units = units(&store, outline).unwrap();
    assert_eq!(units.len() as u64, outline.most_units());
    drop(store);
    let shard: Shard = "0/1".parse().unwrap();
    let part = Store::open(&shard.unfinished(home.path()), outline, Some(shard)).unwrap();
    assert!(sweep::run(&plan, Some(shard), &part, &()).unwrap());
    let file = ShardFile::write(part, outline, shard, home.path()).unwrap();
    Whole { store: fs::read(home.path().join(FILE)).unwrap(), shard: fs::read(file).unwrap(), units, plan }
});

/// The units that a store holds.
fn units(store: &Store, outline: &sweep::Outline) -> Result<Vec<(u64, u64, Vec<u64>)>, StoreError> {
    let mut units = Vec::new();
    for point in 0..outline.points() {
        for replication in 0..outline.replications().most() {
            if let Some(unit) = store.read(point, replication)? {
                units.push((point, replication, unit.figures.iter().map(|figure| figure.to_bits()).collect()));
            }
        }
    }
    Ok(units)
}

/// Content wrapped into a frame: its length, its checksum, itself.
fn sealed(payload: &[u8]) -> Vec<u8> {
    let (length, checksum) = (payload.len() as u32, crc32fast::hash(payload));
    [&length.to_le_bytes()[..], &checksum.to_le_bytes(), payload].concat()
}

/// A file with one frame changed and sealed anew, as a forger would: here no checksum helps.
fn forged(file: &[u8], random: &mut Random) -> Vec<u8> {
    let mut frames = Vec::new();
    let mut rest = &file[MAGIC.len()..];
    while let Some((prefix, more)) = rest.split_first_chunk::<8>() {
        let length = u32::from_le_bytes([prefix[0], prefix[1], prefix[2], prefix[3]]) as usize;
        frames.push(more[..length].to_vec());
        rest = &more[length..];
    }
    // Half of the time the head, since it decides how everything else is read.
    let at = if random.below(2) == 0 { 0 } else { random.below(frames.len()) };
    if at == 0 {
        let head = String::from_utf8(frames[0].clone()).unwrap();
        let changed = change_json(&head, random);
        frames[0] = changed.into_bytes();
    } else {
        match random.below(4) {
            0 => frames.swap(1, at),
            1 => frames.push(frames[at].clone()),
            2 => drop(frames.remove(at)),
            _ => change::flip(&mut frames[at], random),
        }
    }
    let sealed: Vec<Vec<u8>> = frames.iter().map(|frame| sealed(frame)).collect();
    [MAGIC, &sealed.concat()].concat()
}

/// Replaces a number, a text or a list in JSON.
fn change_json(json: &str, random: &mut Random) -> String {
    const NUMBERS: &[&str] =
        &["0", "1", "-1", "2", "1e9", "18446744073709551615", "1.5", "null", "\"\"", "[]", "{}", "[[]]", "true"];
    let starts: Vec<usize> = json.match_indices([':', '[', ',']).map(|(at, _)| at + 1).collect();
    let start = starts[random.below(starts.len())];
    let rest = &json[start..];
    let end = rest.find([',', ']', '}']).unwrap_or(rest.len());
    format!("{}{}{}", &json[..start], random.pick(NUMBERS), &rest[end..])
}

fn damaged(file: &[u8], home: &Path, random: &mut Random) -> (Vec<u8>, bool) {
    let forge = random.below(2) == 0;
    let input = if forge {
        forged(file, random)
    } else {
        let mut bytes = file.to_vec();
        change::flip(&mut bytes, random);
        bytes
    };
    fs::write(home.join("input"), &input).unwrap();
    (input, forge)
}

/// Judges the refusal of a file: it says which file, and what is wrong.
fn refused(error: &str, path: &Path, tally: &Tally) -> Result<(), String> {
    Tally::count(&tally.refused);
    let name = path.file_name().unwrap().to_string_lossy();
    if error.contains(name.as_ref()) { Ok(()) } else { Err(format!("`{error}` does not name {name}")) }
}

pub fn store(random: &mut Random, home: &Path, tally: &Tally) -> Result<(), Failure> {
    let whole = &*WHOLE;
    let (input, forge) = damaged(&whole.store, home, random);
    let path: PathBuf = home.join("store").join(FILE);
    fs::create_dir_all(home.join("store")).unwrap();
    fs::write(&path, &input).unwrap();
    let outline = whole.plan.outline();
    let verdict = match Store::open(&path, outline, None) {
        Err(error) => refused(&error.to_string(), &path, tally),
        Ok(store) => {
            Tally::count(&tally.taken);
            match units(&store, outline) {
                Err(error) => Err(format!("a unit of a file that was just read cannot be read: {error}")),
                // What a forger wrote is taken for what it says; what chance wrote is not.
                Ok(found) if !forge && found.iter().any(|unit| !whole.units.contains(unit)) => {
                    Err("it has a unit that nobody wrote".to_owned())
                }
                Ok(_) => Results::new(outline, &store)
                    .and_then(|results| results.table(&["error_rate.peak"]))
                    .map(drop)
                    .map_err(|error| error.to_string()),
            }
        }
    };
    verdict.map_err(|why| Failure { why, input })
}

pub fn shard(random: &mut Random, home: &Path, tally: &Tally) -> Result<(), Failure> {
    let whole = &*WHOLE;
    let (input, forge) = damaged(&whole.shard, home, random);
    let folder = home.join("shards");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("shard-0-of-1.units");
    fs::write(&path, &input).unwrap();
    let verdict = match sweep::merge(&folder) {
        Err(error) => refused(&error.to_string(), &path, tally),
        Ok((outline, store)) => {
            Tally::count(&tally.taken);
            match units(&store, &outline) {
                Ok(found) if !forge && found != whole.units => Err("a damaged shard was merged".to_owned()),
                // Charts take long to draw, so that few are.
                Ok(_) if random.below(4) == 0 => written(&outline, &store, &folder),
                Ok(_) => Ok(()),
                Err(error) => Err(error.to_string()),
            }
        }
    };
    verdict.map_err(|why| Failure { why, input })
}

/// Writes the results of a sweep, charts among them, however strange the plan is that a forger wrote into a shard.
fn written(outline: &sweep::Outline, store: &Store, folder: &Path) -> Result<(), String> {
    let results = Results::new(outline, store).map_err(|error| error.to_string())?;
    let target = OutputFolder::prepare(folder).map_err(|error| error.to_string())?;
    // A chart may be refused; what counts is that it is refused in words.
    sweeps::write(&target, &results, Look::default()).map(drop).or_else(|error| match error.to_string() {
        said if said.is_empty() => Err("an error says nothing".to_owned()),
        _ => Ok(()),
    })
}
