//! The steps of each cohort and the destinations of their calls, computed once for each epoch of the timeline.

use crate::model::{Model, Settings, Step};
use crate::policy::queue::priority::Class;
use crate::random::{Key, Purpose, pick};

/// The pool that an attempt goes to, and the cell in which it is counted.
#[derive(Clone, Copy, Debug)]
pub struct Destination {
    /// Index of the pool.
    pub pool: u8,
    /// Index of the cell.
    pub cell: u16,
}

/// The destination of a tier without a pool, which no valid scenario has.
const NOWHERE: Destination = Destination { pool: 0, cell: 0 };

/// A call of a request step, or the heartbeat of a stream.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// The destination, unless it is drawn for each viewer.
    to: Destination,
    /// Whether the destination is drawn for each viewer.
    drawn: bool,
    /// Whether a call that failed is skipped.
    pub optional: bool,
    /// Whether the step has a `then`.
    pub turns: bool,
    /// Whether attempts take time on their way, or may be lost.
    pub far: bool,
    /// Index of the region.
    pub region: u8,
    /// Number of calls of the step.
    pub times: u16,
    /// Index of the request's name.
    pub request: u16,
    /// Class of the attempts.
    pub class: Class,
    /// Index of the tier.
    tier: u16,
}

/// A step of a journey, as the engine walks through it, in half a line of the cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
pub enum Stop {
    /// Calls to a tier.
    Request(Call),
    /// A time to think, or a wait for the drop.
    Rest,
    /// A stream, with its heartbeat.
    Stream(Option<Call>),
    /// A waiting room, with its poll.
    Enter(u8, Option<Call>),
    /// The end of the journey.
    End,
    /// The end of a round of a journey that repeats.
    Again,
}

/// Attributes that all viewers of a cohort have in common when they arrive.
#[derive(Clone, Copy, Debug)]
pub struct Entrance {
    /// Index of the region.
    pub region: u8,
    /// Index of the client, if the cohort has one client only.
    pub client: Option<u8>,
    /// Index of the device, if the region has one device only.
    pub device: Option<u8>,
    /// Whether the journey has a stream.
    pub has_stream: bool,
}

/// The itineraries of all cohorts under one set of settings.
pub struct Itineraries {
    /// For each cohort as many stops as the longest journey has steps, and one more.
    stops: Vec<Stop>,
    /// Number of stops of each cohort.
    length: usize,
    entrances: Vec<Entrance>,
    /// Whether some step has a `then`.
    pub turns: bool,
    /// Whether some stream ends at a stated moment.
    pub stated_ends: bool,
    /// See [`Model::cell_lookup`].
    cells: Vec<u16>,
    pools: usize,
    requests: usize,
}

impl Itineraries {
    /// The itineraries under these settings.
    pub fn new(model: &Model, settings: &Settings) -> Itineraries {
        let longest = settings.journeys.iter().map(|journey| journey.steps.len()).max().unwrap_or(0);
        let mut all = Itineraries {
            stops: Vec::new(),
            entrances: (0..model.cohorts.len()).map(|cohort| entrance(model, settings, cohort)).collect(),
            // One more than the last step, which is the end of the journey.
            length: longest + 1,
            turns: settings.journeys.iter().any(|journey| journey.thens.iter().any(Option::is_some)),
            stated_ends: settings.journeys.iter().flat_map(|journey| &journey.steps).any(has_stated_end),
            cells: model.cell_lookup(),
            pools: model.pools,
            requests: model.requests.len(),
        };
        for cohort in &model.cohorts {
            let journey = &settings.journeys[cohort.journey];
            for step in 0..all.length {
                let stop = match journey.steps.get(step) {
                    Some(at) => all.stop(settings, cohort.region, at, journey.thens[step].is_some()),
                    None if journey.repeat.is_some() => Stop::Again,
                    None => Stop::End,
                };
                all.stops.push(stop);
            }
        }
        all
    }

