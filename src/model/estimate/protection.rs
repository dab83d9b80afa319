//! The protections of a pool as a fluid: the share of attempts that is let in, and the longest queue.

use crate::policy::concurrency_limit::Rule as Limit;
use crate::policy::pool::Settings;
use crate::policy::rate_limit::Per;

/// The protections of a pool.
#[derive(Clone, Copy, Debug)]
pub struct Protection {
    /// Attempts per second that the rate limit lets in; infinite without one.
    rate: f64,
    /// Burst of the rate limit, in attempts.
    pub burst: f64,
    /// The limit of the attempts that are held, in service and in the queue, with the number of queues, each of which has one.
    held: Option<(Limit, f64)>,
    /// Seconds of work in the queue, above which attempts are shed; infinite without such a rule.
    wait: f64,
    /// Seconds of arrivals that may join the queue before a rule that looks at the load sheds; infinite without such a rule.
    seen: f64,
}

impl Protection {
    /// The protections of a pool of people in `regions` regions, with `queues` queues.
    pub fn of(set: &Settings, regions: f64, queues: f64) -> Protection {
        // A viewer seldom asks faster than the own bucket fills.
        let shared = set.rate_limit.as_ref().filter(|rule| rule.per != Per::Viewer);
        let (rate, burst) = shared.map_or((f64::INFINITY, f64::INFINITY), |rule| {
            let buckets = if rule.per == Per::Region { regions } else { 1.0 };
            (rule.rate() * buckets, rule.burst() * buckets)
        });
        let held = set.concurrency_limit.map(|rule| (rule, queues));
        let (wait, seen) = set.shed.as_ref().map_or((f64::INFINITY, f64::INFINITY), |shed| shed.grows_for());
        Protection { rate, burst, held, wait, seen }
    }

    /// Attempts that the rate limit lets in within `dt` seconds of those that come, and the tokens left of `tokens`.
    pub fn admits(&self, coming: f64, tokens: f64, dt: f64) -> (f64, f64) {
        if self.rate.is_infinite() {
            return (coming, tokens);
        }
        let there = tokens.min(self.burst) + self.rate * dt;
        let admitted = coming.min(there);
        (admitted, (there - admitted).min(self.burst))
    }

    /// The longest queue of a pool whose slots serve `capacity` attempts per second, where attempts come at a rate.
    pub fn longest_queue(&self, slots: f64, capacity: f64, rate: f64) -> f64 {
        let held = self.held.map_or(f64::INFINITY, |(rule, queues)| rule.held(capacity / queues) * queues);
        (held - slots).max(0.0).min(product(self.wait, capacity)).min(product(self.seen, rate))
    }
}

/// A product that is infinite if a factor is, even if the other is 0.
pub fn product(one: f64, other: f64) -> f64 {
    if one.is_infinite() || other.is_infinite() { f64::INFINITY } else { one * other }
}
