//! The state of a run, and the advance of simulated time.

use super::books::Books;
use super::layout::layout;
use super::limits::{CHECK_EVERY, Limits};
use super::pending::delays::{Delays, QueueId};
use super::pending::event::{Event, Kind};
use super::pending::future::{Due, FutureEvents};
use super::probe::{Probe, Who};
use super::seed::Seed;
use super::state::arrivals::ArrivalProcess;
use super::state::attempt::Attempt;
use super::state::bounds::Bounds;
use super::state::caches::Caches;
use super::state::callers::Callers;
use super::state::deadlines::Deadlines;
use super::state::fleet::Fleet;
use super::state::guard::{Admission, Guard, Uses};
use super::state::hedges::Hedges;
use super::state::itinerary::Itineraries;
use super::state::link::Link;
use super::state::people::People;
use super::state::pool::Pool;
use super::state::requests::Requests;
use super::state::restarts::Restarts;
use super::state::rooms::Rooms;
use super::state::rounds::{Rounds, Turns};
use super::state::rows::Rows;
use super::state::slab::Slab;
use super::state::under_way::Log;
use super::state::viewer::Viewer;
use super::state::words::Words;
use crate::measure::{Measurements, Size, Stopped};
use crate::model::{Cohort, Epoch, Model, Settings};
use crate::policy::human::patience;
use crate::random::{Key, Purpose, Stream};
use crate::units::{Span, Time};
use crate::vocabulary::Happening;

/// Attempt rows reserved up front; the slab grows if more are in flight.
const RESERVED_ATTEMPTS: usize = 1 << 20;

/// The background reports of a region to the outage tracker.
pub struct UsualReports {
    /// The draws of the gaps between them.
    pub gaps: Stream,
    /// Rate by which the next report was placed, per second; 0 if there is none.
    pub rate: f64,
    /// Time of the next report at that rate, within the window or after it.
    pub next: Time,
    /// Rest of the gap to the next report, as the mean number of reports in it; `None` if the gap is still to be drawn.
    pub rest: Option<f64>,
}

/// The state of a run.
pub struct World<'m, P> {
    pub model: &'m Model,
    /// The settings in force.
    pub settings: &'m Settings,
    pub probe: &'m mut P,
    pub now: Time,
    pub future: FutureEvents,
    pub delays: Delays,
    pub bounds: Bounds,
    pub callers: Callers,
    pub hedges: Hedges,
    pub deadlines: Deadlines,
    /// The itineraries under the settings in force.
    pub itineraries: Itineraries,
    /// Points that viewers who began again had reached.
    pub restarts: Restarts,
    /// Waiting rooms.
    pub rooms: Rooms,
    /// Rounds of viewers whose journeys repeat.
    pub rounds: Rounds,
    /// Turns at the present instant.
    pub turns: Turns,
    /// Waits and streams of viewers, to judge harm.
    pub people: People,
    /// Words beside the rows of viewers.
    pub words: Words,
    pub viewers: Slab<Viewer>,
    pub attempts: Slab<Attempt>,
    /// The caches of calls between pools.
    pub caches: Caches,
    /// The calls between pools that are under way.
    pub requests: Requests,
    /// By region, the attempts under way; those of heartbeats only where they count in rows of everything.
    pub under_way: Vec<Log>,
    /// By pool.
    pub pools: Vec<Pool<'m>>,
    /// The mechanisms of pools that some settings use.
    pub uses: Uses,
    /// Whether apps have protections or hedge, or pools send `retry_after`, so that more than the outcome decides on a retry.
    pub fails_by_rule: bool,
    /// Whether states are kept beside the rows of viewers, which begin with each viewer.
    pub keeps_beside: bool,
    /// By attempt's row, its admission by a server with a concurrency limit.
    pub admissions: Vec<Admission>,
    /// By region.
    pub links: Vec<Link>,
    /// By cohort.
    pub arrivals: Vec<ArrivalProcess>,
    /// By region.
    pub usual_reports: Vec<UsualReports>,
    pub books: Books,
    /// The key of the run.
    pub root: Key,
    /// By cohort.
    pub cohort_keys: Vec<Key>,
    /// Whether some settings of the timeline make the patience clock stand still while an attempt is in service.
    pub patience_may_pause: bool,
    interval_ends: Time,
    /// The end of the present interval or of the window, whichever is earlier.
    pub boundary: Time,
    /// Number of events until the limits are checked; 0 if the check is due or the run is to end.
    pub until_check: u64,
    /// Number of events run by then.
    events_at_check: u64,
    limits: Limits,
    /// Largest number of bytes at a check of the limits.
    most_bytes: u64,
    /// The reason why the run ends before the end of the window; `None` while it goes on.
    pub stopped: Option<Stopped>,
}

