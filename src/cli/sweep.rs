//! `dropstorm sweep`: a scenario at many points of a space of settings.

mod forecast;
mod shards;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{Args, Subcommand};
use dropstorm::report::OutputFolder;
use dropstorm::report::files::tables::UNITS;
use dropstorm::report::numbers::grouped;
use dropstorm::report::sweeps::{self, Told};
use dropstorm::sweep::store::{self, ShardFile};
use dropstorm::sweep::{self, Outline, Plan, Replications, Results, Shard, Store, StoreError};

use super::interrupt::Interrupt;
use super::progress::Units;
use super::{FAILED, WRONG_INPUT, complain, print, setting};
use forecast::Forecast;

/// Run a scenario at many points of a space of settings, on all cores, and go on where it was stopped
#[derive(Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Examples:\n  dropstorm sweep scenarios/sweeps/how-many-servers.toml\n  dropstorm sweep plan.toml --dry-run          how many points, how long, how much memory\n  dropstorm sweep plan.toml --shard 7/64       one of 64 parts, for a cluster; counted from 0\n  dropstorm sweep missing out/plan             the shards that are not done: 1,5,9\n  dropstorm sweep merge out/plan               all shards into the results of one machine\n\nThe same command goes on where it was stopped.\n\nExit codes: 0 done, 1 failed, 2 wrong usage or a wrong file, 75 a shard that may be tried again, 130 stopped by Ctrl-C."
)]
pub struct Sweep {
    #[command(subcommand)]
    part: Option<Part>,
    /// The plan: a TOML file
    #[arg(required = true)]
    plan: Option<PathBuf>,
    /// Where results go: a folder of the plan's name within this one
    #[arg(long, default_value = "out", value_name = "DIR")]
    out: PathBuf,
    /// Another seed than the plan's
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Another value for one setting at all points, by its dotted path; may be given again
    #[arg(long = "set", value_name = "PATH=VALUE", value_parser = setting)]
    settings: Vec<(String, String)>,
    /// The share of the real size that is simulated, such as 0.02
    #[arg(long, value_name = "X")]
    scale: Option<String>,
    /// Runs at the same time; all cores by default
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Run only shard I of N, counted from 0
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// Check the plan, say how long it would take, and stop
    #[arg(long)]
    dry_run: bool,
    /// Print what was found as JSON, and nothing else, on standard output
    #[arg(long)]
    json: bool,
    /// Print nothing but mistakes
    #[arg(long)]
    quiet: bool,
}

/// What is done with the shards of a sweep.
#[derive(Subcommand)]
enum Part {
    /// Put all shards of a folder together; the results are those of one machine, byte for byte
    #[command(after_help = "Examples:\n  dropstorm sweep merge out/plan")]
    Merge {
        /// The folder with the shards, or the one above it
        folder: PathBuf,
        /// Print what was found as JSON, and nothing else, on standard output
        #[arg(long)]
        json: bool,
        /// Print nothing but mistakes
        #[arg(long)]
        quiet: bool,
    },
    /// Print the shards of a folder that are not done, such as 1,5,9
    #[command(after_help = "Examples:\n  sbatch --array=$(dropstorm sweep missing out/plan) job.sh")]
    Missing {
        /// The folder with the shards, or the one above it
        folder: PathBuf,
    },
}

/// Exit code: what failed may be tried again as it is.
const TRY_AGAIN: u8 = 75;

impl Sweep {
    pub fn run(&self) -> u8 {
        match (&self.part, &self.plan) {
            (Some(Part::Merge { folder, json, quiet }), _) => shards::merge(folder, *quiet, *json),
            (Some(Part::Missing { folder }), _) => shards::missing(folder),
            (None, Some(plan)) => self.sweep(plan),
            // The parser asks for one of them.
            (None, None) => WRONG_INPUT,
        }
    }

