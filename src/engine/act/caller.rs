//! The protections of clients (budget, breaker, throttle): asked before an attempt is sent or retried, told how it
//! ended.

use crate::engine::probe::Probe;
use crate::engine::state::asked::Asked;
use crate::engine::state::attempt::{Attempt, Origin};
use crate::engine::state::callers::{Caller, SentAs};
use crate::engine::state::kept::{Holder, Many};
use crate::engine::state::request::Request;
use crate::engine::state::viewer::{Viewer, flags};
use crate::engine::world::World;
use crate::policy::caller::attempt::{End, Why};
use crate::policy::caller::breaker::Pass;
use crate::policy::caller::scope::Scope;
use crate::policy::calls::To;
use crate::random::Key;
use crate::vocabulary::{Happening, Outcome};

impl<'m, P: Probe> World<'m, P> {
    /// Whether the client of a viewer sends attempt `number` of the present request, from 1, whose key is `attempt`.
    #[cold]
    #[inline(never)]
    pub fn caller_sends(&mut self, viewer: u32, number: u16, attempt: Key) -> bool {
        let (caller, why) = self.caller(viewer, number);
        let pass = self.callers.sends(caller, self.now, why, attempt);
        let row = &mut self.viewers[viewer];
        match pass {
            Pass::OnTrial => row.mark(flags::ON_TRIAL),
            Pass::Sent | Pass::Refused => row.unmark(flags::ON_TRIAL),
        }
        pass != Pass::Refused
    }

    /// Ends an attempt that the client of a viewer kept back.
    #[cold]
    #[inline(never)]
    pub fn refused(&mut self, viewer: u32, key: Key, cell: u16, asked: Asked) {
        let number = self.viewers[viewer].attempt;
        self.books.recorder.refused(usize::from(cell), number == 1);
        self.tell(viewer, Happening::Ended(Outcome::Refused));
        if number > 1 {
            self.caller_withdrawn(viewer);
        }
        self.attempt_failed(viewer, key, Outcome::Refused, cell, asked);
    }

    /// Tells the client of a viewer that the present attempt ended, where clients have to be told.
    #[cold]
    #[inline(never)]
    pub fn caller_ended(&mut self, viewer: u32, end: End) {
        let row = &self.viewers[viewer];
        let (caller, why) = self.caller(viewer, row.attempt);
        let mut was = SentAs { why, on_trial: row.has(flags::ON_TRIAL) };
        if self.hedges.used
            && let Some(copy) = self.hedges.take_ended(Origin::viewer(viewer))
        {
            was = SentAs { why: Why::Hedge, on_trial: copy.on_trial };
        }
        self.callers.ended(caller, self.now, was, end);
    }

    /// Tells the client of a viewer that a retry which the client allowed is not sent after all.
    #[cold]
    #[inline(never)]
    pub fn caller_withdrawn(&mut self, viewer: u32) {
        let caller = self.app_of(viewer);
        self.callers.withdrawn(caller);
    }

    /// Whether the client of a viewer allows a retry of an attempt that ended with an outcome. A retry that is denied is
    /// counted in the cell of the attempt before it.
    #[inline]
    pub fn caller_may_retry(&mut self, viewer: u32, outcome: Outcome, cell: u16) -> bool {
        let why = if outcome == Outcome::Abandoned { Why::TimedOut } else { Why::Failed };
        let row = &mut self.viewers[viewer];
        match why {
            Why::TimedOut => row.mark(flags::APP_TIMED_OUT),
            Why::First | Why::Failed | Why::Hedge => row.unmark(flags::APP_TIMED_OUT),
        }
        let caller = self.app_of(viewer);
        let allows = self.callers.may_retry(caller, self.now, why);
        if !allows {
            self.books.recorder.retry_denied(usize::from(cell));
            self.tell(viewer, Happening::RetryDenied);
        }
        allows
    }

    /// The app of a viewer as a caller, and why attempt `number` of the present request is sent.
    #[inline]
    fn caller(&self, viewer: u32, number: u16) -> (Caller<'m>, Why) {
        let why = match number {
            1 => Why::First,
            _ if self.viewers[viewer].has(flags::APP_TIMED_OUT) => Why::TimedOut,
            _ => Why::Failed,
        };
        (self.app_of(viewer), why)
    }

    /// The app of a viewer as a caller.
    #[inline]
    pub fn app_of(&self, viewer: u32) -> Caller<'m> {
        let Viewer { cohort, client, .. } = self.viewers[viewer];
        self.caller_for(usize::from(client), cohort, Holder::Viewer(viewer))
    }

    /// A caller with a client that sends for a viewer of a cohort; `alone` holds the states unless the region does.
    #[inline]
    fn caller_for(&self, client: usize, cohort: u16, alone: Holder) -> Caller<'m> {
        let set = &self.settings.clients[client];
        let holder = match set.scope {
            Scope::Caller => alone,
            Scope::Region => {
                Holder::Many(Many::Region(usize::from(self.itineraries.entrance(usize::from(cohort)).region)))
            }
        };
        Caller { set, holder, client }
    }

    /// Tells the client of a call that the present attempt ended, where clients have to be told.
    #[inline(always)]
    pub fn call_attempt_ended(&mut self, request: u32, to: &To, end: End) {
        if self.callers.told.ends {
            self.client_of_call_hears(request, to, end);
        }
    }

    #[inline(never)]
    fn client_of_call_hears(&mut self, request: u32, to: &To, end: End) {
        let (caller, why) = self.caller_of_call(request, to);
        let mut was = SentAs { why, on_trial: self.requests.rows[request].on_trial };
        if self.hedges.used
            && let Some(copy) = self.hedges.take_ended(Origin::request(request))
        {
            was = SentAs { why: Why::Hedge, on_trial: copy.on_trial };
        }
        self.callers.ended(caller, self.now, was, end);
    }

    /// Whether the client of a call allows a retry of an attempt that ended with an outcome. A retry that is denied is counted
    /// in the cell of the call.
    pub fn may_retry_call(&mut self, request: u32, to: &To, outcome: Outcome, cell: u16) -> bool {
        let timed_out = outcome == Outcome::Abandoned;
        self.requests.rows[request].timed_out = timed_out;
        let (caller, _) = self.caller_of_call(request, to);
        let allows = self.callers.may_retry(caller, self.now, if timed_out { Why::TimedOut } else { Why::Failed });
        if !allows {
            self.books.recorder.retry_denied(usize::from(cell));
            self.tell_of_caller(request, Happening::CallRetryDenied);
        }
        allows
    }

    /// The server that makes a call as a caller, and why the present attempt is sent.
    #[inline(always)]
    pub fn caller_of_call(&self, request: u32, to: &To) -> (Caller<'m>, Why) {
        let Request { caller: by, attempt, timed_out, .. } = self.requests.rows[request];
        let Attempt { pool, server, cohort, .. } = self.attempts[by];
        let why = match attempt {
            1 => Why::First,
            _ if timed_out => Why::TimedOut,
            _ => Why::Failed,
        };
        let by_server = Holder::Many(Many::Server { pool: usize::from(pool), number: server });
        (self.caller_for(usize::from(to.client), cohort, by_server), why)
    }
}
