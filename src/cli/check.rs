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

/// Check scenario files: every error at once, with its line, and warnings about unlikely settings
#[derive(Args)]
#[command(
    after_help = "Examples:\n  dropstorm check scenarios/*.toml\n  dropstorm check my-drop.toml --resolved     the file with every default filled in\n  dropstorm check my-drop.toml --scale 0.1    how large a run of one viewer in ten is\n  dropstorm check my-policy.toml --with-base my-drop.toml   an overlay, over a scenario"
)]
pub struct Check {
    /// Scenario files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Overlay to merge into each file; may be repeated
    #[arg(long = "with", value_name = "OVERLAY")]
    with: Vec<PathBuf>,
    /// Scenario into which each file is merged as an overlay
    #[arg(long, value_name = "SCENARIO")]
    with_base: Option<PathBuf>,
    /// Print each file with every default filled in
    #[arg(long)]
    resolved: bool,
    #[command(flatten)]
    settings: Settings,
}

impl Check {
    /// Checks each file, also after errors in others.
    pub fn run(&self) -> Result<Exit, Error> {
        let mut exit = Exit::Done;
        for file in &self.files {
            match self.scenario(file) {
                Ok(Some(scenario)) => self.tell(file, &scenario)?,
                Ok(None) => print(&format!(
                    "{0}: an overlay, whose keys are right; `dropstorm check {0} --with-base SCENARIO` checks all of it\n",
                    path(file)
                ))?,
                Err(error) => exit = exit.or_worse(error.tell()),
            }
        }
        Ok(exit)
    }

    /// The scenario of a file, with its overlays; `None` for an overlay alone.
    fn scenario(&self, file: &Path) -> Result<Option<Scenario>, Error> {
        let overlay = self.with_base.is_some().then(|| file.to_path_buf());
        let overlays: Vec<PathBuf> = self.with.iter().cloned().chain(overlay).collect();
        if self.with_base.is_none() && Scenario::check_overlay(file)? {
            return Ok(None);
        }
        let base = self.with_base.as_deref().unwrap_or(file);
        Ok(Some(self.settings.read(base, &overlays)?))
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
