//! The warning about a pool that cannot carry its everyday load.

use super::found::{Found, span};
use super::unused::clocks;
use crate::document::moments::When;
use crate::model::steady::expected_visits;
use crate::model::{Arrivals, Journey, Model, RatePiece, Settings, Step, mean_seconds};
use crate::policy::pool;
use crate::scenario::spec::Audience;
use crate::units::{Span, Time};

/// Most moments at which loads are compared; of more, evenly spread ones stand for all.
const MOST_MOMENTS: usize = 20_000;

/// Warns of a pool whose capacity is below the offered load of its Poisson streams before the drop, at the busiest moment, with
/// the settings then in force. Where the window opens with the drop, the load must be above the capacity all the time, since
/// what is more than usual there may be the surge itself.
pub(super) fn load(model: &Model, found: &mut Found<'_>) {
    let before_drop = model.drop > Span::ZERO;
    let until = if before_drop { Time(model.drop.0 as u64).min(model.end) } else { model.end };
    let by_clock =
        |audience: &Audience| audience.profile.iter().flatten().any(|(when, _)| matches!(when, When::Clock(_)));
    let clock = if found.spec().audience.values().any(by_clock) {
        format!("; {}", clocks(found.spec()))
    } else {
        String::new()
    };
    let crowds = model.cohorts.iter().any(|cohort| matches!(cohort.arrivals, Arrivals::Crowd { .. }));
    let (when, then) = if !before_drop {
        ("at every moment at least", "throughout the run")
    } else if crowds {
        ("at the busiest", "before anyone comes for the drop")
    } else {
        ("at the busiest", "before the drop")
    };
    for (index, load) in decisive(model, until, before_drop).into_iter().enumerate() {
        let Some(load) = load.filter(|load| load.missing() > 0.0) else { continue };
        let name = found.pool(index);
        let full = |value: f64| value / model.scale;
        found.add(
            &format!("pool.{name}.servers"),
            format!("pool `{name}` cannot carry its everyday load"),
            if load.up < 1.0 {
                format!("{:.1} slots in the mean for an offered load of {:.1}", full(load.slots), full(load.busy()))
            } else {
                format!("{:.0} slots for an offered load of {:.1}", full(load.slots), full(load.busy()))
            },
            &format!(
                "{when} {:.1} requests a second × {} mean {} keep {:.1} slots busy, {then}{clock}{}",
                full(load.rate),
                span(load.held),
                if load.by_calls { "time in a slot, calls included," } else { "service" },
                full(load.busy()),
                if load.up < 1.0 {
                    format!("; by `crash` a server is up {:.0}% of the time", load.up * 100.0)
                } else {
                    String::new()
                }
            ),
        );
    }
}

/// The load that Poisson streams offer to a pool at a moment, themselves and by the calls of other pools, at simulated size.
#[derive(Clone, Copy)]
struct Load {
    /// Requests a second.
    rate: f64,
    /// Mean time that a request takes of a slot, in seconds: its service, or with the calls that it makes.
    held: f64,
    /// Whether the time includes calls.
    by_calls: bool,
    /// Slots of the pool, in the mean.
    slots: f64,
    /// Share of the time in which a server is up.
    up: f64,
}

impl Load {
    /// The load of a pool: that of its work, or that of its slots if an attempt that waits for calls makes them the scarcer.
    fn of(settings: &Settings, index: usize, rate: f64) -> Load {
        let pool = &settings.pools[index];
        let up = pool.crash().map_or(1.0, |crash| crash.availability());
        let held = mean_seconds(&pool.service);
        let by_work = Load { rate, held, by_calls: false, slots: pool.most_work_rate() * up, up };
        let slots = pool.most_slots();
        if slots.are_unlimited() || !pool.calls.is_used() || has_timers(settings, pool) {
            return by_work;
        }
        let held = pool.hold_at(1.0) / 1e9;
        let by_slots = Load { held, by_calls: true, slots: slots.count as f64 * up, ..by_work };
        if by_slots.missing() > by_work.missing() { by_slots } else { by_work }
    }

    /// Slots that the load keeps busy.
    fn busy(&self) -> f64 {
        self.rate * self.held
    }

    /// Slots that are missing; negative where some are left.
    fn missing(&self) -> f64 {
        self.busy() - self.slots
    }
}

/// The load of each pool at the moment up to `until` at which most slots are missing, or fewest.
fn decisive(model: &Model, until: Time, most: bool) -> Vec<Option<Load>> {
    let mut decisive: Vec<Option<Load>> = vec![None; model.pools];
    let streams: Vec<(usize, &[RatePiece])> = model.cohorts.iter().enumerate().filter_map(stream).collect();
    let mut at_piece = vec![0; streams.len()];
    let (mut epoch, mut calls) = (0, Calls::of(model, &model.epochs[0].settings));
    for pair in moments(model, &streams, until).windows(2) {
        let (from, until) = (pair[0], pair[1]);
        while model.epochs.get(epoch + 1).is_some_and(|next| next.at <= from) {
            epoch += 1;
            calls.update(model, &model.epochs[epoch].settings);
        }
        let mut rates = vec![[0.0; 2]; model.pools];
        for ((cohort, pieces), piece) in streams.iter().zip(&mut at_piece) {
            while pieces.get(*piece).is_some_and(|piece| piece.until <= from) {
                *piece += 1;
            }
            let Some(piece) = pieces.get(*piece).filter(|piece| piece.from <= from) else { continue };
            let slope = (piece.last - piece.first) / (piece.until.0 - piece.from.0) as f64;
            let per_second = |at: Time| (piece.first + slope * (at.min(piece.until).0 - piece.from.0) as f64) * 1e9;
            for (pool, requests) in &calls.of_cohort[*cohort] {
                rates[*pool][0] += per_second(from) * requests;
                rates[*pool][1] += per_second(until) * requests;
            }
        }
        let pools = &model.epochs[epoch].settings.pools;
        for ((index, rates), decisive) in with_calls(pools, rates).into_iter().enumerate().zip(&mut decisive) {
            for rate in rates {
                let load = Load::of(&model.epochs[epoch].settings, index, rate);
                let further = |known: Load| (load.missing() > known.missing()) == most;
                if decisive.is_none_or(further) {
                    *decisive = Some(load);
                }
            }
        }
    }
    decisive
}

