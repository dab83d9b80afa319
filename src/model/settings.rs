//! Settings: the part of a model that may change during a run, compiled for the time between two changes.

use super::clock::Clock;
use super::ever::Ever;
use super::names::Indices;
use crate::document::law;
use crate::document::unions::StringOr;
use crate::policy::client::Client;
use crate::policy::queue::priority::Class;
use crate::policy::repeat::Repeat;
use crate::policy::waiting_room::Poll;
use crate::policy::{client, distance, pool, waiting_room};
use crate::random::Law;
use crate::scenario::spec::{self, Spec, WaitFor};
use crate::units::{Span, Time};

/// The settings in force from one change to the next.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Settings by index of the pool.
    pub pools: Vec<pool::Settings>,
    /// Settings by index of the client, then those for audiences and calls without a client, then those for calls, by
    /// calling pool and client.
    pub clients: Vec<client::Settings>,
    /// Journeys by index.
    pub journeys: Vec<Journey>,
    /// Waiting rooms by index.
    pub waiting_rooms: Vec<waiting_room::Settings>,
    /// Regions by index.
    pub regions: Vec<Region>,
    /// Mixes by index of the cohort.
    pub mixes: Vec<CrowdMix>,
}

impl Settings {
    /// The factor of the length of the streams of a cohort that began before the window opened.
    pub fn stretch(&self, cohort: usize) -> f64 {
        self.mixes[cohort].stretch_at(Time(0))
    }

    /// The settings of a scenario; `ever` holds the properties that pools have at some time of the run.
    pub(super) fn compile(spec: &Spec, names: &Indices, ever: &Ever) -> Settings {
        let mut clients: Vec<client::Settings> =
            spec.client.values().map(|client| client.compile(spec.scale)).collect();
        clients.push(Client::default().compile(spec.scale));
        let mut settings = Settings {
            pools: spec.pool.values().enumerate().map(|(index, pool)| pool_settings(index, pool, ever, spec)).collect(),
            clients,
            journeys: spec.journey.values().map(|journey| Journey::compile(journey, spec, names)).collect(),
            waiting_rooms: spec
                .waiting_room
                .values()
                .map(|room| room.compile(spec.scale, spec.drop.since(spec.start)))
                .collect(),
            regions: spec.region.iter().map(|(name, region)| Region::compile(name, region, spec, names)).collect(),
            mixes: super::arrivals::cohorts(spec)
                .map(|(audience, region)| CrowdMix::compile(spec, audience, region))
                .collect(),
        };
        super::calls::compile(spec, names, &mut settings.pools, &mut settings.clients);
        settings
    }
}

/// The settings of a pool, with the schedule of its autoscaler on the clock of the drop.
fn pool_settings(index: usize, pool: &pool::Pool, ever: &Ever, spec: &Spec) -> pool::Settings {
    let mut settings = pool.compile(spec.scale, ever.individuals[index]);
    if let Some(fleet) = settings.fleet.as_mut().filter(|_| ever.sharing[index]) {
        fleet.speed.get_or_insert_default();
    }
    if let Some(fleet) = &mut settings.fleet {
        fleet.loses = ever.losing[index];
    }
    if let (Some(compiled), Some(table)) = (&mut settings.autoscale, &pool.autoscale) {
        let clock = Clock::of_zone(None, spec.drop.offset, spec.drop.timestamp);
        compiled.schedule(table, |when| Time((clock.offset(when) + spec.drop.since(spec.start)).0.max(0) as u64));
    }
    settings
}

/// The journey of a viewer.
#[derive(Clone, Debug, PartialEq)]
pub struct Journey {
    /// The steps in order.
    pub steps: Vec<Step>,
    /// For each step, the step that may follow it instead of the next one.
    pub thens: Vec<Option<Then>>,
    /// Rounds of the journey.
    pub repeat: Option<Repeat>,
}

