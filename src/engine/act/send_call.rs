//! Sending attempts of calls: from the call that a pool makes to the attempt that reaches the called pool.

use crate::engine::pending::event::{Event, Kind};
use crate::engine::probe::Probe;
use crate::engine::state::asked::Asked;
use crate::engine::state::attempt::{Attempt, Origin, flags};
use crate::engine::state::request::Request;
use crate::engine::state::slab::{NO_ROW, Row};
use crate::engine::world::World;
use crate::policy::caller::breaker::Pass;
use crate::policy::calls::To;
use crate::random::{Key, Part};
use crate::units::Span;
use crate::vocabulary::Happening;

/// A call between pools: who calls, under which settings, and where the call is counted.
#[derive(Clone, Copy)]
pub struct Made<'m> {
    /// Row of the attempt that calls.
    pub caller: u32,
    /// The settings of the call.
    pub to: &'m To,
    /// The cell in which the call is counted.
    pub cell: u16,
    /// Key of the draws of the request.
    pub key: Key,
}

impl<'m, P: Probe> World<'m, P> {
    /// The settings of the call of a request.
    #[inline(always)]
    pub fn call_of(&self, request: u32) -> &'m To {
        let Request { caller, call, .. } = self.requests.rows[request];
        &self.pools[usize::from(self.attempts[caller].pool)].settings.calls.calls[usize::from(call)]
    }

    /// The cell in which a call of an attempt is counted.
    #[inline(always)]
    pub fn cell_of_call(&self, caller: u32, to: &To) -> u16 {
        let region = self.itineraries.entrance(usize::from(self.attempts[caller].cohort)).region;
        self.itineraries.cell(usize::from(region), usize::from(to.request), usize::from(to.pool))
    }

    /// Key of the draws of a request, and of the order of its events.
    pub fn key_of_call(&self, request: u32) -> Key {
        self.made(request).key
    }

    /// The call of a request, with its caller.
    #[inline(always)]
    pub fn made(&self, request: u32) -> Made<'m> {
        let Request { caller, repetition, .. } = self.requests.rows[request];
        let to = self.call_of(request);
        Made { caller, to, cell: self.cell_of_call(caller, to), key: to.key(self.attempts[caller].key, repetition) }
    }

    /// Sends attempt `number` of a call, which has taken `asked` so far.
    pub fn send_call(&mut self, request: u32, number: u16, made: Made<'m>, asked: Asked) {
        let key = made.key.part(Part::Attempt, u64::from(number));
        if self.callers.servers.any && self.callers.servers.told.of(number) {
            let (caller, why) = self.caller_of_call(request, made.to);
            let pass = self.callers.sends(caller, self.now, why, key);
            if pass == Pass::Refused {
                return self.keep_call_back(request, asked);
            }
            self.requests.rows[request].on_trial = pass == Pass::OnTrial;
        }
        let attempt = self.dispatch_call(request, made, key, asked);
        if P::ENABLED {
            let from = usize::from(self.attempts[made.caller].pool);
            self.tell_of_call(attempt, Happening::CallSent { from, to: usize::from(made.to.pool), attempt: number });
        }
        self.send_to_callee(attempt, made.to);
    }

    /// Takes a row for an attempt of a call and starts the timers of its client.
    #[inline(always)]
    pub fn dispatch_call(&mut self, request: u32, made: Made<'m>, key: Key, asked: Asked) -> u32 {
        let Made { caller, to, cell, .. } = made;
        self.books.attempt_sent(cell);
        self.requests.attempts += 1;
        let attempt = self.attempts.take();
        let by = &self.attempts[caller];
        let (cohort, ordinal, class) = (by.cohort, by.ordinal, to.class.unwrap_or(by.class()));
        let again = if by.is_again() { flags::AGAIN } else { 0 };
        let row = &mut self.attempts[attempt];
        let generation = row.generation;
        *row = Attempt {
            key,
            sent: self.now,
            reached: self.now,
            asked,
            origin: Origin::request(request),
            ordinal,
            generation,
            cohort,
            cell,
            pool: to.pool,
            flags: Attempt::flags_of(class) | again,
            ..Attempt::VACANT
        };
        if self.hedges.used {
            self.note_member_of_call(request, attempt);
        }
        self.requests.rows[request].attempt_row = attempt;
        let client = usize::from(to.client);
        if self.deadlines.used {
            self.carry_deadline(attempt, client, self.deadlines.of(caller));
        }
        if let Some(timeout) = self.settings.clients[client].timeout.span() {
            let event = Event { kind: Kind::AppTimeout, generation, row: attempt };
            self.after_delay(self.delays.app_timeout(client), timeout, event);
        }
        attempt
    }

    /// Sends an attempt of a call; without latency the called pool decides at once.
    #[inline(always)]
    pub fn send_to_callee(&mut self, attempt: u32, to: &To) {
        if self.uses.call_latency && self.travel_between(attempt, to, Kind::Reach) {
            // No viewer sends a call, also where the caller has left when the call arrives.
            if self.uses.viewers_buckets {
                self.attempts[attempt].server = NO_ROW;
            }
        } else {
            self.offer_at_once(attempt, NO_ROW);
        }
    }

    /// Schedules the arrival of an attempt of a call, its reply or its cancellation at the other pool. False if the way
    /// takes no time; a reply always has an event, if only at the same instant.
    fn travel_between(&mut self, attempt: u32, to: &To, kind: Kind) -> bool {
        let row = &self.attempts[attempt];
        let half = to.half_latency(row.key);
        if half == Span::ZERO && kind != Kind::Reply {
            return false;
        }
        let event = Event { kind, generation: row.generation, row: attempt };
        self.future.push(self.now.after(half), event.pack());
        true
    }

    /// Schedules the arrival of the reply to an attempt of a call, or of its cancellation; as
    /// [`World::travel_between`].
    #[cold]
    #[inline(never)]
    pub fn travel_of_call(&mut self, attempt: u32, request: u32, kind: Kind) -> bool {
        if !self.uses.call_latency && kind == Kind::Reply {
            let generation = self.attempts.generation(attempt);
            self.future.push(self.now, Event { kind, generation, row: attempt }.pack());
            return true;
        }
        self.travel_between(attempt, self.call_of(request), kind)
    }
}
