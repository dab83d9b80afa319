//! `dropstorm find`: the smallest or largest value of one setting for which a condition holds, or the cheapest combination of
//! several for which the thresholds do.

mod answer;
mod cheapest;
mod kept;

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use dropstorm::experiment::forecast::Forecast;
use dropstorm::model::Model;
use dropstorm::report::OutputFolder;
use dropstorm::report::search::{self, Sought};
use dropstorm::report::searches;
use dropstorm::sweep::{self, Answer, FindError, Search};
use dropstorm::system::text::json;
use dropstorm::units::Probability;

use super::error::{Error, Exit, note, print};
use super::interrupt::Interrupt;
use super::open;
use super::options::{Output, Overrides, Pictures};
use super::progress::Units;
use super::size::{Runs, Size, Sizes};
use kept::Kept;

/// Default number of runs of each value before the first decision.
const REPLICATIONS: u64 = 10;

/// Find the smallest or largest value of a setting for which a figure keeps to a bound, or the cheapest combination of
/// levers
///
/// With --vary and --until, FILE is a scenario. The search tries both ends of the range and bisects it, with the same
/// crowds at each value. A value is run until the 95% interval of the figure excludes the bound, or --at-most times;
/// then the mean decides. Verdicts called certain hold at 95% for all decisions of the search together. The search
/// assumes that the condition changes at most once within the range. At a scale below 1 neighbouring values may be the
/// same simulation; such values are not tried. A table and a picture of all values tried go to out/SCENARIO-find/, and
/// the same command resumes a search that was stopped.
///
/// With --search, FILE is a plan with levers, which have a cost for each value. The search looks for the cheapest
/// combination for which all thresholds hold, by successive halving: every combination is run a few times on the same
/// crowds, the better half is run twice as often, and so on, until one combination is the cheapest with the probability
/// --sure. Results go to out/PLAN-search/, and the same command resumes a search that was stopped.
#[derive(Args)]
#[command(
    mut_arg("quiet", |quiet| quiet.help("Print only the value")),
    after_help = concat!("Examples:\n  dropstorm find my-drop.toml --vary pool.api.servers=100..2000 --until \"error_rate.peak<1%\"\n  dropstorm find my-drop.toml --vary client.app.timeout=0.2s..5s --until \"amplification.total<=1.5\"\n  dropstorm find my-drop.toml --vary pool.api.servers=4..64 --until \"thresholds_held>=90%\"\n  dropstorm find my-drop.toml --vary audience.fans.viewers=1e5..1e7 --until \"recovery_s<10 min\"\n  dropstorm find scenarios/sweeps/cheapest.toml --search\n\nFigures are those of summary.json, and thresholds_held: the share of runs in which all thresholds\nheld.\n\n", exit_codes!())
)]
pub struct Find {
    /// The scenario file; with --search, a plan with levers
    file: PathBuf,
    /// Setting, and the ends of its range in any order
    #[arg(long, value_name = "PATH=LOW..HIGH", required_unless_present = "search")]
    vary: Option<String>,
    /// Figure and its bound, by <, <=, > or >=; the mean must keep to it (of recovery_s the median)
    #[arg(long, value_name = "FIGURE<BOUND", required_unless_present = "search")]
    until: Option<String>,
    /// Find the cheapest combination of the levers of a plan
    #[arg(long, conflicts_with_all = ["vary", "until"])]
    search: bool,
    /// Probability of being the cheapest at which --search ends
    #[arg(long, default_value = "99%", value_name = "P", requires = "search", value_parser = cheapest::probability)]
    sure: Probability,
    /// Folder for the results
    #[arg(long, default_value = "out", value_name = "DIR")]
    out: PathBuf,
    /// Overlay to merge into the scenario; may be repeated
    #[arg(long = "with", value_name = "OVERLAY")]
    with: Vec<PathBuf>,
    /// Runs of each value before the first decision, 10 by default; of each combination, 4
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(2..=100_000))]
    replications: Option<u64>,
    /// Largest number of runs of a value or combination; then the mean decides, and the verdict is not certain
    #[arg(long, default_value_t = 100, value_name = "N", value_parser = clap::value_parser!(u64).range(2..=100_000))]
    at_most: u64,
    #[command(flatten)]
    overrides: Overrides,
    #[command(flatten)]
    size: Size,
    #[command(flatten)]
    pictures: Pictures,
    #[command(flatten)]
    output: Output,
}

impl Find {
    /// Reads the question, searches, and prints the answer.
    pub fn run(&self) -> Result<Exit, Error> {
        match (&self.vary, &self.until) {
            (Some(vary), Some(until)) => self.one_setting(vary, until),
            // The parser asks for both unless a search is asked for.
            _ => cheapest::run(&self.asked()),
        }
    }

