//! Admission by a pool with protections, and the samples of its concurrency limiters.

use super::ask::Ask;
use super::attempt::Attempt;
use super::fleet::NO_SERVER;
use super::guard::Limited;
use super::pool::{Pool, Servers};
use super::server::Offer;
use super::slab::Slab;
use crate::measure::PoolGauges;
use crate::policy::balancer::Balancer;
use crate::policy::concurrency_limit::Sample;
use crate::policy::queue::priority::Class;
use crate::policy::shed::Shed;
use crate::random::Key;
use crate::units::Time;
use crate::vocabulary::Outcome;

impl Pool<'_> {
    /// Decides by its key and class alone about an attempt that reaches individual servers now; returns the decision and the server
    /// that decides. `None` if a protection stands before the servers or the balancer asks for the viewer: then
    /// [`Pool::offer_in_order`] decides.
    // Cold, so that the branch to interchangeable servers without protections is laid out as the usual one.
    #[cold]
    #[inline(never)]
    pub fn offer_by_key(&mut self, key: Key, class: Class, now: Time) -> Option<(Offer, u32)> {
        let (Servers::Individual(fleet), Some(of)) = (&mut self.servers, &self.settings.fleet) else { return None };
        if self.guard.is_some() || matches!(of.balancer, Some(Balancer::Sticky)) {
            return None;
        }
        // Any key stands for the viewer's, since only a sticky balancer asks for that.
        Some(fleet.offer(self.settings, of, (key, class), now, || key))
    }

    /// Decides about an attempt that reaches the pool now; returns the decision and the server that decides. Asks the
    /// rate limit, the shedder, the balancer, the concurrency limiter and the queue, in this order.
    #[cold]
    #[inline(never)]
    pub fn offer_in_order(&mut self, ask: Ask, attempts: &Slab<Attempt>) -> (Offer, u32) {
        let turned_away = self.guard.as_mut().and_then(|guard| guard.turns_away(self.settings, &ask));
        if let Some(outcome) = turned_away {
            return (Offer::TurnAway(outcome), self.least_busy());
        }
        let (offer, server) = match (&mut self.servers, &self.settings.fleet) {
            (Servers::Individual(fleet), Some(of)) => {
                fleet.offer(self.settings, of, (ask.key, ask.class), ask.now, || ask.viewer())
            }
            (Servers::Alike(server), _) => (server.offer(self.slots, &self.settings.queue, ask.class), 0),
            (Servers::Individual(_), None) => (Offer::Reject, NO_SERVER),
        };
        if server != NO_SERVER && self.guard.is_some() && self.sheds(server, &ask, attempts) {
            return (Offer::TurnAway(Outcome::Shed), server);
        }
        (offer, server)
    }

    /// Whether a server sheds an attempt, because its oldest attempt has waited too long or its concurrency limit is
    /// reached.
    fn sheds(&mut self, server: u32, ask: &Ask, attempts: &Slab<Attempt>) -> bool {
        if let Some(Shed::Wait(wait)) = &self.settings.shed {
            let oldest = match &mut self.servers {
                Servers::Alike(alike) => alike.oldest(attempts),
                Servers::Individual(fleet) => fleet.oldest(server, attempts),
            };
            if oldest.is_some_and(|oldest| !wait.keeps(ask.now.since(oldest), ask.class)) {
                return true;
            }
        }
        let (Some(rule), Some(guard)) = (&self.settings.concurrency_limit, &self.guard) else { return false };
        self.held(server) as f64 >= rule.most(&guard.limiter(self.limiter_of(server)))
    }

    /// Attempts queued and in service at a server, abandoned ones included; at all servers where they share a queue.
    fn held(&self, server: u32) -> u64 {
        match &self.servers {
            Servers::Alike(alike) => {
                let [queued, in_service, _] = alike.levels();
                queued + in_service
            }
            Servers::Individual(fleet) => fleet.held(server),
        }
    }

    /// The limiter of a server: servers that share a queue have one limiter.
    fn limiter_of(&self, server: u32) -> Limited {
        if !self.has_limiter_each() {
            return Limited::default();
        }
        Limited { number: server, incarnation: self.incarnation(server) }
    }

    /// Whether each server has a limiter of its own.
    fn has_limiter_each(&self) -> bool {
        self.settings.fleet.as_ref().is_some_and(|fleet| fleet.balancer.is_some())
    }

    /// The server with the fewest busy slots, which answers attempts that are turned away before a server is chosen.
    fn least_busy(&self) -> u32 {
        match &self.servers {
            Servers::Alike(_) => 0,
            Servers::Individual(fleet) if self.settings.turn_away.takes_a_slot() => {
                fleet.least_busy().unwrap_or(NO_SERVER)
            }
            Servers::Individual(_) => NO_SERVER,
        }
    }

    /// Attempts per server of a limiter if it admitted one more; `None` without a concurrency limit.
    pub fn inflight_with_one_more(&self, server: u32) -> Option<f64> {
        let rule = self.settings.concurrency_limit.as_ref()?;
        Some(rule.each(self.held(server) + 1))
    }

    /// Adds the limit of a server to the level of the concurrency limits, or takes it away; `counted` says whether the
    /// server counted before.
    pub fn note_limit(&self, server: u32, counted: bool, gauges: &mut PoolGauges, now: Time) {
        let (Some(rule), Some(guard)) = (&self.settings.concurrency_limit, &self.guard) else { return };
        if !self.has_limiter_each() {
            return;
        }
        let change = i64::from(self.counts(server)) - i64::from(counted);
        gauges.limit.add(change * steps(rule.most(&guard.limiter(self.limiter_of(server)))), now);
    }

    /// Whether a server is up and not removed, as interchangeable servers always are.
    fn counts(&self, server: u32) -> bool {
        match &self.servers {
            Servers::Alike(_) => true,
            Servers::Individual(fleet) => fleet.counts(server),
        }
    }

    /// Gives the limiter of a server a sample: an attempt that has ended there.
    pub fn limit_ended(&mut self, server: u32, sample: Sample, gauges: &mut PoolGauges, now: Time) {
        let of = self.limiter_of(server);
        // The level is the sum over the servers that count.
        let counts = !self.has_limiter_each() || self.counts(server);
        let (Some(rule), Some(guard)) = (&self.settings.concurrency_limit, &mut self.guard) else { return };
        let mut limiter = guard.limiter(of);
        let before = rule.most(&limiter);
        rule.ended(&mut limiter, sample);
        guard.set_limiter(of, limiter);
        if counts {
            gauges.limit.add(steps(rule.most(&limiter)) - steps(before), now);
        }
    }

    /// Attempts that the concurrency limiters allow, in steps of the gauge; 0 without a concurrency limit.
    pub(super) fn concurrency_limit(&self) -> i64 {
        let (Some(rule), Some(guard)) = (&self.settings.concurrency_limit, &self.guard) else { return 0 };
        let most = |server| steps(rule.most(&guard.limiter(self.limiter_of(server))));
        match (&self.servers, &self.settings.fleet) {
            (Servers::Individual(fleet), Some(of)) if of.balancer.is_some() => fleet.counted().map(most).sum(),
            _ => most(0),
        }
    }
}

/// The limit of one limiter in steps of the gauge, thousandths of an attempt. Each limit is rounded by itself, so that
/// the running sum equals a sum over all servers.
fn steps(limit: f64) -> i64 {
    (limit * 1e3).round() as i64
}
