//! Which servers there are: settings come into force, servers are removed and added.

use super::life::Life;
use super::{Fleet, Individual, Waiting};
use crate::engine::state::standing::Reason;
use crate::policy::balancer::{ABSENT, Least};
use crate::policy::{fleet, pool};
use crate::units::Time;

impl Fleet {
    /// Puts settings into force, under which so many servers are wanted.
    ///
    /// Servers that go are those that have crashed, then those of the highest numbers: they take nothing new and finish what
    /// they hold. A server that comes has the lowest number that no server has, those that still finish included.
    pub fn configure(&mut self, set: &pool::Settings, of: &fleet::Settings, wanted: u32, now: Time) {
        let new = Individual { began: self.opened.then_some(now), ..Individual::default() };
        self.opened = true;
        let serving = self.servers.iter().filter(|server| server.standing.belongs()).count() as u32;
        let mut surplus = serving.saturating_sub(wanted);
        for crashed in [true, false] {
            for number in (0..self.servers.len()).rev() {
                let standing = &mut self.servers[number].standing;
                if surplus > 0 && standing.belongs() && standing.has(Reason::Crashed) == crashed {
                    standing.set(Reason::Draining, true);
                    self.health.forget(number as u32);
                    self.end_life(number);
                    surplus -= 1;
                }
            }
        }
        let mut missing = wanted.saturating_sub(serving);
        for number in 0..self.servers.len() {
            if missing > 0 && !self.servers[number].standing.belongs() && self.is_idle(number) {
                self.servers[number] = Individual { incarnation: self.servers[number].incarnation + 1, ..new };
                if let Some(queue) = self.queues.get_mut(number).filter(|_| !self.shares_queue) {
                    *queue = Waiting::new(set);
                }
                self.loads.renew(number as u32);
                self.balancer.renew(number as u32);
                missing -= 1;
            }
        }
        self.servers.resize(self.servers.len() + missing as usize, new);
        self.loads.resize(self.servers.len() as u32);
        if of.loses {
            self.lives.resize(self.servers.len(), Life::default());
        }
        self.watches_fullness = of.when_full().is_some();
        if !self.shares_queue {
            self.queues.resize(self.servers.len(), Waiting::new(set));
        }
        self.examine(of);
        if let Some(balancer) = &of.balancer {
            self.loads.see_at_multiples_of(balancer.view_age());
            self.loads.index_least(balancer.wants_least());
            self.loads.index_room(of.redispatch);
            let belongs = |server: &Individual| server.standing.belongs();
            let numbers = self.servers.iter().rposition(belongs).map_or(0, |highest| highest as u32 + 1);
            self.balancer.configure(balancer, self.servers.len() as u32, numbers);
        }
        if self.shares_queue {
            self.free = Least::new(self.servers.iter().map(|_| ABSENT));
        }
        for server in 0..self.servers.len() as u32 {
            self.note(set, server);
            self.look_at_fullness(set, server, now);
        }
    }

    /// Whether a server holds nothing of its own.
    pub(super) fn is_idle(&self, number: usize) -> bool {
        let queue = self.queues.get(number).filter(|_| !self.shares_queue);
        self.servers[number].busy == 0 && queue.is_none_or(|queue| queue.unanswered == 0 && queue.lanes.len() == 0)
    }
}
