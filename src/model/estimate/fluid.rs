//! The fluid: groups of people flow through their journeys, step of time by step of time, and meet in the pools.

mod called;
mod place;
mod sums;
mod tick;
mod walk;

use super::caller::Caller;
use super::grid;
use super::group::{Group, groups};
use super::link::Link;
use super::load::Load;
use super::pool::{Coming, Pool, State, Waits};
use crate::model::{Journey, Model, Settings};
use called::Called;
use place::Place;
use sums::Sums;
use tick::Tick;
use walk::Walker;

/// Rounds that bring the flow of a step of time and the state of the pools in line.
const ROUNDS: usize = 3;

/// The fluid of a model.
pub struct Fluid<'m> {
    model: &'m Model,
    /// Length of the window in seconds.
    horizon: f64,
    /// Ends of the steps of time in nanoseconds.
    edges: Vec<f64>,
    groups: Vec<Group>,
    /// Settings in force, by group and by pool.
    walkers: Vec<Walker<'m>>,
    pools: Vec<Pool<'m>>,
    /// By region.
    links: Vec<Option<Link>>,
    /// Share of the time in which streams play, by region.
    speeds: Vec<f64>,
    called: Called<'m>,
    states: Vec<State>,
    /// Pending timers of attempts, patience and reports, by group.
    timers: Vec<Timers>,
    load: Load,
}

/// Pending timers of one group. A timer counts for its whole length, also once it is stale.
#[derive(Clone, Copy, Default)]
struct Timers {
    app: f64,
    pool: f64,
    queue: f64,
    patience: f64,
    reports: f64,
}

