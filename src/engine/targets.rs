//! Where the calls of each step go, worked out once for each stretch of the timeline.

use crate::model::{Model, Settings, Step};
use crate::random::{Key, Purpose, pick};

/// What a call of a step asks for.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Index of the request's name.
    pub request: u16,
    /// How many calls the step makes.
    pub times: u16,
    /// Whether a failure is skipped.
    pub optional: bool,
    /// Index of the region.
    region: u16,
    /// Index of the tier.
    tier: u16,
    /// Where it goes, unless that is drawn for each viewer.
    only: Option<Place>,
}

/// The pool that serves a call, and where the call is counted.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Index of the pool.
    pub pool: u16,
    /// Index of the cell.
    pub cell: u16,
}

/// The targets of all steps of all cohorts.
pub struct Targets {
    /// For each cohort one after the other, its steps; the heartbeat's target for a stream that has one.
    steps: Vec<Option<Target>>,
    /// Where each cohort begins.
    first: Vec<usize>,
    /// See [`Model::cell_lookup`].
    cells: Vec<u16>,
    pools: usize,
    requests: usize,
}

impl Targets {
    /// The targets under these settings.
    pub fn new(model: &Model, settings: &Settings) -> Targets {
        let mut targets = Targets {
            steps: Vec::new(),
            first: Vec::new(),
            cells: model.cell_lookup(),
            pools: model.pools,
            requests: model.requests.len(),
        };
        for cohort in &model.cohorts {
            targets.first.push(targets.steps.len());
            for step in &settings.journeys[cohort.journey].steps {
                let target = targets.target(settings, cohort.region, step);
                targets.steps.push(target);
            }
        }
        targets.first.push(targets.steps.len());
        targets
    }

    fn target(&self, settings: &Settings, region: usize, step: &Step) -> Option<Target> {
        let (request, tier, times, optional) = match step {
            Step::Request { request, tier, times, optional } => (*request, *tier, *times, *optional),
            Step::Stream { heartbeat: Some(beat), .. } => (beat.request, beat.tier, 1, false),
            _ => return None,
        };
        let only = match settings.regions[region].routes[tier].pools[..] {
            [(_, pool)] => Some(self.place(region, request, pool)),
            _ => None,
        };
        Some(Target { request: request as u16, times, optional, region: region as u16, tier: tier as u16, only })
    }

    fn place(&self, region: usize, request: usize, pool: usize) -> Place {
        Place { pool: pool as u16, cell: self.cells[(region * self.requests + request) * self.pools + pool] }
    }

    /// What a step of a cohort asks for, if it asks for anything.
    #[inline]
    pub fn of(&self, cohort: u16, step: u8) -> Option<&Target> {
        let steps = self.first[usize::from(cohort)]..self.first[usize::from(cohort) + 1];
        self.steps[steps].get(usize::from(step))?.as_ref()
    }

    /// The pool for a viewer; drawn once for each tier, as a function of who they are.
    #[inline]
    pub fn route(&self, target: &Target, settings: &Settings, viewer: impl FnOnce() -> Key) -> Place {
        target.only.unwrap_or_else(|| {
            let route = &settings.regions[usize::from(target.region)].routes[usize::from(target.tier)];
            let uniform = viewer().with(route.tier).draw(Purpose::Route).uniform();
            let pool = route.pools[pick(&route.pools, |(share, _)| *share, uniform)].1;
            self.place(usize::from(target.region), usize::from(target.request), pool)
        })
    }
}
