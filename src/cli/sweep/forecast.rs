//! The forecast of a sweep: time and memory from the estimated size of some of its points, disk space from the plan.

use std::collections::HashSet;

use dropstorm::experiment::forecast;
use dropstorm::model::Model;
use dropstorm::sweep::{self, Outline, Plan, Replications};

use super::super::error::Error;
use super::super::size::{Runs, Sizes, bytes_in_words};

/// The estimated cost of the units that are still to be run.
pub struct Forecast {
    /// The size of these units.
    pub sizes: Sizes,
    /// Size of the store with all units in it, in bytes.
    pub disk: u64,
}

impl Forecast {
    /// Estimates up to five points and takes the others as like these.
    pub fn of(plan: &Plan, missing: u64, jobs: usize) -> Result<Forecast, Error> {
        let outline = plan.outline();
        let points = outline.points();
        // Both ends, the middle and the quarters: the most expensive point is usually at an end.
        let mut chosen = [0, points - 1, points / 2, points / 4, points / 4 * 3].to_vec();
        let mut seen = HashSet::new();
        chosen.retain(|point| seen.insert(*point));
        let mut forecasts = Vec::new();
        for point in chosen {
            forecasts.push(forecast::Forecast::of(&Model::compile(&plan.scenario_at(point)?)));
        }
        let each = missing as f64 / forecasts.len().max(1) as f64;
        let runs = Runs { forecasts, each, jobs, keeps: false, charts: true };
        let Some(mut sizes) = runs.sizes(missing > 0) else { return Err(Error::failed("a sweep without points")) };
        // The store knows the place of each unit by four bytes.
        sizes.memory += outline.most_units() as f64 * 4.0;
        Ok(Forecast { sizes, disk: outline.most_units() * sweep::store::unit_bytes(outline.metrics().len()) })
    }

    /// In words: `about 3 minutes on 2 cores, 40 MB of memory, 2 MB on disk`.
    pub fn words(&self, jobs: usize, outline: &Outline) -> String {
        let most = if matches!(outline.replications(), Replications::Until(_)) { "at most " } else { "" };
        let cores = if jobs == 1 { "core" } else { "cores" };
        format!(
            "{most}{} on {jobs} {cores}, {} of memory, {most}{} on disk",
            self.sizes.time(),
            bytes_in_words(self.sizes.memory),
            bytes_in_words(self.disk as f64)
        )
    }
}