    fn stop(&self, settings: &Settings, region: usize, step: &Step, turns: bool) -> Stop {
        let call = |request: usize, tier: usize, times, optional, class, turns| {
            let pools = &settings.regions[region].routes[tier].pools;
            Call {
                to: pools.first().map_or(NOWHERE, |(_, pool)| self.destination(region, request, *pool)),
                drawn: pools.len() > 1,
                optional,
                turns,
                far: settings.regions[region].distance.is_far(),
                region: region as u8,
                times,
                request: request as u16,
                class,
                tier: tier as u16,
            }
        };
        match step {
            Step::Request { request, tier, times, optional, class } => {
                Stop::Request(call(*request, *tier, *times, *optional, *class, turns))
            }
            Step::Think(_) | Step::Wait { .. } => Stop::Rest,
            Step::Enter { room, poll } => {
                Stop::Enter(*room as u8, poll.map(|beat| call(beat.request, beat.tier, 1, false, beat.class, false)))
            }
            Step::Stream { heartbeat, .. } => {
                Stop::Stream(heartbeat.map(|beat| call(beat.request, beat.tier, 1, false, beat.class, false)))
            }
        }
    }

    fn destination(&self, region: usize, request: usize, pool: usize) -> Destination {
        Destination { pool: pool as u8, cell: self.cell(region, request, pool) }
    }

    /// The index of the cell of a region, request and pool.
    #[inline]
    pub fn cell(&self, region: usize, request: usize, pool: usize) -> u16 {
        self.cells[(region * self.requests + request) * self.pools + pool]
    }

    /// Attributes that the viewers of a cohort have in common when they arrive.
    #[inline(always)]
    pub fn entrance(&self, cohort: usize) -> Entrance {
        self.entrances[cohort]
    }

    /// The stop at a step of a cohort's journey.
    #[inline(always)]
    pub fn stop_at(&self, cohort: u16, step: u8) -> &Stop {
        // A step is one of the journey's or one past its last, and no change adds or removes steps.
        &self.stops[usize::from(cohort) * self.length + usize::from(step)]
    }

    /// The call of a request step of a cohort's journey; `None` for any other step.
    #[inline(always)]
    pub fn request_at(&self, cohort: u16, step: u8) -> Option<Call> {
        match self.stop_at(cohort, step) {
            Stop::Request(call) => Some(*call),
            Stop::Rest | Stop::Stream(_) | Stop::Enter(..) | Stop::End | Stop::Again => None,
        }
    }

    /// The heartbeat of a stream or the poll of a waiting room in a step of a cohort's journey; `None` for any other step.
    #[inline]
    pub fn heartbeat_at(&self, cohort: u16, step: u8) -> Option<Call> {
        match self.stop_at(cohort, step) {
            Stop::Stream(heartbeat) | Stop::Enter(_, heartbeat) => *heartbeat,
            Stop::Request(_) | Stop::Rest | Stop::End | Stop::Again => None,
        }
    }

    /// The destination of a call by a viewer. Where a tier has several pools, one draw for each viewer and tier decides.
    #[inline(always)]
    pub fn route(&self, call: &Call, settings: &Settings, viewer: impl FnOnce() -> Key) -> Destination {
        if !call.drawn {
            return call.to;
        }
        self.draw_route(call.region, call.tier, call.request, settings, viewer())
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

fn has_stated_end(step: &Step) -> bool {
    matches!(step, Step::Stream { until: Some(_), .. })
}

fn entrance(model: &Model, settings: &Settings, cohort: usize) -> Entrance {
    let region = model.cohorts[cohort].region;
    let client = match settings.mixes[cohort].clients[..] {
        [(_, only)] => Some(only as u8),
        _ => None,
    };
    let device = (settings.regions[region].devices.len() == 1).then_some(0);
    let steps = &settings.journeys[model.cohorts[cohort].journey].steps;
    let has_stream = steps.iter().any(|step| matches!(step, Step::Stream { .. }));
    Entrance { region: region as u8, client, device, has_stream }
}
