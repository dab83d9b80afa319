//! `dropstorm run`: scenarios in, pictures and verdicts out.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{Args, ValueEnum};
use dropstorm::analysis::Findings;
use dropstorm::engine::{self, Seed};
use dropstorm::measure::{Figures, Measurements, Stopped};
use dropstorm::model::{Model, warnings};
use dropstorm::report::{self, Context, Finished, Mark, OutputFolder, Subject};
use dropstorm::scenario::Scenario;
use rayon::prelude::*;

use super::progress::{Progress, ProgressProbe};
use super::trace::TraceProbe;
use super::{FAILED, THRESHOLD_MISSED, WRONG_INPUT, complain, print, setting};

/// Columns of the screen where it cannot be asked.
const USUAL_WIDTH: usize = 100;

/// Run scenarios: charts, figures and a verdict for each, and a comparison of several
#[derive(Args)]
#[command(
    after_help = "Examples:\n  dropstorm run scenarios/la-casa-de-papel-part-4.toml\n  dropstorm run my-drop.toml --replications 20             95% intervals on every figure\n  dropstorm run my-drop.toml --set pool.api.servers=200    another value for one setting\n  dropstorm run scenarios/*.toml --scale 0.02 --jobs 2     a comparison, one in fifty simulated\n  dropstorm run my-drop.toml --json --charts none | jq .error_rate.peak"
)]
pub struct Run {
    /// Scenario files; several run in parallel and are compared
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Where results go: a folder of the scenario's name within this one
    #[arg(long, default_value = "out", value_name = "DIR")]
    out: PathBuf,
    /// Another seed than the scenario's
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Independent runs; from 2 on every figure has a 95% interval
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000))]
    replications: u64,
    /// Another value for one setting, by its dotted path; may be given again
    #[arg(long = "set", value_name = "PATH=VALUE", value_parser = setting)]
    settings: Vec<(String, String)>,
    /// The share of the real size that is simulated, such as 0.1
    #[arg(long, value_name = "X")]
    scale: Option<String>,
    /// Runs at the same time; all cores by default
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Which charts to draw
    #[arg(long, value_enum, default_value_t = Charts::All)]
    charts: Charts,
    /// Leave viewers.csv with each event of the first N viewers
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    trace: Option<u32>,
    /// Print the summary as JSON, and nothing else, on standard output
    #[arg(long)]
    json: bool,
    /// Print nothing but mistakes
    #[arg(long)]
    quiet: bool,
}

/// Which charts to draw.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Charts {
    /// None.
    None,
    /// All that the figures have something for.
    All,
}

/// A scenario that can be run, with the folder for its results.
struct Prepared {
    scenario: Scenario,
    model: Model,
    folder: OutputFolder,
    seed: u64,
}

/// What the replications of one scenario came to.
struct Outcome {
    runs: Vec<Measurements>,
    trace: Option<Vec<u8>>,
    wall_s: f64,
}

impl Run {
    pub fn run(&self) -> u8 {
        let mut code = 0;
        let mut prepared: Vec<Prepared> = Vec::new();
        for file in &self.files {
            match self.prepare(file, &prepared) {
                Ok(ready) => prepared.push(ready),
                Err(mistake) => {
                    complain(&mistake);
                    code = WRONG_INPUT;
                }
            }
        }
        if prepared.is_empty() {
            return code;
        }
        if !self.quiet && !self.json {
            for ready in &prepared {
                let warned = warnings::of(&ready.scenario, &ready.model);
                if !warned.is_empty() {
                    complain(&warned.render(std::io::stderr().is_terminal()));
                }
            }
        }
        let outcomes = self.simulate(&prepared);
        let mut reported = Vec::new();
        for (ready, outcome) in prepared.iter().zip(outcomes) {
            match self.report(ready, outcome) {
                Ok((figures, findings)) => {
                    if !figures.thresholds_held() {
                        code = worse(code, THRESHOLD_MISSED);
                    }
                    reported.push((ready, figures, findings));
                }
                Err(mistake) => {
                    complain(&mistake);
                    code = worse(code, FAILED);
                }
            }
        }
        if self.json {
            self.print_json(&reported);
        } else if self.files.len() > 1
            && let Err(mistake) = self.compare(&reported)
        {
            complain(&mistake);
            code = worse(code, FAILED);
        }
        let wrong = self.files.len() - prepared.len();
        if wrong > 0 && self.files.len() > 1 {
            complain(&format!("{wrong} of {} scenarios could not be run; see above.", self.files.len()));
        }
        code
    }

