//! `dropstorm run`: runs scenarios and writes charts, figures and verdicts.

pub mod outcome;
mod partial;
mod report;
mod simulate;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use dropstorm::engine::Limits;
use dropstorm::experiment::forecast::Forecast;
use dropstorm::model::{Model, Rounding, warnings};
use dropstorm::report::render::Look;
use dropstorm::report::{Context, OutputFolder};
use dropstorm::scenario::{Diagnostic, Diagnostics, Scenario};
use dropstorm::system::text;

use super::error::{Error, Exit, note, warn};
use super::interrupt::Interrupt;
use super::open;
use super::options::{Output, Overrides, Pictures};
use super::size::{Runs, Size};

/// Run scenarios: charts, figures and a verdict for each, and a comparison of several
#[derive(Args)]
#[command(
    after_help = concat!("Examples:\n  dropstorm run scenarios/la-casa-de-papel-part-4.toml\n  dropstorm run my-drop.toml --replications 20             95% intervals on every figure\n  dropstorm run my-drop.toml --set pool.api.servers=200    another value for one setting\n  dropstorm run scenarios/*.toml --scale 0.02 --jobs 2     a comparison, one in fifty simulated\n  dropstorm run a.toml b.toml --replications 10            and how far b is from a, with intervals\n  dropstorm run my-drop.toml --json | jq .error_rate.peak\n\n", exit_codes!())
)]
pub struct Run {
    /// Scenario files; several run in parallel and are compared with the first
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Overlay to merge into each scenario; may be repeated
    #[arg(long = "with", value_name = "OVERLAY")]
    with: Vec<PathBuf>,
    /// Also run the scenario with each of these overlays, and compare
    #[arg(long, value_name = "OVERLAY", num_args = 1..)]
    each: Vec<PathBuf>,
    /// Folder of results, with a subfolder for each scenario
    #[arg(long, default_value = "out", value_name = "DIR")]
    out: PathBuf,
    /// Number of independent runs; with 2 or more, figures have 95% intervals
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000))]
    replications: u64,
    #[command(flatten)]
    overrides: Overrides,
    /// Charts to draw; charts of an earlier run in the same folder are removed in either case
    #[arg(long, value_enum, default_value_t = Charts::All)]
    charts: Charts,
    #[command(flatten)]
    pictures: Pictures,
    /// Also run each scenario as an ordinary day, without multipliers, changes and the people who come for the drop,
    /// and draw usage.png
    #[arg(long)]
    ordinary_day: bool,
    /// Also try single changes of each scenario, as `dropstorm explain` does, and add them to its page
    #[arg(long)]
    explain: bool,
    /// Write viewers.csv with all events of the first N viewers
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    trace: Option<u32>,
    #[command(flatten)]
    limits: partial::Limited,
    #[command(flatten)]
    size: Size,
    #[command(flatten)]
    output: Output,
}

/// Which charts to draw.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Charts {
    /// No chart.
    None,
    /// Each chart for which there are figures.
    All,
}

/// A scenario that can be run, with the folder for its results.
struct Prepared {
    scenario: Scenario,
    model: Model,
    /// The effect of the scale on each pool.
    roundings: Vec<Rounding>,
    /// The model of an ordinary day, if one is wanted and anybody comes on it.
    ordinary: Option<Model>,
    folder: OutputFolder,
}

impl Run {
    /// Runs the scenarios without errors; with `--each`, all or none.
    pub fn run(&self) -> Result<Exit, Error> {
        self.run_those(!self.each.is_empty())
    }

