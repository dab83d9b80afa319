//! A pool as a fluid: attempts flow in, wait, and are served, rejected or timed out.

use super::hold::mean_within;
use super::protection::{Protection, product};
use crate::policy::pool::Settings;
use crate::policy::queue::Limit;
use crate::policy::shed::Shed;

/// Number of windows that stands for an endless wait.
const BEYOND: f64 = 100.0;

/// A pool in force.
#[derive(Clone, Copy, Debug)]
pub struct Pool<'m> {
    set: &'m Settings,
    /// Slots; infinite where unlimited.
    slots: f64,
    /// Mean service in seconds, where calls do not wait.
    service: f64,
    /// Longest service in seconds: up to the timer that aborts it, or the rest of the window.
    longest: f64,
    /// Queue length at which attempts are rejected.
    limit: f64,
    /// Longest wait of attempts that leave the queue by then, in seconds.
    leaves: f64,
    /// Longest time that a client waits for an attempt which stays in the queue all the same, in seconds.
    abandoned: f64,
    /// Time from an attempt's arrival within which it must be served, in seconds.
    last: f64,
    /// Protections that turn attempts away before they reach the queue.
    protection: Protection,
    /// Length of the window in seconds, which is as long as anybody waits where nothing is served.
    horizon: f64,
}

/// The state of a pool.
#[derive(Clone, Copy, Debug, Default)]
pub struct State {
    /// Attempts in the queue.
    pub queued: f64,
    /// Attempts in service.
    pub in_service: f64,
    /// Most attempts that begin in a second; infinite where slots are unlimited.
    pub most_begun: f64,
    /// Attempts that came within the longest wait.
    pub recent: f64,
    /// Probability that an attempt succeeds.
    pub success: f64,
    /// Probability that an attempt ends as limited, and is not told when to come back.
    pub limited: f64,
    /// Mean time from sending an attempt to its end, in seconds, without distance.
    pub sojourn: f64,
    /// Tokens of the rate limit.
    pub tokens: f64,
    /// Attempts that ended in the last step: served, rejected, timed out while they waited.
    pub ended: [f64; 3],
}

impl State {
    /// Share of the attempts that are not rejected as they come.
    pub fn let_in(&self) -> f64 {
        let [served, rejected, left] = self.ended;
        let all = served + rejected + left;
        if all > 0.0 { 1.0 - rejected / all } else { 1.0 }
    }
}

/// The client's limits on its attempts at a pool, in seconds; infinite without a limit.
#[derive(Clone, Copy, Debug)]
pub struct Waits {
    /// The app's `timeout`, or the viewer's patience if that is shorter.
    pub client: f64,
    /// Time after which attempts leave because of the deadline that they carry.
    pub deadline: f64,
}

impl Waits {
    /// No client limits a wait.
    pub const ENDLESS: Waits = Waits { client: f64::INFINITY, deadline: f64::INFINITY };

    /// Somebody sends attempts who waits so long, and whose attempts carry such a deadline.
    pub fn send(&mut self, client: f64, deadline: f64) {
        *self = Waits { client: self.client.min(client), deadline: self.deadline.min(deadline) };
    }
}

/// Attempts that come to a pool in a step of time.
#[derive(Clone, Copy, Debug)]
pub struct Coming {
    /// Attempts.
    pub attempts: f64,
    /// Largest number of these attempts at the pool at once, since a client waits for each.
    pub most: f64,
    /// Seconds by which waits lengthen the calls of the attempts.
    pub delay: f64,
}

