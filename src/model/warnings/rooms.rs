//! The warning about a waiting room in which people wait longer at a small scale than at full size.

use super::everyday::{moments, stream};
use super::found::{Found, span};
use crate::model::estimate::arrived;
use crate::model::steady::expected_visits;
use crate::model::{Journey, Model, Settings, Step, mean_seconds};
use crate::units::Time;

/// Seconds that the mean wait is longer at the scale, from which on it is warned of.
const LONGER_S: f64 = 0.5;

/// Stretches of the run whose loads are compared, besides those between moments at which a rate bends or a setting changes.
const STRETCHES: u64 = 240;

/// Share of a load from which on a neighbouring stretch belongs to the same time of high load.
const AS_HIGH: f64 = 0.9;

/// Warns of a room to which nearly as many people come as it admits: the wait there goes with one over the scale.
///
/// Admissions by a rate are 1/rate apart, so that the room is a queue with deterministic service: with Poisson arrivals the mean
/// wait is ρ ÷ (2 · rate · (1 − ρ)), and the rate is that of the scale (Pollaczek and Khinchine). Where so many may be inside, each
/// of them is a server (Erlang C). A time of high load that is short ends before the wait is that long.
pub(super) fn near_their_limits(model: &Model, found: &mut Found<'_>) {
    if model.scale >= 1.0 {
        return;
    }
    for (room, name) in model.waiting_rooms.iter().enumerate() {
        let loads = loads(model, room).into_iter().filter(|load| load.share() < 1.0);
        let Some(most) = loads.reduce(|most, next| if next.share() > most.share() { next } else { most }) else {
            continue;
        };
        let (here, full) = (most.wait_s(1.0), most.wait_s(1.0 / model.scale));
        if here - full < LONGER_S {
            continue;
        }
        let come = most.come / model.scale;
        let admitted = match most.limit {
            Limit::Rate { admitted } => format!("where {:.1} are admitted; near that rate", admitted / model.scale),
            Limit::Inside { places, stay_s } => format!(
                "and stay for {}, and {:.0} may be inside; near that number",
                span(stay_s),
                places / model.scale
            ),
        };
        found.add(
            "scale",
            format!("people wait longer in waiting_room `{name}` at this scale"),
            format!("{} in the mean instead of {}", span(here), span(full)),
            &format!(
                "{come:.1} people a second come {admitted} the wait goes with one over the scale, and so do the people in the room"
            ),
        );
    }
}

/// The limit by which a room admits people, at simulated size.
#[derive(Clone, Copy)]
enum Limit {
    /// Rate of admission, in people per second.
    Rate { admitted: f64 },
    /// Number of people inside at most, and the mean stay inside in seconds.
    Inside { places: f64, stay_s: f64 },
}

/// People who come to a room in some stretch of the run, in people a second at simulated size.
#[derive(Clone, Copy)]
struct Load {
    come: f64,
    limit: Limit,
    /// Seconds for which the load is about as high.
    lasts_s: f64,
}

impl Load {
    /// Largest rate of admission in the long run, in people per second.
    fn capacity(&self) -> f64 {
        match self.limit {
            Limit::Rate { admitted } => admitted,
            Limit::Inside { places, stay_s } => places / stay_s,
        }
    }

    fn share(&self) -> f64 {
        self.come / self.capacity()
    }

    /// The mean wait in seconds at a scale larger by a factor: that of the long run or, if that is less, the mean wait
    /// that a load of the whole capacity comes to within the time that the load lasts (a reflected random walk).
    fn wait_s(&self, factor: f64) -> f64 {
        let (come, capacity, share) = (self.come * factor, self.capacity() * factor, self.share());
        let in_the_long_run = match self.limit {
            Limit::Rate { .. } => share / (2.0 * capacity * (1.0 - share)),
            Limit::Inside { places, .. } => {
                let servers = (places * factor).ceil().max(1.0);
                erlang_c(servers, share * servers) / (capacity * (1.0 - share))
            }
        };
        let by_then = (2.0 * come * self.lasts_s / std::f64::consts::PI).sqrt() / capacity;
        in_the_long_run.min(by_then)
    }
}

/// The share of arrivals that wait for one of `servers` servers under a load in servers (Erlang C), by the recursion of
/// Erlang B.
fn erlang_c(servers: f64, load: f64) -> f64 {
    let mut blocked = 1.0;
    for server in 1..=servers as u64 {
        blocked = load * blocked / (server as f64 + load * blocked);
    }
    blocked / (1.0 - load / servers * (1.0 - blocked))
}

