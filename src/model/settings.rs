//! Every setting that may change while a run goes on, compiled for one stretch of the timeline.

use super::arrivals::Names;
use crate::document::law;
use crate::document::unions::StringOr;
use crate::policy::client::Client;
use crate::policy::{client, pool};
use crate::random::Law;
use crate::scenario::spec::{self, Spec};
use crate::units::{Span, Time};

/// All settings in force at one time.
#[derive(Clone, Debug)]
pub struct Settings {
    /// By index of the pool.
    pub pools: Vec<pool::Settings>,
    /// By index of the client; the last one is for audiences that name none.
    pub clients: Vec<client::Settings>,
    /// By index of the journey.
    pub journeys: Vec<Journey>,
    /// By index of the region.
    pub regions: Vec<Region>,
    /// By index of the cohort.
    pub mixes: Vec<CrowdMix>,
}

impl Settings {
    /// The factor on streams of a cohort that were running when the window opened.
    pub fn stretch(&self, cohort: usize) -> f64 {
        self.mixes[cohort].stretch_at(Time(0))
    }

    pub(super) fn compile(spec: &Spec, names: &Names) -> Settings {
        let mut clients: Vec<client::Settings> =
            spec.client.values().map(|client| client.compile(spec.scale)).collect();
        clients.push(Client::default().compile(spec.scale));
        Settings {
            pools: spec.pool.values().map(|pool| pool.compile(spec.scale)).collect(),
            clients,
            journeys: spec.journey.values().map(|journey| Journey::compile(journey, names)).collect(),
            regions: spec.region.iter().map(|(name, region)| Region::compile(name, region, spec, names)).collect(),
            mixes: super::arrivals::cohorts(spec)
                .map(|(audience, region)| CrowdMix::compile(spec, audience, region))
                .collect(),
        }
    }
}

/// What a viewer does.
#[derive(Clone, Debug)]
pub struct Journey {
    /// Step by step.
    pub steps: Vec<Step>,
}

/// One step of a journey.
#[derive(Clone, Debug)]
pub enum Step {
    /// Calls to a tier, one after the other.
    Request {
        /// Index of the request's name.
        request: usize,
        /// Index of the tier.
        tier: usize,
        /// How many calls.
        times: u16,
        /// Whether a failure is skipped.
        optional: bool,
    },
    /// A pause.
    Think(Law),
    /// Holds until the region's drop and one draw more.
    Wait {
        /// The draw.
        spread: Option<Law>,
    },
    /// A stream.
    Stream {
        /// How long it plays.
        length: Law,
        /// Where to go afterwards.
        then: Option<Then>,
        /// Requests while it plays.
        heartbeat: Option<Heartbeat>,
    },
}

/// Where a viewer goes after a stream.
#[derive(Clone, Copy, Debug)]
pub struct Then {
    /// Index of the step.
    pub step: usize,
    /// How likely it is.
    pub probability: f64,
}

/// A request at each full period of a stream.
#[derive(Clone, Copy, Debug)]
pub struct Heartbeat {
    /// Index of its name.
    pub request: usize,
    /// Index of the tier.
    pub tier: usize,
    /// The period.
    pub every: Span,
}

impl Journey {
    fn compile(journey: &spec::Journey, names: &Names) -> Journey {
        let step_named = |wanted: &str| {
            journey
                .steps
                .iter()
                .position(|step| step.name.as_deref().or(step.request.as_deref()) == Some(wanted))
                .unwrap_or(0)
        };
        let steps = journey.steps.iter().map(|step| {
            if let Some(tier) = &step.request {
                Step::Request {
                    request: names.request(step.name.as_ref().unwrap_or(tier)),
                    tier: names.tier(tier),
                    times: step.times.unwrap_or(1).clamp(1, 10_000) as u16,
                    optional: step.optional.unwrap_or(false),
                }
            } else if let Some(law) = &step.think {
                Step::Think(law::compile_span(law))
            } else if let Some(law) = &step.stream {
                Step::Stream {
                    length: law::compile_span(law),
                    then: step
                        .then
                        .as_ref()
                        .map(|then| Then { step: step_named(&then.name), probability: then.probability.0 }),
                    heartbeat: step.heartbeat.as_ref().map(|beat| Heartbeat {
                        request: names.request(beat.name.as_ref().unwrap_or(&beat.request)),
                        tier: names.tier(&beat.request),
                        every: beat.every,
                    }),
                }
            } else {
                Step::Wait { spread: step.spread.as_ref().map(law::compile_span) }
            }
        });
        Journey { steps: steps.collect() }
    }
}

/// A region: its distance, its routes, its link.
#[derive(Clone, Debug)]
pub struct Region {
    /// Half the round trip.
    pub half_rtt: Span,
    /// By index of the tier.
    pub routes: Vec<Route>,
    /// What the link carries, after scaling; `None` where it is unlimited.
    pub capacity: Option<u64>,
    /// Bit rates of the encodings, ascending; empty where video is not modelled.
    pub ladder: Vec<u64>,
    /// What people watch on; at least one.
    pub devices: Vec<Device>,
    /// The outage tracker's usual level here, reports a second at full size.
    pub usual_reports: f64,
}

/// The pools that serve a tier, with the share of viewers of each.
#[derive(Clone, Debug)]
pub struct Route {
    /// A number that depends on the tier's name alone, for the viewer's draw.
    pub tier: u64,
    /// Share and index; the shares add up to 1.
    pub pools: Vec<(f64, usize)>,
}

/// What people watch on.
#[derive(Clone, Copy, Debug)]
pub struct Device {
    /// Share of viewers.
    pub share: f64,
    /// The highest bit rate a stream here gets: the device's peak or the cap.
    pub peak: u64,
}

impl Region {
    fn compile(name: &str, region: &spec::Region, spec: &Spec, names: &Names) -> Region {
        let routes = names.tiers.keys().map(|tier| Route {
            tier: super::name_number(tier),
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
            half_rtt: Span(region.rtt.0 / 2),
            routes: routes.collect(),
            capacity: region.link.as_ref().map(|link| (link.capacity.0 as f64 * spec.scale).round() as u64),
            ladder,
            devices,
            usual_reports: spec.reports.usual.get(name).map_or(0.0, |rate| rate.0),
        }
    }
}

/// What differs between cohorts: their clients and how long they watch.
#[derive(Clone, Debug)]
pub struct CrowdMix {
    /// Share and index of each client.
    pub clients: Vec<(f64, usize)>,
    /// Factors on the length of streams.
    pub factors: Vec<StreamFactor>,
}

/// A factor on the length of streams that begin in a window.
#[derive(Clone, Copy, Debug)]
pub struct StreamFactor {
    /// From this moment on.
    pub from: Time,
    /// Until before this one.
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

    /// The product of the factors in force.
    #[inline]
    pub fn stretch_at(&self, now: Time) -> f64 {
        self.factors.iter().filter(|f| f.from <= now && now < f.until).map(|f| f.factor).product()
    }
}
