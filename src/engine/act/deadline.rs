//! Deadlines that clients propagate: pools drop attempts that nobody waits for any more.

use crate::engine::pending::event::{Event, Kind};
use crate::engine::probe::Probe;
use crate::engine::state::attempt::{Stage, flags};
use crate::engine::state::viewer::NEVER;
use crate::engine::world::World;
use crate::units::Time;
use crate::vocabulary::Outcome;

impl<P: Probe> World<'_, P> {
    /// Gives an attempt that is sent its deadline: the end of its client's timer if the client propagates it, or `before`,
    /// whichever is earlier.
    #[cold]
    #[inline(never)]
    pub fn carry_deadline(&mut self, attempt: u32, client: usize, before: Time) {
        let set = &self.settings.clients[client];
        let own = set.timeout.span().filter(|_| set.propagates_deadline).map_or(NEVER, |span| self.now.after(span));
        let deadline = own.min(before);
        self.deadlines.set(attempt, deadline);
        if deadline == NEVER {
            return;
        }
        let generation = self.attempts.generation(attempt);
        let event = Event { kind: Kind::Deadline, generation, row: attempt }.pack();
        if deadline == own {
            self.future.push_in_order(self.delays.app_timeout(client), deadline, event)
        } else {
            self.future.push(deadline.max(self.now), event)
        }
    }

    /// Ends an attempt that reaches its pool at its deadline or later. False if the deadline is in the future.
    #[cold]
    #[inline(never)]
    pub fn comes_too_late(&mut self, attempt: u32) -> bool {
        let is_late = self.deadlines.of(attempt) <= self.now;
        if is_late {
            self.attempts[attempt].stage = Stage::Gone;
            self.reply(attempt, Outcome::TimedOut);
        }
        is_late
    }

    /// The deadline of an attempt passes: if it is queued it leaves the queue, if it is in service `on_abandon` decides.
    #[cold]
    #[inline(never)]
    pub fn deadline_passes(&mut self, attempt: u32) {
        let row = &self.attempts[attempt];
        let (pool, server) = (usize::from(row.pool), row.server);
        let is_broken_off = match row.stage {
            Stage::Queued => true,
            Stage::InService | Stage::Calling => self.pools[pool].settings.abandoned.on_abandon.ends_in_service(),
            Stage::Outbound | Stage::Gone => false,
        };
        if !is_broken_off {
            return;
        }
        if !row.has(flags::CLIENT_DONE) && row.outcome != Outcome::TimedOut {
            return self.expire(attempt, true, true);
        }
        // Nobody waits for it, or a 504 is on its way.
        match row.stage {
            Stage::Queued => self.leave_queue(attempt),
            _ => {
                self.abort_service(attempt);
                self.fill_slots(pool, server);
            }
        }
        self.free_if_done(attempt);
    }
}