/// The loads of a room in the stretches of the run, by each of its limits.
fn loads(model: &Model, room: usize) -> Vec<Load> {
    let streams: Vec<_> = model.cohorts.iter().enumerate().filter_map(stream).collect();
    let mut edges = moments(model, &streams, model.end);
    edges.extend(
        (1..STRETCHES)
            .map(|stretch| Time((u128::from(model.end.0) * u128::from(stretch) / u128::from(STRETCHES)) as u64)),
    );
    edges.sort_unstable();
    edges.dedup();
    let nanos: Vec<f64> = edges.iter().map(|edge| edge.0 as f64).collect();
    let arrived: Vec<Vec<f64>> = model.cohorts.iter().map(|cohort| arrived(cohort, &nanos)).collect();
    let mut of_limits = [Vec::new(), Vec::new()];
    // People whom each limit has held back for more than chance: where they are, the wait is that of the full size.
    let mut held_back = [0.0_f64; 2];
    for (stretch, pair) in edges.windows(2).enumerate() {
        let Some(epoch) = model.epochs.iter().rev().find(|epoch| epoch.at <= pair[0]) else { continue };
        let lasts_s = (pair[1].0 - pair[0].0) as f64 / 1e9;
        let (mut come, mut stay) = (0.0, 0.0);
        for (number, cohort) in model.cohorts.iter().enumerate() {
            let journey = &epoch.settings.journeys[cohort.journey];
            let here = (arrived[number][stretch + 1] - arrived[number][stretch]) / lasts_s * enters(journey, room);
            if here > 0.0 {
                come += here;
                stay += here * stay_s(&epoch.settings, number, cohort, room);
            }
        }
        let set = &epoch.settings.waiting_rooms[room];
        let by_rate = (set.gap.0 > 0).then(|| Limit::Rate { admitted: 1.0 / set.gap.seconds() });
        let stay_s = stay / come;
        let by_inside = (set.inside.is_finite() && stay_s.is_finite() && stay_s > 0.0)
            .then_some(Limit::Inside { places: set.inside, stay_s });
        for ((of_limit, held), limit) in of_limits.iter_mut().zip(&mut held_back).zip([by_rate, by_inside]) {
            let load = limit.map(|limit| Load { come, limit, lasts_s });
            *held = load.map_or(0.0, |load| (*held + (come - load.capacity()) * lasts_s).max(0.0));
            of_limit.push(load.filter(|_| come > 0.0 && *held == 0.0));
        }
    }
    of_limits.iter().flat_map(|of_limit| lasting(of_limit)).collect()
}

/// The loads of stretches that follow one another, each with the time for which the load is about as high.
fn lasting(loads: &[Option<Load>]) -> Vec<Load> {
    let high = |load: &Load, other: &Option<Load>| other.filter(|other| other.share() >= AS_HIGH * load.share());
    let with_its_time = |(at, load): (usize, &Option<Load>)| {
        let load = (*load)?;
        let before = loads[..at].iter().rev().map_while(|other| high(&load, other));
        let after = loads[at + 1..].iter().map_while(|other| high(&load, other));
        let lasts_s = load.lasts_s + before.chain(after).map(|other| other.lasts_s).sum::<f64>();
        Some(Load { lasts_s, ..load })
    };
    loads.iter().enumerate().filter_map(with_its_time).collect()
}

/// Number of times that a person on a journey waits in a room: at most once, since the room admits a person once.
fn enters(journey: &Journey, room: usize) -> f64 {
    let visits = journey.steps.iter().zip(expected_visits(journey));
    let here = visits.filter(|(step, _)| is_entry(step, room));
    here.map(|(_, visits)| visits).sum::<f64>().min(1.0)
}

fn is_entry(step: &Step, room: usize) -> bool {
    matches!(step, Step::Enter { room: own, .. } if *own == room)
}

/// Mean time in seconds from the admission of a person to the end of the journey, without queues; infinite where the journey has no
/// end, NaN where it depends on a moment.
fn stay_s(settings: &Settings, number: usize, cohort: &crate::model::Cohort, room: usize) -> f64 {
    let journey = &settings.journeys[cohort.journey];
    let Some(entry) = journey.steps.iter().position(|step| is_entry(step, room)) else { return f64::NAN };
    let routes = &settings.regions[cohort.region].routes;
    let after = journey.steps.iter().zip(expected_visits(journey)).skip(entry + 1);
    let of_step = |step: &Step| match step {
        Step::Request { tier, times, .. } => {
            let service =
                routes[*tier].pools.iter().map(|(share, pool)| share * mean_seconds(&settings.pools[*pool].service));
            f64::from(*times) * service.sum::<f64>()
        }
        Step::Think(law) => mean_seconds(law),
        Step::Stream { length, .. } => mean_seconds(length) * settings.stretch(number),
        Step::Wait { .. } | Step::Enter { .. } => f64::NAN,
    };
    after.map(|(step, visits)| visits * of_step(step)).sum()
}
