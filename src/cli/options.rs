//! The options that several commands share.

use std::path::{Path, PathBuf};

use clap::Args;
use dropstorm::report::OutputFolder;
use dropstorm::report::render::{Look, Theme};
use dropstorm::scenario::{Diagnostics, Scenario};
use dropstorm::system::text;
use dropstorm::units::Probability;
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::error::{Error, note};

/// Settings of the command line, which take precedence over those of the file.
#[derive(Args)]
pub struct Settings {
    /// Set a value by its dotted path, overriding the file; may be repeated
    #[arg(long = "set", value_name = "PATH=VALUE", value_parser = setting)]
    settings: Vec<(String, String)>,
    /// Simulated share of the full size, such as 0.02 or 2%
    #[arg(long, value_name = "X", value_parser = scale)]
    scale: Option<String>,
    /// Accept a scale at which rounding changes the slots of a pool by more than 20%
    #[arg(long)]
    force_scale: bool,
}

impl Settings {
    /// All settings by dotted path, the scale among them.
    fn all(&self) -> Vec<(String, String)> {
        let mut settings = self.settings.clone();
        settings.extend(self.scale.iter().map(|scale| ("scale".to_owned(), scale.clone())));
        settings.extend(self.force_scale.then(|| ("force_scale".to_owned(), "true".to_owned())));
        settings
    }

    /// Reads a scenario file with overlays and these settings.
    pub fn read(&self, file: &Path, overlays: &[PathBuf]) -> Result<Scenario, Diagnostics> {
        Scenario::read_and_set(file, overlays, &self.all())
    }
}

/// Settings and a seed that take precedence over those of the file, and the number of parallel runs.
#[derive(Args)]
pub struct Overrides {
    #[command(flatten)]
    settings: Settings,
    /// Seed, overriding that of the file
    #[arg(long, value_name = "N", value_parser = seed)]
    seed: Option<u64>,
    /// Number of parallel runs; all cores by default
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
}

impl Overrides {
    /// All settings by dotted path, seed and scale among them.
    pub fn settings(&self) -> Vec<(String, String)> {
        let mut settings = self.settings.all();
        settings.extend(self.seed.iter().map(|seed| ("seed".to_owned(), seed.to_string())));
        settings
    }

    /// Reads a scenario file with overlays and all settings.
    pub fn read(&self, file: &Path, overlays: &[PathBuf]) -> Result<Scenario, Diagnostics> {
        Scenario::read_and_set(file, overlays, &self.settings())
    }

    /// The threads on which runs are made.
    pub fn threads(&self) -> Result<ThreadPool, Error> {
        let threads = usize::from(self.jobs.unwrap_or(0));
        let pool = ThreadPoolBuilder::new().num_threads(threads).build();
        pool.map_err(|error| Error::failed(format!("cannot start {threads} threads: {error}")))
    }
}

/// Options of pictures.
#[derive(Args)]
pub struct Pictures {
    /// Draw each chart as SVG too
    #[arg(long)]
    svg: bool,
    /// Draw charts on a dark background
    #[arg(long)]
    dark: bool,
    /// Open report.html in the browser
    #[arg(long)]
    pub open: bool,
}

impl Pictures {
    /// The look of charts.
    pub fn look(&self) -> Look {
        Look { theme: if self.dark { Theme::Dark } else { Theme::Light }, svg: self.svg }
    }
}

/// The amount of output of a command.
#[derive(Args)]
pub struct Output {
    /// Print only JSON results on standard output
    #[arg(long)]
    pub json: bool,
    /// Print only errors
    #[arg(long)]
    pub quiet: bool,
}

impl Output {
    /// Whether progress, warnings and sentences for people are wanted.
    pub fn is_for_people(&self) -> bool {
        !self.json && !self.quiet
    }

    /// Warns of a folder from which other processes cannot be kept out.
    pub fn warn_of_locks(&self, folder: &OutputFolder) {
        if self.is_for_people() && !folder.is_exclusive() {
            let path = text::path(folder.path());
            note(&format!("warning: the file system of `{path}` has no locks, so let no other process write there"));
        }
    }
}

/// Reads a seed.
fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "a seed is a whole number from 0 on, such as 7".to_owned())
}

/// Reads a scale, which may be written in percent; other errors are reported with the scenario.
fn scale(text: &str) -> Result<String, String> {
    if text.trim().ends_with('%') {
        text.parse::<Probability>().map(|share| share.0.to_string())
    } else {
        Ok(text.to_owned())
    }
}

/// Splits `PATH=VALUE`.
fn setting(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((path, value)) if !path.trim().is_empty() => Ok((path.trim().to_owned(), value.trim().to_owned())),
        _ => Err(format!("`{text}` is not PATH=VALUE; for example pool.api.servers=200")),
    }
}
