//! What each step of each cohort is, what it asks for and of whom, worked out once for each stretch of the timeline.

use crate::model::{Model, Settings, Step};
use crate::random::{Key, Purpose, pick};
use crate::units::Span;

/// What a call of a step asks for.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Where it goes, unless that is drawn for each viewer.
    to: Destination,
    drawn: bool,
    /// Whether a failure is skipped.
    pub optional: bool,
    /// Whether it takes time to get there.
    pub far: bool,
    /// Index of the region.
    pub region: u8,
    /// How many calls the step makes.
    pub times: u16,
    /// Index of the request's name.
    pub request: u16,
    /// Index of the tier.
    tier: u16,
}

/// The pool that serves a call, and where the call is counted.
#[derive(Clone, Copy, Debug)]
pub struct Destination {
    /// Index of the pool.
    pub pool: u8,
    /// Index of the cell.
    pub cell: u16,
}

/// Stands where a tier has no pool, which no scenario has.
const NOWHERE: Destination = Destination { pool: 0, cell: 0 };

/// What a step is.
#[derive(Clone, Copy, Debug)]
pub struct Stage {
    /// What is done in it.
    pub act: Act,
    /// What it asks for, or in a stream the heartbeats.
    pub call: Option<Target>,
}

impl Stage {
    const END: Stage = Stage { act: Act::End, call: None };
}

/// What is done in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Calls.
    Request,
    /// A pause or a wait.
    Rest,
    /// A stream.
    Stream,
    /// The journey is over.
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
                let stage = step.map_or(Stage::END, |step| targets.stage_of(settings, cohort.region, step));
                targets.stages.push(stage);
            }
        }
        targets
    }

    fn stage_of(&self, settings: &Settings, region: usize, step: &Step) -> Stage {
        let target = |request: usize, tier: usize, times, optional| {
            let pools = &settings.regions[region].routes[tier].pools;
            Target {
                to: pools.first().map_or(NOWHERE, |(_, pool)| self.destination(region, request, *pool)),
                drawn: pools.len() > 1,
                optional,
                far: settings.regions[region].half_rtt != Span::ZERO,
                region: region as u8,
                times,
                request: request as u16,
                tier: tier as u16,
            }
        };
        let (act, call) = match step {
            Step::Request { request, tier, times, optional } => {
                (Act::Request, Some(target(*request, *tier, *times, *optional)))
            }
            Step::Think(_) | Step::Wait { .. } => (Act::Rest, None),
            Step::Stream { heartbeat, .. } => {
                (Act::Stream, heartbeat.map(|beat| target(beat.request, beat.tier, 1, false)))
            }
        };
        Stage { act, call }
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
    pub fn stage(&self, cohort: u16, step: u8) -> &Stage {
        // A viewer's step is one of its journey's or one past the last, and a journey's steps never change.
        &self.stages[usize::from(cohort) * self.longest + usize::from(step)]
    }

    /// What a step of a cohort asks for, if it asks for anything.
    #[inline(always)]
    pub fn of(&self, cohort: u16, step: u8) -> Option<Target> {
        self.stage(cohort, step).call
    }

    /// The pool for a viewer; drawn once for each tier, as a function of who they are.
    #[inline(always)]
    pub fn route(&self, target: &Target, settings: &Settings, viewer: impl FnOnce() -> Key) -> Destination {
        if !target.drawn {
            return target.to;
        }
        self.draw_route(target.region, target.tier, target.request, settings, viewer())
    }

    #[cold]
    fn draw_route(&self, region: u8, tier: u16, request: u16, settings: &Settings, viewer: Key) -> Destination {
        let region = usize::from(region);
        let route = &settings.regions[region].routes[usize::from(tier)];
        let uniform = viewer.with(route.tier).draw(Purpose::Route).uniform();
        let pool = route.pools[pick(&route.pools, |(share, _)| *share, uniform)].1;
        self.destination(region, usize::from(request), pool)
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
