//! The balancer of a fleet: the server that each attempt goes to, and the loads that the balancer sees.

use super::{Fleet, NO_SERVER};
use crate::engine::memory::prefetch;
use crate::engine::state::server::Offer;
use crate::policy::balancer::Balancer;
use crate::policy::fleet;
use crate::policy::pool::Settings;
use crate::policy::queue::priority::Class;
use crate::random::{Key, Purpose};
use crate::units::Time;

impl Fleet {
    /// Decides about an attempt of a key and class that reaches the pool now; returns the decision and the server that decides.
    /// `viewer` returns the key of the viewer.
    #[inline(always)]
    pub fn offer(
        &mut self,
        set: &Settings,
        of: &fleet::Settings,
        (key, class): (Key, Class),
        now: Time,
        viewer: impl FnOnce() -> Key,
    ) -> (Offer, u32) {
        let Some(balancer) = &of.balancer else { return self.offer_to_all(set, class) };
        let mut draws = key.draw(Purpose::Balance);
        let chosen = balancer.choose(&mut self.balancer, &mut self.loads, now, viewer, |_| draws.uniform());
        let Some(server) = chosen else { return (Offer::Reject, NO_SERVER) };
        // The attempt will join the queue unless a slot is free, and the line of the cache comes meanwhile.
        prefetch(&self.queues[server as usize]);
        let offer = self.offer_of(set, server);
        if offer == Offer::Reject
            && of.redispatch
            && let Some(other) = self.loads.least_with_room(draws.uniform())
        {
            return (self.offer_of(set, other), other);
        }
        if offer == Offer::Reject && set.queue.strict && self.queues[server as usize].lanes.has_below(class) {
            return (Offer::Evict, server);
        }
        (offer, server)
    }

    /// The decision of a server with a queue of its own about a new attempt.
    #[inline]
    pub(super) fn offer_of(&self, set: &Settings, server: u32) -> Offer {
        let at = &self.servers[server as usize];
        if !at.standing.is_up() {
            return Offer::Fail;
        }
        if u64::from(at.busy) < set.slots_of_one() {
            return Offer::Serve;
        }
        // Whoever the server holds beyond its slots waits; the queue itself is far away in memory.
        let queued = u64::from(self.loads.load(server)).saturating_sub(u64::from(at.busy - at.answering));
        debug_assert!(queued == self.queues[server as usize].lanes.len(), "the load of server {server} is wrong");
        if queued >= set.queue.limit.rejects_at { Offer::Reject } else { Offer::Wait }
    }

    /// Decides about an attempt that reaches servers which share a queue.
    fn offer_to_all(&self, set: &Settings, class: Class) -> (Offer, u32) {
        match self.free_of_all(set) {
            Some(server) => (Offer::Serve, server),
            None if self.queues[0].lanes.len() < set.queue.limit.rejects_at => (Offer::Wait, 0),
            None if set.queue.strict && self.queues[0].lanes.has_below(class) => (Offer::Evict, 0),
            None => (Offer::Reject, 0),
        }
    }

    /// Notes that a server, or the queue of all, has accepted the attempt of a row.
    #[inline]
    pub fn accept(&mut self, of: &fleet::Settings, row: u32, server: u32, now: Time) {
        if self.shares_queue {
            return;
        }
        self.loads.add(server, 1, now);
        if of.balancer.as_ref().is_some_and(Balancer::remembers) {
            self.note_reached(row, now);
        }
    }

    #[cold]
    fn note_reached(&mut self, row: u32, now: Time) {
        let row = row as usize;
        if row >= self.reached.len() {
            self.reached.resize((row + 1).next_power_of_two(), Time::START);
        }
        self.reached[row] = now;
    }

    /// Notes that the attempt of a row has left its server.
    #[inline]
    pub(super) fn release(&mut self, set: &Settings, row: u32, server: u32, now: Time) {
        if self.shares_queue {
            return;
        }
        self.loads.add(server, -1, now);
        if let Some(balancer) = set.fleet.as_ref().and_then(|of| of.balancer.as_ref())
            && balancer.remembers()
            && let Some(since) = self.reached.get(row as usize)
        {
            self.balancer.left(balancer, server, *since, now);
        }
    }
}
