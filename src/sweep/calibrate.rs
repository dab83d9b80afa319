//! How long the units of a plan take, from a short trial.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use super::plan::Plan;
use super::run::compiled;
use crate::engine::{Probe, Seed};
use crate::experiment::{Progress, Task};
use crate::units::Time;

/// Mean wall-clock time of a unit in seconds, from units of up to five points that are run within `budget`; `None` if
/// `progress` stopped the trial.
///
/// The time of a unit that does not end in time is extrapolated from the share of its window that it simulated.
pub fn seconds_per_unit(plan: &Plan, budget: Duration, progress: &dyn Progress) -> Option<f64> {
    let points = plan.outline().points();
    // Both ends, the middle and the quarters: the most expensive point is usually at an end.
    let mut chosen = [0, points - 1, points / 2, points / 4, points / 4 * 3].to_vec();
    let mut seen = HashSet::new();
    chosen.retain(|point| seen.insert(*point));
    let begun = Instant::now();
    let mut seconds = Vec::new();
    for (index, point) in chosen.iter().enumerate() {
        // Each point that remains gets an equal share of the time that is left.
        let left = budget.saturating_sub(begun.elapsed()) / (chosen.len() - index) as u32;
        if left.is_zero() {
            break;
        }
        seconds.push(seconds_of(plan, *point, left, progress)?);
    }
    Some(seconds.iter().sum::<f64>() / seconds.len().max(1) as f64)
}

/// Wall-clock time of the first unit of a point in seconds, from a run that takes at most `budget`.
fn seconds_of(plan: &Plan, point: u64, budget: Duration, progress: &dyn Progress) -> Option<f64> {
    let started = Instant::now();
    let (model, seed) = compiled(plan, point).ok()?;
    let mut trial = Trial { progress, until: started + budget, intervals: 0 };
    let done = Task { model: &model, seed: Seed { seed, replication: 0 }, probe: &mut trial }.run().is_some();
    if progress.stop() {
        return None;
    }
    let share = if done { 1.0 } else { trial.intervals.max(1) as f64 / model.intervals() as f64 };
    Some(started.elapsed().as_secs_f64() / share)
}

/// A probe that stops a run when its time is up, and counts its intervals.
struct Trial<'a> {
    progress: &'a dyn Progress,
    until: Instant,
    intervals: usize,
}

impl Probe for &mut Trial<'_> {
    const ENABLED: bool = false;

    fn interval_closed(&mut self, _: Time, _: u64) {
        self.intervals += 1;
    }

    fn stop(&self) -> bool {
        Instant::now() >= self.until || self.progress.stop()
    }
}
