//! Calls between pools: an attempt whose own service is done makes requests to other pools, and ends once these have
//! ended.

use super::send_call::Made;
use crate::engine::pending::event::{Event, Kind};
use crate::engine::probe::{self, Probe};
use crate::engine::state::asked::Asked;
use crate::engine::state::attempt::{Attempt, Origin, Stage, flags};
use crate::engine::state::caches::By;
use crate::engine::state::request::Request;
use crate::engine::state::slab::NO_ROW;
use crate::engine::world::World;
use crate::policy::caller::attempt::End;
use crate::policy::calls::{To, propagated};
use crate::random::{Key, Part};
use crate::vocabulary::{Happening, Outcome};

/// An attempt of a call that ended other than served.
struct Ended {
    key: Key,
    cell: u16,
    outcome: Outcome,
    /// The time that the request has taken.
    asked: Asked,
}

impl<'m, P: Probe> World<'m, P> {
    /// Begins the calls of an attempt whose own service is done, at a pool that makes calls. False if no call is under way: the
    /// attempt fails, or all calls are skipped.
    #[cold]
    #[inline(never)]
    pub fn calls_begin(&mut self, attempt: u32) -> bool {
        let row = &mut self.attempts[attempt];
        let pool = &self.pools[usize::from(row.pool)];
        if pool.fails(row) {
            return false;
        }
        row.stage = Stage::Calling;
        row.begin_calls();
        let pool = usize::from(row.pool);
        let calls = self.call_from(attempt, 0, 0);
        if calls {
            self.books.recorder.pool_mut(pool).calling.add(1, self.now);
        }
        calls
    }

    /// Makes the calls of an attempt from a repetition of a group on, until a call or a parallel group is under way;
    /// false if none is left.
    fn call_from(&mut self, attempt: u32, mut group: usize, mut repetition: u16) -> bool {
        let row = &self.attempts[attempt];
        let (pool, key, again) = (row.pool, row.key, row.is_again());
        let region = self.itineraries.entrance(usize::from(row.cohort)).region;
        let calls = &self.pools[usize::from(pool)].settings.calls;
        while let Some(of_group) = calls.groups.get(group) {
            let mut under_way = false;
            for index in of_group.calls.clone() {
                let to = &calls.calls[usize::from(index)];
                for repetition in repetition..to.times {
                    let draws = to.key(key, repetition);
                    if !to.is_made(draws) || self.cache_knows(attempt, index, to, draws) {
                        continue;
                    }
                    let request = self.requests.begin(attempt, index, repetition, &mut self.attempts);
                    let cell =
                        self.itineraries.cell(usize::from(region), usize::from(to.request), usize::from(to.pool));
                    self.books.recorder.request(usize::from(cell));
                    if again {
                        self.books.recorder.called_again(usize::from(cell));
                    }
                    self.send_call(request, 1, Made { caller: attempt, to, cell, key: draws }, Asked::default());
                    if !of_group.at_once {
                        return true;
                    }
                    under_way = true;
                }
            }
            if under_way {
                return true;
            }
            (group, repetition) = (group + 1, 0);
        }
        false
    }

    /// Whether the cache in front of a call has the answer; `draws` is the key of the repetition.
    fn cache_knows(&mut self, attempt: u32, index: u16, to: &To, draws: Key) -> bool {
        let Some(cache) = &to.cache else { return false };
        let by = self.made_by(attempt);
        let probability = self.caches.knows(cache, by, index);
        let known = to.is_known(draws, probability);
        if known {
            let cell = self.cell_of_call(attempt, to);
            self.books.recorder.cache_hit(usize::from(cell));
            self.tell_of_call(attempt, Happening::CacheHit { from: by.pool, to: usize::from(to.pool) });
        }
        known
    }

    /// The server that makes the calls of an attempt.
    fn made_by(&self, attempt: u32) -> By {
        let Attempt { pool, server, .. } = self.attempts[attempt];
        let pool = usize::from(pool);
        By { pool, server, incarnation: self.pools[pool].incarnation(server) }
    }