impl<'m> Pool<'m> {
    /// A pool of people in a number of regions, whose clients limit their waits.
    pub fn new(set: &'m Settings, waits: Waits, regions: f64, horizon: f64) -> Pool<'m> {
        let seconds = |timer: Option<crate::units::Span>| timer.map_or(f64::INFINITY, |span| span.seconds());
        // Nobody waits for one of unlimited slots.
        let queue_timeout = set.timers.queue_timeout.filter(|_| !set.has_unlimited_slots());
        let queue = queue_timeout.map(|timeout| timeout.longest());
        let (whole, queue) = (seconds(set.timers.timeout), seconds(queue));
        // A slot is held while the attempt calls, if calls wait for nothing.
        let calls = (set.calls.mean / 1e9).min(horizon);
        let service = (mean_within(&set.service, horizon) + calls).max(1e-9);
        let last = whole.min(waits.client).min(waits.deadline);
        // Work is cut short only where an expired timer ends it.
        let cut = set.abandoned.on_timeout.ends_in_service() && set.abandoned.on_abandon.ends_in_service();
        let longest = if cut { last.min(horizon) } else { horizon }.max(1e-9);
        let (mut leaves, mut abandoned) = (waits.deadline, f64::INFINITY);
        for (timer, goes) in [
            (whole.min(queue), set.abandoned.on_timeout.leaves_the_queue()),
            (waits.client, set.abandoned.on_abandon.leaves_the_queue()),
        ] {
            let kind = if goes { &mut leaves } else { &mut abandoned };
            *kind = kind.min(timer);
        }
        let balanced = set.fleet.as_ref().filter(|fleet| fleet.balancer.is_some());
        let queues = balanced.map_or(1.0, |fleet| f64::from(fleet.servers.servers));
        let slots = set.most_work_rate();
        // Attempts that hold a slot and share a core wait for no slot.
        let unworked = if set.has_unlimited_slots() { f64::INFINITY } else { set.most_slots().count as f64 - slots };
        let unworked = if slots > 0.0 { unworked.max(0.0) } else { 0.0 };
        Pool {
            // An autoscaled fleet is taken at its largest, through which most attempts go.
            slots,
            limit: set.queue.limit.stated().map_or(f64::INFINITY, |limit| limit as f64 * queues + unworked),
            last,
            protection: Protection::of(set, regions, queues),
            set,
            service: service.min(longest),
            longest,
            leaves,
            abandoned,
            horizon,
        }
    }

    /// Events of the pool in a second that no attempt causes: looks of its autoscaler and of its rule for shedding, and crashes.
    pub fn background(&self) -> f64 {
        let looks = self.set.autoscale.as_ref().map_or(0.0, |rule| 1.0 / rule.every.seconds());
        let seconds = if self.set.shed.as_ref().is_some_and(Shed::looks_at_load) { 1.0 } else { 0.0 };
        let crashes = self.set.crash().map_or(0.0, |crash| crash.events_per_second() * self.set.most_up() as f64);
        looks + seconds + crashes
    }

    /// The state of an idle pool.
    pub fn idle(&self) -> State {
        let tokens = self.protection.burst;
        let most_begun = self.slots / self.service;
        State { success: self.success(0.0), sojourn: self.service, most_begun, tokens, ..State::default() }
    }

    /// Probability that an attempt which has waited for some seconds is served in time and does not fail.
    fn success(&self, wait: f64) -> f64 {
        let in_time = if self.last.is_finite() { self.set.service.cdf((self.last - wait) * 1e9) } else { 1.0 };
        (1.0 - self.set.failure.probability()) * in_time
    }

    /// The state after `dt` seconds.
    pub fn after(&self, before: &State, coming: Coming, dt: f64) -> State {
        let (admitted, tokens) = self.protection.admits(coming.attempts, before.tokens, dt);
        let let_in = Coming { attempts: admitted, ..coming };
        let state = State { tokens, ..self.beyond_the_limit(before, let_in, dt) };
        let limited = coming.attempts - admitted;
        if limited <= 0.0 {
            return state;
        }
        let [served, rejected, left] = state.ended;
        let share = 1.0 - limited / (served + rejected + left + limited);
        let ended = [served, rejected + limited, left];
        let limited = if self.set.retry_after.is_none() { 1.0 - share } else { 0.0 };
        State { ended, success: state.success * share, limited, sojourn: state.sojourn * share, ..state }
    }

    /// The same for attempts that the rate limit has let in.
    fn beyond_the_limit(&self, before: &State, coming: Coming, dt: f64) -> State {
        let Coming { attempts: coming, most, delay } = coming;
        let service = (self.service + delay).clamp(1e-9, self.longest);
        if self.slots.is_infinite() {
            let rate = coming / dt;
            let in_service = (before.in_service + coming) / (1.0 + dt / service);
            let ended = [before.in_service + coming - in_service, 0.0, 0.0];
            let in_service = in_service.min(rate * service + before.in_service);
            return State { in_service, ended, sojourn: service, ..self.idle() };
        }
        let offered = before.queued + coming;
        let capacity = self.slots / service * dt;
        // An answer to a rejected attempt takes server time too.
        let answer = self.set.turn_away.span().seconds();
        let limit = self.limit.min(self.protection.longest_queue(self.slots, self.slots / service, coming / dt));
        // Only who comes is rejected, however long the queue is by then.
        let refused = (offered - capacity - limit.min(offered)).clamp(0.0, coming);
        let capacity = (capacity - refused * answer / service).max(capacity * 0.01);
        let served = offered.min(capacity);
        let mut waiting = offered - served;
        let recent = if self.leaves.is_finite() { (before.recent + coming) / (1.0 + dt / self.leaves) } else { 0.0 };
        let left = if self.leaves.is_finite() { (waiting - recent.max(self.slots)).max(0.0) } else { 0.0 };
        // Each place of the queue is taken once in the longest wait, by those who are served too; others find the queue full.
        let places = product(limit.max(before.queued), dt / self.leaves);
        let left = left.min((places - served).max(0.0));
        waiting -= left;
        let rejected = (waiting - limit).clamp(0.0, coming);
        waiting = (waiting - rejected).min(most.max(before.queued));
        let ended = served + left + rejected;
        let wait = if ended > 0.0 {
            // Nobody who waits for longer than the window is seen to leave the queue.
            (waiting * dt / ended).min(self.horizon * BEYOND)
        } else if waiting > 0.0 {
            self.horizon
        } else {
            0.0
        };
        // First come, first served: who is served waited as long as the queue is, or as anybody waits.
        let waited = if left > 0.0 { self.leaves } else { (waiting * service / self.slots).min(self.leaves) };
        let late = wait > self.abandoned;
        State {
            queued: waiting,
            tokens: before.tokens,
            limited: 0.0,
            most_begun: self.slots / service,
            in_service: (served / dt * service).min(self.slots),
            recent,
            success: if late {
                0.0
            } else if ended > 0.0 {
                self.success(waited) * served / ended
            } else {
                self.success(0.0)
            },
            sojourn: if late { self.abandoned } else { wait + service * served / ended.max(1e-300) },
            ended: [served, rejected, left],
        }
    }

    /// Events of the pool itself in a step in which this many attempts ended, if none travels.
    pub fn events(&self, [served, rejected, left]: [f64; 3]) -> f64 {
        let answers = if self.set.turn_away.takes_a_slot() { rejected + left } else { 0.0 };
        served + left + answers
    }

    /// Whether a queue without a stated limit is so long that it ends the run.
    pub fn overflows(&self, state: &State) -> bool {
        self.limit.is_infinite() && state.queued > Limit::MOST as f64
    }

    /// Timers that an attempt starts: seconds of each, for those that wait and for all.
    pub fn timers(&self) -> [f64; 2] {
        let seconds = |timer: Option<crate::units::Span>| timer.map_or(0.0, |span| span.seconds());
        let whole = if self.set.timers.queue_timer_ends_first() { 0.0 } else { seconds(self.set.timers.timeout) };
        [whole, seconds(self.set.timers.queue_timeout.map(|timeout| timeout.longest()))]
    }
}
