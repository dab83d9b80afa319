//! The state of a run.

use std::collections::VecDeque;

use super::arrivals::ArrivalStream;
use super::calendar::Calendar;
use super::event::{Event, Kind};
use super::link::Link;
use super::probe::{Happening, Probe, Who};
use super::slab::{NOBODY, Slab};
use super::timers::{Source, Timers};
use super::{START, Seed, layout};
use crate::measure::{Ledger, Measurements, Outcome, Recorder, Stopped};
use crate::model::{Model, Settings};
use crate::random::{Key, Purpose, Stream};
use crate::units::{Span, Time};

/// What a viewer is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Phase {
    /// Between two steps; no event sees a viewer so.
    Between,
    /// In a think step.
    Thinking,
    /// In a wait step.
    Waiting,
    /// In a request step, with an attempt on its way.
    Asking,
    /// In a request step, before a retry.
    Pausing,
    /// In a request step, about to pass over a call that failed and is optional.
    Skipping,
    /// In a stream.
    Streaming,
    /// Before a refresh.
    Refreshing,
    /// Gave up, and will come back.
    Away,
}

/// What has happened to a viewer once.
pub mod flags {
    /// The first stream began.
    pub const STARTED: u8 = 1;
    /// An error page was shown.
    pub const SAW_ERROR: u8 = 2;
    /// Whether to report was drawn.
    pub const REPORT_DRAWN: u8 = 4;
    /// Patience stands still while an attempt is in service.
    pub const PATIENCE_PAUSED: u8 = 8;
}

/// No time.
pub const NEVER: Time = Time(u64::MAX);

/// A viewer who is inside, or away and coming back. 48 bytes.
#[derive(Clone, Copy, Debug)]
pub struct Viewer {
    /// Before the first stream: when the first request after the release began, or [`NEVER`].
    /// In a stream: how far the clock of its device class lagged when it began, in nanoseconds.
    pub since: Time,
    /// When the patience with the present request ends; while it stands still, what is left of it.
    pub patience: Time,
    /// Which of its cohort's arrivals.
    pub ordinal: u32,
    /// The attempt under way.
    pub job: u32,
    /// Index of the cohort.
    pub cohort: u16,
    /// How often this visit went back by `then` or began again.
    pub pass: u16,
    /// The attempt of the present request, from 1; in a stream, the heartbeat.
    pub attempt: u16,
    /// Which call of a request step with several, from 0.
    pub call: u16,
    /// The interval, plus one, in which the viewer last was inside a request step.
    pub active: u16,
    /// The interval, plus one, of the last error page.
    pub error: u16,
    /// Refreshes in this visit.
    pub refreshes: u16,
    /// Index of the visit.
    pub visit: u16,
    /// Index of the step.
    pub step: u8,
    /// What the viewer does.
    pub phase: Phase,
    /// Index of the client.
    pub client: u8,
    /// Index of the device.
    pub device: u8,
    /// See [`flags`].
    pub flags: u8,
}

/// Where an attempt is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Place {
    /// On its way to the pool.
    Outbound,
    /// In the pool's queue.
    Queued,
    /// In service.
    Serving,
    /// No longer at the pool; a reply may be on its way.
    Gone,
}

/// An attempt, from its sending until neither client nor pool has to do with it any more.
#[derive(Clone, Copy, Debug)]
pub struct Job {
    /// The draws of this attempt.
    pub key: Key,
    /// When it was sent.
    pub sent: Time,
    /// When it reached its pool; from the start of service on, when that began.
    pub reached: Time,
    /// What it has cost in service so far.
    pub service: Span,
    /// The viewer; nobody for heartbeats, and once the client has left.
    pub viewer: u32,
    /// The viewer's number.
    pub ordinal: u32,
    /// The viewer's cohort.
    pub cohort: u16,
    /// Where it is counted.
    pub cell: u16,
    /// Index of the pool.
    pub pool: u8,
    /// Where it is.
    pub place: Place,
    /// Index of the region.
    pub region: u8,
    /// How it ended, as the pool says.
    pub outcome: Outcome,
    /// The client has seen how it ended, or has left.
    pub client_done: bool,
    /// Its wait has been recorded.
    pub wait_done: bool,
    /// Word that the client left overtook the attempt itself.
    pub left_early: bool,
}

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
}

