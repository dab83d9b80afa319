//! Hedged copies: a client sends copies of a slow attempt, and cancels the others once one is served.

use super::call::Sending;
use crate::engine::pending::event::{Event, Kind};
use crate::engine::probe::Probe;
use crate::engine::state::asked::Asked;
use crate::engine::state::attempt::{Attempt, Origin};
use crate::engine::state::callers::Caller;
use crate::engine::state::slab::NO_ROW;
use crate::engine::world::World;
use crate::policy::caller::attempt::{End, Why};
use crate::policy::caller::breaker::Pass;
use crate::random::{Key, Part};
use crate::vocabulary::{Happening, Outcome};

impl<P: Probe> World<'_, P> {
    /// Notes an attempt that a viewer's app sends, and plans the first copy of it.
    #[cold]
    #[inline(never)]
    pub fn note_member(&mut self, viewer: u32, attempt: u32) {
        self.hedges.sent(Origin::viewer(viewer), attempt);
        self.plan_copy(viewer);
    }

    /// Plans the next copy for a viewer, if the client sends one.
    fn plan_copy(&mut self, viewer: u32) {
        let client = usize::from(self.viewers[viewer].client);
        let event = Event { kind: Kind::Hedge, generation: self.viewers.generation(viewer), row: viewer };
        self.plan_event(Origin::viewer(viewer), client, event);
    }

    /// Plans the event of the next copy, if the client of a viewer or of a call sends one.
    fn plan_event(&mut self, origin: Origin, client: usize, event: Event) {
        if let Some(hedge) = self.settings.clients[client].hedge
            && let Some(due) = hedge.due_after(self.hedges.number(origin), self.now)
        {
            self.hedges.plan(origin, due);
            self.future.push_in_order(self.delays.hedge(client), due, event.pack());
        }
    }

    /// Asks the protections of a caller about a copy, whose key is `key`; `None` if the budget forbids the copy. A copy
    /// that is kept back is counted in the cell of the attempt before it.
    fn pass_of_copy(&mut self, caller: Caller<'_>, cell: u16, key: Key) -> Option<Pass> {
        if !self.callers.may_retry(caller, self.now, Why::Hedge) {
            self.books.recorder.retry_denied(usize::from(cell));
            return None;
        }
        let pass = self.callers.sends(caller, self.now, Why::Hedge, key);
        if pass == Pass::Refused {
            self.callers.withdrawn(caller);
            self.books.recorder.refused(usize::from(cell), false);
        }
        Some(pass)
    }

    /// Sends a copy of a viewer's attempt, if one is due.
    #[cold]
    #[inline(never)]
    pub fn hedge(&mut self, viewer: u32) {
        let origin = Origin::viewer(viewer);
        let Some(number) = self.hedges.comes_due(origin, self.now) else { return };
        // After a change the client may send fewer copies, or none.
        let row = &self.viewers[viewer];
        let hedge = self.settings.clients[usize::from(row.client)].hedge;
        if hedge.is_none_or(|hedge| u64::from(number) > hedge.at_most) {
            return;
        }
        self.plan_copy(viewer);
        let before = self.hedges.first(origin);
        let Attempt { cell, sent, .. } = self.attempts[before];
        let key = self.key_of_try(viewer).part(Part::Copy, u64::from(number));
        let mut on_trial = false;
        if self.callers.apps.any {
            let caller = self.app_of(viewer);
            match self.pass_of_copy(caller, cell, key) {
                None => return self.tell(viewer, Happening::RetryDenied),
                Some(Pass::Refused) => {
                    return self.tell(viewer, Happening::Ended { outcome: Outcome::Refused, by_call: false });
                }
                Some(pass) => on_trial = pass == Pass::OnTrial,
            }
        }
        let asked = self.waited_at(before, self.now).after(self.now.since(sent));
        self.send_copy(viewer, number, key, asked, on_trial);
    }

    /// Sends a copy of a viewer's present attempt, before which the request has taken `asked`.
    fn send_copy(&mut self, viewer: u32, number: u16, key: Key, asked: Asked, on_trial: bool) {
        let row = &self.viewers[viewer];
        let Some(call) = self.itineraries.request_at(row.cohort, row.step) else { return };
        let to = self.itineraries.route(&call, self.settings, || row.key(&self.cohort_keys));
        self.tell(viewer, Happening::Hedged { pool: usize::from(to.pool), copy: number });
        self.books.recorder.hedged(usize::from(to.cell));
        let sending = Sending::new(viewer, true, &call, to, key, asked);
        self.send_copy_of(sending, on_trial);
    }

    /// Key of the draws of a viewer's present try, which is that of its first attempt.
    pub fn key_of_try(&self, viewer: u32) -> Key {
        let row = &self.viewers[viewer];
        row.request_key(&self.cohort_keys).part(Part::Attempt, u64::from(row.attempt))
    }

    /// Notes that an attempt of a viewer has ended; another one of the try may be left.
    #[cold]
    #[inline(never)]
    pub fn member_ended(&mut self, viewer: u32, attempt: u32) {
        self.viewers[viewer].attempt_row = self.hedges.ended(Origin::viewer(viewer), attempt);
    }

    /// Whether the try of a viewer goes on after an attempt ended with an outcome other than served: others are under way.
    #[cold]
    #[inline(never)]
    pub fn try_goes_on(&mut self, viewer: u32, outcome: Outcome) -> bool {
        let goes_on = self.hedges.first(Origin::viewer(viewer)) != NO_ROW;
        if goes_on && self.callers.apps.told.ends {
            self.caller_ended(viewer, End::of(outcome));
        }
        goes_on
    }

    /// Abandons all attempts of a viewer's present try that are under way, which end with an outcome.
    #[cold]
    #[inline(never)]
    pub fn leave_try(&mut self, viewer: u32, outcome: Outcome) {
        loop {
            let attempt = self.hedges.first(Origin::viewer(viewer));
            if attempt == NO_ROW {
                return;
            }
            self.leave_as(attempt, outcome);
            self.tell(viewer, Happening::Ended { outcome, by_call: false });
            if self.callers.apps.told.ends {
                self.caller_ended(viewer, End::Left);
            }
        }
    }

    /// Notes an attempt that is sent for a call, and plans the first copy of it.
    #[cold]
    #[inline(never)]
    pub fn note_member_of_call(&mut self, request: u32, attempt: u32) {
        self.hedges.sent(Origin::request(request), attempt);
        self.plan_copy_of_call(request);
    }

    /// Plans the next copy for a call, if its client sends one.
    fn plan_copy_of_call(&mut self, request: u32) {
        let client = usize::from(self.call_of(request).client);
        let generation = self.requests.rows[request].generation;
        self.plan_event(Origin::request(request), client, Event { kind: Kind::CallHedge, generation, row: request });
    }

    /// Sends a copy of an attempt of a call, if one is due.
    #[cold]
    #[inline(never)]
    pub fn hedge_call(&mut self, request: u32) {
        let origin = Origin::request(request);
        let Some(number) = self.hedges.comes_due(origin, self.now) else { return };
        let hedge = self.settings.clients[usize::from(self.call_of(request).client)].hedge;
        if hedge.is_none_or(|hedge| u64::from(number) > hedge.at_most) {
            return;
        }
        self.plan_copy_of_call(request);
        let before = self.hedges.first(origin);
        let Attempt { cell, sent, pool, .. } = self.attempts[before];
        let made = self.made(request);
        let key = self.key_of_call_try(request).part(Part::Copy, u64::from(number));
        let mut on_trial = false;
        if self.callers.servers.any {
            let (caller, _) = self.caller_of_call(request, made.to);
            match self.pass_of_copy(caller, cell, key) {
                None => return self.tell_of_caller(request, Happening::CallRetryDenied),
                Some(Pass::Refused) => {
                    let what =
                        Happening::CallEnded { at: usize::from(pool), outcome: Outcome::Refused, by_call: false };
                    return self.tell_of_caller(request, what);
                }
                Some(pass) => on_trial = pass == Pass::OnTrial,
            }
        }
        let asked = self.waited_at(before, self.now).after(self.now.since(sent));
        self.books.recorder.hedged(usize::from(cell));
        let from = usize::from(self.attempts[self.requests.rows[request].caller].pool);
        self.tell_of_caller(request, Happening::CallHedged { from, to: usize::from(pool), copy: number });
        let attempt = self.dispatch_call(request, made, key, asked);
        if on_trial {
            self.hedges.on_trial(attempt);
        }
        self.send_to_callee(attempt, made.to);
    }

    /// Key of the draws of a call's present try, which is that of its first attempt.
    pub fn key_of_call_try(&self, request: u32) -> Key {
        let number = self.requests.rows[request].attempt;
        self.key_of_call(request).part(Part::Attempt, u64::from(number))
    }

    /// Notes that an attempt of a call has ended; another one of the try may be left.
    #[cold]
    #[inline(never)]
    pub fn member_of_call_ended(&mut self, request: u32, attempt: u32) {
        self.requests.rows[request].attempt_row = self.hedges.ended(Origin::request(request), attempt);
    }

    /// Whether the try of a call goes on after an attempt ended with an outcome other than served: others are under way.
    #[cold]
    #[inline(never)]
    pub fn try_of_call_goes_on(&mut self, request: u32, outcome: Outcome) -> bool {
        let goes_on = self.hedges.first(Origin::request(request)) != NO_ROW;
        if goes_on {
            self.call_attempt_ended(request, self.call_of(request), End::of(outcome));
        }
        goes_on
    }

    /// Abandons all attempts of a call's present try that are under way, which end with an outcome.
    #[cold]
    #[inline(never)]
    pub fn leave_try_of_call(&mut self, request: u32, outcome: Outcome) {
        loop {
            let attempt = self.hedges.first(Origin::request(request));
            if attempt == NO_ROW {
                return;
            }
            let at = usize::from(self.attempts[attempt].pool);
            self.leave_as(attempt, outcome);
            self.tell_of_caller(request, Happening::CallEnded { at, outcome, by_call: false });
            self.call_attempt_ended(request, self.call_of(request), End::Left);
        }
    }

    /// Offers an attempt that has a row to its pool at the instant of sending.
    pub fn offer_at_once(&mut self, attempt: u32, viewer: u32) {
        if self.deadlines.used && self.comes_too_late(attempt) {
            return;
        }
        self.offer(attempt, viewer);
    }
}
