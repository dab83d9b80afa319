//! The client's app: requests are made, attempts are sent, and their ends are handled.

use crate::engine::pending::event::{Event, Kind};
use crate::engine::probe::Probe;
use crate::engine::state::ask::Ask;
use crate::engine::state::asked::Asked;
use crate::engine::state::attempt::{Attempt, Origin, Stage, flags as attempt_flags};
use crate::engine::state::itinerary::{Call, Destination};
use crate::engine::state::restarts::{self, Again};
use crate::engine::state::server::Offer;
use crate::engine::state::slab::{NO_ROW, Row};
use crate::engine::state::viewer::{NEVER, Phase, Viewer, flags};
use crate::engine::world::World;
use crate::policy::caller::attempt::End;
use crate::policy::distance::{self, Lost};
use crate::policy::queue::priority::Class;
use crate::random::{Key, Part};
use crate::units::Span;
use crate::vocabulary::{Happening, Outcome};

/// An attempt that the app of a viewer sends.
#[derive(Clone, Copy)]
pub struct Sending {
    /// Row of the viewer whose app sends.
    viewer: u32,
    /// Whether the viewer waits for the reply.
    awaited: bool,
    /// The pool, and the cell in which the attempt is counted.
    to: Destination,
    /// Index of the region.
    region: u8,
    class: Class,
    /// Whether the attempt takes time on its way, or may be lost.
    far: bool,
    /// Key of the draws of the attempt.
    key: Key,
    /// Time that the request has taken so far.
    asked: Asked,
}

impl Sending {
    /// An attempt of a call by the app of a viewer. Nothing is read from the viewer's row before the attempt takes a row.
    #[inline(always)]
    pub fn new(viewer: u32, awaited: bool, call: &Call, to: Destination, key: Key, asked: Asked) -> Sending {
        let Call { region, far, class, .. } = *call;
        Sending { viewer, awaited, to, region, class, far, key, asked }
    }
}