    /// Runs the scenarios that can be run; if `all` are needed and one cannot be run, none.
    fn run_those(&self, all: bool) -> Result<Exit, Error> {
        let threads = self.overrides.threads()?;
        let (scenarios, unread) = self.read();
        if all && unread != Exit::Done {
            note("Nothing was run: a comparison needs all of its scenarios; see above.");
            return Ok(unread);
        }
        let (prepared, untried) = self.prepare(scenarios);
        let wrong_input = unread.or_worse(untried);
        if prepared.is_empty() || all && untried != Exit::Done {
            return Ok(wrong_input);
        }
        let together = self.together(&prepared)?;
        self.warn_of(&prepared);
        let limits = self.size_up(&prepared, threads.current_num_threads())?;
        let interrupt = Interrupt::listen();
        let stopped = || self.stopped(&prepared, &interrupt);
        let ran = interrupt.within(stopped, || threads.install(|| self.simulate(&prepared, limits, &interrupt)));
        // A signal that came as the last run ended is not lost.
        let (outcomes, ordinary) = ran.filter(|_| !interrupt.came()).ok_or_else(stopped)?;
        let (reported, exit) = self.report(&prepared, outcomes, ordinary);
        let compared = self.compare(&reported, together.as_ref())?;
        self.show(&reported)?;
        self.count_wrong(&prepared);
        let explained = self.explain(&reported, &threads, &interrupt);
        if self.pictures.open {
            open::page(reported.iter().flat_map(|one| one.files()).chain(&compared));
        }
        explained.map(|()| wrong_input.or_worse(exit))
    }

    /// The error of a signal. The folders that were created for the results are removed.
    fn stopped(&self, prepared: &[Prepared], interrupt: &Interrupt) -> Error {
        prepared.iter().for_each(|ready| ready.folder.discard(&self.out));
        let folder = text::path(&self.out);
        Error::stopped(
            format!("stopped: nothing was written, and what lay in {folder} stays as it was"),
            interrupt.exit(),
        )
    }

    /// Runs a comparison, which needs at least two scenarios.
    pub fn run_comparison(&self) -> Result<Exit, Error> {
        if self.files.len() < 2 && self.each.is_empty() {
            let help = "add one, or overlays: dropstorm compare SCENARIO --each OVERLAY …";
            return Err(Error::wrong_input("a comparison needs two scenarios or more").help(help));
        }
        self.run_those(true)
    }

    /// Reads each scenario with its overlays and the settings of the command line. Errors are printed at once, each once; the
    /// exit code is that of the worst.
    fn read(&self) -> (Vec<Scenario>, Exit) {
        let mut exit = Exit::Done;
        let mut read: Vec<Scenario> = Vec::new();
        let mut told = HashSet::new();
        for (file, overlays) in self.wanted() {
            match self.overrides.read(file, &overlays) {
                Ok(scenario) if read.iter().any(|other| other.name() == scenario.name()) => {
                    let clash = "has the name of another scenario of this command, and would overwrite its results";
                    exit = exit.or_worse(Error::wrong_input(format!("{} {clash}", text::path(file))).tell());
                }
                Ok(scenario) => read.push(scenario),
                Err(problems) => {
                    let fresh: Vec<Diagnostic> =
                        problems.into_iter().filter(|problem| told.insert(problem.identity())).collect();
                    exit = exit.or_worse(Exit::WrongInput);
                    if !fresh.is_empty() {
                        Error::from(Diagnostics::new(fresh)).tell();
                    }
                }
            }
        }
        (read, exit)
    }

    /// Prepares each scenario. Errors are printed at once; the exit code is that of the worst.
    fn prepare(&self, scenarios: Vec<Scenario>) -> (Vec<Prepared>, Exit) {
        let mut exit = Exit::Done;
        let mut prepared: Vec<Prepared> = Vec::new();
        for scenario in scenarios {
            match self.prepare_one(scenario) {
                Ok(ready) => prepared.push(ready),
                Err(error) => exit = exit.or_worse(error.tell()),
            }
        }
        (prepared, exit)
    }

    /// The scenarios to run: each file, and with `--each` each file with each overlay; all with the overlays of `--with`.
    fn wanted(&self) -> Vec<(&Path, Vec<PathBuf>)> {
        let alone = |file| (file, self.with.clone());
        let each = |file| self.each.iter().map(move |one| (file, self.with.iter().chain([one]).cloned().collect()));
        let files = self.files.iter().map(PathBuf::as_path);
        files.flat_map(|file| std::iter::once(alone(file)).chain(each(file))).collect()
    }