    /// Reads the plan, says what it will take, runs it, and writes what came of it.
    fn sweep(&self, file: &Path) -> u8 {
        let threads = usize::from(self.jobs.unwrap_or(0));
        let pool = match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
            Ok(pool) => pool,
            Err(error) => {
                complain(&format!("error: cannot start {threads} threads: {error}"));
                return FAILED;
            }
        };
        let plan = match pool.install(|| Plan::read(file, &self.all_settings())) {
            Ok(plan) => plan,
            Err(mistakes) => {
                complain(&mistakes.render(std::io::stderr().is_terminal()));
                return WRONG_INPUT;
            }
        };
        let folder = self.out.join(plan.outline().name());
        let outcome = match self.dry_run {
            true => {
                self.announce(&plan, &folder, None, pool.current_num_threads(), &Interrupt::default());
                Ok(0)
            }
            false => self.work(&plan, &folder, &pool),
        };
        outcome.unwrap_or_else(|Failure { mistake, code }| {
            complain(&mistake);
            // A machine that fails here may be another's to mend: whoever deals out shards may deal this one out again.
            if code == FAILED && self.shard.is_some() { TRY_AGAIN } else { code }
        })
    }

    /// What holds at all points, over the plan and the scenario.
    fn all_settings(&self) -> Vec<(String, String)> {
        let mut settings = self.settings.clone();
        settings.extend(self.scale.iter().map(|scale| ("scale".to_owned(), scale.clone())));
        settings.extend(self.seed.iter().map(|seed| ("seed".to_owned(), seed.to_string())));
        settings
    }

    /// Runs what is missing and writes the results, or the file of the shard.
    fn work(&self, plan: &Plan, folder: &Path, pool: &rayon::ThreadPool) -> Result<u8, Failure> {
        let outline = plan.outline();
        if let Some(shard) = self.shard
            && self.is_done(shard, plan, folder)?
        {
            return Ok(0);
        }
        let path = self.shard.map_or_else(|| folder.join(store::FILE), |shard| shard.unfinished(folder));
        let store = Store::open(&path, outline, self.shard).map_err(|error| match error {
            StoreError::Foreign { .. } => {
                let help = "take another folder with --out, or remove this file to begin anew";
                Failure { mistake: format!("error: {error}\n  help: {help}"), code: WRONG_INPUT }
            }
            StoreError::Damaged { .. } => {
                let help = "remove this file to begin anew";
                Failure { mistake: format!("error: {error}\n  help: {help}"), code: FAILED }
            }
            // Which folder it is, is the user's word; a file system of a cluster may be back in a moment.
            StoreError::File { .. } if self.shard.is_none() => Failure { code: WRONG_INPUT, ..Failure::new(error) },
            error => Failure::new(error),
        })?;
        let target = match self.shard {
            Some(_) => None,
            None => Some(
                OutputFolder::prepare(folder).map_err(|error| Failure { code: WRONG_INPUT, ..Failure::new(error) })?,
            ),
        };
        let interrupt = Interrupt::listen();
        let held = store.len();
        let jobs = pool.current_num_threads();
        self.announce(plan, folder, Some(&store), jobs, &interrupt);
        let begun = Instant::now();
        let progress = Units::new(!self.quiet && !self.json, interrupt.clone());
        let complete = pool.install(|| sweep::run(plan, self.shard, &store, &progress));
        progress.finish();
        let (ran, wall_s) = (store.len() - held, begun.elapsed().as_secs_f64());
        match complete {
            Ok(true) => {}
            Ok(false) => return Ok(self.stopped(&store, outline, &interrupt)),
            Err(error) => {
                let help = format!("{} units are kept; when that is mended the same command goes on", store.len());
                return Err(Failure { mistake: format!("error: {error}\n  help: {help}"), code: FAILED });
            }
        }
        match (self.shard, target) {
            (Some(shard), _) => {
                let units = store.len();
                let file = ShardFile::write(store, outline, shard, folder).map_err(Failure::new)?;
                self.tell_shard(shard, &file, units, "done");
                Ok(0)
            }
            (None, target) => {
                let results = Results::new(outline, &store).map_err(Failure::new)?;
                let target = target.map_or_else(|| OutputFolder::prepare(folder), Ok).map_err(Failure::new)?;
                let told = sweeps::write(&target, &results).map_err(Failure::new)?;
                Ok(finished(&told, outline, folder, Some((ran, wall_s)), self.quiet, self.json))
            }
        }
    }

    /// Whether a shard was finished before; one that is damaged is run again.
    fn is_done(&self, shard: Shard, plan: &Plan, folder: &Path) -> Result<bool, Failure> {
        let file = shard.file(folder);
        if !file.exists() {
            return Ok(false);
        }
        match ShardFile::check(&file) {
            Ok(done) if done.outline.digest() == plan.outline().digest() => {
                self.tell_shard(shard, &file, done.units, "done already");
                Ok(true)
            }
            Ok(_) => Err(Failure {
                mistake: format!(
                    "error: `{}` is a shard of another plan or version\n  help: take another folder with --out",
                    file.display()
                ),
                code: WRONG_INPUT,
            }),
            Err(StoreError::Damaged { .. }) => {
                if !self.quiet {
                    complain(&format!("warning: `{}` is damaged and is run again", file.display()));
                }
                Ok(false)
            }
            Err(error) => Err(Failure::new(error)),
        }
    }

    /// Says what will be run and what it takes.
    fn announce(&self, plan: &Plan, folder: &Path, store: Option<&Store>, jobs: usize, interrupt: &Interrupt) {
        if (self.quiet || self.json) && !self.dry_run {
            return;
        }
        let outline = plan.outline();
        let held = store.map_or(0, Store::len);
        let units = match self.shard {
            Some(shard) => sweep::units_of_shard(outline, shard),
            None => outline.most_units(),
        };
        let missing = units.saturating_sub(held);
        let silent = Units::new(false, interrupt.clone());
        let forecast = Forecast::of(plan, missing, jobs, &silent);
        if self.json {
            let tree = serde_json::json!({
                "sweep": outline.name(), "points": outline.points(), "units": units, "jobs": jobs,
                "seconds": forecast.seconds, "memory_bytes": forecast.memory, "disk_bytes": forecast.disk,
                "folder": folder,
            });
            return print(&format!("{tree:#}\n"));
        }
        print(&overview(outline, self.shard, units));
        if missing > 0 {
            let at_most = matches!(outline.replications(), Replications::Until(_));
            print(&format!("  {}\n", forecast.words(jobs, at_most)));
        }
        if held > 0 {
            print(&format!("  {} of {} are done already\n", grouped(held as f64), grouped(units as f64)));
        }
    }

    fn tell_shard(&self, shard: Shard, file: &Path, units: u64, how: &str) {
        if self.json {
            let tree = serde_json::json!({ "shard": shard.index, "of": shard.count, "units": units, "file": file });
            print(&format!("{tree:#}\n"));
        } else if !self.quiet {
            print(&format!("Shard {shard} is {how}: {} units in {}\n", grouped(units as f64), file.display()));
        }
    }

    /// Says how to go on after an interrupt.
    fn stopped(&self, store: &Store, outline: &Outline, interrupt: &Interrupt) -> u8 {
        let units = self.shard.map_or(outline.most_units(), |shard| sweep::units_of_shard(outline, shard));
        let (kept, units) = (grouped(store.len() as f64), grouped(units as f64));
        complain(&format!(
            "stopped: {kept} of {units} units are kept in {}\n  help: the same command goes on from here",
            store.path().display()
        ));
        if self.shard.is_some() && interrupt.is_terminate() { TRY_AGAIN } else { interrupt.exit_code() }
    }
}

