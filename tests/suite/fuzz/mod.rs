//! A fuzzer: small files of each kind, changed at random, are given to every reader.
//!
//! Nothing may come of an input but a value or located errors, shown in characters that are safe, in a bounded time; and a
//! scenario that is valid and small is run, ends, and has true books and possible figures. The corpus lies in `tests/fuzz`.

mod change;
mod long;
mod readers;
mod runs;
mod stores;
mod watch;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use change::Random;
use watch::Watch;

use crate::properties::announced_seed;

/// Inputs of a plain run of the tests, and the runs among them.
const INPUTS: u64 = 8_000;
const RUNS: u64 = 350;

/// What came of some inputs.
#[derive(Debug, Default)]
pub struct Tally {
    /// Inputs that a reader took.
    pub taken: AtomicU64,
    /// Inputs that a reader refused with located errors.
    pub refused: AtomicU64,
    /// Runs whose books were judged.
    pub runs: AtomicU64,
    /// Valid scenarios that were too large to be run here, and plans whose points were too many.
    pub too_large: AtomicU64,
}

impl Tally {
    fn count(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::Relaxed);
    }

    fn of(counter: &AtomicU64) -> u64 {
        counter.load(Ordering::Relaxed)
    }
}

/// A reader, which judges what comes of one changed input.
type Reader = fn(&mut Random, &Path, &Tally) -> Result<(), Failure>;

/// Why an input fails, and the input.
pub struct Failure {
    pub why: String,
    pub input: Vec<u8>,
}

/// Every reader by its name, with how often it has its turn.
const READERS: &[(&str, u64, Reader)] = &[
    ("scenario", 8, readers::scenario),
    ("overlay", 3, readers::overlay),
    ("setting", 2, readers::setting),
    ("question", 1, readers::question),
    ("plan", 3, readers::plan),
    ("trace", 2, readers::trace),
    ("laws", 2, readers::laws),
    ("store", 2, stores::store),
    ("shard", 2, stores::shard),
];

/// Names one input by its number, which is drawn again alone.
const VARIABLE: &str = "DROPSTORM_TEST_INPUT";

/// Gives inputs to the readers on all processors until there were enough of them and enough runs.
fn fuzz(seed: u64, inputs: u64, runs: u64) -> Tally {
    let (next, tally, watch) = (AtomicU64::new(0), Tally::default(), Watch::start());
    if let Ok(number) = std::env::var(VARIABLE) {
        let home = tempfile::tempdir().unwrap();
        readers::lay_out(home.path());
        let number: u64 = number.parse().expect("an input has a whole number");
        let turns = READERS.iter().map(|(_, turns, _)| turns).sum::<u64>();
        one(seed, number, if number < inputs { number % turns } else { 0 }, home.path(), &tally, &watch);
        panic!("{VARIABLE} is set: input {number} alone was read, and nothing is wrong with it: {tally:?}");
    }
    let work = || {
        let home = tempfile::tempdir().unwrap();
        readers::lay_out(home.path());
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            // A reader of scenarios runs those that it takes; a bound keeps a reader that takes none from going on for ever.
            let enough = number >= inputs && (Tally::of(&tally.runs) >= runs || number >= inputs * 20);
            if enough {
                break;
            }
            let turns: u64 = READERS.iter().map(|(_, turns, _)| turns).sum();
            // Once there are inputs enough, only scenarios are read, for the runs that lack.
            let turn = if number < inputs { number % turns } else { 0 };
            one(seed, number, turn, home.path(), &tally, &watch);
        }
    };
    let processors = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| (0..processors).for_each(|_| drop(scope.spawn(work))));
    tally
}

/// One input of the reader whose turn it is.
fn one(seed: u64, number: u64, mut turn: u64, home: &Path, tally: &Tally, watch: &Watch) {
    let chosen = READERS.iter().find(|(_, turns, _)| {
        let own = turn < *turns;
        turn = turn.saturating_sub(*turns);
        own
    });
    let Some((name, _, reader)) = chosen else { return };
    let mut random = Random::of(seed, number);
    let kept = home.join("input");
    let turn = watch.begins(&format!(
        "input {number} of seed {seed}, for the reader of {name}, kept in {}; {VARIABLE}={number} draws it alone",
        kept.display()
    ));
    let outcome = catch_unwind(AssertUnwindSafe(|| reader(&mut random, home, tally)));
    drop(turn);
    let failure = match outcome {
        Ok(Ok(())) => return,
        Ok(Err(failure)) => failure,
        Err(panic) => {
            let said = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
            let why = format!("the reader panics: {}", said.unwrap_or("without a word"));
            Failure { why, input: fs::read(home.join("input")).unwrap_or_default() }
        }
    };
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/fuzz");
    fs::create_dir_all(&kept).unwrap();
    let kept = kept.join(format!("{name}-{seed}-{number}"));
    fs::write(&kept, &failure.input).unwrap();
    panic!("{name}, input {number} of seed {seed}, kept in {}:\n{}", kept.display(), failure.why);
}

#[test]
fn changed_inputs_are_taken_or_refused_at_their_place_and_runs_have_true_books() {
    let tally = fuzz(announced_seed(), INPUTS, RUNS);
    assert!(Tally::of(&tally.taken) > INPUTS / 100 && Tally::of(&tally.refused) > INPUTS / 10, "{tally:?}");
    assert!(Tally::of(&tally.runs) >= RUNS, "{tally:?}");
}