/// Whether timers end calls of a pool that take no more than twice their mean, so that its slots are free sooner.
fn has_timers(settings: &Settings, pool: &pool::Settings) -> bool {
    pool.calls.calls.iter().any(|call| {
        let way = call.latency.as_ref().map_or(0.0, |law| law.mean());
        let timer = settings.clients.get(usize::from(call.client)).and_then(|client| client.timeout.span());
        timer.is_some_and(|timer| (timer.0 as f64) < 2.0 * (way + settings.pools[usize::from(call.pool)].hold_at(1.0)))
    })
}

/// The rates of pools with those of the calls that they make where caches are full, given the rates of people. Calls go round in
/// no cycle, so after as many rounds as there are pools all is counted.
fn with_calls(pools: &[pool::Settings], of_people: Vec<[f64; 2]>) -> Vec<[f64; 2]> {
    let mut rates = of_people.clone();
    for _ in pools {
        let mut next = of_people.clone();
        for (pool, rate) in pools.iter().zip(&rates) {
            for call in &pool.calls.calls {
                let called = &mut next[usize::from(call.pool)];
                called.iter_mut().zip(rate).for_each(|(called, rate)| *called += rate * call.mean_times());
            }
        }
        if next == rates {
            break;
        }
        rates = next;
    }
    rates
}

/// The rate of a cohort that is a Poisson stream.
pub(super) fn stream((index, cohort): (usize, &crate::model::Cohort)) -> Option<(usize, &[RatePiece])> {
    match &cohort.arrivals {
        Arrivals::Rate(pieces) => Some((index, pieces)),
        _ => None,
    }
}

/// The moments up to `until` between which no rate bends and no setting changes, both ends included.
pub(super) fn moments(model: &Model, streams: &[(usize, &[RatePiece])], until: Time) -> Vec<Time> {
    let bends = streams.iter().flat_map(|(_, pieces)| pieces.iter()).flat_map(|piece| [piece.from, piece.until]);
    let edges = bends.chain(model.epochs.iter().map(|epoch| epoch.at)).chain([Time::START]);
    let mut moments: Vec<Time> = edges.filter(|at| *at < until).collect();
    moments.sort_unstable();
    moments.dedup();
    let step = moments.len().div_ceil(MOST_MOMENTS).max(1);
    moments.into_iter().step_by(step).chain([until]).collect()
}

/// The calls of one viewer to each pool, with `times`, the loops of `then`, and heartbeats.
struct Calls<'m> {
    settings: &'m Settings,
    /// By journey: tier and expected calls.
    of_journey: Vec<Vec<(usize, f64)>>,
    /// By cohort: pool and expected calls.
    of_cohort: Vec<Vec<(usize, f64)>>,
}

impl<'m> Calls<'m> {
    fn of(model: &Model, settings: &'m Settings) -> Calls<'m> {
        let of_journey = settings.journeys.iter().map(requests_per_viewer).collect();
        let mut calls = Calls { settings, of_journey, of_cohort: Vec::new() };
        calls.route(model);
        calls
    }

    /// Puts other settings into force.
    fn update(&mut self, model: &Model, settings: &'m Settings) {
        let before = std::mem::replace(&mut self.settings, settings);
        for ((calls, old), new) in self.of_journey.iter_mut().zip(&before.journeys).zip(&settings.journeys) {
            if old != new {
                *calls = requests_per_viewer(new);
            }
        }
        self.route(model);
    }

    /// Sends the calls of each cohort to the pools of its region.
    fn route(&mut self, model: &Model) {
        let of_cohort = model.cohorts.iter().map(|cohort| {
            let routes = &self.settings.regions[cohort.region].routes;
            let calls = self.of_journey[cohort.journey].iter();
            calls
                .flat_map(|(tier, calls)| routes[*tier].pools.iter().map(move |(share, pool)| (*pool, calls * share)))
                .collect()
        });
        self.of_cohort = of_cohort.collect();
    }
}

/// The expected calls of one viewer by tier, with `times`, the loops of `then`, and heartbeats.
pub fn requests_per_viewer(journey: &Journey) -> Vec<(usize, f64)> {
    let visits = expected_visits(journey);
    let calls = journey.steps.iter().zip(visits).filter_map(|(step, visits)| match step {
        Step::Request { tier, times, .. } => Some((*tier, visits * f64::from(*times))),
        Step::Stream { length, heartbeat: Some(beat), .. } => {
            let reaches = |beats: i32| 1.0 - length.cdf(f64::from(beats) * beat.every.0 as f64);
            Some((beat.tier, visits * (1..10_000).map(reaches).take_while(|share| *share > 1e-6).sum::<f64>()))
        }
        _ => None,
    });
    calls.filter(|(_, calls)| calls.is_finite()).collect()
}