    /// Compiles a scenario, and tries the folder for its results before the run.
    fn prepare_one(&self, scenario: Scenario) -> Result<Prepared, Error> {
        let folder = OutputFolder::within(&self.out, scenario.name())?;
        self.output.warn_of_locks(&folder);
        let model = Model::compile(&scenario);
        let roundings = model.roundings();
        let ordinary = if self.ordinary_day { self.ordinary_day_of(&scenario) } else { None };
        Ok(Prepared { scenario, model, roundings, ordinary, folder })
    }

    /// The model of the ordinary day of a scenario; prints a note if nobody comes on it.
    fn ordinary_day_of(&self, scenario: &Scenario) -> Option<Model> {
        let day = scenario.ordinary_day();
        if day.is_none() && self.output.is_for_people() {
            let name = scenario.name();
            note(&format!(
                "{name}: everybody comes for the drop and nobody on an ordinary day, so there is no usage.png"
            ));
        }
        day.map(|day| Model::compile(&day))
    }

    /// Look of the charts; `None` where none is drawn.
    fn look(&self) -> Option<Look> {
        (self.charts == Charts::All).then(|| self.pictures.look())
    }

    /// Prints the size of the runs, unless they are small, and refuses runs that are too large. Returns the limits of
    /// each run.
    fn size_up(&self, prepared: &[Prepared], jobs: usize) -> Result<Limits, Error> {
        let models = prepared.iter().flat_map(|ready| std::iter::once(&ready.model).chain(&ready.ordinary));
        let forecasts = models.map(Forecast::of).collect();
        let runs =
            Runs { forecasts, each: self.replications as f64, jobs, keeps: true, charts: self.charts == Charts::All };
        let Some(sizes) = runs.sizes(true) else { return Ok(Limits::NONE) };
        if !self.limits.are_set() {
            let scale = prepared.first().map_or(1.0, |ready| ready.scenario.spec().scale);
            sizes.check(&self.size, scale)?;
        }
        if self.output.is_for_people() && sizes.is_worth_saying() {
            note(&sizes.words());
        }
        Ok(sizes.limits(self.limits.events()))
    }

    /// The folder of all results, for the files of several scenarios together; tried before the run too.
    fn together(&self, prepared: &[Prepared]) -> Result<Option<OutputFolder>, Error> {
        Ok(if prepared.len() > 1 { Some(OutputFolder::prepare(&self.out)?) } else { None })
    }

    /// Prints the warnings about the scenarios. A warning about several is printed once, at the first of them.
    fn warn_of(&self, prepared: &[Prepared]) {
        if !self.output.is_for_people() {
            return;
        }
        let mut once: Vec<(Diagnostic, Vec<&str>)> = Vec::new();
        for ready in prepared {
            for warning in warnings::of(&ready.scenario, &ready.model) {
                let same = |known: &Diagnostic| {
                    (&known.title, &known.label, &known.help) == (&warning.title, &warning.label, &warning.help)
                };
                match once.iter_mut().find(|(known, _)| same(known)) {
                    Some((_, also)) => also.push(ready.scenario.name()),
                    None => once.push((warning, Vec::new())),
                }
            }
        }
        let told = once.into_iter().map(|(warning, also)| {
            let help =
                warning.help.iter().cloned().chain((!also.is_empty()).then(|| format!("also in {}", also.join(", "))));
            let help = help.collect::<Vec<_>>().join("; ");
            warning.help(help)
        });
        warn(&Diagnostics::new(told.collect()));
    }

    /// Prints at the end how many scenarios are missing from the results.
    fn count_wrong(&self, prepared: &[Prepared]) {
        let all = self.wanted().len();
        let wrong = all - prepared.len();
        if wrong > 0 && all > 1 {
            note(&format!("{wrong} of {all} scenarios could not be run; see above."));
        }
    }
}

impl Prepared {
    fn seed(&self) -> u64 {
        self.scenario.spec().seed
    }

    /// The context of reports.
    fn context(&self) -> Context<'_> {
        Context::of(&self.scenario, &self.model, &self.roundings)
    }
}
