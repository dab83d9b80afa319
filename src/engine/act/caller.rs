//! The protections of clients (budget, breaker, throttle): asked before an attempt is sent or retried, told how it
//! ended.

use crate::engine::probe::Probe;
use crate::engine::state::asked::Asked;
use crate::engine::state::attempt::{Attempt, Origin};
use crate::engine::state::callers::{Caller, SentAs};
use crate::engine::state::itinerary::Itineraries;
use crate::engine::state::kept::{Holder, Many};
use crate::engine::state::request::Request;
use crate::engine::state::viewer::{Viewer, flags};
use crate::engine::world::World;
use crate::model::Settings;
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
        let row = &mut self.viewers[viewer];
        let app = app_of(self.settings, &self.itineraries, viewer, row);
        let pass = self.callers.sends(app, self.now, why_sent(row, number), attempt);
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
        self.tell(viewer, Happening::Ended { outcome: Outcome::Refused, by_call: false });
        if number > 1 {
            self.caller_withdrawn(viewer);
        }
        self.attempt_failed(viewer, key, Outcome::Refused, cell, asked);
    }

    /// Tells the client of a viewer that the present attempt ended, where clients have to be told.
    #[cold]
    #[inline(never)]
    pub fn caller_ended(&mut self, viewer: u32, end: End) {
        let app = self.app_of(viewer);
        self.app_hears(viewer, app, end);
    }

    /// Tells the app of a viewer that the present attempt ended.
    #[inline(always)]
    pub fn app_hears(&mut self, viewer: u32, app: Caller<'_>, end: End) {
        let row = &self.viewers[viewer];
        let mut was = SentAs { why: why_sent(row, row.attempt), on_trial: row.has(flags::ON_TRIAL) };
        if self.hedges.used
            && let Some(copy) = self.hedges.take_ended(Origin::viewer(viewer))
        {
            was = SentAs { why: Why::Hedge, on_trial: copy.on_trial };
        }
        self.callers.ended(app, self.now, was, end);
    }

    /// Tells the client of a viewer that a retry which the client allowed is not sent after all.
    #[cold]
    #[inline(never)]
    pub fn caller_withdrawn(&mut self, viewer: u32) {
        let app = self.app_of(viewer);
        self.callers.withdrawn(app);
    }

    /// Whether the app of a viewer allows a retry of an attempt that ended with an outcome. A retry that is denied is
    /// counted in the cell of the attempt before it.
    #[inline(always)]
    pub fn caller_may_retry(&mut self, viewer: u32, app: Caller<'_>, outcome: Outcome, cell: u16) -> bool {
        let row = &mut self.viewers[viewer];
        let why = if outcome == Outcome::Abandoned { Why::TimedOut } else { Why::Failed };
        match why {
            Why::TimedOut => row.mark(flags::APP_TIMED_OUT),
            Why::First | Why::Failed | Why::Hedge => row.unmark(flags::APP_TIMED_OUT),
        }
        let allows = self.callers.may_retry(app, self.now, why);
        if !allows {
            self.books.recorder.retry_denied(usize::from(cell));
            self.tell(viewer, Happening::RetryDenied);
        }
        allows
    }

    /// The app of a viewer as a caller.
    #[inline(always)]
    pub fn app_of(&self, viewer: u32) -> Caller<'m> {
        app_of(self.settings, &self.itineraries, viewer, &self.viewers[viewer])
    }

    /// Tells the client of a call that the present attempt ended, where clients have to be told.
    #[inline(always)]
    pub fn call_attempt_ended(&mut self, request: u32, to: &To, end: End) {
        if self.callers.servers.told.ends {
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
        (caller(self.settings, &self.itineraries, usize::from(to.client), cohort, by_server), why)
    }
}

/// Why attempt `number` of a viewer's present request is sent.
#[inline(always)]
fn why_sent(row: &Viewer, number: u16) -> Why {
    match number {
        1 => Why::First,
        _ if row.has(flags::APP_TIMED_OUT) => Why::TimedOut,
        _ => Why::Failed,
    }
}

/// The app of a viewer in a row as a caller.
#[inline(always)]
fn app_of<'m>(settings: &'m Settings, itineraries: &Itineraries, viewer: u32, row: &Viewer) -> Caller<'m> {
    caller(settings, itineraries, usize::from(row.client), row.cohort, Holder::Viewer(viewer))
}

/// A caller with a client that sends for a viewer of a cohort; `alone` holds the states unless the region does.
#[inline(always)]
fn caller<'m>(
    settings: &'m Settings,
    itineraries: &Itineraries,
    client: usize,
    cohort: u16,
    alone: Holder,
) -> Caller<'m> {
    let set = &settings.clients[client];
    let holder = match set.scope {
        Scope::Caller => alone,
        Scope::Region => Holder::Many(Many::Region(usize::from(itineraries.entrance(usize::from(cohort)).region))),
    };
    Caller { set, holder, client }
}