    /// Reads a scenario, applies the settings of the command line and tries its folder, so that no run ends in vain.
    fn prepare(&self, file: &Path, others: &[Prepared]) -> Result<Prepared, String> {
        let mut settings = self.settings.clone();
        settings.extend(self.scale.iter().map(|scale| ("scale".to_owned(), scale.clone())));
        settings.extend(self.seed.iter().map(|seed| ("seed".to_owned(), seed.to_string())));
        let colour = std::io::stderr().is_terminal();
        let scenario = Scenario::read(file)
            .and_then(|scenario| if settings.is_empty() { Ok(scenario) } else { scenario.with_all(&settings) })
            .map_err(|mistakes| mistakes.render(colour))?;
        if others.iter().any(|other| other.scenario.name() == scenario.name()) {
            return Err(format!(
                "error: {} has the name of another scenario of this command, and would overwrite its results",
                file.display()
            ));
        }
        let folder =
            OutputFolder::prepare(&self.out.join(scenario.name())).map_err(|error| format!("error: {error}"))?;
        let model = Model::compile(&scenario);
        Ok(Prepared { seed: scenario.spec().seed, scenario, model, folder })
    }

    /// Runs all replications of all scenarios on all cores.
    fn simulate(&self, prepared: &[Prepared]) -> Vec<Outcome> {
        let intervals: u64 = prepared.iter().map(|ready| ready.model.intervals() as u64 * self.replications).sum();
        let progress = Progress::new(intervals, !self.quiet && !self.json);
        let units: Vec<(usize, u64)> = (0..prepared.len())
            .flat_map(|index| (0..self.replications).map(move |replication| (index, replication)))
            .collect();
        let work =
            || units.par_iter().map(|unit| self.simulate_one(&prepared[unit.0], unit.1, &progress)).collect::<Vec<_>>();
        let threads = usize::from(self.jobs.unwrap_or(0));
        let results = match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
            Ok(pool) => pool.install(work),
            // Without a pool of its own the work runs on the global one.
            Err(_) => work(),
        };
        progress.finish();
        let mut results = results.into_iter();
        let per_scenario = self.replications as usize;
        prepared
            .iter()
            .map(|_| {
                let mut outcome = Outcome { runs: Vec::with_capacity(per_scenario), trace: None, wall_s: 0.0 };
                for (run, trace, wall_s) in results.by_ref().take(per_scenario) {
                    outcome.runs.push(run);
                    outcome.trace = outcome.trace.or(trace);
                    outcome.wall_s += wall_s;
                }
                outcome
            })
            .collect()
    }

    /// One replication, its trace if one is wanted, and the seconds it took.
    fn simulate_one(
        &self,
        ready: &Prepared,
        replication: u64,
        progress: &Progress,
    ) -> (Measurements, Option<Vec<u8>>, f64) {
        let seed = Seed { seed: ready.seed, replication };
        let begun = Instant::now();
        let mut probe = ProgressProbe::new(progress);
        if let (Some(most), 0) = (self.trace, replication) {
            let mut probe = TraceProbe::new(most as usize, probe);
            let run = engine::run_with(&ready.model, seed, &mut probe);
            let wall = begun.elapsed().as_secs_f64();
            // Writing CSV into memory has no way to fail.
            return (run, probe.csv(ready.scenario.spec(), &ready.model).ok(), wall);
        }
        let run = engine::run_with(&ready.model, seed, &mut probe);
        (run, None, begun.elapsed().as_secs_f64())
    }

    /// Writes the files of one scenario and prints its screen.
    fn report(&self, ready: &Prepared, outcome: Outcome) -> Result<(Figures, Findings), String> {
        if let Some(stopped) = outcome.runs.iter().find_map(|run| run.stopped) {
            return Err(why_stopped(stopped, ready));
        }
        let figures = Figures::of(&outcome.runs);
        let findings = Findings::of(&figures);
        let context = ready.context();
        let subject = Subject { context: &context, figures: &figures, findings: &findings };
        let (charts, resolved) = (self.charts == Charts::All, ready.scenario.resolved());
        let trace = outcome.trace.as_deref();
        let run = Finished { subject, charts, trace, resolved: &resolved, wall_s: outcome.wall_s };
        let files = report::write(&ready.folder, &run).map_err(|error| format!("error: {error}"))?;
        if !self.quiet && !self.json {
            let colour = std::io::stdout().is_terminal();
            print(&report::terminal::screen(&subject, &files, width(), colour));
            print(&format!(
                "{} events in {:.1} s, {:.1} M a second\n\n",
                report::numbers::grouped(figures.events as f64),
                outcome.wall_s,
                figures.events as f64 / 1e6 / outcome.wall_s.max(1e-9)
            ));
        }
        Ok((figures, findings))
    }

    fn print_json(&self, reported: &[(&Prepared, Figures, Findings)]) {
        let summaries: Vec<_> = reported
            .iter()
            .map(|(ready, figures, _)| report::files::summary::json(&ready.context(), figures, None))
            .collect();
        let whole = match <[_; 1]>::try_from(summaries) {
            Ok([only]) if self.files.len() == 1 => only,
            Ok(only) => serde_json::Value::Array(only.into()),
            Err(several) => serde_json::Value::Array(several),
        };
        print(&format!("{whole:#}\n"));
    }

    /// One table and one chart of all scenarios of the command.
    fn compare(&self, reported: &[(&Prepared, Figures, Findings)]) -> Result<(), String> {
        let contexts: Vec<Context> = reported.iter().map(|(ready, ..)| ready.context()).collect();
        let subjects: Vec<Subject> = contexts
            .iter()
            .zip(reported)
            .map(|(context, (_, figures, findings))| Subject { context, figures, findings })
            .collect();
        if subjects.len() < 2 {
            return Ok(());
        }
        if !self.quiet {
            print(&format!("{}\n", report::terminal::comparison::table(&subjects, width())));
        }
        if self.charts == Charts::All {
            let folder = OutputFolder::prepare(&self.out).map_err(|error| format!("error: {error}"))?;
            let paths = report::write_comparison(&folder, &subjects).map_err(|error| format!("error: {error}"))?;
            for path in paths.iter().filter(|_| !self.quiet) {
                print(&format!("Wrote {}\n", path.display()));
            }
        }
        Ok(())
    }
}

