//! Health: the servers that are down or ejected, and the servers that get attempts.

use super::{Fleet, Individual};
use crate::engine::state::attempt::Attempt;
use crate::engine::state::health::{Look, Lost};
use crate::engine::state::slab::Slab;
use crate::engine::state::standing::{Reason, Standings};
use crate::policy::differences::SpeedSum;
use crate::policy::fleet;
use crate::policy::pool::Settings;
use crate::units::Time;

impl Fleet {
    /// Speeds of the servers that are up and not removed.
    pub fn speeds(&self) -> SpeedSum {
        self.speeds
    }

    /// Sets whether a reason holds for a server to take no new attempts.
    pub(super) fn mark(&mut self, of: &fleet::Settings, server: u32, reason: Reason, holds: bool) {
        let standing = &mut self.servers[server as usize].standing;
        let counted = standing.counts();
        self.standings.remove(*standing);
        standing.set(reason, holds);
        self.standings.add(*standing);
        let counts = standing.counts();
        if counts != counted {
            let speed = of.differences.speed(server);
            if counts {
                self.speeds.add(speed)
            } else {
                self.speeds.remove(speed)
            }
            self.move_beyond(server, counts);
        }
    }

    /// Brings the health of all servers in line with the settings.
    pub(super) fn examine(&mut self, of: &fleet::Settings) {
        let servers = Standings::of(self.servers.iter().map(|server| server.standing)).belonging;
        let mut down = of.down.map_or(0, |down| down.of(servers));
        self.health.ejections.resize(self.servers.len());
        for number in 0..self.servers.len() {
            let standing = self.servers[number].standing;
            let goes = down > 0 && standing.belongs();
            down -= u32::from(goes);
            if goes && standing.is_up() {
                let in_service = of.down.is_none_or(|down| down.loses());
                self.health.lost.push(Lost { server: number as u32, in_service });
            }
            if goes && !standing.has(Reason::Down) {
                self.interrupt_life(number);
            }
            self.servers[number].standing.set(Reason::Down, goes);
            if of.eject.is_none() {
                self.health.ejections.forget(number as u32);
                self.servers[number].standing.set(Reason::Ejected, false);
            }
        }
        self.standings = Standings::of(self.servers.iter().map(|server| server.standing));
        self.speeds = of.differences.speeds_of(self.counted());
        self.held_beyond = self.count_beyond();
        self.admit_all(of);
    }

    /// Whether so few servers are healthy that attempts go to all.
    fn panics(&self, of: &fleet::Settings) -> bool {
        of.eject.is_some() && 2 * self.standings.eligible < self.standings.belonging
    }

    /// Decides anew which servers get attempts.
    fn admit_all(&mut self, of: &fleet::Settings) {
        self.health.panics = self.panics(of);
        for number in 0..self.servers.len() {
            self.loads.set_eligible(number as u32, self.gets_attempts(&self.servers[number]));
        }
    }

    /// Whether a server gets attempts. While too few servers are healthy, all servers that belong to the pool do. A
    /// server that is down never takes attempts out of a shared queue.
    #[inline]
    pub(super) fn gets_attempts(&self, server: &Individual) -> bool {
        let in_panic = self.health.panics && server.standing.belongs();
        (server.standing.is_eligible() || in_panic) && (server.standing.is_up() || !self.shares_queue)
    }

    /// Decides anew whether a server whose standing has changed gets attempts; for all servers, if the change makes too
    /// few of them healthy or enough again.
    pub(super) fn admit(&mut self, set: &Settings, of: &fleet::Settings, server: u32) {
        if self.health.panics != self.panics(of) {
            self.admit_all(of);
            return (0..self.servers.len() as u32).for_each(|server| self.note(set, server));
        }
        self.loads.set_eligible(server, self.gets_attempts(&self.servers[server as usize]));
        self.note(set, server);
    }

    /// Whether servers have gone down since [`Fleet::take_losses`].
    pub fn has_losses(&self) -> bool {
        !self.health.lost.is_empty()
    }

    /// Takes the rows and generations of the attempts that are lost with servers which have gone down, in the order of
    /// the viewers.
    pub fn take_losses(&mut self, attempts: &Slab<Attempt>) -> Vec<(u32, u32)> {
        let mut rows = Vec::new();
        for Lost { server, in_service } in std::mem::take(&mut self.health.lost) {
            if !self.shares_queue {
                let queues = self.queues[server as usize].lanes.queues();
                queues.for_each(|line| rows.extend(line.rows(attempts)));
            }
            if let Some(held) = self.held.as_ref().filter(|_| in_service) {
                rows.extend(held.rows_of(server));
            }
        }
        rows.sort_by_key(|row| {
            let Attempt { cohort, ordinal, key, .. } = attempts[*row];
            (cohort, ordinal, key.number())
        });
        rows.into_iter().map(|row| (row, attempts.generation(row))).collect()
    }

    /// Whether the servers share one queue.
    pub fn shares_queue(&self) -> bool {
        self.shares_queue
    }

    /// Number of servers that are ejected.
    pub fn ejected(&self) -> u32 {
        self.health.ejections.ejected()
    }

    /// Notes the end of an attempt at a server. True if the end ejects the server.
    pub fn ended(&mut self, set: &Settings, of: &fleet::Settings, server: u32, failed: bool, now: Time) -> bool {
        let Some(eject) = &of.eject else { return false };
        if self.servers.get(server as usize).is_none_or(|server| !server.standing.belongs()) {
            return false;
        }
        let ejects = self.health.ejections.ended(eject, server, self.standings.belonging, failed, now);
        if ejects {
            self.mark(of, server, Reason::Ejected, true);
            self.admit(set, of, server);
        }
        ejects
    }

    /// Brings ejected servers back whose ejection is over; `None` if no look is planned now.
    pub fn look(&mut self, set: &Settings, of: &fleet::Settings, now: Time) -> Option<Look> {
        let eject = of.eject.as_ref().filter(|_| self.health.next_look == now)?;
        let (servers, standings) = (&mut self.servers, &mut self.standings);
        let mut back = false;
        let goes_on = self.health.ejections.look(eject, now, |server| {
            let standing = &mut servers[server as usize].standing;
            standings.remove(*standing);
            standing.set(Reason::Ejected, false);
            standings.add(*standing);
            back = true;
        });
        let next = goes_on.then(|| eject.next_look(now));
        self.health.next_look = next.unwrap_or(Time::START);
        if back {
            self.admit_all(of);
            (0..self.servers.len() as u32).for_each(|server| self.note(set, server));
        }
        Some(Look { back, next })
    }

    /// The time at which to look at ejected servers next; `None` if a look is planned already or useless.
    pub fn plan_look(&mut self, of: &fleet::Settings, now: Time) -> Option<Time> {
        let eject = of.eject.as_ref()?;
        let next = eject.next_look(now);
        if self.health.next_look == next || self.ejected() == 0 {
            return None;
        }
        self.health.next_look = next;
        Some(next)
    }
}
