//! The model: a compiled scenario, in which indices stand for names.
//!
//! [`Model::compile`] alone turns a checked [`Scenario`] into the model that the engine runs. Names become indices in the
//! order of the file, quantities become nanoseconds and bits per second, distributions become [`Law`]s, and the timeline
//! becomes one complete set of [`Settings`] from each change to the next.

mod arrivals;
mod calls;
mod clock;
mod estimate;
mod even;
mod ever;
mod identity;
mod names;
mod profile;
mod scale;
mod settings;
mod steady;
mod threshold;
pub mod warnings;
mod ways;

pub(crate) use arrivals::share_below;
pub use arrivals::{Arrivals, CrowdPiece, RatePiece, TraceBin};
pub use estimate::{Load, estimate};
pub use names::names;
pub use scale::Rounding;
pub use settings::{CrowdMix, Device, Heartbeat, Journey, Region, Route, Settings, Step, StreamFactor, Then, Until};
pub use steady::AlreadyInside;

use std::sync::Arc;

use crate::policy::calls::SEPARATOR;
use crate::random::Law;
use crate::scenario::Scenario;
use crate::scenario::spec::{Already, Spacing, Spec};
use crate::units::{Span, Time};
use crate::vocabulary::Threshold;
use ever::Ever;
use names::{Indices, by_name, name_number, ranks};
use steady::steady_state;

/// A compiled scenario.
#[derive(Clone, Debug)]
pub struct Model {
    /// End of the window, which starts at [`Time`] zero.
    pub end: Time,
    /// The scenario's drop from the start of the window; negative if the window opens after the drop.
    pub drop: Span,
    /// Width of a measurement interval, which divides the window.
    pub interval: Span,
    /// The intervals that the summary covers.
    pub measured: std::ops::Range<usize>,
    /// Simulated size over full size.
    pub scale: f64,
    /// Cohorts, ordered by audience, then region.
    pub cohorts: Vec<Cohort>,
    /// Cells of measurement: the combinations of region, pool and request that can occur.
    pub cells: Vec<Cell>,
    /// Number of regions.
    pub regions: usize,
    /// Number of pools.
    pub pools: usize,
    /// Names of the requests, in the order in which journeys mention them; then those of calls between pools.
    pub requests: Vec<String>,
    /// Moment of each region's drop; the start of the window if the drop is earlier.
    pub drops: Vec<Time>,
    /// Each region's drop from the start of the window; negative if the drop is earlier.
    pub releases: Vec<Span>,
    /// A number for each region that depends on the region's name alone, for keyed draws.
    pub region_names: Vec<u64>,
    /// Names of the waiting rooms.
    pub waiting_rooms: Vec<String>,
    /// A number for each pool that depends on the pool's name alone, for keyed draws.
    pub pool_names: Vec<u64>,
    /// The pools in the order of their names, in which they follow one another at one instant.
    pub pools_by_name: Vec<usize>,
    /// Rank of each pool among the names of all.
    pub pool_ranks: Vec<u32>,
    /// Rank of each waiting room among the names of all.
    pub room_ranks: Vec<u32>,
    /// Settings by the moment from which they are in force; the first are in force from the start of the window.
    pub epochs: Vec<Epoch>,
    /// The bounds of harm to people.
    pub harm: Harm,
    /// Thresholds of the scenario.
    pub thresholds: Vec<Threshold>,
    /// The scenario without its trigger; `None` if it has none.
    pub without_trigger: Option<Arc<Scenario>>,
}

/// The bounds of harm to people.
#[derive(Clone, Debug)]
pub struct Harm {
    /// The wait in queues and pauses above which people count as having waited.
    pub wait: Span,
    /// Indices of the requests in which people who come to harm are counted.
    pub requests: Vec<usize>,
}

/// Settings with the moment from which they are in force.
#[derive(Clone, Debug)]
pub struct Epoch {
    /// The moment.
    pub at: Time,
    /// The settings.
    pub settings: Settings,
    /// The caches that are emptied at that moment: the calling pool, and the call among those of the pool.
    pub empties: Vec<(usize, usize)>,
}

/// The people of one audience in one region.
#[derive(Clone, Debug)]
pub struct Cohort {
    /// Index of the region.
    pub region: usize,
    /// Index of the journey.
    pub journey: usize,
    /// Numbers that depend on the names of the audience and of the region alone, for keyed draws.
    pub names: [u64; 2],
    /// The arrival process.
    pub arrivals: Arrivals,
    /// Whether the arrivals of a stream or trace are evenly spaced.
    pub even: bool,
    /// People who are in mid-stream when the window opens.
    pub already: Vec<AlreadyInside>,
}

