//! `dropstorm sweep`: a scenario at many points of a space of settings.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{WRONG_INPUT, complain, setting};

/// Run a scenario at many points of a space of settings, on all cores, and go on where it was stopped
#[derive(Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Examples:\n  dropstorm sweep scenarios/sweeps/how-many-servers.toml\n  dropstorm sweep plan.toml --dry-run          how many points, how long, how much memory\n  dropstorm sweep plan.toml --shard 7/64       one of 64 parts, for a cluster; counted from 0\n  dropstorm sweep missing out/plan             the shards that are not done: 1,5,9\n  dropstorm sweep merge out/plan               all shards into the results of one machine\n\nThe same command goes on where it was stopped. Exit codes: 0 done, 1 failed, 2 wrong usage or a wrong file,\n75 a shard that may be tried again, 130 stopped by Ctrl-C."
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
    shard: Option<String>,
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
        /// The folder with the shards
        folder: PathBuf,
    },
    /// Print the shards of a folder that are not done, such as 1,5,9
    #[command(after_help = "Examples:\n  sbatch --array=$(dropstorm sweep missing out/plan) job.sh")]
    Missing {
        /// The folder with the shards
        folder: PathBuf,
    },
}

impl Sweep {
    pub fn run(&self) -> u8 {
        complain("error: sweeps are not built yet");
        WRONG_INPUT
    }
}
