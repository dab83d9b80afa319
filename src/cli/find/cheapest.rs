//! `dropstorm find PLAN --search`: the cheapest combination of levers for which the thresholds hold.

mod told;

use std::path::{Path, PathBuf};
use std::time::Instant;

use dropstorm::report::search::Searched;
use dropstorm::report::searches;
use dropstorm::report::{OutputFolder, numbers};
use dropstorm::sweep::cheapest::{self, Effort, SearchError};
use dropstorm::sweep::{Outline, Plan, Store, SweepError};
use dropstorm::system::text;
use dropstorm::units::Probability;

use super::super::error::{Error, Exit, note, print};
use super::super::interrupt::Interrupt;
use super::super::open;
use super::super::options::{Output, Overrides, Pictures};
use super::super::progress::Units;
use super::super::size::{Size, Sizes};
use super::super::sweep::forecast::Forecast;
use super::super::sweep::tell::{self, checking};
use super::super::sweep::work::refused;

/// Default number of runs of each combination before any is dropped.
const REPLICATIONS: u64 = 4;

/// Name of the store in the folder of a search.
const STORE: &str = "search.store";

/// Reads a probability below 1.
pub fn probability(text: &str) -> Result<Probability, String> {
    let read: Probability = text.parse()?;
    if read.0 >= 1.0 {
        Err("no number of runs makes an answer certain; write a share below 100%, such as 99%".to_owned())
    } else {
        Ok(read)
    }
}

/// The options of the command.
pub struct Asked<'a> {
    /// The plan.
    pub file: &'a Path,
    /// Overlays over its scenario.
    pub with: &'a [PathBuf],
    /// Probability of being the cheapest at which the search ends.
    pub sure: f64,
    /// Folder of all results.
    pub out: &'a Path,
    /// Runs of each combination before any is dropped, if stated.
    pub first: Option<u64>,
    /// Most runs of a combination.
    pub at_most: u64,
    pub overrides: &'a Overrides,
    pub size: &'a Size,
    pub pictures: &'a Pictures,
    pub output: &'a Output,
}

/// Reads the plan, searches, writes the results, and tells what was found.
pub fn run(asked: &Asked<'_>) -> Result<Exit, Error> {
    let threads = asked.overrides.threads()?;
    let told = checking(asked.output.is_for_people());
    let plan = threads
        .install(|| Plan::read_and_tell(asked.file, asked.with, &asked.overrides.settings(), &told))?
        .replicated(asked.at_most);
    let Some(prices) = plan.prices() else {
        let error = Error::wrong_input("the plan has no levers");
        return Err(
            error.help("state what could be done and what it costs with [[lever]]; see `dropstorm schema --sweep`")
        );
    };
    let first = asked.first.unwrap_or(REPLICATIONS).min(asked.at_most);
    let effort = Effort { first, at_most: asked.at_most, sure: asked.sure };
    let name = format!("{}-search", plan.outline().name());
    // A folder that cannot be written is found before the run.
    let target = OutputFolder::within(asked.out, &name)?;
    asked.output.warn_of_locks(&target);
    let store = Store::open(&target.path().join(STORE), plan.outline(), None).map_err(refused)?;
    let held = store.len();
    let interrupt = Interrupt::listen();
    let kept = || format!("{} runs", numbers::grouped(store.len() as f64));
    let stopped = || tell::stopped(&store, &kept(), interrupt.exit());
    let begun = Instant::now();
    let found = interrupt.within(stopped, || {
        let sizes = size_up(asked, &plan, &effort, held, threads.current_num_threads())?;
        let progress = Units::new(asked.output.is_for_people(), interrupt.clone(), sizes.limits(None));
        let found = threads.install(|| cheapest::cheapest(&plan, prices, &store, &effort, &progress));
        progress.finish();
        found.map_err(could_not_go_on)
    });
    let found = found?.ok_or_else(stopped)?;
    let searched = Searched { outline: plan.outline(), prices, found: &found };
    let files = searches::write(&target, &searched, asked.pictures.look()).map_err(Error::failed)?;
    if asked.pictures.open {
        open::page(&files);
    }
    let ran = told::Ran { runs: store.len() - held, wall_s: begun.elapsed().as_secs_f64(), files };
    if asked.output.json {
        print(&format!("{}\n", text::json(&told::tree(&searched, &ran))))?;
    } else if asked.output.quiet {
        print(&told::settings(&searched))?;
    } else {
        print(&told::screen(&searched, &ran, target.path()))?;
    }
    Ok(if found.winner.is_none() { Exit::ThresholdMissed } else { Exit::Done })
}

/// Says how large the search may become, and refuses it if it is too large.
fn size_up(asked: &Asked<'_>, plan: &Plan, effort: &Effort, held: u64, jobs: usize) -> Result<Sizes, Error> {
    let outline: &Outline = plan.outline();
    let runs = effort.most_runs(outline);
    let forecast = Forecast::of(plan, runs.saturating_sub(held).max(1), jobs)?;
    forecast.sizes.check(asked.size, outline.scale())?;
    if asked.output.is_for_people() {
        let (points, scenario) = (numbers::grouped(outline.points() as f64), outline.scenario());
        note(&format!(
            "{points} combinations of {scenario}, about {} runs: {}",
            numbers::grouped(runs as f64),
            forecast.sizes.words()
        ));
        if held > 0 {
            note(&format!("{} runs are done already", numbers::grouped(held as f64)));
        }
    }
    Ok(forecast.sizes)
}

/// The error of a search that could not go on.
fn could_not_go_on(error: SearchError) -> Error {
    match error {
        SearchError::Sweep(SweepError::Point(problems)) => problems.into(),
        SearchError::Sweep(_) => Error::failed(error).help("once the cause is removed, the same command goes on"),
        SearchError::CutShort { .. } => Error::failed(error)
            .help("state what a full queue does, queue = { shared = { limit = 100_000 } }, or leave out values"),
    }
}
