//! The state of a run.

use std::collections::VecDeque;

use super::arrivals::ArrivalStream;
use super::event::{Event, Kind};
use super::future::{Due, FutureEvents};
use super::lanes::Lanes;
use super::link::Link;
use super::probe::{Probe, Who};
use super::slab::{NOBODY, Slab};
use super::tables::{Job, Tables, Viewer};
use super::targets::Targets;
use super::waits::Waits;
use super::{START, Seed, layout};
use crate::measure::{Ledger, Measurements, Recorder, Stopped};
use crate::model::{Cohort, Model, PatienceClock, Settings};
use crate::random::{Key, Purpose, Stream};
use crate::units::{Span, Time};
use crate::vocabulary::Happening;

/// Few of those inside have an attempt under way; so many are room enough, and more are made should it come to that.
const MOST_ROOM_FOR_JOBS: usize = 1 << 20;

/// A pool at work.
pub struct PoolState {
    /// First come, first served; entries whose attempt has left the queue are passed over.
    pub queue: VecDeque<(u32, u32)>,
    /// Attempts that wait.
    pub waiting: u64,
    /// Attempts in service.
    pub in_service: u64,
    /// Places that answer those turned away.
    pub answering: u64,
    /// Answers to those turned away that wait for a place.
    pub unanswered: u64,
    /// How many attempts can be at work at once, as the settings have it.
    pub places: u64,
    /// So many that wait are the most: whoever comes then is turned away. Where that ends the run, no number is as high.
    pub full_at: u64,
    /// Whether an answer to one turned away takes a place for some time.
    pub answers: bool,
}

/// Everything that a run holds.
pub struct World<'m, P> {
    pub model: &'m Model,
    pub settings: &'m Settings,
    pub probe: &'m mut P,
    pub now: Time,
    pub future: FutureEvents,
    pub lanes: Lanes,
    pub targets: Targets,
    pub waits: Waits,
    pub viewers: Slab<Viewer>,
    pub jobs: Slab<Job>,
    pub pools: Vec<PoolState>,
    pub links: Vec<Link>,
    pub streams: Vec<ArrivalStream>,
    /// For each region, the draws of the tracker's usual level, and whether its next report is in the future.
    pub usual: Vec<(Stream, bool)>,
    pub recorder: Recorder,
    pub ledger: Ledger,
    pub cohort_keys: Vec<Key>,
    /// Whether under some settings patience stands still while an attempt is in service.
    pub patience_may_pause: bool,
    pub interval_ends: Time,
    pub events: u64,
    pub stopped: Option<Stopped>,
}

