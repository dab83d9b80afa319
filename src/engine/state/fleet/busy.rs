//! Slots that are held, and the slots held at servers that do not count, since they are draining or down.

use super::Fleet;
use crate::measure::PoolGauges;
use crate::policy::pool::Settings;
use crate::units::Time;

impl Fleet {
    /// Adds `change`, 1 or −1, to the slots that a server holds.
    #[inline]
    pub(super) fn hold(&mut self, set: &Settings, server: u32, change: i32, gauges: &mut PoolGauges, now: Time) {
        let at = &mut self.servers[server as usize];
        at.busy = at.busy.saturating_add_signed(change);
        if !at.standing.counts() {
            self.hold_beyond(set, change, gauges, now);
        }
    }

    /// Changes the number of slots that are held at servers which do not count, and the slots of the pool with it: such a
    /// slot is one of the pool only while it is held.
    #[cold]
    #[inline(never)]
    fn hold_beyond(&mut self, set: &Settings, change: i32, gauges: &mut PoolGauges, now: Time) {
        self.held_beyond = self.held_beyond.saturating_add_signed(i64::from(change));
        if !set.has_unlimited_slots() {
            gauges.slots.add(i64::from(change), now);
        }
    }

    /// Moves the slots that a server holds, when the server begins to count or no longer counts.
    pub(super) fn move_beyond(&mut self, server: u32, counts: bool) {
        let held = u64::from(self.servers[server as usize].busy);
        self.held_beyond = if counts { self.held_beyond.saturating_sub(held) } else { self.held_beyond + held };
    }

    /// Slots that are held at servers which do not count.
    pub fn held_beyond(&self) -> u64 {
        self.held_beyond
    }

    /// Slots that are held at servers which do not count, by a sum over all servers.
    pub(super) fn count_beyond(&self) -> u64 {
        let beyond = self.servers.iter().filter(|server| !server.standing.counts());
        beyond.map(|server| u64::from(server.busy)).sum()
    }
}