impl Cohort {
    /// A bound that the number of viewers before `end` hardly ever exceeds, for reserving rows.
    pub fn most_viewers(&self, end: Time) -> f64 {
        // Six standard deviations above the mean of a Poisson number.
        let most = |mean: f64| mean + 6.0 * mean.sqrt();
        let within = Span(0)..Span(end.0 as i64);
        let coming = match &self.arrivals {
            Arrivals::Crowd { count, law, origin, pieces } => {
                let share = |at: Span| share_below(pieces, law.cdf((at - *origin).0 as f64));
                most(*count as f64 * (share(within.end) - share(within.start))).min(*count as f64)
            }
            Arrivals::Rate(pieces) => most(pieces.iter().map(RatePiece::mass).sum()),
            Arrivals::Trace(bins) => {
                let inside = |bin: &&TraceBin| bin.from < within.end && bin.from + bin.width > within.start;
                bins.iter().filter(inside).map(|bin| bin.count.ceil()).sum()
            }
        };
        coming + most(self.already.iter().map(|already| already.mean).sum())
    }
}

/// A combination of region, pool and request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Index of the region.
    pub region: usize,
    /// Index of the pool.
    pub pool: usize,
    /// Index of the request.
    pub request: usize,
    /// Whether the request is only a heartbeat, which counts in rows of its request or pool but not in `all`.
    pub heartbeat: bool,
    /// Whether the request is a call between pools, which does not count in `all` either.
    pub call: bool,
}

impl Model {
    /// The model of a scenario. Compiling cannot fail, since reading a scenario finds every error.
    pub fn compile(scenario: &Scenario) -> Model {
        let spec = scenario.spec();
        let names = Indices::of(spec);
        let start = Span(0) - spec.drop.since(spec.start);
        let end = spec.end.since(spec.start);
        let intervals = (end.0 / spec.interval.0.max(1)).max(1) as usize;
        let edge = |offset: Option<Span>, default: usize| {
            offset.map_or(default, |at| ((at - start).0 / spec.interval.0.max(1)).clamp(0, intervals as i64) as usize)
        };
        let measure = spec.measure.as_ref();
        let (epochs, specs) = epochs(scenario, &names, start, end);
        let mut model = Model {
            end: Time(end.0.max(0) as u64),
            drop: Span(-start.0),
            interval: spec.interval,
            measured: edge(measure.and_then(|m| m.from), 0)..edge(measure.and_then(|m| m.until), intervals),
            scale: spec.scale,
            cohorts: Vec::new(),
            cells: Vec::new(),
            regions: spec.region.len(),
            pools: spec.pool.len(),
            drops: spec.region.values().map(|r| Time((r.drop_delay - start).0.max(0) as u64)).collect(),
            releases: spec.region.values().map(|r| r.drop_delay - start).collect(),
            region_names: spec.region.keys().map(|name| name_number(name)).collect(),
            pool_names: spec.pool.keys().map(|name| name_number(name)).collect(),
            pools_by_name: by_name(spec.pool.keys()),
            pool_ranks: ranks(&by_name(spec.pool.keys())),
            room_ranks: ranks(&by_name(spec.waiting_room.keys())),
            requests: names.requests.iter().cloned().collect(),
            waiting_rooms: spec.waiting_room.keys().cloned().collect(),
            harm: Harm::compile(&spec.harm, &names),
            thresholds: threshold::compile(spec, start, intervals),
            without_trigger: scenario.without_trigger().map(Arc::new),
            epochs,
        };
        for (audience_name, audience) in &spec.audience {
            for (region, region_name) in spec.region.keys().enumerate() {
                let Some(arrivals) = arrivals::compile(&specs, end, audience_name, region) else { continue };
                let journey = names.journey(&audience.journey);
                let settings = &model.epochs[0].settings;
                let cohort = model.cohorts.len();
                let even = audience.spacing == Spacing::Even;
                let arrivals = if even { even::spaced(arrivals) } else { arrivals };
                let already = match audience.already {
                    Already::Steady => {
                        steady_state(&settings.journeys[journey], arrivals.rate_at_start(), settings.stretch(cohort))
                    }
                    Already::None => Vec::new(),
                };
                model.cohorts.push(Cohort {
                    region,
                    journey,
                    names: [name_number(audience_name), name_number(region_name)],
                    arrivals,
                    even,
                    already,
                });
            }
        }
        model.cells = possible_cells(&model);
        model
    }

    /// A moment that is stated as an offset from a region's drop; the start of the window if it is earlier.
    pub fn moment(&self, region: usize, offset: Span) -> Time {
        Time((self.releases[region] + offset).0.max(0) as u64)
    }

