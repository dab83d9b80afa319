//! The fate of a request whose attempts succeed with some probability: number of attempts, pauses and refreshes, and
//! duration.

use super::guard::{Heard, Share, alone};
use super::hold::mean_within;
use super::pool::State;
use crate::policy::caller::scope::Scope;
use crate::policy::client;
use crate::policy::human::Repeats;
use crate::vocabulary::Outcome;

/// Rounds that bring the demand of a single caller and the share that its protections let through in line.
const ROUNDS: usize = 3;

/// The mean behaviour of a client.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'m> {
    set: &'m client::Settings,
    /// Mean patience in seconds; infinite without a limit.
    patience: f64,
    /// Mean stalling in seconds that a viewer tolerates in a stream; infinite without a limit.
    stall_patience: f64,
    refresh: Option<Repeats>,
    horizon: f64,
}

/// The mean fate of an attempt that is sent.
#[derive(Clone, Copy, Debug)]
pub struct Fate {
    /// Probability that the attempt is served.
    pub success: f64,
    /// Probability that the attempt ends with an outcome which the app does not retry.
    pub last: f64,
    /// Mean time from the sending of the attempt to its end, in seconds.
    pub sojourn: f64,
}

/// The mean course of a request, from its first attempt until the viewer goes on or gives up.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// Attempts that are sent.
    pub attempts: f64,
    /// Attempts that are sent or that the client keeps back.
    pub tries: f64,
    /// Retries and copies that the client wants to make.
    pub wanted: f64,
    /// Seconds of all pauses before retries.
    pub pauses: f64,
    /// Refreshes.
    pub refreshes: f64,
    /// Probability of an error page.
    pub error: f64,
    /// Probability of success in the end.
    pub success: f64,
    /// Duration in seconds.
    pub seconds: f64,
}

impl Request {
    /// The actions of the client for a number of these requests, whose attempts have a fate.
    pub fn heard(&self, requests: f64, fate: &Fate, timeout: f64) -> Heard {
        let sent = requests * self.attempts;
        Heard {
            first: requests * (1.0 + self.refreshes),
            wanted: requests * self.wanted,
            sent,
            tries: requests * self.tries,
            served: sent * fate.success,
            seconds: sent * fate.sojourn,
            pauses: requests * self.pauses,
            timed_out: if fate.sojourn >= timeout { sent } else { 0.0 },
        }
    }
}

impl<'m> Caller<'m> {
    /// A client in a window of `horizon` seconds.
    pub fn new(set: &'m client::Settings, horizon: f64) -> Caller<'m> {
        let patience = set.patience.as_ref().map_or(f64::INFINITY, |patience| mean_within(patience.law(), horizon));
        let stalling = set.stall_patience.as_ref().map_or(f64::INFINITY, |law| mean_within(law, horizon));
        Caller {
            set,
            patience,
            stall_patience: stalling,
            refresh: set.refresh.as_ref().map(|refresh| refresh.expected()),
            horizon,
        }
    }

    /// The client's settings.
    pub fn settings(&self) -> &'m client::Settings {
        self.set
    }

    /// Mean patience in seconds; infinite without a limit.
    pub fn patience(&self) -> f64 {
        self.patience
    }

    /// Mean stalling in seconds that a viewer tolerates in a stream; infinite without a limit.
    pub fn stall_patience(&self) -> f64 {
        self.stall_patience
    }

    /// The app's timeout in seconds; infinite without one.
    pub fn timeout(&self) -> f64 {
        self.set.timeout.span().map_or(f64::INFINITY, |span| span.seconds())
    }

    /// The share of the attempts at a pool that end with an outcome which the app does not retry.
    pub fn last(&self, state: &State) -> f64 {
        let Some(retry) = &self.set.retry else { return 1.0 - state.success };
        let [served, rejected, left] = state.ended;
        let all = (served + rejected + left).max(1e-300);
        let retries = |outcomes: &[Outcome]| outcomes.iter().any(|outcome| retry.retries(*outcome, false));
        // What was let in and not served has failed, or the app's own timer ended it.
        let failed = (1.0 - state.success - (rejected + left) / all).max(0.0);
        [
            (rejected / all - state.limited, retries(&[Outcome::Rejected, Outcome::Shed])),
            (state.limited, retries(&[Outcome::Limited])),
            (left / all, retries(&[Outcome::TimedOut, Outcome::Abandoned])),
            (failed, retries(&[Outcome::Failed, Outcome::Abandoned])),
        ]
        .iter()
        .map(|(share, again)| if *again { 0.0 } else { share.max(0.0) })
        .sum()
    }

