//! The levels of individual servers that the protections of a pool read.

use super::Fleet;
use crate::engine::state::attempt::Attempt;
use crate::engine::state::slab::Slab;
use crate::units::Time;

impl Fleet {
    /// Attempts queued and in service at a server, abandoned ones included; at all servers where they share a queue.
    pub fn held(&self, server: u32) -> u64 {
        if self.shares_queue {
            return self.queues[0].lanes.len() + self.in_service;
        }
        let at = &self.servers[server as usize];
        self.queues[server as usize].lanes.len() + u64::from(at.busy - at.answering)
    }

    /// Time of arrival of the attempt that has waited longest at a server; `None` if none waits.
    pub fn oldest(&mut self, server: u32, attempts: &Slab<Attempt>) -> Option<Time> {
        let number = self.queue_of(server);
        self.queues[number].lanes.oldest(attempts)
    }
}