    /// Number of measurement intervals.
    pub fn intervals(&self) -> usize {
        (self.end.0 / self.interval.0.max(1) as u64).max(1) as usize
    }

    /// The names of the audience and the region of each cohort, in the scenario that the model was compiled from.
    pub fn cohort_names<'a>(&self, spec: &'a Spec) -> Vec<(&'a str, &'a str)> {
        arrivals::cohorts(spec)
            .map(|(audience, region)| (audience, spec.region.get_index(region).map_or("", |(name, _)| name.as_str())))
            .collect()
    }

    /// Whether each request is made by calls between pools, by index of the request.
    pub fn requests_of_calls(&self) -> Vec<bool> {
        self.requests.iter().map(|name| name.contains(SEPARATOR)).collect()
    }

    /// The index in [`Model::cells`] by region, request and pool, flat; `u16::MAX` for a combination that cannot occur.
    pub fn cell_lookup(&self) -> Vec<u16> {
        let mut lookup = vec![u16::MAX; self.regions * self.requests.len() * self.pools];
        for (index, cell) in self.cells.iter().enumerate() {
            lookup[(cell.region * self.requests.len() + cell.request) * self.pools + cell.pool] = index as u16;
        }
        lookup
    }
}

impl Harm {
    fn compile(harm: &crate::scenario::spec::Harm, names: &Indices) -> Harm {
        let requests = harm.requests.iter().map(|name| names.request(name));
        Harm { wait: harm.wait, requests: requests.collect() }
    }
}

/// The settings by the moment from which they are in force, and the scenario from each of these moments on, by its
/// offset from the drop.
fn epochs<'a>(
    scenario: &'a Scenario,
    names: &Indices<'_>,
    start: Span,
    end: Span,
) -> (Vec<Epoch>, Vec<(Span, &'a Spec)>) {
    let ever = Ever::of(scenario);
    let settings = Settings::compile(scenario.spec(), names, &ever);
    let mut epochs = vec![Epoch { at: Time(0), settings, empties: Vec::new() }];
    let mut specs = vec![(start, scenario.spec())];
    for change in scenario.timeline() {
        let settings = Settings::compile(&change.spec, names, &ever);
        let from_start = change.at - start;
        if from_start.0 <= 0 {
            epochs[0].settings = settings;
            epochs[0].empties.extend(change.empties());
            specs[0].1 = &change.spec;
        } else if from_start < end {
            epochs.push(Epoch { at: Time(from_start.0 as u64), settings, empties: change.empties().collect() });
            specs.push((change.at, &change.spec));
        }
    }
    (epochs, specs)
}

/// All combinations of region, pool and request that journeys, and the calls made for them, can cause under some
/// settings.
fn possible_cells(model: &Model) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    for cohort in &model.cohorts {
        for epoch in &model.epochs {
            let region = &epoch.settings.regions[cohort.region];
            for step in &epoch.settings.journeys[cohort.journey].steps {
                let (request, tier, heartbeat) = match step {
                    Step::Request { request, tier, .. } => (*request, *tier, false),
                    Step::Stream { heartbeat: Some(beat), .. } | Step::Enter { poll: Some(beat), .. } => {
                        (beat.request, beat.tier, true)
                    }
                    _ => continue,
                };
                for (_, pool) in &region.routes[tier].pools {
                    let cell = Cell { region: cohort.region, pool: *pool, request, heartbeat, call: false };
                    match cells
                        .iter_mut()
                        .find(|c| (c.region, c.pool, c.request) == (cell.region, cell.pool, cell.request))
                    {
                        // A request that is also the request of a step counts in `all`.
                        Some(known) => known.heartbeat &= heartbeat,
                        None => cells.push(cell),
                    }
                }
            }
        }
    }
    add_cells_of_calls(model, &mut cells);
    cells.sort_by_key(|cell| (cell.region, cell.pool, cell.request));
    cells
}

/// Adds the cells of calls that requests of each region lead to.
fn add_cells_of_calls(model: &Model, cells: &mut Vec<Cell>) {
    let Some(epoch) = model.epochs.first() else { return };
    let mut index = 0;
    // Cells that are added lead to further cells.
    while let Some(Cell { region, pool, .. }) = cells.get(index).copied() {
        for call in &epoch.settings.pools[pool].calls.calls {
            let cell = Cell {
                region,
                pool: usize::from(call.pool),
                request: usize::from(call.request),
                heartbeat: false,
                call: true,
            };
            if !cells.contains(&cell) {
                cells.push(cell);
            }
        }
        index += 1;
    }
}

/// The mean of a law, in seconds.
pub(crate) fn mean_seconds(law: &Law) -> f64 {
    law.mean() / 1e9
}