    /// The caller sees the end of an attempt of a call.
    #[cold]
    #[inline(never)]
    pub fn call_answered(&mut self, attempt: u32, request: u32) {
        let by_call = self.attempts[attempt].has(flags::CALL_FAILED);
        let Attempt { outcome, cell, service, sent, asked, key, pool, .. } = self.attempts[attempt];
        if outcome == Outcome::Served {
            self.books.recorder.service(usize::from(cell), service);
        }
        self.enter_end(attempt, outcome);
        self.attempt_of_call_ended(attempt, request);
        self.free_if_done(attempt);
        self.tell_of_caller(request, Happening::CallEnded { at: usize::from(pool), outcome, by_call });
        let to = self.call_of(request);
        let asked = asked.after(self.now.since(sent));
        if outcome == Outcome::Served {
            self.call_attempt_ended(request, to, End::Served);
            if self.hedges.used {
                self.leave_try_of_call(request, Outcome::Cancelled);
            }
            self.record_end_of_call(cell, asked);
            return self.call_ends(request, to, None);
        }
        if self.hedges.used && self.try_of_call_goes_on(request, outcome) {
            return;
        }
        self.call_failed(request, to, Ended { key, cell, outcome, asked });
    }

    /// Retries a call whose attempt was not served, or fails the call.
    fn call_failed(&mut self, request: u32, to: &'m To, ended: Ended) {
        let Ended { key, cell, outcome, asked } = ended;
        if outcome != Outcome::Refused {
            self.call_attempt_ended(request, to, End::of(outcome));
        }
        let stay_away = if self.uses.retry_after { self.retry_after(cell, key) } else { None };
        let client = &self.settings.clients[usize::from(to.client)];
        let number = self.requests.rows[request].attempt;
        let key = if self.hedges.used { self.key_of_call_try(request) } else { key };
        let pause = client.retry.as_ref().and_then(|retry| retry.pause_after(number, key, outcome, stay_away));
        let Some(pause) =
            pause.filter(|_| !self.callers.servers.any || self.may_retry_call(request, to, outcome, cell))
        else {
            self.books.recorder.request_failed(usize::from(cell));
            self.record_end_of_call(cell, asked);
            return self.call_ends(request, to, Some(outcome));
        };
        let row = &mut self.requests.rows[request];
        row.pause(asked.paused(pause));
        let at = self.now.after(pause);
        let event = Event { kind: Kind::CallRetry, generation: row.generation, row: request };
        self.future.push(at, event.pack());
        self.tell_of_caller(request, Happening::CallRetryAt { at });
    }

    /// The caller's `timeout` expired for the attempt of a call.
    #[cold]
    #[inline(never)]
    pub fn call_timed_out(&mut self, request: u32, left: &Attempt, asked: Asked) {
        self.tell_of_caller(request, Happening::CallTimerEnded);
        if self.hedges.used && self.try_of_call_goes_on(request, Outcome::Abandoned) {
            return;
        }
        let Attempt { key, cell, .. } = *left;
        self.call_failed(request, self.call_of(request), Ended { key, cell, outcome: Outcome::Abandoned, asked });
    }

    /// Keeps an attempt of a call back; the attempt ends by an event of this instant.
    pub fn keep_call_back(&mut self, request: u32, asked: Asked) {
        let row = &mut self.requests.rows[request];
        row.pause(asked);
        row.refused = true;
        let event = Event { kind: Kind::CallRetry, generation: row.generation, row: request };
        self.future.push(self.now, event.pack());
    }

    /// Ends an attempt of a call that the client kept back.
    fn refused_call_ends(&mut self, request: u32) {
        let Made { to, cell, key, .. } = self.made(request);
        let row = &mut self.requests.rows[request];
        let (number, asked) = (row.attempt, row.resume());
        row.refused = false;
        let key = key.part(Part::Attempt, u64::from(number));
        self.books.recorder.refused(usize::from(cell), number == 1);
        self.tell_of_caller(
            request,
            Happening::CallEnded { at: usize::from(to.pool), outcome: Outcome::Refused, by_call: false },
        );
        if number > 1 {
            let (caller, _) = self.caller_of_call(request, to);
            self.callers.withdrawn(caller);
        }
        self.call_failed(request, to, Ended { key, cell, outcome: Outcome::Refused, asked });
    }

    /// Sends the next attempt of a call, after the pause.
    #[cold]
    #[inline(never)]
    pub fn retry_call(&mut self, request: u32) {
        let row = &mut self.requests.rows[request];
        if row.refused {
            return self.refused_call_ends(request);
        }
        row.attempt = row.attempt.saturating_add(1);
        let (number, asked) = (row.attempt, row.resume());
        self.send_call(request, number, self.made(request), asked);
    }