impl<'m> Fluid<'m> {
    /// The fluid at the start of the window.
    pub fn new(model: &'m Model) -> Fluid<'m> {
        let settings = &model.epochs[0].settings;
        let width: usize = settings.journeys.iter().map(|journey| journey.steps.len() * 4).sum();
        let edges = grid::edges(model, width);
        let groups = groups(model, &edges);
        let timers = vec![Timers::default(); groups.len()];
        let horizon = model.end.seconds();
        let load = Load { share: 1.0, ..Load::default() };
        let mut fluid = Fluid {
            model,
            horizon,
            edges,
            groups,
            walkers: Vec::new(),
            pools: Vec::new(),
            links: Vec::new(),
            speeds: vec![1.0; model.drops.len()],
            called: Called::new(settings, horizon, model.drops.len() as f64),
            states: Vec::new(),
            timers,
            load,
        };
        fluid.put_into_force(settings);
        fluid.states = fluid.pools.iter().map(Pool::idle).collect();
        fluid
    }

    /// Flows through the window.
    pub fn run(mut self) -> Load {
        let mut epochs = self.model.epochs.iter().skip(1).peekable();
        let usual: f64 = self.model.epochs[0].settings.regions.iter().map(|region| region.usual_reports).sum();
        self.load.events += usual * self.model.scale * self.horizon + self.model.epochs.len() as f64;
        self.load.people = self.walkers.iter().map(Walker::people).sum();
        for step in 1..self.edges.len() {
            let mut changed = None;
            while let Some(epoch) = epochs.next_if(|epoch| epoch.at.0 as f64 <= self.edges[step - 1]) {
                changed = Some(epoch);
            }
            if let Some(epoch) = changed {
                self.put_into_force(&epoch.settings);
            }
            self.flow(step);
            if self.pools.iter().zip(&self.states).any(|(pool, state)| pool.overflows(state)) {
                self.load.share = self.edges[step] / self.model.end.0 as f64;
                break;
            }
        }
        self.load
    }

    /// Puts settings into force; people stay where they are.
    fn put_into_force(&mut self, settings: &'m Settings) {
        let before = std::mem::take(&mut self.walkers);
        let regions = self.model.drops.len() as f64;
        let mut waits = vec![Waits::ENDLESS; settings.pools.len()];
        for (index, group) in self.groups.iter().enumerate() {
            let caller = Caller::new(&settings.clients[group.client], self.horizon);
            for (_, pool) in group.routes.iter().flatten() {
                waits[*pool].send(caller.timeout().min(caller.patience()), caller.deadline());
            }
            let places = place::places(settings, group, self.model.end);
            let turns = turns(&settings.journeys[group.journey], &places);
            self.walkers.push(Walker::new(group, caller, (places, turns), before.get(index), (regions, self.horizon)));
        }
        self.links = settings.regions.iter().map(Link::of).collect();
        self.called.change(settings, regions);
        self.called.limit(&mut waits);
        let pools = settings.pools.iter().zip(waits);
        self.pools = pools.map(|(set, waits)| Pool::new(set, waits, regions, self.horizon)).collect();
    }

    /// Flows through one step of time.
    fn flow(&mut self, step: usize) {
        let (from, to) = (self.edges[step - 1], self.edges[step]);
        let dt = (to - from) / 1e9;
        let mut sums = Sums::new(self.pools.len(), self.groups.len());
        let mut states = self.states.clone();
        for round in 0..ROUNDS {
            sums.clear();
            self.share_links(round);
            for (index, (walker, group)) in self.walkers.iter_mut().zip(&self.groups).enumerate() {
                let coming = group.arrived[step] - group.arrived[step - 1];
                let tick = Tick { group, index, states: &states, from, dt, coming: coming.max(0.0) };
                walker.walk(tick, &mut sums);
            }
            let called = self.called.attempts(&sums.calls, &states, dt);
            let people = sums.people_asking();
            let most = self.called.most(&people);
            for (pool, set) in self.pools.iter().enumerate() {
                let coming = Coming {
                    attempts: sums.calls[pool] + called[pool],
                    most: people[pool] + most[pool],
                    delay: self.called.delay(pool, &states),
                };
                let mut new = set.after(&self.states[pool], coming, dt);
                new.success *= self.called.success(pool, &states);
                let part = part(round);
                states[pool].success += (new.success - states[pool].success) * part;
                states[pool].sojourn += (new.sojourn - states[pool].sojourn) * part;
                states[pool] = State { success: states[pool].success, sojourn: states[pool].sojourn, ..new };
            }
        }
        self.states = states;
        let called = self.called.attempts(&sums.calls, &self.states, dt);
        self.answer(&called, &sums.calls, dt);
        self.called.learn(&sums.calls, &called, &self.states, dt);
        for (walker, group) in self.walkers.iter_mut().zip(&self.groups) {
            walker.commit(group.arrived[step] - group.arrived[step - 1], dt);
        }
        self.enter(&sums, step, dt);
    }

    /// Finds the share of the time for which the streams of each region play, and passes it to the groups.
    fn share_links(&mut self, round: usize) {
        let mut streams = vec![0.0; self.speeds.len()];
        for (group, walker) in self.groups.iter().zip(&self.walkers) {
            if let Some(region) = group.link {
                streams[region] += walker.streaming();
            }
        }
        let part = part(round);
        for ((speed, link), streams) in self.speeds.iter_mut().zip(&self.links).zip(streams) {
            *speed += (link.map_or(1.0, |link| link.speed(streams)) - *speed) * part;
        }
        for (group, walker) in self.groups.iter().zip(&mut self.walkers) {
            walker.play_at(group.link.map_or(1.0, |region| self.speeds[region]));
        }
    }

    /// Enters the answers to attempts of calls into the load, and the pauses before their retries, which are an event each; of all
    /// that ended at a pool in a step of `dt` seconds in which so many were sent by calls and by people.
    fn answer(&mut self, called: &[f64], direct: &[f64], dt: f64) {
        let ended = self.states.iter().map(|state| state.ended.iter().sum::<f64>());
        let of_calls = called.iter().zip(direct).map(|(called, direct)| called / (called + direct).max(1e-300));
        let answers = ended.zip(of_calls).map(|(ended, share)| ended * share).sum::<f64>();
        self.load.events += answers + self.called.pauses(direct, called, &self.states, dt);
        self.load.called += answers;
    }

    /// Enters a step of time into the load.
    fn enter(&mut self, sums: &Sums, step: usize, dt: f64) {
        let coming: f64 = self.groups.iter().map(|group| group.arrived[step] - group.arrived[step - 1]).sum();
        self.load.arrivals += coming;
        self.load.events += coming + sums.events + dt * self.pools.iter().map(Pool::background).sum::<f64>();
        let (mut queued, mut in_service) = (0.0, 0.0);
        for (pool, state) in self.states.iter().enumerate() {
            let [served, rejected, left] = state.ended;
            let far = sums.far[pool] / sums.calls[pool].max(1e-300);
            self.load.sent += served + rejected + left;
            self.load.events += self.pools[pool].events(state.ended) + (served + rejected + left) * 2.0 * far;
            queued += state.queued;
            in_service += state.in_service;
        }
        let (mut under_way, mut timers, mut pending, mut noted) = (queued + in_service, 0.0, in_service, 0.0);
        for (index, (group, walker)) in self.groups.iter().zip(&self.walkers).enumerate() {
            // What is lost is under way until the app's timer ends it.
            let travels = group.rtt + group.loss * walker.timeout().unwrap_or(0.0);
            under_way += sums.calls_of[index] / dt * travels;
            let levels = &mut self.timers[index];
            *levels = levels.after(walker, &self.pools, group, sums, index, dt);
            timers += levels.app + levels.pool + levels.queue + walker.beating();
            pending += levels.patience + levels.reports + walker.moving();
            noted += walker.noted();
        }
        let people = self.walkers.iter().map(Walker::people).sum();
        let load = &mut self.load;
        // No more attempts are under way than have ended or wait, and than were sent just now, however short a step of time.
        under_way = under_way.min(load.sent + queued + in_service + sums.calls.iter().sum::<f64>());
        load.people = load.people.max(people);
        load.attempts = load.attempts.max(under_way);
        load.queued = load.queued.max(queued);
        load.pending = load.pending.max(pending);
        load.timers = load.timers.max(timers);
        load.noted = load.noted.max(noted);
    }
}

/// The weight of a round in the average of rounds: the first takes its own result, later ones approach agreement with
/// the flow.
fn part(round: usize) -> f64 {
    if round == 0 { 1.0 } else { 0.6 }
}

/// For each place, the place that `then` or another round leads to, and the share of people who go there.
fn turns(journey: &Journey, places: &[Place]) -> Vec<Option<(usize, f64)>> {
    let mut turns: Vec<_> = journey.thens.iter().map(|then| then.map(|then| (then.step, then.probability))).collect();
    // Rounds in the mean: of each so many there is one in which people leave.
    turns.extend(journey.repeat.map(|repeat| Some((0, 1.0 - 1.0 / repeat.rounds()))));
    debug_assert_eq!(turns.len(), places.len());
    turns
}

impl Timers {
    /// The levels after `dt` seconds.
    fn after(
        &self,
        walker: &Walker<'_>,
        pools: &[Pool<'_>],
        group: &Group,
        sums: &Sums,
        index: usize,
        dt: f64,
    ) -> Timers {
        let level = |before: f64, started: f64, seconds: f64| {
            if seconds > 0.0 { (before + started) / (1.0 + dt / seconds) } else { 0.0 }
        };
        let [mut whole, mut queue] = [0.0_f64; 2];
        for (_, pool) in group.routes.iter().flatten() {
            let [of_pool, of_queue] = pools[*pool].timers();
            (whole, queue) = (whole.max(of_pool), queue.max(of_queue));
        }
        let bound = if whole > 0.0 { whole + group.rtt } else { f64::INFINITY };
        let app = walker.timeout().filter(|timeout| *timeout < bound).unwrap_or(0.0);
        let (patience, watched) = walker.patience_watched(bound.min(app + 1e9 * f64::from(u8::from(app == 0.0))));
        Timers {
            app: level(self.app, sums.rows_of[index], app),
            pool: level(self.pool, sums.waiting_of[index], whole),
            queue: level(self.queue, sums.waiting_of[index], queue),
            patience: level(self.patience, sums.requests_of[index] * watched, patience),
            reports: level(self.reports, sums.reports_of[index], walker.report_delay()),
        }
    }
}