impl<'m, P: Probe> World<'m, P> {
    /// The state at the start of the window.
    pub fn new(model: &'m Model, seed: Seed, probe: &'m mut P) -> World<'m, P> {
        let root = Key::root(seed.seed, seed.replication);
        let settings = &model.epochs[0].settings;
        let cohort_keys: Vec<Key> = model.cohorts.iter().map(|c| root.with(c.names[0]).with(c.names[1])).collect();
        let gaps = |name: &u64| Stream::new(root.with(*name).draw(Purpose::UsualReports));
        let arrivals = model.cohorts.iter().zip(&cohort_keys);
        let delays = Delays::new(model);
        let most = |cohort: &Cohort| cohort.most_viewers(model.end);
        let viewers = model.cohorts.iter().map(most).sum::<f64>() as usize;
        let (people, restarts) = (People::new(model), Restarts::new(model));
        let words = Words::new(people.last_word().max(restarts.last_word()), viewers);
        let limits = probe.limits();
        let mut world = World {
            settings,
            probe,
            now: Time::START,
            future: FutureEvents::new(&delays.holds, model.cohorts.len()),
            delays,
            bounds: Bounds::new(model),
            callers: Callers::new(model),
            hedges: Hedges::new(model),
            deadlines: Deadlines::new(model),
            itineraries: Itineraries::new(model, settings),
            restarts,
            rooms: Rooms::new(model, root),
            rounds: Rounds::new(model),
            turns: Turns::new(),
            words,
            people,
            viewers: Slab::with_capacity(viewers),
            attempts: Slab::with_capacity(viewers.min(RESERVED_ATTEMPTS)),
            caches: Caches::new(model),
            requests: Requests::new(),
            under_way: (0..model.regions).map(|_| Log::new()).collect(),
            pools: settings.pools.iter().enumerate().map(|(n, pool)| Pool::new(pool, Guard::of(model, n))).collect(),
            uses: Uses::of(model),
            fails_by_rule: false,
            keeps_beside: false,
            admissions: Vec::new(),
            links: settings.regions.iter().map(Link::new).collect(),
            arrivals: arrivals.map(|(cohort, key)| ArrivalProcess::new(cohort, *key, model.end)).collect(),
            usual_reports: model
                .region_names
                .iter()
                .map(|name| UsualReports { gaps: gaps(name), rate: 0.0, next: Time::START, rest: None })
                .collect(),
            books: Books::new(layout(model)),
            patience_may_pause: model.epochs.iter().any(pauses_patience),
            interval_ends: Time::START.after(model.interval),
            boundary: Time::START.after(model.interval).min(model.end),
            until_check: 0,
            events_at_check: 0,
            limits,
            most_bytes: 0,
            stopped: None,
            root,
            cohort_keys,
            model,
        };
        for (index, epoch) in model.epochs.iter().enumerate().skip(1) {
            world.future.push(epoch.at, Event::lasting(Kind::Change, index).pack());
        }
        world.check_limits_later();
        (world.fails_by_rule, world.keeps_beside) = (world.fails_by_rule(), world.keeps_beside());
        world.open();
        if model.measured.start == 0 {
            world.measure_opens();
        }
        world
    }

    /// Whether more than the outcome decides on a retry.
    fn fails_by_rule(&self) -> bool {
        self.callers.apps.any || self.uses.retry_after || self.hedges.used
    }

    /// Whether states are kept beside the rows of viewers.
    fn keeps_beside(&self) -> bool {
        let World { callers, rounds, people, words, uses, .. } = self;
        callers.apps.any || rounds.used || words.used || people.lists_requests() || uses.viewers_buckets
    }

    /// Takes the earliest event out of the event list.
    #[inline(always)]
    pub fn next_event(&mut self) -> Option<Due> {
        let World { viewers, attempts, words, pools, .. } = self;
        let rows = Rows { viewers, attempts, words, pools };
        self.future.pop(rows, |cohort, now| self.arrivals[cohort].next_after(now))
    }

    /// Moves the clock and closes the intervals that end on the way.
    fn advance_to(&mut self, time: Time) {
        debug_assert!(time >= self.now, "time runs backwards");
        while time >= self.interval_ends {
            self.close_interval();
        }
        self.now = time;
    }

    /// Closes the intervals that end by `time`, an event at or after the boundary. False if the window ends by then.
    #[cold]
    #[inline(never)]
    pub fn passes_boundary(&mut self, time: Time) -> bool {
        let within = time < self.model.end;
        if within {
            self.advance_to(time);
        }
        within
    }

    fn close_interval(&mut self) {
        self.assert_balance();
        let next = self.books.recorder.interval() + 1;
        if next == self.model.measured.end {
            self.measure_closes(self.interval_ends);
        }
        for (region, log) in self.under_way.iter_mut().enumerate() {
            self.books.recorder.oldest_under_way(region, log.oldest(&self.attempts));
        }
        self.books.close_interval(self.interval_ends);
        if next == self.model.measured.start {
            self.measure_opens();
        }
        self.probe.interval_closed(self.interval_ends, self.events());
        if let Some(why) = self.probe.stop() {
            // The event that closes the interval is still run.
            self.stopped = self.stopped.or(Some(why));
            self.check_limits_after(1);
        }
        self.interval_ends = self.interval_ends.after(self.model.interval);
        self.boundary = self.interval_ends.min(self.model.end);
    }

    /// Number of events run.
    fn events(&self) -> u64 {
        self.events_at_check - self.until_check
    }

    /// Sets the number of events until the next check of the limits, which is at least one.
    fn check_limits_later(&mut self) {
        self.check_limits_after(self.limits.events.saturating_sub(self.events()).clamp(1, CHECK_EVERY));
    }

    /// Sets the number of events until the next check of the limits.
    fn check_limits_after(&mut self, events: u64) {
        (self.events_at_check, self.until_check) = (self.events() + events, events);
    }

    /// Ends the run after the present event.
    #[cold]
    pub fn stop(&mut self, why: Stopped) {
        self.stopped = Some(why);
        self.check_limits_after(0);
    }

    /// Whether the run ends before the next event. Checks the limits if it is time to.
    #[inline(always)]
    pub fn ends(&mut self) -> bool {
        self.until_check == 0 && self.ends_by_limits()
    }

    #[cold]
    #[inline(never)]
    fn ends_by_limits(&mut self) -> bool {
        if self.stopped.is_none() {
            self.check_limits();
        }
        self.stopped.is_some()
    }

    /// Ends the run if it has reached a limit.
    #[cold]
    #[inline(never)]
    pub fn check_limits(&mut self) {
        self.check_limits_later();
        self.most_bytes = self.most_bytes.max(self.bytes());
        self.future.give_back();
        let is_large = |pool: &Pool<'_>| pool.individuals().is_some_and(Fleet::is_worth_prefetching);
        self.future.see_servers(self.pools.iter().any(is_large));
        let reached = if self.events() >= self.limits.events {
            Some(Stopped::EventLimit)
        } else if self.most_bytes > self.limits.memory {
            Some(Stopped::MemoryLimit)
        } else {
            self.probe.stop()
        };
        self.stopped = self.stopped.or(reached);
    }

    /// Bytes of all that grows during a run.
    fn bytes(&self) -> u64 {
        let rows = self.viewers.bytes() + self.attempts.bytes() + self.requests.rows.bytes();
        let rows = rows + self.callers.bytes() + self.hedges.bytes() + self.deadlines.bytes();
        let rows = rows + self.rooms.bytes() + self.rounds.bytes() + self.turns.bytes() + self.caches.bytes();
        let queues: usize = self.pools.iter().map(Pool::bytes).sum();
        let links: usize = self.links.iter().map(Link::bytes).sum();
        let admissions = self.admissions.capacity() * size_of::<Admission>();
        let all =
            rows + admissions + self.future.bytes() + queues + links + self.books.recorder.bytes() + self.probe.bytes();
        all as u64
    }

    /// Closes the last interval and returns the measurements.
    pub fn finish(mut self) -> Measurements {
        match self.stopped {
            None => self.advance_to(self.model.end),
            Some(_) if self.books.recorder.interval() < self.model.measured.end => self.measure_closes(self.now),
            Some(_) => {}
        }
        if self.people.judges_streams {
            self.judge_all_streams();
        }
        let size = Size {
            viewers: self.viewers.len() as u64,
            attempts: self.attempts.len() as u64,
            bytes: self.most_bytes.max(self.bytes()),
        };
        self.books.ledger.outside = self.arrivals.iter_mut().map(ArrivalProcess::total_outside).sum();
        self.assert_balance();
        let events = self.events();
        let mut measurements = self.books.recorder.finish();
        measurements.ledger = self.books.ledger;
        measurements.events = events;
        measurements.size = size;
        measurements.stopped = self.stopped;
        measurements
    }

    /// Panics unless pools, gauges and ledger agree, which no input can bring about: it would be a fault of the engine.
    fn assert_balance(&self) {
        self.books.assert_balance();
        self.books.assert_calls(self.requests.live, self.requests.attempts);
        for (pool, gauges) in self.pools.iter().zip(self.books.recorder.pools()) {
            pool.assert_balance(gauges);
        }
    }

    /// Pushes an event after a constant delay.
    #[inline]
    pub fn after_delay(&mut self, queue: QueueId, delay: Span, event: Event) {
        self.future.push_in_order(queue, self.now.after(delay), event.pack());
    }

    /// Pushes an event about a viewer, which becomes stale once the viewer moves on.
    #[inline]
    pub fn schedule(&mut self, at: Time, kind: Kind, viewer: u32) {
        let generation = self.viewers.generation(viewer);
        self.future.push(at, Event { kind, generation, row: viewer }.pack());
    }

    /// Tells the probe, if it is enabled, what happens to a viewer.
    #[inline(always)]
    pub fn tell(&mut self, viewer: u32, what: Happening) {
        if P::ENABLED {
            let Viewer { cohort, ordinal, .. } = self.viewers[viewer];
            self.probe.happened(self.now, Who { cohort, ordinal }, what);
        }
    }
}

fn pauses_patience(epoch: &Epoch) -> bool {
    let mut patience = epoch.settings.clients.iter().filter_map(|client| client.patience.as_ref());
    patience.any(patience::Settings::stands_still_in_service)
}
