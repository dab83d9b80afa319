//! The links of regions as a fluid: streams share a link evenly, and stall where a share is below the lowest rung.

use super::arrived;
use crate::model::{Model, Region};

/// A link that has a capacity and carries video, at simulated size.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// Bits per second.
    capacity: f64,
    /// Bits per second below which a stream stalls.
    lowest: f64,
}

impl Link {
    /// The link of a region; `None` where nothing can stall.
    pub fn of(region: &Region) -> Option<Link> {
        let (capacity, lowest) = region.capacity.zip(region.ladder.first())?;
        Some(Link { capacity: capacity as f64, lowest: *lowest as f64 })
    }

    /// The share of the time in which each of `streams` streams plays.
    pub fn speed(self, streams: f64) -> f64 {
        (self.capacity / (streams * self.lowest).max(1e-300)).min(1.0)
    }
}

/// Whether streams of each region stall at some time if all who ever come stream at once.
pub fn may_stall(model: &Model) -> Vec<bool> {
    let mut people = vec![0.0; model.drops.len()];
    for cohort in &model.cohorts {
        let coming = arrived(cohort, &[0.0, model.end.0 as f64]);
        let already = cohort.already.iter().map(|already| already.mean).sum::<f64>();
        people[cohort.region] += coming.last().copied().unwrap_or(0.0) + already;
    }
    let stalls = |(region, people): (usize, &f64)| {
        let mut links = model.epochs.iter().filter_map(|epoch| Link::of(&epoch.settings.regions[region]));
        links.any(|link| link.speed(*people) < 1.0)
    };
    people.iter().enumerate().map(stalls).collect()
}
