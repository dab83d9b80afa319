//! `dropstorm check`: every error of a scenario at once.

use std::path::{Path, PathBuf};

use clap::Args;
use dropstorm::experiment::forecast::Forecast;
use dropstorm::model::{Model, warnings};
use dropstorm::scenario::Scenario;
use dropstorm::system::text::path;

use super::error::{Error, Exit, note, print, warn};
use super::options::Settings;
use super::size::Runs;

/// Check scenario files: every error at once, with its line, and warnings of what cannot be meant
#[derive(Args)]
#[command(
    after_help = "Examples:\n  dropstorm check scenarios/*.toml\n  dropstorm check my-drop.toml --resolved     the file with every default filled in"
)]
pub struct Check {
    /// Scenario files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Print each file with every default filled in
    #[arg(long)]
    resolved: bool,
    #[command(flatten)]
    settings: Settings,
}

impl Check {
    /// Checks each file, whatever is wrong with the others.
    pub fn run(&self) -> Result<Exit, Error> {
        let mut exit = Exit::Done;
        for file in &self.files {
            match self.scenario(file) {
                Ok(scenario) => self.tell(file, &scenario)?,
                Err(error) => exit = exit.or_worse(error.tell()),
            }
        }
        Ok(exit)
    }

    fn scenario(&self, file: &Path) -> Result<Scenario, Error> {
        Ok(Scenario::read(file).and_then(|scenario| self.settings.apply(scenario))?)
    }

    fn tell(&self, file: &Path, scenario: &Scenario) -> Result<(), Error> {
        let model = Model::compile(scenario);
        warn(&warnings::of(scenario, &model));
        if self.resolved {
            return print(&scenario.resolved());
        }
        print(&format!("{}: ok\n", path(file)))?;
        let runs = Runs { forecasts: vec![Forecast::of(&model)], each: 1.0, jobs: 1, keeps: true, charts: true };
        let Some(sizes) = runs.sizes(false) else { return Ok(()) };
        print(&format!("  {}\n", sizes.words()))?;
        if let Some((error, help)) = sizes.too_large(scenario.spec().scale) {
            note(&format!("note: `run` refuses this: {error}\n  help: {help}"));
        }
        Ok(())
    }
}
