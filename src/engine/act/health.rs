//! The health of servers: attempts are lost with servers that go down, and servers that fail are ejected.

use crate::engine::pending::event::{Event, Kind};
use crate::engine::probe::Probe;
use crate::engine::state::attempt::{Stage, flags};
use crate::engine::world::World;
use crate::vocabulary::Outcome;

impl<P: Probe> World<'_, P> {
    /// Ends the attempts at servers that have gone down, in the order of the viewers.
    #[cold]
    #[inline(never)]
    pub fn lose_held(&mut self, pool: usize) {
        let Some(fleet) = self.pools[pool].fleet().filter(|fleet| fleet.has_losses()) else { return };
        for (row, generation) in fleet.take_losses(&self.attempts) {
            // The end of one attempt may have ended another.
            if self.attempts.is_current(row, generation) {
                self.lose(row);
            }
        }
    }

    /// Ends an attempt whose server is down.
    fn lose(&mut self, attempt: u32) {
        match self.attempts[attempt].stage {
            Stage::Queued => self.leave_queue(attempt),
            Stage::InService | Stage::Calling => self.abort_service(attempt),
            _ => return,
        }
        self.fail(attempt);
    }

    /// Ends an attempt at a server that is down.
    #[cold]
    #[inline(never)]
    pub fn fail(&mut self, attempt: u32) {
        let row = &mut self.attempts[attempt];
        row.stage = Stage::Gone;
        let (pool, server) = (usize::from(row.pool), row.server);
        if row.has(flags::CLIENT_DONE) || row.outcome == Outcome::TimedOut {
            return self.free_if_done(attempt);
        }
        if self.pools[pool].ejects() {
            self.note_end(pool, server, true);
        }
        self.reply(attempt, Outcome::Failed);
    }

    /// Notes the end of an attempt at a server, for ejection.
    #[cold]
    #[inline(never)]
    pub fn note_end(&mut self, pool: usize, server: u32, failed: bool) {
        if self.pools[pool].ended(server, failed, self.now) {
            self.measure(pool);
            self.plan_look(pool);
            self.employ_ejected(pool);
        }
    }

    /// Gives queued attempts to ejected servers of a shared queue, which take work again while too few servers are healthy.
    pub fn employ_ejected(&mut self, pool: usize) {
        if self.pools[pool].fleet().is_some_and(|fleet| fleet.shares_queue()) {
            self.fill_slots(pool, 0);
        }
    }

    /// Plans the next look at ejected servers of a pool, unless it is planned already.
    pub fn plan_look(&mut self, pool: usize) {
        let at = &mut self.pools[pool];
        let Some(of) = &at.settings.fleet else { return };
        if let Some(time) = at.fleet().and_then(|fleet| fleet.plan_look(of, self.now)) {
            self.future.push(time, Event::lasting(Kind::Ejection, pool).pack());
        }
    }

    /// Notes that an attempt was rejected at a server, for ejection; a shared queue rejects on behalf of no server.
    #[cold]
    #[inline(never)]
    pub fn note_rejection(&mut self, pool: usize, server: u32) {
        if self.pools[pool].fleet().is_some_and(|fleet| !fleet.shares_queue()) {
            self.note_end(pool, server, true);
        }
    }

    /// Looks at the ejected servers of a pool, whose ejection may be over.
    #[cold]
    #[inline(never)]
    pub fn look_at_ejected(&mut self, pool: usize) {
        let Some(look) = self.pools[pool].look(self.now) else { return };
        if let Some(next) = look.next {
            self.future.push(next, Event::lasting(Kind::Ejection, pool).pack());
        }
        if look.back {
            self.measure(pool);
            self.fill_slots(pool, 0);
        }
    }
}