/// One step of a journey.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Calls to a tier, one after the other.
    Request {
        /// Index of the request's name.
        request: usize,
        /// Index of the tier.
        tier: usize,
        /// Number of calls.
        times: u16,
        /// Whether the viewer goes on after a failure.
        optional: bool,
        /// Class of the attempts.
        class: Class,
    },
    /// A pause between two steps.
    Think(Law),
    /// A wait until a moment and, if `spread` is set, for a random delay after it.
    Wait {
        /// The moment, from the region's drop.
        until: Span,
        /// Law of the delay after the moment.
        spread: Option<Law>,
    },
    /// A waiting room.
    Enter {
        /// Index of the room.
        room: usize,
        /// Requests that the page of the room makes.
        poll: Option<Heartbeat>,
    },
    /// A stream.
    Stream {
        /// Law of the time that the stream plays.
        length: Law,
        /// Moment at which the stream ends at the latest.
        until: Option<Until>,
        /// Requests that the app makes while the stream plays.
        heartbeat: Option<Heartbeat>,
    },
}

/// The moment at which a stream ends for all viewers.
#[derive(Clone, Debug, PartialEq)]
pub struct Until {
    /// The moment, from the region's drop.
    pub at: Span,
    /// Law of a delay after the moment, drawn for each viewer.
    pub spread: Option<Law>,
}

/// A step that may follow another one instead of the next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Then {
    /// Index of the step.
    pub step: usize,
    /// Probability that the step follows.
    pub probability: f64,
}

/// A request at each full period of a stream.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heartbeat {
    /// Index of the request's name.
    pub request: usize,
    /// Index of the tier.
    pub tier: usize,
    /// The period.
    pub every: Span,
    /// Class of the attempts.
    pub class: Class,
}

impl Journey {
    fn compile(journey: &spec::Journey, spec: &Spec, names: &Indices) -> Journey {
        let step_named =
            |wanted: &str| journey.steps.iter().position(|step| step.called() == Some(wanted)).unwrap_or(0);
        let beat = |tier: &str, name: Option<&str>, every: Span, class: Class| Heartbeat {
            request: names.request(name.unwrap_or(tier)),
            tier: names.tier(tier),
            every,
            class,
        };
        let steps = journey.steps.iter().map(|step| {
            if let Some(tier) = &step.request {
                Step::Request {
                    request: names.request(step.name.as_ref().unwrap_or(tier)),
                    tier: names.tier(tier),
                    times: step.times.unwrap_or(1).clamp(1, 10_000) as u16,
                    optional: step.optional.unwrap_or(false),
                    class: step.priority.unwrap_or_default(),
                }
            } else if let Some((room, _, table)) = step.enter.as_ref().and_then(|room| spec.waiting_room.get_full(room))
            {
                let poll = table.poll.as_ref();
                let compile = |poll: &Poll| beat(&poll.request, poll.name.as_deref(), poll.every, poll.priority);
                Step::Enter { room, poll: poll.map(compile) }
            } else if let Some(law) = &step.think {
                Step::Think(law::compile_span(law))
            } else if let Some(law) = &step.stream {
                Step::Stream {
                    length: law::compile_span(law),
                    until: step.until.map(|at| Until { at, spread: step.spread.as_ref().map(law::compile_span) }),
                    heartbeat: step
                        .heartbeat
                        .as_ref()
                        .map(|of| beat(&of.request, of.name.as_deref(), of.every, of.priority)),
                }
            } else {
                let until = match step.wait {
                    Some(WaitFor::Until(offset)) => offset,
                    Some(WaitFor::Drop) | None => Span::ZERO,
                };
                Step::Wait { until, spread: step.spread.as_ref().map(law::compile_span) }
            }
        });
        let then = |step: &spec::Step| {
            let then = step.then.as_ref()?;
            Some(Then { step: step_named(&then.name), probability: then.probability.0 })
        };
        Journey { steps: steps.collect(), thens: journey.steps.iter().map(then).collect(), repeat: journey.repeat }
    }
}

/// A region: distance, routes and link.
#[derive(Clone, Debug)]
pub struct Region {
    /// The way between viewers and pools.
    pub distance: distance::Settings,
    /// Routes by index of the tier.
    pub routes: Vec<Route>,
    /// Capacity of the link at simulated size, in bits per second; `None` if the link is unlimited.
    pub capacity: Option<u64>,
    /// Bit rates of the encodings in bits per second, ascending; empty if video is not modelled.
    pub ladder: Vec<u64>,
    /// Device classes, at least one.
    pub devices: Vec<Device>,
    /// Rate of background reports to the outage tracker, per second at full size.
    pub usual_reports: f64,
}

