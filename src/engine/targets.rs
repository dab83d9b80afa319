//! What each step of each cohort is, what it asks for and of whom, worked out once for each stretch of the timeline.

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

/// What a step is.
#[derive(Clone, Copy, Debug)]
pub enum Stage {
    /// Calls.
    Request(Target),
    /// A pause or a wait.
    Rest,
    /// A stream, and what its heartbeats ask for.
    Stream(Option<Target>),
    /// The end of the journey.
    End,
}

/// What is known beforehand of those who arrive.
#[derive(Clone, Copy, Debug)]
pub struct Entrance {
    /// Index of the region.
    pub region: u8,
    /// The client that all of them have, if it is one.
    pub client: Option<u8>,
    /// The device that all of them have, if it is one.
    pub device: Option<u8>,
}

/// The stages of all cohorts, and where their calls go.
pub struct Targets {
    /// For each cohort as many as the longest journey has steps, and one more.
    stages: Vec<Stage>,
    longest: usize,
    entrances: Vec<Entrance>,
    /// See [`Model::cell_lookup`].
    cells: Vec<u16>,
    pools: usize,
    requests: usize,
}

impl Targets {
    /// The targets under these settings.
    pub fn new(model: &Model, settings: &Settings) -> Targets {
        let mut targets = Targets {
            stages: Vec::new(),
            entrances: (0..model.cohorts.len()).map(|cohort| entrance(model, settings, cohort)).collect(),
            // One more than the last step, which is the end of the journey.
            longest: settings.journeys.iter().map(|journey| journey.steps.len()).max().unwrap_or(0) + 1,
            cells: model.cell_lookup(),
            pools: model.pools,
            requests: model.requests.len(),
        };
        for cohort in &model.cohorts {
            for step in 0..targets.longest {
                let step = settings.journeys[cohort.journey].steps.get(step);
                let stage = step.map_or(Stage::End, |step| targets.stage_of(settings, cohort.region, step));
                targets.stages.push(stage);
            }
        }
        targets
    }

    fn stage_of(&self, settings: &Settings, region: usize, step: &Step) -> Stage {
        let target = |request: usize, tier: usize, times, optional| {
            let only = match settings.regions[region].routes[tier].pools[..] {
                [(_, pool)] => Some(self.destination(region, request, pool)),
                _ => None,
            };
            Target { request: request as u16, times, optional, region: region as u8, tier: tier as u16, only }
        };
        match step {
            Step::Request { request, tier, times, optional } => {
                Stage::Request(target(*request, *tier, *times, *optional))
            }
            Step::Think(_) | Step::Wait { .. } => Stage::Rest,
            Step::Stream { heartbeat, .. } => {
                Stage::Stream(heartbeat.map(|beat| target(beat.request, beat.tier, 1, false)))
            }
        }
    }

    fn destination(&self, region: usize, request: usize, pool: usize) -> Destination {
        let cell = self.cells[(region * self.requests + request) * self.pools + pool];
        Destination { pool: pool as u8, cell }
    }

    /// What is known of those who arrive in a cohort.
    #[inline(always)]
    pub fn entrance(&self, cohort: usize) -> Entrance {
        self.entrances[cohort]
    }

    /// What a step of a cohort is.
    #[inline(always)]
    pub fn stage(&self, cohort: u16, step: u8) -> Stage {
        self.stages.get(usize::from(cohort) * self.longest + usize::from(step)).copied().unwrap_or(Stage::End)
    }

    /// What a step of a cohort asks for, if it asks for anything.
    #[inline(always)]
    pub fn of(&self, cohort: u16, step: u8) -> Option<Target> {
        match self.stage(cohort, step) {
            Stage::Request(target) => Some(target),
            Stage::Stream(heartbeat) => heartbeat,
            Stage::Rest | Stage::End => None,
        }
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

fn entrance(model: &Model, settings: &Settings, cohort: usize) -> Entrance {
    let region = model.cohorts[cohort].region;
    let client = match settings.mixes[cohort].clients[..] {
        [(_, only)] => Some(only as u8),
        _ => None,
    };
    let device = (settings.regions[region].devices.len() == 1).then_some(0);
    Entrance { region: region as u8, client, device }
}
