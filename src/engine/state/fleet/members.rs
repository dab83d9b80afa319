//! Adding and removing servers, as settings come into force.

use super::life::Life;
use super::{Fleet, Individual, Waiting};
use crate::engine::state::standing::Reason;
use crate::policy::{fleet, pool};
use crate::units::Time;

impl Fleet {
    /// Puts settings into force, under which `wanted` servers belong to the pool.
    ///
    /// Crashed servers are removed first, then those of the highest numbers; a removed server drains. A server that is
    /// added has the lowest unused number, draining servers included.
    pub fn configure(&mut self, set: &pool::Settings, of: &fleet::Settings, wanted: u32, now: Time) {
        let began = self.opened.then_some(now);
        self.opened = true;
        let serving = self.standings.belonging;
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
                self.replace(number, began);
                if let Some(queue) = self.queues.get_mut(number).filter(|_| !self.shares_queue) {
                    *queue = Waiting::new(set);
                }
                self.loads.renew(number as u32);
                self.balancer.renew(number as u32);
                missing -= 1;
            }
        }
        self.servers.resize(self.servers.len() + missing as usize, Individual::default());
        self.began.resize(self.servers.len(), began);
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
        self.index_servers(set);
        for server in 0..self.servers.len() as u32 {
            self.note(set, server);
            self.look_at_fullness(set, server, now);
        }
    }

    /// Gives the number of a server that is gone to a new server.
    fn replace(&mut self, number: usize, began: Option<Time>) {
        let incarnation = self.servers[number].incarnation + 1;
        self.servers[number] = Individual { incarnation, ..Individual::default() };
        self.began[number] = began;
    }

    /// Whether there are as many servers as are wanted.
    pub fn has(&self, wanted: u32) -> bool {
        self.opened && wanted == self.standings.belonging
    }

    /// Whether one server is lacking and [`Fleet::add`] can add it. Where a stated share of the servers is down, one more
    /// server may change which ones are, so only [`Fleet::configure`] can add it.
    pub fn lacks_one(&self, of: &fleet::Settings, wanted: u32) -> bool {
        self.opened && wanted == self.standings.belonging + 1 && of.down.is_none()
    }

    /// Adds a server and returns its number, the same that [`Fleet::configure`] would have given to it.
    pub fn add(&mut self, set: &pool::Settings, of: &fleet::Settings, now: Time) -> u32 {
        let (server, began) = (self.vacancy(), self.opened.then_some(now));
        let at = server as usize;
        self.occupy(server);
        if at < self.servers.len() {
            self.replace(at, began);
            if !self.shares_queue {
                self.queues[at] = Waiting::new(set);
            }
            self.loads.renew(server);
        } else {
            self.servers.push(Individual::default());
            self.began.push(began);
            self.loads.resize(server + 1);
            self.health.ejections.resize(at + 1);
            if of.loses {
                self.lives.push(Life::default());
            }
            if !self.shares_queue {
                self.queues.resize(at + 1, Waiting::new(set));
            }
            self.index_one_more();
        }
        self.balancer.renew(server);
        if let Some(balancer) = &of.balancer {
            self.balancer.add(balancer, server);
        }
        self.standings.add(Individual::default().standing);
        self.speeds.add(of.differences.speed(server));
        self.admit(set, of, server);
        self.look_at_fullness(set, server, now);
        server
    }

    /// Whether a server holds nothing of its own.
    pub(super) fn is_idle(&self, number: usize) -> bool {
        let queue = self.queues.get(number).filter(|_| !self.shares_queue);
        self.servers[number].busy == 0 && queue.is_none_or(|queue| queue.unanswered == 0 && queue.lanes.len() == 0)
    }
}