impl Prepared {
    /// What the reports need to know.
    fn context(&self) -> Context<'_> {
        let changes = self.scenario.timeline().iter().filter(|change| !change.note.is_empty());
        Context {
            spec: self.scenario.spec(),
            name: self.scenario.name(),
            seed: self.seed,
            scale: self.scenario.spec().scale,
            digest: "",
            changes: changes.map(|change| Mark { t_s: change.at.seconds(), note: change.note.clone() }).collect(),
            requests: &self.model.requests,
        }
    }
}

/// The exit code that tells more: 1 before 2 before 99.
fn worse(a: u8, b: u8) -> u8 {
    [FAILED, WRONG_INPUT, THRESHOLD_MISSED].into_iter().find(|code| *code == a || *code == b).unwrap_or(0)
}

/// Columns of the screen: as the shell says, as the terminal says, or the usual.
fn width() -> usize {
    let stated = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let terminal = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    stated.or_else(terminal).unwrap_or(USUAL_WIDTH).clamp(40, 200)
}

fn why_stopped(stopped: Stopped, ready: &Prepared) -> String {
    let name = ready.scenario.name();
    match stopped {
        Stopped::QueueLimit { pool } => {
            let pool = ready.scenario.spec().pool.get_index(pool).map_or("?", |(name, _)| name.as_str());
            format!(
                "error: {name}: the queue of pool `{pool}` reached a hundred million attempts and the run was ended\n  \
                 help: state what happens then: [pool.{pool}] queue = {{ shared = {{ limit = 100_000 }} }}"
            )
        }
        Stopped::ViewerLimit => format!("error: {name}: more viewers than can be told apart; use a smaller scale"),
        Stopped::EventLimit => format!("error: {name}: the run took more than 4 million million events and was ended"),
        Stopped::Asked => format!("error: {name}: the run was asked to end"),
    }
}
