//! Lives of servers: a server begins, crashes, and is repaired.

use super::Fleet;
use super::life::{Life, Overfull};
use crate::engine::state::health::Lost;
use crate::engine::state::server::Offer;
use crate::engine::state::standing::Reason;
use crate::policy::{fleet, pool};
use crate::units::Time;

impl Fleet {
    /// Whether a life of a server is its present one.
    pub fn is_life(&self, server: u32, number: u32) -> bool {
        self.lives.get(server as usize).is_some_and(|life| life.number == number)
    }

    /// Begins the life of a server, unless it has begun, or the server is down or does not belong to the pool; returns the number of
    /// the life.
    pub fn begin_life(&mut self, server: u32) -> Option<u32> {
        let life = &mut self.lives[server as usize];
        let standing = self.servers[server as usize].standing;
        let begins = !life.planned && standing.belongs() && !standing.has(Reason::Down);
        life.planned |= begins;
        begins.then_some(life.number)
    }

    /// Ends the life of a server that is removed: the server neither crashes nor is repaired.
    pub(super) fn end_life(&mut self, number: usize) {
        if let Some(life) = self.lives.get_mut(number) {
            *life = life.next();
        }
        let standing = &mut self.servers[number].standing;
        standing.set(Reason::Crashed, false);
        standing.set(Reason::Noticed, false);
    }

    /// Interrupts the life of a server that goes down: another one begins when the server comes back. A repair goes on.
    pub(super) fn interrupt_life(&mut self, number: usize) {
        let has_crashed = self.servers[number].standing.has(Reason::Crashed);
        if let Some(life) = self.lives.get_mut(number).filter(|_| !has_crashed) {
            *life = life.next();
        }
    }

    /// Restarts the lives of all servers that have not crashed, under new settings.
    pub fn renew_lives(&mut self) {
        for (life, server) in self.lives.iter_mut().zip(&self.servers) {
            if !server.standing.has(Reason::Crashed) {
                *life = life.next();
            }
        }
    }

    /// A server crashes. Returns the number of the life that its repair ends.
    pub fn crash(&mut self, set: &pool::Settings, of: &fleet::Settings, server: u32, noticed: bool) -> u32 {
        let at = server as usize;
        self.lives[at] = Life { planned: true, ..self.lives[at].next() };
        self.mark(of, server, Reason::Crashed, true);
        self.mark(of, server, Reason::Noticed, noticed);
        self.health.lost.push(Lost { server, in_service: true });
        self.admit(set, of, server);
        self.lives[at].number
    }

    /// The balancer learns of the crash of a server.
    pub fn notice(&mut self, set: &pool::Settings, of: &fleet::Settings, server: u32) {
        self.mark(of, server, Reason::Noticed, true);
        self.admit(set, of, server);
    }

    /// A crashed server has been repaired and begins anew.
    pub fn repair(&mut self, set: &pool::Settings, of: &fleet::Settings, server: u32, now: Time) {
        let at = server as usize;
        self.lives[at] = self.lives[at].next();
        self.mark(of, server, Reason::Crashed, false);
        self.mark(of, server, Reason::Noticed, false);
        self.began[at] = Some(now);
        self.servers[at].incarnation += 1;
        self.balancer.renew(server);
        if !self.shares_queue {
            self.queues[at].unanswered = 0;
        }
        self.admit(set, of, server);
        self.look_at_fullness(set, server, now);
    }

    /// Notes whether the queue of a server is full.
    #[inline]
    pub(super) fn look_at_fullness(&mut self, set: &pool::Settings, server: u32, now: Time) {
        if self.watches_fullness {
            self.note_fullness(set, server, now);
        }
    }

    #[cold]
    #[inline(never)]
    fn note_fullness(&mut self, set: &pool::Settings, server: u32, now: Time) {
        // A server without slots and without a queue is never full.
        let is_full = self.offer_of(set, server) == Offer::Reject && !self.is_idle(server as usize);
        let fullness = &mut self.lives[server as usize].fullness;
        if is_full { fullness.note_full(now) } else { fullness.note_room(now) }
    }

    /// The time at which a look at the full queue of a server is to be planned, and the life of the server; `None` if the queue
    /// has room, or the look is planned already.
    pub fn plan_overfull(&mut self, of: &fleet::Settings, server: u32) -> Option<(Time, u32)> {
        let life = self.lives.get_mut(server as usize).filter(|life| !life.looks)?;
        let time = life.fullness.crashes_at(of.when_full()?)?;
        life.looks = true;
        Some((time, life.number))
    }

    /// Looks at the queue of a server that was full.
    pub fn look_at_overfull(&mut self, of: &fleet::Settings, server: u32, number: u32, now: Time) -> Overfull {
        let Some(life) = self.lives.get_mut(server as usize).filter(|life| life.number == number) else {
            return Overfull::Nothing;
        };
        let due = of.when_full().and_then(|when_full| life.fullness.crashes_at(when_full));
        life.looks = due.is_some_and(|due| due > now);
        match due {
            Some(due) if due > now => Overfull::Later(due),
            Some(_) => Overfull::Crashes,
            None => Overfull::Nothing,
        }
    }
}