    /// Ends a call, served or not; its caller makes the next calls or ends.
    fn call_ends(&mut self, request: u32, to: &To, failed: Option<Outcome>) {
        let Request { caller, call, repetition, .. } = self.requests.rows[request];
        if let Some(cache) = to.cache.as_ref().filter(|_| failed.is_none()) {
            let by = self.made_by(caller);
            self.caches.fill(cache, by, call);
        }
        self.requests.end(request, &mut self.attempts);
        let row = &mut self.attempts[caller];
        if let Some(outcome) = failed.filter(|_| !to.optional) {
            row.note_failed_call(outcome);
        }
        if row.first_call() != NO_ROW {
            return;
        }
        if let Some(outcome) = row.failed_call() {
            if row.outcome != Outcome::TimedOut {
                row.mark(flags::CALL_FAILED);
            }
            return self.finish_after_calls(caller, Some(propagated(outcome)));
        }
        let (group, groups) = (usize::from(to.group), &self.pools[usize::from(row.pool)].settings.calls.groups);
        let ends_group = groups[group].at_once || repetition + 1 == to.times;
        let (group, repetition) = if ends_group { (group + 1, 0) } else { (group, repetition + 1) };
        if group == groups.len() || !self.call_from(caller, group, repetition) {
            self.finish_after_calls(caller, None);
        }
    }

    /// Abandons all calls that an attempt waits for whose work is aborted.
    #[cold]
    #[inline(never)]
    pub fn leave_calls(&mut self, attempt: u32) {
        let mut request = self.attempts[attempt].first_call();
        while request != NO_ROW {
            let Request { after, attempt_row, pauses, refused, attempt: number, .. } = self.requests.rows[request];
            let to = self.call_of(request);
            let asked = if pauses {
                // A first attempt that was kept back took nothing from the budget.
                if self.callers.servers.any && (!refused || number > 1) {
                    let (caller, _) = self.caller_of_call(request, to);
                    self.callers.withdrawn(caller);
                }
                self.requests.rows[request].resume()
            } else {
                let asked = self.leave(attempt_row).1;
                self.call_attempt_ended(request, to, End::Left);
                if self.hedges.used {
                    self.leave_try_of_call(request, Outcome::Abandoned);
                }
                asked
            };
            self.tell_of_caller(request, Happening::CallLeft);
            let cell = self.cell_of_call(attempt, to);
            self.books.recorder.request_failed(usize::from(cell));
            self.record_end_of_call(cell, asked);
            self.requests.end(request, &mut self.attempts);
            request = after;
        }
    }

    /// Records the time of a call that ended, and its wait if it was longer than `[harm]` states.
    fn record_end_of_call(&mut self, cell: u16, asked: Asked) {
        self.books.recorder.call_ended(usize::from(cell), asked.elapsed);
        if asked.waited > self.people.bound {
            self.books.recorder.request_waited(usize::from(cell));
        }
    }

    /// Handles the end of an attempt that no viewer waits for: an attempt of a call, or a heartbeat.
    #[inline(never)]
    pub fn ended_for_no_viewer(&mut self, attempt: u32, origin: Origin, outcome: Outcome) {
        match origin.as_request() {
            Some(request) => self.attempt_of_call_ended(attempt, request),
            None => self.heartbeat_ended(attempt, outcome),
        }
    }

    /// Notes that an attempt of a call has ended; the call has no attempt under way unless a hedged copy is.
    fn attempt_of_call_ended(&mut self, attempt: u32, request: u32) {
        self.requests.attempts -= 1;
        if self.hedges.used {
            self.member_of_call_ended(request, attempt)
        } else {
            self.requests.rows[request].attempt_row = NO_ROW
        }
    }

    /// Tells the probe, if it is enabled, what happens to the caller of a call.
    pub fn tell_of_caller(&mut self, request: u32, what: Happening) {
        self.tell_of_call(self.requests.rows[request].caller, what);
    }

    /// Tells the probe, if it is enabled, what happens to an attempt of a call, as an event of the viewer for whom the
    /// calls are made.
    pub fn tell_of_call(&mut self, attempt: u32, what: Happening) {
        if P::ENABLED {
            let Attempt { cohort, ordinal, .. } = self.attempts[attempt];
            self.probe.happened(self.now, probe::Who { cohort, ordinal }, what);
        }
    }
}