impl<'m, P: Probe> World<'m, P> {
    /// The state at the start of the window.
    pub fn new(model: &'m Model, seed: Seed, probe: &'m mut P) -> World<'m, P> {
        let root = Key::root(seed.seed, seed.replication);
        let settings = &model.epochs[0].settings;
        let cohort_keys: Vec<Key> = model.cohorts.iter().map(|c| root.with(c.names[0]).with(c.names[1])).collect();
        let usual =
            model.region_names.iter().map(|name| (Stream::new(root.with(*name).draw(Purpose::UsualReports)), false));
        let lanes = Lanes::new(model);
        let viewers = model.cohorts.iter().map(Cohort::most_viewers).sum::<f64>() as usize;
        let pauses = |epoch: &crate::model::Epoch| {
            let mut patience = epoch.settings.clients.iter().filter_map(|client| client.patience.as_ref());
            patience.any(|patience| patience.clock == PatienceClock::UntilService)
        };
        let mut world = World {
            settings,
            probe,
            now: START,
            future: FutureEvents::new(&lanes.holds, model.cohorts.len()),
            lanes,
            targets: Targets::new(model, settings),
            waits: Waits::new(model),
            viewers: Slab::with_room(viewers),
            jobs: Slab::with_room(viewers.min(MOST_ROOM_FOR_JOBS)),
            pools: (0..model.pools).map(|_| PoolState::new()).collect(),
            links: settings.regions.iter().map(Link::new).collect(),
            streams: model
                .cohorts
                .iter()
                .zip(&cohort_keys)
                .map(|(c, key)| ArrivalStream::new(c, *key, model.end))
                .collect(),
            usual: usual.collect(),
            recorder: Recorder::new(layout(model)),
            ledger: Ledger::default(),
            patience_may_pause: model.epochs.iter().any(pauses),
            interval_ends: START.after(model.interval),
            events: 0,
            stopped: None,
            cohort_keys,
            model,
        };
        for (index, epoch) in model.epochs.iter().enumerate().skip(1) {
            world.future.push(epoch.at, Event::about(Kind::Change, index).pack());
        }
        world.apply_settings();
        for region in 0..model.regions {
            world.schedule_usual_report(region);
        }
        world.open_arrivals();
        world
    }

    /// Takes the next event out of the future.
    #[inline(always)]
    pub fn next_event(&mut self) -> Option<Due> {
        let rows = Tables { viewers: &self.viewers, jobs: &self.jobs };
        self.future.pop(rows, |cohort, now| self.streams[cohort].next_after(now))
    }

    /// Moves the clock, closing the intervals that end on the way.
    #[inline]
    pub fn advance_to(&mut self, time: Time) {
        debug_assert!(time >= self.now, "time runs backwards");
        while time >= self.interval_ends {
            self.close_interval();
        }
        self.now = time;
    }

    #[cold]
    fn close_interval(&mut self) {
        self.recorder.close(self.interval_ends);
        self.ledger.assert_balance();
        self.probe.interval_closed(self.interval_ends, self.events);
        if self.probe.stop() {
            self.stopped = Some(Stopped::Asked);
        }
        self.interval_ends = self.interval_ends.after(self.model.interval);
    }

    /// Closes what is open and hands out the measurements.
    pub fn finish(mut self) -> Measurements {
        if self.stopped.is_none() {
            self.advance_to(self.model.end);
        }
        self.ledger.outside = self.streams.iter_mut().map(ArrivalStream::outside_in_all).sum();
        self.ledger.assert_balance();
        let mut measurements = self.recorder.finish();
        measurements.ledger = self.ledger;
        measurements.events = self.events;
        measurements.stopped = self.stopped;
        measurements
    }

    /// New settings come into force.
    pub fn change(&mut self, epoch: usize) {
        self.settings = &self.model.epochs[epoch].settings;
        self.targets = Targets::new(self.model, self.settings);
        self.apply_settings();
        for pool in 0..self.pools.len() {
            self.fill_places(pool);
        }
        for region in 0..self.model.regions {
            self.schedule_usual_report(region);
        }
    }

    /// Brings levels and links in line with the settings.
    fn apply_settings(&mut self) {
        for (index, pool) in self.settings.pools.iter().enumerate() {
            let state = &mut self.pools[index];
            state.places = pool.places;
            state.full_at = if pool.limit_is_fatal { u64::MAX } else { pool.limit };
            state.answers = pool.turn_away > Span::ZERO;
            let unlimited = pool.places == u64::MAX;
            let gauges = &mut self.recorder.pools[index];
            gauges.slots.set(if unlimited { 0 } else { pool.places as i64 }, self.now);
            // Levels are recorded at simulated size, as everything that is counted; reports bring them to full size.
            gauges.servers.set((pool.servers * self.model.scale * 1e3).round() as i64, self.now);
            let capacity = if unlimited { 0.0 } else { pool.capacity_per_second().min(1e12) };
            gauges.capacity.set((capacity * 1e3).round() as i64, self.now);
        }
        for region in 0..self.links.len() {
            self.apply_link(region);
        }
    }

    /// Pushes an event about an attempt into the lane of its delay.
    #[inline]
    pub fn after_delay(&mut self, lane: usize, delay: Span, kind: Kind, job: u32) {
        let generation = self.jobs.generation(job);
        self.future.push_in_order(lane, self.now.after(delay), Event { kind, generation, slot: job }.pack());
    }

    /// Pushes an event about a viewer that is void once the viewer moves on.
    #[inline]
    pub fn schedule(&mut self, at: Time, kind: Kind, viewer: u32) {
        let generation = self.viewers.generation(viewer);
        self.future.push(at, Event { kind, generation, slot: viewer }.pack());
    }

    /// Tells the probe, if anyone listens.
    #[inline(always)]
    pub fn tell(&mut self, viewer: u32, what: Happening) {
        if P::ENABLED && viewer != NOBODY {
            let Viewer { cohort, ordinal, .. } = self.viewers[viewer];
            self.probe.happened(self.now, Who { cohort, ordinal }, what);
        }
    }
}

impl PoolState {
    fn new() -> PoolState {
        PoolState {
            queue: VecDeque::new(),
            waiting: 0,
            in_service: 0,
            answering: 0,
            unanswered: 0,
            places: 0,
            full_at: 0,
            answers: false,
        }
    }

    /// Places that serve or answer.
    #[inline]
    pub fn at_work(&self) -> u64 {
        self.in_service + self.answering
    }

    /// Whether an attempt that arrives now is turned away, and nothing else comes of it.
    #[inline(always)]
    pub fn turns_away(&self) -> bool {
        self.waiting >= self.full_at && self.at_work() >= self.places
    }
}
