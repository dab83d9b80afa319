//! `dropstorm sweep`: a scenario at many points of a space of settings.

pub(super) mod forecast;
mod shards;
pub(super) mod tell;
pub(super) mod work;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use dropstorm::sweep::{Plan, Shard};

use super::error::{Error, Exit};
use super::options::{Output, Overrides, Pictures};
use super::size::Size;
use work::Work;

/// Run a scenario at many points of a space of settings, on all cores, and resume after a stop
#[derive(Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = concat!("Examples:\n  dropstorm sweep scenarios/sweeps/how-many-servers.toml\n  dropstorm sweep plan.toml --dry-run          how many points, how long, how much memory\n  dropstorm sweep plan.toml --shard 7/64       one of 64 parts, for a cluster; counted from 0\n  dropstorm sweep missing out/plan             the shards that are not done: 1,5,9\n  dropstorm sweep merge out/plan               all shards into the results of one machine\n\nThe same command resumes a sweep that was stopped.\n\n", exit_codes!())
)]
pub struct Sweep {
    #[command(subcommand)]
    part: Option<Part>,
    /// The plan: a TOML file
    #[arg(required = true)]
    plan: Option<PathBuf>,
    /// Overlay to merge into the scenario of the plan; may be repeated
    #[arg(long = "with", value_name = "OVERLAY")]
    with: Vec<PathBuf>,
    /// Folder of results, with a subfolder for the sweep
    #[arg(long, default_value = "out", value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    overrides: Overrides,
    /// Run only shard I of N, counted from 0
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// Check the plan, print the estimated size of the sweep, and stop
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    pictures: Pictures,
    #[command(flatten)]
    size: Size,
    #[command(flatten)]
    output: Output,
}

/// Operations on the shards of a sweep.
#[derive(Subcommand)]
enum Part {
    /// Merge all shards of a folder; the results are those of one machine, byte for byte
    #[command(after_help = "Examples:\n  dropstorm sweep merge out/plan")]
    Merge {
        /// The folder with the shards, or the one above it
        folder: PathBuf,
        #[command(flatten)]
        pictures: Pictures,
        #[command(flatten)]
        output: Output,
    },
    /// Print the shards of a folder that are missing, such as 1,5,9
    #[command(after_help = "Examples:\n  sbatch --array=$(dropstorm sweep missing out/plan) job.sh")]
    Missing {
        /// The folder with the shards, or the one above it
        folder: PathBuf,
    },
}

impl Sweep {
    pub fn run(&self) -> Result<Exit, Error> {
        match &self.part {
            Some(Part::Merge { folder, pictures, output }) => shards::merge(folder, pictures, output),
            Some(Part::Missing { folder }) => shards::missing(folder),
            None => self.sweep(),
        }
    }

    /// Reads the plan, and runs it or one shard of it, or only prints the forecast.
    fn sweep(&self) -> Result<Exit, Error> {
        // The parser asks for a plan wherever there is no subcommand.
        let Some(file) = &self.plan else {
            return Err(Error::wrong_input("a plan is missing").help("for example dropstorm sweep plan.toml"));
        };
        let threads = self.overrides.threads()?;
        let told = tell::checking(self.output.is_for_people());
        let plan = threads.install(|| Plan::read_and_tell(file, &self.with, &self.overrides.settings(), &told))?;
        let folder = self.out.join(plan.outline().name());
        let (out, folder, shard) = (&self.out, &folder, self.shard);
        let (threads, look, size, output) = (&threads, self.pictures.look(), &self.size, &self.output);
        let work = Work { plan: &plan, out, folder, shard, threads, look, size, output };
        match shard {
            _ if self.dry_run => work.only_say().map(|()| Exit::Done),
            Some(shard) => work.one_shard(shard),
            None => work.whole(self.pictures.open),
        }
    }
}