/// The pools that serve a tier, each with its share of the viewers.
#[derive(Clone, Debug)]
pub struct Route {
    /// A number that depends on the tier's name alone, for the draw of a viewer's pool.
    pub tier: u64,
    /// Share and index of each pool; the shares add up to 1.
    pub pools: Vec<(f64, usize)>,
}

/// A class of devices.
#[derive(Clone, Copy, Debug)]
pub struct Device {
    /// Share of the viewers.
    pub share: f64,
    /// Highest bit rate of a stream in bits per second: the device's peak or the cap, whichever is lower.
    pub peak: u64,
}

impl Region {
    fn compile(name: &str, region: &spec::Region, spec: &Spec, names: &Indices) -> Region {
        let routes = names.tiers.iter().map(|tier| Route {
            tier: super::names::name_number(tier),
            pools: match region.route.get(*tier) {
                Some(shares) => {
                    shares.iter().filter_map(|(pool, share)| Some((share.0, spec.pool.get_index_of(pool)?))).collect()
                }
                None => spec.pool.get_index_of(*tier).map(|pool| (1.0, pool)).into_iter().collect(),
            },
        });
        let delivery = region.delivery.as_ref().or(spec.delivery.as_ref());
        let ladder: Vec<u64> = delivery.map_or_else(Vec::new, |d| d.ladder.iter().map(|rate| rate.0).collect());
        let top = ladder.last().copied().unwrap_or(0);
        let cap = delivery.and_then(|d| d.cap).map_or(u64::MAX, |cap| cap.0);
        let mut devices: Vec<Device> = delivery
            .iter()
            .flat_map(|d| d.devices.values())
            .map(|device| Device { share: device.share.0, peak: device.peak.0.min(cap) })
            .collect();
        if devices.is_empty() {
            devices.push(Device { share: 1.0, peak: top.min(cap) });
        }
        Region {
            distance: region.distance.compile(),
            routes: routes.collect(),
            capacity: region.link.as_ref().map(|link| (link.capacity.0 as f64 * spec.scale).round() as u64),
            ladder,
            devices,
            usual_reports: spec.reports.usual.get(name).map_or(0.0, |rate| rate.0),
        }
    }
}

/// The settings of one cohort: its clients, and the factors of the length of its streams.
#[derive(Clone, Debug)]
pub struct CrowdMix {
    /// Share and index of each client.
    pub clients: Vec<(f64, usize)>,
    /// Factors of the length of streams.
    pub factors: Vec<StreamFactor>,
}

/// A factor of the length of the streams that begin in a window.
#[derive(Clone, Copy, Debug)]
pub struct StreamFactor {
    /// Start of the window.
    pub from: Time,
    /// End of the window, not included.
    pub until: Time,
    /// The factor.
    pub factor: f64,
}

impl CrowdMix {
    fn compile(spec: &Spec, audience_name: &str, region: usize) -> CrowdMix {
        let audience = &spec.audience[audience_name];
        let clients = match &audience.client {
            None => vec![(1.0, spec.client.len())],
            Some(StringOr::String(name)) => vec![(1.0, spec.client.get_index_of(name).unwrap_or(spec.client.len()))],
            Some(StringOr::Table(mix)) => {
                mix.iter().filter_map(|(name, share)| Some((share.0, spec.client.get_index_of(name)?))).collect()
            }
        };
        let factors = super::arrivals::multipliers(spec, audience_name, region)
            .filter(|window| window.multiplier.watch_time != 1.0)
            .map(|window| {
                let moment = |at: Span| Time((at + spec.drop.since(spec.start)).0.max(0) as u64);
                StreamFactor {
                    from: moment(window.from),
                    until: moment(window.until),
                    factor: window.multiplier.watch_time,
                }
            })
            .collect();
        CrowdMix { clients, factors }
    }

    /// The product of the factors in force at a moment.
    #[inline]
    pub fn stretch_at(&self, now: Time) -> f64 {
        self.factors.iter().filter(|f| f.from <= now && now < f.until).map(|f| f.factor).product()
    }
}