    /// The search over levers that the command asks for.
    fn asked(&self) -> cheapest::Asked<'_> {
        cheapest::Asked {
            file: &self.file,
            with: &self.with,
            sure: self.sure.0,
            out: &self.out,
            first: self.replications,
            at_most: self.at_most,
            overrides: &self.overrides,
            size: &self.size,
            pictures: &self.pictures,
            output: &self.output,
        }
    }

    /// Looks for the edge of a condition in the range of one setting.
    fn one_setting(&self, vary: &str, until: &str) -> Result<Exit, Error> {
        let search = self.search(vary, until)?;
        // A folder that cannot be written is found before the runs.
        let target = OutputFolder::within(&self.out, &search::folder(&search))?;
        self.output.warn_of_locks(&target);
        let threads = self.overrides.threads()?;
        let interrupt = Interrupt::listen();
        let begun = Instant::now();
        let (kept, tried) = Kept::open(&search, &target).map_err(could_not_go_on)?;
        let stopped = || kept.stopped(interrupt.exit());
        let found = interrupt.within(stopped, || {
            let sizes = self.size_up(&search, threads.current_num_threads())?;
            let progress = Units::search(self.output.is_for_people(), interrupt.clone(), sizes.limits(None));
            let found = threads
                .install(|| sweep::resume(&search, &progress, tried, &mut |trials, begun| kept.keep(trials, begun)));
            progress.finish();
            found.map_err(could_not_go_on)
        });
        let finding = found?.ok_or_else(stopped)?;
        let sought = Sought { search: &search, finding: &finding };
        let files = searches::write_sought(&target, &sought, self.pictures.look()).map_err(Error::failed)?;
        if self.pictures.open {
            open::page(&files);
        }
        self.tell(&sought, begun.elapsed().as_secs_f64(), &files, target.path())?;
        Ok(if finding.answer == Answer::Nowhere { Exit::ThresholdMissed } else { Exit::Done })
    }

    /// Prints the size of the search, unless it is small, and refuses a search that is too large.
    fn size_up(&self, search: &Search, jobs: usize) -> Result<Sizes, Error> {
        if self.output.is_for_people() && search.condition().is_of_all() {
            let text = &search.condition().text;
            note(&format!("warning: `{text}`: the bound is 100%, which nearly every run keeps to; is 1% meant?"));
        }
        let mut forecasts = Vec::new();
        for scenario in search.scenarios_at_ends()? {
            forecasts.push(Forecast::of(&Model::compile(&scenario)));
        }
        // Both ends are run at least, and most values between them need no more than the first replications.
        let each = self.replications.unwrap_or(REPLICATIONS) as f64 * search.most_values() / 2.0;
        let runs = Runs { forecasts, each, jobs, keeps: false, charts: true };
        let Some(sizes) = runs.sizes(true) else { return Err(Error::failed("a search without ends")) };
        sizes.check(&self.size, search.scale())?;
        if self.output.is_for_people() && sizes.is_worth_saying() {
            note(&sizes.words());
        }
        Ok(sizes)
    }

    /// The question, with the settings that hold throughout.
    fn search(&self, vary: &str, until: &str) -> Result<Search, Error> {
        let scenario = self.overrides.read(&self.file, &self.with)?;
        let search = Search::new(&scenario, vary, until)?;
        if let Some((path, _)) = self.overrides.settings().iter().find(|(path, _)| path == search.path()) {
            return Err(Error::wrong_input(format!("`{path}` is set and varies in one command")));
        }
        Ok(search.replications(self.replications.unwrap_or(REPLICATIONS), self.at_most))
    }

    fn tell(&self, sought: &Sought<'_>, wall_s: f64, files: &[PathBuf], folder: &Path) -> Result<(), Error> {
        if self.output.json {
            return print(&format!("{}\n", json(&answer::tree(sought, wall_s, files))));
        }
        if self.output.quiet {
            return sought.edge().map_or(Ok(()), |edge| print(&format!("{}\n", edge.value.text)));
        }
        print(&answer::screen(sought, wall_s, files, folder))
    }
}

/// The error of a search that met a value it cannot judge.
fn could_not_go_on(error: FindError) -> Error {
    match error {
        FindError::Value(problems) => problems.into(),
        FindError::CutShort { .. } => Error::failed(error)
            .help("state what a full queue does, queue = { shared = { limit = 100_000 } }, or narrow the range"),
        FindError::NoFigure { .. } => Error::failed(error).help("narrow the range, or ask for another figure"),
    }
}
