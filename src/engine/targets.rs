//! What each step of each cohort asks for and of whom, worked out once for each stretch of the timeline.

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
    pub region: u8,
    /// Index of the tier.
    tier: u16,
    /// Where it goes, unless that is drawn for each viewer.
    only: Option<Destination>,
}

/// The pool that serves a call, and where the call is counted.
#[derive(Clone, Copy, Debug)]
pub struct Destination {
    /// Index of the pool.
    pub pool: u8,
    /// Index of the cell.
    pub cell: u16,
}

/// The targets of all steps of all cohorts.
pub struct Targets {
    /// For each cohort as many as the longest journey has steps; the heartbeat's target for a stream that has one.
    steps: Vec<Option<Target>>,
    longest: usize,
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
            // One more than the last step, which is the end of the journey.
            longest: settings.journeys.iter().map(|journey| journey.steps.len()).max().unwrap_or(0) + 1,
            cells: model.cell_lookup(),
            pools: model.pools,
            requests: model.requests.len(),
        };
        for cohort in &model.cohorts {
            for step in 0..targets.longest {
                let step = settings.journeys[cohort.journey].steps.get(step);
                let target = step.and_then(|step| targets.target(settings, cohort.region, step));
                targets.steps.push(target);
            }
        }
        targets
    }

    fn target(&self, settings: &Settings, region: usize, step: &Step) -> Option<Target> {
        let (request, tier, times, optional) = match step {
            Step::Request { request, tier, times, optional } => (*request, *tier, *times, *optional),
            Step::Stream { heartbeat: Some(beat), .. } => (beat.request, beat.tier, 1, false),
            _ => return None,
        };
        let only = match settings.regions[region].routes[tier].pools[..] {
            [(_, pool)] => Some(self.destination(region, request, pool)),
            _ => None,
        };
        Some(Target { request: request as u16, times, optional, region: region as u8, tier: tier as u16, only })
    }

    fn destination(&self, region: usize, request: usize, pool: usize) -> Destination {
        let cell = self.cells[(region * self.requests + request) * self.pools + pool];
        Destination { pool: pool as u8, cell }
    }

    /// What a step of a cohort asks for, if it asks for anything.
    #[inline(always)]
    pub fn of(&self, cohort: u16, step: u8) -> Option<Target> {
        *self.steps.get(usize::from(cohort) * self.longest + usize::from(step))?
    }

    /// The pool for a viewer; drawn once for each tier, as a function of who they are.
    #[inline(always)]
    pub fn route(&self, target: &Target, settings: &Settings, viewer: impl FnOnce() -> Key) -> Destination {
        match target.only {
            Some(only) => only,
            None => self.draw_route(target, settings, viewer()),
        }
    }

    #[cold]
    fn draw_route(&self, target: &Target, settings: &Settings, viewer: Key) -> Destination {
        let region = usize::from(target.region);
        let route = &settings.regions[region].routes[usize::from(target.tier)];
        let uniform = viewer.with(route.tier).draw(Purpose::Route).uniform();
        let pool = route.pools[pick(&route.pools, |(share, _)| *share, uniform)].1;
        self.destination(region, usize::from(target.request), pool)
    }
}
