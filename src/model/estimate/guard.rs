//! The protections of callers as a fluid: the share of attempts that breakers and throttles send, and of retries that budgets allow.

use crate::policy::caller::budget::mean::{FULL, Flow};
use crate::policy::client::Settings;

/// Shares that the protections of callers let through.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// Share of the attempts that is sent.
    pub sent: f64,
    /// Share of the retries, and of the copies, that is allowed.
    pub allowed: f64,
}

impl Share {
    /// Protections that let everything through.
    pub const ALL: Share = Share { sent: 1.0, allowed: 1.0 };
}

/// Actions of callers within a step of time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Heard {
    /// Requests.
    pub first: f64,
    /// Retries and copies that the callers want to send.
    pub wanted: f64,
    /// Attempts that were sent.
    pub sent: f64,
    /// Attempts that were sent or kept back.
    pub tries: f64,
    /// Attempts that were served.
    pub served: f64,
    /// Seconds of all attempts that were sent.
    pub seconds: f64,
    /// Seconds of the pauses before all retries.
    pub pauses: f64,
    /// Attempts that ended by the caller's own timer.
    pub timed_out: f64,
}

impl Heard {
    /// Adds the actions of other callers.
    pub fn add(&mut self, other: Heard) {
        self.first += other.first;
        self.wanted += other.wanted;
        self.sent += other.sent;
        self.tries += other.tries;
        self.served += other.served;
        self.seconds += other.seconds;
        self.pauses += other.pauses;
        self.timed_out += other.timed_out;
    }

    /// Probability that an attempt that was sent was served.
    fn success(&self) -> f64 {
        if self.sent > 0.0 { (self.served / self.sent).min(1.0) } else { 1.0 }
    }

    /// The demand on the budget of one of `holders` holders within `seconds`.
    fn flow(&self, holders: f64, seconds: f64) -> Flow {
        let sojourn = self.seconds / self.sent.max(1e-300);
        Flow {
            first: self.first / holders,
            wanted: self.wanted / holders,
            success: self.success(),
            timed_out: self.timed_out > self.sent / 2.0,
            seconds,
            sojourn,
            retry: sojourn + self.pauses / self.wanted.max(1e-300),
        }
    }
}

/// The protections of a client, of which a number of holders each have a state of their own that many requests share.
#[derive(Clone, Copy, Debug)]
pub struct Guard {
    share: Share,
    /// Share of the budget that is left.
    left: f64,
    holders: f64,
}

impl Guard {
    /// Unused protections of a number of holders.
    pub fn new(holders: f64) -> Guard {
        Guard { share: Share::ALL, left: FULL, holders: holders.max(1.0) }
    }

    /// The shares that the protections let through.
    pub fn share(&self) -> Share {
        self.share
    }

    /// Updates the states of the protections after a step of `dt` seconds.
    pub fn learn(&mut self, set: &Settings, heard: Heard, dt: f64) {
        if heard.tries <= 0.0 {
            // Nobody asks, so a state recovers within its own time, which the next step finds.
            self.share = Share::ALL;
            return;
        }
        let success = heard.success();
        let before = self.share.sent;
        let wanted = heard.tries / dt / self.holders;
        let of_breaker = set.breaker.as_ref().map_or(1.0, |rule| rule.sent(wanted, success, before));
        let of_throttle = set.throttle.as_ref().map_or(1.0, |rule| rule.sent(success, before));
        self.share.sent = of_breaker.min(of_throttle);
        if let Some(rule) = &set.budget {
            let flow = heard.flow(self.holders, dt);
            let (allowed, left) = rule.allowed(&flow, self.left);
            self.left = left;
            self.share.allowed = if flow.wanted > 0.0 { (allowed / flow.wanted).clamp(0.0, 1.0) } else { 1.0 };
        }
    }
}

/// The shares that the protections of one caller let through in a visit, which begins with states of its own; `heard`
/// has the actions of the caller within `seconds` without protections.
pub fn alone(set: &Settings, heard: &Heard, seconds: f64) -> Share {
    let success = heard.success();
    let of_breaker = set.breaker.as_ref().map_or(1.0, |rule| rule.sent_by_one(heard.tries, seconds, success));
    let of_throttle = set.throttle.as_ref().map_or(1.0, |rule| rule.sent_by_one(heard.tries, seconds, success));
    let allowed = set.budget.as_ref().filter(|_| heard.wanted > 0.0).map_or(1.0, |rule| {
        let flow = heard.flow(1.0, seconds.max(1e-9));
        (rule.allowed(&flow, FULL).0 / heard.wanted).clamp(0.0, 1.0)
    });
    Share { sent: of_breaker.min(of_throttle), allowed }
}