    /// Seconds after which an attempt leaves because it carries a deadline; infinite without a deadline.
    pub fn deadline(&self) -> f64 {
        if self.set.propagates_deadline { self.timeout() } else { f64::INFINITY }
    }

    /// Expected hedged copies of an attempt whose latency is taken as exponential with a mean of `sojourn` seconds.
    fn copies(&self, sojourn: f64) -> f64 {
        let Some(hedge) = &self.set.hedge else { return 0.0 };
        let after = hedge.after.seconds() / sojourn.max(1e-9);
        (1..=hedge.at_most).map(|copy| libm::exp(-after * copy as f64)).sum()
    }

    /// Whether many callers share one state of a protection of the client.
    pub fn shares_protections(&self) -> bool {
        self.set.scope == Scope::Region && self.set.is_protected()
    }

    /// The share that the protections of one caller, with states of its own, let through: of `calls` requests in a row,
    /// made at the mean rate of the caller.
    pub fn alone(&self, fate: &Fate, calls: f64, each_second: f64) -> Share {
        if self.set.scope == Scope::Region || !self.set.is_protected() {
            return Share::ALL;
        }
        let mut share = Share::ALL;
        for _ in 0..ROUNDS {
            let request = self.request(fate, share);
            let of = |calls: f64, seconds: f64| {
                alone(self.set, &request.heard(calls, fate, self.timeout()), seconds.max(1e-9))
            };
            let (visit, all) = (of(calls, request.seconds * calls), of(each_second * self.horizon, self.horizon));
            share = Share { sent: visit.sent.min(all.sent), allowed: visit.allowed.min(all.allowed) };
        }
        share
    }

    /// The course of a request whose attempts have a fate, where protections let a share of attempts and retries
    /// through. An attempt that is kept back ends at once.
    pub fn request(&self, fate: &Fate, share: Share) -> Request {
        let Share { sent, allowed } = share;
        let wanted_copies = self.copies(fate.sojourn);
        let copies = wanted_copies * allowed;
        let sojourn = fate.sojourn * sent;
        let success = (1.0 - libm::pow(1.0 - fate.success, 1.0 + copies)) * sent;
        let retry = self.set.retry.as_ref();
        let kept_back =
            if retry.is_some_and(|retry| retry.retries(Outcome::Refused, false)) { 0.0 } else { 1.0 - sent };
        // What the app does not try again ends the request.
        let last = fate.last.min(1.0 - fate.success) * sent;
        let again = (1.0 - success - kept_back - last).clamp(0.0, 1.0);
        let (unbounded, pauses) = retry.map_or((1.0, 0.0), |retry| retry.expected(again));
        let mut attempts = 1.0 + (unbounded - 1.0) * allowed;
        let pauses = (pauses * allowed / 1e9).min(self.horizon);
        // Impatience ends the request somewhere in between.
        let patient = (self.patience / (attempts * sojourn + pauses).max(1e-9)).min(1.0);
        let once = (success * attempts).min(1.0) * patient;
        attempts = 1.0 + (attempts - 1.0) * patient;
        let seconds = (attempts * sojourn + pauses * patient).min(self.patience);
        let error = 1.0 - once;
        let again = self.refresh.map_or(0.0, |refresh| refresh.again(error));
        // Rounds until success, or until the viewer refreshes no more.
        let rounds = 1.0 / (1.0 - again).max(1e-9);
        let delay = self.refresh.map_or(0.0, |refresh| (refresh.delay / 1e9).min(self.horizon));
        let tries = attempts * (1.0 + copies) * rounds;
        Request {
            attempts: tries * sent,
            tries,
            wanted: ((unbounded - 1.0) * patient + attempts * wanted_copies) * rounds,
            pauses: pauses * patient * rounds,
            refreshes: rounds - 1.0,
            error,
            success: (once * rounds).min(1.0),
            seconds: seconds * rounds + (rounds - 1.0) * delay,
        }
    }
}
