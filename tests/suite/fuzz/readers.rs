//! Readers of texts: scenarios, overlays, settings, questions, plans and data files.

use std::fs;
use std::panic::{catch_unwind, resume_unwind};
use std::path::Path;

use dropstorm::scenario::{Diagnostics, Scenario};
use dropstorm::sweep::{Plan, Search};
use dropstorm::system::text::is_hostile;

use super::change::{self, Random};
use super::{Failure, Tally, runs};

/// The corpus: each file with its name.
pub const CORPUS: &[(&str, &str)] = &[
    ("scenario.toml", include_str!("../../fuzz/scenario.toml")),
    ("scenario-small.toml", include_str!("../../fuzz/scenario-small.toml")),
    ("scenario-data.toml", include_str!("../../fuzz/scenario-data.toml")),
    ("overlay.toml", include_str!("../../fuzz/overlay.toml")),
    ("plan.toml", include_str!("../../fuzz/plan.toml")),
    ("plan-sample.toml", include_str!("../../fuzz/plan-sample.toml")),
    ("trace.csv", include_str!("../../fuzz/trace.csv")),
    ("laws.txt", include_str!("../../fuzz/laws.txt")),
];

/// Writes the corpus into a folder, in which one file after the other is replaced by an input.
pub fn lay_out(home: &Path) {
    for (name, text) in CORPUS {
        fs::write(home.join(name), text).unwrap();
    }
}

/// The files of a kind.
fn of_kind(kind: &str) -> Vec<&'static str> {
    CORPUS.iter().filter(|(name, _)| name.starts_with(kind)).map(|(_, text)| *text).collect()
}

/// A changed file of a kind. It is written under a name, and kept as `input` in case that its reader panics.
fn changed(kind: &str, name: &str, random: &mut Random, home: &Path) -> Vec<u8> {
    let all: Vec<&str> = CORPUS.iter().map(|(_, text)| *text).collect();
    let input = change::text(random.pick(&of_kind(kind)), &all, random);
    fs::write(home.join(name), &input).unwrap();
    fs::write(home.join("input"), &input).unwrap();
    input
}

/// Judges errors: there are some, each is located in a file of its own, and they are safe to show.
fn located(found: &Diagnostics, file: &str) -> Result<(), String> {
    if found.is_empty() {
        return Err("it is refused without an error".to_owned());
    }
    for problem in found.iter() {
        let whole_file = problem.title.contains(file);
        if problem.location().is_none_or(|(_, line)| line == 0) && !whole_file {
            return Err(format!("this error is not located:\n{}", problem.render(false)));
        }
        if problem.title.is_empty() {
            return Err("an error says nothing".to_owned());
        }
    }
    let shown = found.render(false);
    match shown.chars().find(|letter| is_hostile(*letter) && !matches!(letter, '\n' | '\t')) {
        Some(letter) => Err(format!("{letter:?} reaches the terminal:\n{shown}")),
        None => Ok(()),
    }
}

/// Judges what a reader made of an input.
fn judged<T>(
    read: Result<T, Diagnostics>,
    input: Vec<u8>,
    file: &str,
    tally: &Tally,
    judge: impl FnOnce(T) -> Result<(), String>,
) -> Result<(), Failure> {
    let verdict = match read {
        Ok(value) => {
            Tally::count(&tally.taken);
            judge(value)
        }
        Err(found) => {
            Tally::count(&tally.refused);
            located(&found, file)
        }
    };
    verdict.map_err(|why| Failure { why, input })
}

pub fn scenario(random: &mut Random, home: &Path, tally: &Tally) -> Result<(), Failure> {
    let input = changed("scenario", "changed.toml", random, home);
    let read = Scenario::read(&home.join("changed.toml"));
    judged(read, input, "changed.toml", tally, |scenario| runs::judge(&scenario, tally))
}

pub fn overlay(random: &mut Random, home: &Path, tally: &Tally) -> Result<(), Failure> {
    let input = changed("overlay", "changed.toml", random, home);
    let read = Scenario::read(&home.join("changed.toml"));
    judged(read, input, "changed.toml", tally, |scenario| runs::judge(&scenario, tally))
}

pub fn trace(random: &mut Random, home: &Path, tally: &Tally) -> Result<(), Failure> {
    let input = changed("trace", "trace.csv", random, home);
    let read = Scenario::read(&home.join("scenario-data.toml"));
    lay_out(home);
    judged(read, input, "trace.csv", tally, |scenario| runs::judge(&scenario, tally))
}

