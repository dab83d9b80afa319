//! What becomes of a request whose attempts succeed with some probability: attempts, pauses, refreshes, and how long it takes.

use super::hold::mean_within;
use crate::policy::caller::scope::Scope;
use crate::policy::client;
use crate::policy::human::Repeats;

/// Attempts per request, more than the first, that a budget of retries is taken to allow at most.
const BUDGET: f64 = 0.3;

/// A client in the mean.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'m> {
    set: &'m client::Settings,
    /// Mean patience in seconds; infinite without a limit.
    patience: f64,
    refresh: Option<Repeats>,
    horizon: f64,
}

/// Least share of the attempts that a breaker or a throttle lets through: a few always go out on trial.
const LEAST_SENT: f64 = 0.01;

/// A request in the mean, from its first attempt until the viewer goes on or gives up.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// Attempts that are sent.
    pub attempts: f64,
    /// Attempts, those that the client keeps back among them.
    pub tries: f64,
    /// Refreshes.
    pub refreshes: f64,
    /// Probability of an error page.
    pub error: f64,
    /// Probability of success in the end.
    pub success: f64,
    /// Duration in seconds.
    pub seconds: f64,
}

impl<'m> Caller<'m> {
    /// A client in a window of `horizon` seconds.
    pub fn new(set: &'m client::Settings, horizon: f64) -> Caller<'m> {
        let patience = set.patience.as_ref().map_or(f64::INFINITY, |patience| mean_within(patience.law(), horizon));
        Caller { set, patience, refresh: set.refresh.as_ref().map(|refresh| refresh.expected()), horizon }
    }

    /// The client's settings.
    pub fn settings(&self) -> &'m client::Settings {
        self.set
    }

    /// Mean patience in seconds; infinite without a limit.
    pub fn patience(&self) -> f64 {
        self.patience
    }

    /// Copies of an attempt that takes `sojourn` seconds in the mean, as if it took an exponential time; the budget limits them as
    /// it does retries.
    fn copies(&self, sojourn: f64) -> f64 {
        let Some(hedge) = &self.set.hedge else { return 0.0 };
        let after = hedge.after.seconds() / sojourn.max(1e-9);
        let copies: f64 = (1..=hedge.at_most).map(|copy| libm::exp(-after * copy as f64)).sum();
        if self.set.budget.is_some() { copies.min(BUDGET) } else { copies }
    }

    /// The share of attempts that a breaker of a region, or a throttle, lets through in the next step of time, where it let through
    /// `before` of them and these succeeded with probability `success`. Both settle where as many succeed as they ask for.
    pub fn sends(&self, before: f64, success: f64) -> f64 {
        let breaker = self.set.breaker.as_ref().filter(|_| self.set.scope == Scope::Region);
        let of_breaker = breaker.map_or(f64::INFINITY, |rule| 1.0 / (1.0 - rule.error_rate()).max(LEAST_SENT));
        let of_throttle = self.set.throttle.as_ref().map_or(f64::INFINITY, |rule| rule.k());
        let for_each_success = of_breaker.min(of_throttle);
        match for_each_success.is_finite() {
            true => (before * (for_each_success * success).clamp(0.5, 2.0)).clamp(LEAST_SENT, 1.0),
            false => 1.0,
        }
    }

    /// A request of which the share `sent` of all attempts is sent, and each of these succeeds with probability `success` after
    /// `sojourn` seconds. What is kept back ends at once.
    pub fn request(&self, success: f64, sojourn: f64, sent: f64) -> Request {
        let copies = self.copies(sojourn);
        let sojourn = sojourn * sent;
        let success = (1.0 - libm::pow(1.0 - success, 1.0 + copies)) * sent;
        let (mut attempts, mut pauses) =
            self.set.retry.as_ref().map_or((1.0, 0.0), |retry| retry.expected(1.0 - success));
        if self.set.budget.is_some() && attempts > 1.0 + BUDGET {
            (attempts, pauses) = (1.0 + BUDGET, pauses * BUDGET / (attempts - 1.0));
        }
        pauses = (pauses / 1e9).min(self.horizon);
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
            refreshes: rounds - 1.0,
            error,
            success: (once * rounds).min(1.0),
            seconds: seconds * rounds + (rounds - 1.0) * delay,
        }
    }
}