/// Everything that a run holds.
pub struct World<'m, P> {
    pub model: &'m Model,
    pub settings: &'m Settings,
    pub probe: &'m mut P,
    pub now: Time,
    pub calendar: Calendar,
    pub timers: Timers,
    pub viewers: Slab<Viewer>,
    pub jobs: Slab<Job>,
    pub pools: Vec<PoolState>,
    pub links: Vec<Link>,
    pub streams: Vec<ArrivalStream>,
    /// For each region, the draws of the tracker's usual level, and whether its next report is in the calendar.
    pub usual: Vec<(Stream, bool)>,
    pub recorder: Recorder,
    pub ledger: Ledger,
    pub cohort_keys: Vec<Key>,
    pub cell_lookup: Vec<u16>,
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
        let mut world = World {
            settings,
            probe,
            now: START,
            calendar: Calendar::new(),
            timers: Timers::new(2 * model.pools + settings.clients.len()),
            viewers: Slab::new(),
            jobs: Slab::new(),
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
            cell_lookup: model.cell_lookup(),
            interval_ends: START.after(model.interval),
            events: 0,
            stopped: None,
            cohort_keys,
            model,
        };
        for (index, epoch) in model.epochs.iter().enumerate().skip(1) {
            world.calendar.push(epoch.at, Event::about(Kind::Change, index).pack());
        }
        world.apply_settings();
        for region in 0..model.regions {
            world.schedule_usual_report(region);
        }
        world.open_arrivals();
        world
    }

    /// Moves the clock, closing the intervals that end on the way.
    #[inline]
    pub fn advance_to(&mut self, time: Time) {
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
        self.apply_settings();
        for pool in 0..self.pools.len() {
            self.fill_places(pool);
        }
        for region in 0..self.model.regions {
            self.schedule_usual_report(region);
        }
    }

    /// Brings levels, timers and links in line with the settings.
    fn apply_settings(&mut self) {
        let pools = self.settings.pools.len();
        for (index, pool) in self.settings.pools.iter().enumerate() {
            self.timers.set(2 * index, Source::PoolTimeout, pool.timeout);
            self.timers.set(2 * index + 1, Source::QueueTimeout, pool.queue_timeout);
            let unlimited = pool.places == u64::MAX;
            let gauges = &mut self.recorder.pools[index];
            gauges.places.set(if unlimited { 0 } else { pool.places as i64 }, self.now);
            // Levels are recorded at simulated size, as everything that is counted; reports bring them to full size.
            gauges.servers.set((pool.servers * self.model.scale * 1e3).round() as i64, self.now);
            let capacity = if unlimited { 0.0 } else { pool.capacity_per_second().min(1e12) };
            gauges.capacity.set((capacity * 1e3).round() as i64, self.now);
        }
        for (index, client) in self.settings.clients.iter().enumerate() {
            self.timers.set(2 * pools + index, Source::App, client.timeout);
        }
        for region in 0..self.links.len() {
            self.apply_link(region);
        }
    }

    /// Starts a timer of a list; see [`Timers`].
    #[inline]
    pub fn start_timer(&mut self, list: usize, job: u32) {
        let generation = self.jobs.generation(job);
        if let Some((list, at)) = self.timers.start(list, self.now, job, generation) {
            self.calendar.push(at, Event::about(Kind::Timer, list).pack());
        }
    }

    /// The first timer of a list may have ended.
    pub fn timer_list_fires(&mut self, list: usize) {
        let mut fired = false;
        loop {
            let Some(timer) = self.timers.first(list) else {
                self.timers.list(list).armed = false;
                return;
            };
            let source = self.timers.list(list).source;
            if !self.timer_matters(source, timer.job, timer.generation) {
                self.timers.list(list).pop();
            } else if timer.end > self.now || fired {
                self.calendar.push(timer.end, Event::about(Kind::Timer, list).pack());
                return;
            } else {
                self.timers.list(list).pop();
                fired = true;
                match source {
                    Source::PoolTimeout | Source::QueueTimeout => self.pool_timer_ends(timer.job),
                    Source::App => self.abandon(timer.job, Happening::AppTimerEnded),
                }
            }
        }
    }

    #[inline]
    fn timer_matters(&self, source: Source, job: u32, generation: u32) -> bool {
        if !self.jobs.is_current(job, generation) {
            return false;
        }
        let job = &self.jobs[job];
        match source {
            Source::App => !job.client_done,
            Source::QueueTimeout => job.place == Place::Queued && job.outcome != Outcome::TimedOut,
            Source::PoolTimeout => {
                matches!(job.place, Place::Queued | Place::Serving) && job.outcome != Outcome::TimedOut
            }
        }
    }

    /// The draws of a viewer.
    #[inline]
    pub fn viewer_key(&self, cohort: u16, ordinal: u32) -> Key {
        self.cohort_keys[usize::from(cohort)].with(u64::from(ordinal))
    }

    /// The draws of the present step of a viewer.
    #[inline]
    pub fn step_key(&self, viewer: &Viewer) -> Key {
        let place = u64::from(viewer.visit) << 32 | u64::from(viewer.pass) << 16 | u64::from(viewer.step);
        self.viewer_key(viewer.cohort, viewer.ordinal).with(place)
    }

    /// The draws of the present request of a viewer.
    #[inline]
    pub fn request_key(&self, viewer: &Viewer) -> Key {
        self.step_key(viewer).with(u64::from(viewer.refreshes) << 16 | u64::from(viewer.call))
    }

    /// Pushes an event about a viewer that is void once the viewer moves on.
    #[inline]
    pub fn schedule(&mut self, at: Time, kind: Kind, viewer: u32) {
        let generation = self.viewers.generation(viewer);
        self.calendar.push(at, Event { kind, generation, slot: viewer }.pack());
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
        PoolState { queue: VecDeque::new(), waiting: 0, in_service: 0, answering: 0, unanswered: 0 }
    }
}