pub fn laws(random: &mut Random, home: &Path, tally: &Tally) -> Result<(), Failure> {
    let input = changed("laws", "laws.txt", random, home);
    let read = Scenario::read(&home.join("scenario-data.toml"));
    lay_out(home);
    judged(read, input, "laws.txt", tally, |scenario| runs::judge(&scenario, tally))
}

/// Points that a plan has at most to be read to its end: each is checked, which the command says first where it takes long.
const MOST_POINTS: u64 = 4_000;

/// Ends the reader of a plan that has more points.
struct TooLarge;

pub fn plan(random: &mut Random, home: &Path, tally: &Tally) -> Result<(), Failure> {
    let input = changed("plan", "changed.toml", random, home);
    let told = |_, all| {
        if all > MOST_POINTS {
            resume_unwind(Box::new(TooLarge));
        }
    };
    let read = match catch_unwind(|| Plan::read_and_tell(&home.join("changed.toml"), &[], &[], &told)) {
        Ok(read) => read,
        Err(end) if end.is::<TooLarge>() => {
            Tally::count(&tally.too_large);
            return Ok(());
        }
        Err(panic) => resume_unwind(panic),
    };
    judged(read, input, "changed.toml", tally, |plan| {
        let outline = plan.outline();
        let last = outline.points() - 1;
        // Each point that was checked can be made.
        for point in [0, last / 2, last, outline.baseline().0] {
            plan.scenario_at(point).map_err(|found| format!("point {point} is not valid after all:\n{found}"))?;
        }
        Ok(())
    })
}

/// Paths of settings, right and wrong.
const PATHS: &[&str] = &[
    "pool.api.servers",
    "pool.api.service",
    "pool.api.queue",
    "pool.api.queue.shared.limit",
    "client.app.retry.attempts",
    "scale",
    "seed",
    "audience.crowd.viewers",
    "audience.crowd.arrival",
    "journey.watch.steps.0.request",
    "journey.watch.steps.99999999999999999999",
    "end",
    "change.0.at",
    "title",
    "region.world.label",
    "extends",
    "",
    ".",
    "pool..api",
    "pool.api.servers.x",
    "\u{1b}",
    "threshold",
    "x.y.z",
];

pub fn setting(random: &mut Random, home: &Path, tally: &Tally) -> Result<(), Failure> {
    let original = format!("{} = 3", random.pick(PATHS));
    let input = change::text(&original, &[&original], random);
    let text = String::from_utf8_lossy(&input).into_owned();
    let (path, value) = text.split_once('=').unwrap_or((&text, "1"));
    let scenario = Scenario::read(&home.join("scenario-small.toml")).map_err(|found| fails(&found, &input))?;
    let read = scenario.with(path, value);
    judged(read, input.clone(), "=", tally, |scenario| runs::judge(&scenario, tally))
}

pub fn question(random: &mut Random, home: &Path, tally: &Tally) -> Result<(), Failure> {
    let original = format!("{}=1..40\nerror_rate.peak<1%", random.pick(PATHS));
    let input = change::text(&original, &[&original], random);
    let text = String::from_utf8_lossy(&input).into_owned();
    let (vary, until) = text.split_once('\n').unwrap_or((&text, "recovery_s<10 min"));
    let scenario = Scenario::read(&home.join("scenario-small.toml")).map_err(|found| fails(&found, &input))?;
    judged(Search::new(&scenario, vary, until), input, "--", tally, |_| Ok(()))
}

/// The failure of a file that nobody changed.
fn fails(found: &Diagnostics, input: &[u8]) -> Failure {
    Failure { why: format!("the corpus is wrong: {found}"), input: input.to_vec() }
}

/// Each file of the corpus is right as it is, and each file of the folder is in the corpus.
#[test]
fn the_corpus_is_right() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz");
    for (name, _) in CORPUS.iter().filter(|(name, _)| name.ends_with(".toml")) {
        let wrong = match name.starts_with("plan") {
            true => Plan::read(&folder.join(name), &[]).err(),
            false => Scenario::read(&folder.join(name)).err(),
        };
        assert!(wrong.is_none(), "{name}: {}", wrong.unwrap());
    }
    assert_eq!(fs::read_dir(folder).unwrap().count(), CORPUS.len() + 1, "tests/fuzz and the list of its files differ");
}
