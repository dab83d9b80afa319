//! Prefetches of servers, a few events before their work on an attempt ends.
//!
//! With thousands of servers neither the server nor the attempt that it takes next is in the cache, and each end of service
//! would wait for both.

use super::Fleet;
use crate::engine::memory::prefetch;

/// Number of servers from which on their rows and queues, about a hundred bytes each, no longer stay in the cache.
const MANY: usize = 2_000;

impl Fleet {
    /// Whether there are so many servers that a prefetch takes less time than it saves.
    pub fn is_worth_prefetching(&self) -> bool {
        self.servers.len() >= MANY
    }

    /// Prefetches the row and the queue of a server.
    #[inline]
    pub fn prefetch(&self, server: u32) {
        if let (Some(at), Some(queue)) = (self.servers.get(server as usize), self.queues.get(self.queue_of(server))) {
            prefetch(at);
            prefetch(queue);
        }
    }

    /// The attempt that has waited longest for a server; `None` if none waits or the queue has classes.
    #[inline]
    pub fn first_in_line(&self, server: u32) -> Option<u32> {
        self.queues.get(self.queue_of(server)).and_then(|queue| queue.lanes.only()?.first())
    }
}