/// Why the work ended, and the exit code.
struct Failure {
    mistake: String,
    code: u8,
}

impl Failure {
    fn new(error: impl std::fmt::Display) -> Failure {
        Failure { mistake: format!("error: {error}"), code: FAILED }
    }
}

/// The plan in a few lines.
fn overview(outline: &Outline, shard: Option<Shard>, units: u64) -> String {
    let whole = |number: u64| grouped(number as f64);
    let (points, scenario) = (whole(outline.points()), outline.scenario());
    let times = match outline.replications() {
        Replications::Fixed(1) => String::new(),
        Replications::Fixed(count) => {
            format!(" × {} replications = {} units", whole(*count), whole(outline.most_units()))
        }
        Replications::Until(until) => format!(", each at most {} times", whole(until.at_most)),
    };
    let scale = if outline.scale() < 1.0 {
        format!(" at 1:{}", whole((1.0 / outline.scale()).round() as u64))
    } else {
        String::new()
    };
    let mut text = format!("{}: {points} points{times} of {scenario}{scale}\n", outline.name());
    for (parameter, values) in outline.parameters().zip(outline.values_in_words()) {
        text.push_str(&format!("  {}: {values}\n", parameter.paths.join(", ")));
    }
    let (baseline, is) = outline.baseline();
    text.push_str(&format!("  differences are to point {baseline}, {is}\n"));
    if let Some(shard) = shard {
        text.push_str(&format!("  shard {shard}: {} of the units\n", whole(units)));
    }
    text
}

/// Says what a sweep left, and gives its exit code.
fn finished(told: &Told, outline: &Outline, folder: &Path, run: Option<(u64, f64)>, quiet: bool, json: bool) -> u8 {
    if json {
        let mut tree = serde_json::json!({
            "sweep": outline.name(), "points": outline.points(), "units": told.units, "cut_short": told.cut_short,
            "digest": told.digest, "folder": folder, "files": told.files,
        });
        if let Some((ran, wall_s)) = run {
            tree["ran"] = ran.into();
            tree["wall_s"] = wall_s.into();
        }
        print(&format!("{tree:#}\n"));
    } else if !quiet {
        if let Some((ran, wall_s)) = run.filter(|(ran, _)| *ran > 0) {
            let rate = ran as f64 / wall_s.max(1e-9);
            let took = dropstorm::report::numbers::duration(wall_s);
            print(&format!(
                "{} units in {took}, {} a second\n",
                grouped(ran as f64),
                dropstorm::report::numbers::si(rate)
            ));
        }
        let names: Vec<String> =
            told.files.iter().filter_map(|file| Some(file.file_name()?.to_string_lossy().into_owned())).collect();
        print(&format!("Wrote {}: {}\n", folder.display(), names.join(", ")));
    }
    if told.cut_short > 0 {
        let (cut, all) = (grouped(told.cut_short as f64), grouped(told.units as f64));
        complain(&format!(
            "error: {cut} of {all} units were ended by a limit and have no figures\n  help: see the column `ended` of {}",
            UNITS
        ));
        return FAILED;
    }
    0
}