impl<P: Probe> World<'_, P> {
    /// Begins a request step of a viewer.
    #[inline(always)]
    pub fn ask(&mut self, viewer: u32, call: Call) {
        self.begin_asking(viewer, call, false);
    }

    /// Begins a request step of a viewer, or after a refresh the failed request anew.
    #[inline(always)]
    pub fn begin_asking(&mut self, viewer: u32, call: Call, anew: bool) {
        let row = &mut self.viewers[viewer];
        let region = usize::from(call.region);
        self.books.asking_began(region, self.now);
        let stamp = self.books.recorder.stamp();
        if row.active != stamp {
            row.active = stamp;
            self.books.recorder.newly_active(region);
        }
        self.begin_request(viewer, call, anew);
    }

    /// Begins a request of a viewer. Out of line, so that the instructions of the way to a pool take room in the cache once.
    #[inline(never)]
    pub fn begin_request(&mut self, viewer: u32, call: Call, anew: bool) {
        let now = self.now;
        let row = &mut self.viewers[viewer];
        row.attempt = 1;
        let to = self.itineraries.route(&call, self.settings, || row.key(&self.cohort_keys));
        if !anew {
            self.books.recorder.request(usize::from(to.cell));
            // Whether a viewer who began the journey again had reached this call before.
            if self.restarts.used
                && let Some(again) = restarts::again(&mut self.words, viewer, row)
            {
                let (region, came_back) = (usize::from(call.region), again == Again::ComeBack);
                self.books.recorder.begun_again(region, usize::from(to.cell), came_back);
            }
        }
        let key = row.request_key(&self.cohort_keys);
        row.renew();
        row.phase = Phase::Asking;
        row.unmark(flags::PATIENCE_PAUSED | flags::PATIENCE_WATCHED);
        row.patience = NEVER;
        if !row.has(flags::STARTED) && row.since == NEVER && now >= self.model.drops[usize::from(call.region)] {
            row.since = now;
        }
        if let Some(patience) = &self.settings.clients[usize::from(row.client)].patience {
            row.patience = now.after(patience.span(key));
        }
        self.tell(viewer, Happening::RequestBegan { request: usize::from(call.request) });
        let key = key.part(Part::Attempt, 1);
        let is_told = self.callers.apps.told.firsts;
        self.send_attempt(1, is_told, Sending::new(viewer, true, &call, to, key, Asked::default()));
    }

    /// Sends an attempt, the one of this number in the present request of a viewer, unless the client keeps it back;
    /// `is_told` says whether clients have to be told of such attempts.
    #[inline(always)]
    pub fn send_attempt(&mut self, number: u16, is_told: bool, sending: Sending) {
        let Sending { viewer, to, key, asked, .. } = sending;
        if is_told && !self.caller_sends(viewer, number, key) {
            return self.refused(viewer, key, to.cell, asked);
        }
        self.tell(viewer, Happening::Sent { pool: usize::from(to.pool), attempt: number });
        self.send(sending);
    }

    /// Sends an attempt. Without distance the pool decides at once, and an attempt that it turns away needs no row.
    #[inline(always)]
    pub fn send(&mut self, sending: Sending) {
        if sending.far {
            let (attempt, generation) = self.dispatch(sending);
            return self.send_far(attempt, generation, sending);
        }
        let Sending { viewer, to, region, class, key, .. } = sending;
        let pool = &mut self.pools[usize::from(to.pool)];
        let (offer, server) = match pool.offer_by_class(class) {
            Some(offer) => (offer, 0),
            None => match pool.offer_by_key(key, class, self.now) {
                Some(decided) => decided,
                None => {
                    let Viewer { cohort, ordinal, .. } = self.viewers[viewer];
                    let (now, cohorts) = (self.now, &self.cohort_keys[..]);
                    let ask = Ask { now, cohorts, key, cohort, ordinal, row: viewer, region, class };
                    pool.offer_in_order(ask, &self.attempts)
                }
            },
        };
        // Comparisons, since a match would first tell all offers apart; the usual rejection has a constant outcome.
        if offer == Offer::Reject {
            return self.turned_away_at_once(sending, Outcome::Rejected, server);
        }
        if let Offer::TurnAway(outcome) = offer {
            // A new value, so that the fields of the other stay in registers where no protection turns attempts away.
            let Sending { awaited, far, asked, .. } = sending;
            let by_guard = Sending { viewer, awaited, to, region, class, far, key, asked };
            return self.turned_away_by_guard(by_guard, outcome, server);
        }
        let (attempt, _) = self.dispatch(sending);
        self.accept_offer(attempt, usize::from(to.pool), offer, server);
    }

    /// Sends an attempt, whose row has this generation, on its way to its pool.
    #[inline(always)]
    fn send_far(&mut self, attempt: u32, generation: u32, sending: Sending) {
        if self.uses.viewers_buckets {
            // The field of the server holds the sender until the attempt reaches its pool.
            self.attempts[attempt].server = sending.viewer;
        }
        let settings = self.settings;
        let distance = &settings.regions[usize::from(sending.region)].distance;
        if distance.loss() > 0.0 && self.is_lost(attempt, self.viewers[sending.viewer].client, distance) {
            return;
        }
        let event = Event { kind: Kind::Reach, generation, row: attempt };
        if !self.travel_far(sending.region, sending.key, event) {
            self.reach_without_delay(attempt);
        }
    }

    /// Sends a hedged copy of a viewer's attempt; a copy always takes a row.
    #[inline(never)]
    pub fn send_copy_of(&mut self, sending: Sending, on_trial: bool) {
        let (attempt, generation) = self.dispatch(sending);
        if on_trial {
            self.hedges.on_trial(attempt);
        }
        if sending.far {
            self.send_far(attempt, generation, sending);
        } else {
            self.offer_at_once(attempt, sending.viewer);
        }
    }

    /// Whether an attempt is lost on its way to the pool. An attempt whose reply will be lost is marked. Nothing is
    /// lost where the client has no timer, since the request would never end.
    #[cold]
    #[inline(never)]
    fn is_lost(&mut self, attempt: u32, client: u8, distance: &distance::Settings) -> bool {
        let row = &mut self.attempts[attempt];
        if self.settings.clients[usize::from(client)].timeout.span().is_none() {
            return false;
        }
        let lost = distance.lost(row.key);
        match lost {
            // The attempt never reaches its pool, and no reply is sent.
            Some(Lost::There) => (row.stage, row.outcome) = (Stage::Gone, Outcome::Abandoned),
            Some(Lost::Back) => row.mark(attempt_flags::REPLY_LOST),
            None => {}
        }
        if let (Some(Lost::There), Some(viewer)) = (lost, row.origin.as_viewer()) {
            self.tell(viewer, Happening::Lost);
        }
        lost == Some(Lost::There)
    }

    /// Hands an attempt to its pool at the instant of sending, in a region where other attempts take time.
    #[cold]
    #[inline(never)]
    fn reach_without_delay(&mut self, attempt: u32) {
        self.reach_pool(attempt);
    }

    /// Ends an attempt that is turned away at the instant of its sending.
    #[inline(always)]
    fn turned_away_at_once(&mut self, sending: Sending, outcome: Outcome, server: u32) {
        let Sending { viewer, to, key, asked, .. } = sending;
        self.books.attempt_turned_away_at_once(to.cell, outcome);
        self.turned_away(usize::from(to.pool), server, outcome);
        if sending.awaited {
            self.tell(viewer, Happening::Ended { outcome, by_call: false });
            self.attempt_failed(viewer, key, outcome, to.cell, asked);
        } else {
            self.books.recorder.request_failed(usize::from(to.cell));
        }
    }

    /// Ends an attempt that a protection turns away at the instant of its sending.
    #[cold]
    #[inline(never)]
    fn turned_away_by_guard(&mut self, sending: Sending, outcome: Outcome, server: u32) {
        self.turned_away_at_once(sending, outcome, server);
    }

    /// Takes a row for an attempt and starts the timers of its client. Returns the row and its generation.
    #[inline(always)]
    fn dispatch(&mut self, sending: Sending) -> (u32, u32) {
        let Sending { viewer, awaited, to, region, class, key, asked, .. } = sending;
        let Viewer { ordinal, cohort, client, .. } = self.viewers[viewer];
        let client = usize::from(client);
        self.books.attempt_sent(to.cell);
        let attempt = self.attempts.take();
        let row = &mut self.attempts[attempt];
        let generation = row.generation;
        *row = Attempt {
            key,
            sent: self.now,
            asked,
            // With a round trip, the pool sets the time anew.
            reached: self.now,
            origin: if awaited { Origin::viewer(viewer) } else { Origin::NOBODY },
            ordinal,
            generation,
            cohort,
            cell: to.cell,
            pool: to.pool,
            flags: Attempt::flags_of(class),
            ..Attempt::VACANT
        };
        if self.deadlines.used {
            self.carry_deadline(attempt, client, NEVER);
        }
        let timeout = self.settings.clients[client].timeout.span();
        if awaited {
            self.under_way[usize::from(region)].push((attempt, generation), &self.attempts);
            if self.hedges.used {
                self.note_member(viewer, attempt);
            }
            let row = &mut self.viewers[viewer];
            row.attempt_row = attempt;
            if row.patience != NEVER {
                let longest_reply = self.bounds.longest_reply(usize::from(to.cell));
                let longest = longest_reply.min(timeout.unwrap_or(Span::LONGEST));
                if row.must_watch_patience(self.now.after(longest), self.patience_may_pause) {
                    self.watch_patience(viewer);
                }
            }
        } else if self.books.recorder.counts_in_all(usize::from(to.cell)) {
            self.under_way[usize::from(region)].push((attempt, generation), &self.attempts);
        }
        if let Some(timeout) = timeout
            && timeout < self.bounds.longest_reply(usize::from(to.cell))
        {
            let event = Event { kind: Kind::AppTimeout, generation, row: attempt };
            self.after_delay(self.delays.app_timeout(client), timeout, event);
        }
        (attempt, generation)
    }

    /// Schedules the arrival of the reply to an attempt, or of its cancellation, after half a round trip. False if the round
    /// trip is zero. `row` is a copy of the row of the attempt.
    #[inline(always)]
    pub fn travel(&mut self, attempt: u32, row: Attempt, kind: Kind) -> bool {
        if let Some(request) = row.origin.as_request() {
            return self.travel_of_call(attempt, request, kind);
        }
        if !self.delays.ways_take_time {
            return false;
        }
        let region = self.itineraries.entrance(usize::from(row.cohort)).region;
        self.travel_far(region, row.key, Event { kind, generation: row.generation, row: attempt })
    }

    /// Schedules what happens after half a round trip of a region, for the attempt of a key. False if the way takes no time.
    #[inline(always)]
    fn travel_far(&mut self, region: u8, key: Key, event: Event) -> bool {
        let way = self.delays.way(region);
        let half = match way.half {
            Some(half) => half,
            None => self.settings.regions[usize::from(region)].distance.half(key),
        };
        if half == Span::ZERO {
            return false;
        }
        self.future.push_in_order(way.queue, self.now.after(half), event.pack());
        true
    }

    /// The client sees the end of an attempt.
    pub fn reply_arrives(&mut self, attempt: u32) {
        let row = &self.attempts[attempt];
        // The client may have left while the 504 was on its way and the pool kept working.
        if row.has(attempt_flags::CLIENT_DONE) {
            return;
        }
        if let Some(request) = row.origin.as_request() {
            return self.call_answered(attempt, request);
        }
        let by_call = row.has(attempt_flags::CALL_FAILED);
        let Attempt { outcome, key, cell, service, asked, sent, .. } = *row;
        if outcome == Outcome::Served {
            self.books.recorder.service(usize::from(cell), service);
        }
        let (origin, stage) = self.end_attempt(attempt, outcome);
        if stage == Stage::Gone {
            self.attempts.remove(attempt);
        }
        let Some(viewer) = origin.as_viewer() else { return };
        self.tell(viewer, Happening::Ended { outcome, by_call });
        if outcome == Outcome::Served {
            if self.callers.apps.told.ends {
                self.caller_ended(viewer, End::Served);
            }
            if self.hedges.used {
                self.leave_try(viewer, Outcome::Cancelled);
            }
            self.request_ends(viewer, cell, asked);
            self.next_call(viewer);
        } else if !self.hedges.used || !self.try_goes_on(viewer, outcome) {
            self.attempt_failed(viewer, key, outcome, cell, asked.after(self.now.since(sent)));
        }
    }

    /// Ends an attempt at its client. Returns who waited for the attempt, and its stage at the pool.
    #[inline(always)]
    pub fn end_attempt(&mut self, attempt: u32, outcome: Outcome) -> (Origin, Stage) {
        let (origin, stage) = self.enter_end(attempt, outcome);
        match origin.as_viewer() {
            Some(viewer) if self.hedges.used => self.member_ended(viewer, attempt),
            Some(viewer) => self.viewers[viewer].attempt_row = NO_ROW,
            None => self.ended_for_no_viewer(attempt, origin, outcome),
        }
        (origin, stage)
    }

    /// Records the end of an attempt, without any reaction of the client. Returns who waited for the attempt, and its stage at
    /// the pool.
    #[inline(always)]
    pub fn enter_end(&mut self, attempt: u32, outcome: Outcome) -> (Origin, Stage) {
        let row = &mut self.attempts[attempt];
        row.mark(attempt_flags::CLIENT_DONE);
        let origin = std::mem::replace(&mut row.origin, Origin::NOBODY);
        self.books.attempt_ended(row.cell, outcome, self.now.since(row.sent), row.asked.elapsed);
        (origin, row.stage)
    }
}
