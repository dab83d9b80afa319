//! Slots that are held, and the slots held at servers that do not count, since they are draining or down.

use super::Fleet;

impl Fleet {
    /// A server takes one more slot or frees one.
    #[inline]
    pub(super) fn hold(&mut self, server: u32, change: i32) {
        let at = &mut self.servers[server as usize];
        at.busy = at.busy.saturating_add_signed(change);
        if !at.standing.counts() {
            self.held_beyond = self.held_beyond.saturating_add_signed(i64::from(change));
        }
    }

    /// A server begins or ends to count while it holds slots.
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
