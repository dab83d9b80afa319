//! Look-ups in the indices: the least busy server, a free server, and the lowest unused number.

use super::Fleet;
use super::index::Index;
use crate::engine::state::server::Offer;
use crate::policy::balancer::{ABSENT, Least};
use crate::policy::pool::Settings;

impl Fleet {
    /// Decides which indices are kept under the settings, and makes room for all servers; [`Fleet::note`] fills them.
    pub(super) fn index_servers(&mut self, set: &Settings) {
        let servers = self.servers.len();
        let empty = |wanted: bool| wanted.then(|| Least::new((0..servers).map(|_| ABSENT)));
        let answers = set.is_protected() && set.turn_away.takes_a_slot();
        let room = set.fleet.as_ref().is_some_and(|of| of.redispatch);
        let busy = empty(self.shares_queue || answers);
        let vacant = empty(self.servers.iter().any(|server| !server.standing.belongs()));
        self.index = Index { any: room || busy.is_some() || vacant.is_some(), room, busy, vacant };
    }

    /// Makes room in the indices for a server that is added.
    pub(super) fn index_one_more(&mut self) {
        let servers = self.servers.len() as u32;
        [&mut self.index.busy, &mut self.index.vacant].into_iter().flatten().for_each(|index| index.grow(servers));
    }

    /// Notes that the load or the standing of a server has changed.
    #[inline]
    pub(super) fn note(&mut self, set: &Settings, server: u32) {
        if self.index.any {
            self.note_in_indices(set, server);
        }
    }

    fn note_in_indices(&mut self, set: &Settings, server: u32) {
        let at = self.servers[server as usize];
        let gets_attempts = self.gets_attempts(&at);
        if let Some(busy) = &mut self.index.busy {
            busy.set(server, if gets_attempts { at.busy } else { ABSENT });
        }
        if self.index.room && !self.shares_queue {
            let has_room = matches!(self.offer_of(set, server), Offer::Serve | Offer::Wait);
            self.loads.note_room(server, has_room);
        }
        if !at.standing.belongs() {
            self.note_vacancy(server);
        }
    }

    #[cold]
    fn note_vacancy(&mut self, server: u32) {
        let is_idle = self.is_idle(server as usize);
        if let Some(vacant) = &mut self.index.vacant {
            vacant.set(server, if is_idle { 0 } else { ABSENT });
        }
    }

    /// The lowest number that no server has, draining servers included.
    pub(super) fn vacancy(&mut self) -> u32 {
        while let Some(server) = self.index.vacant.as_ref().and_then(|vacant| vacant.nth(0)) {
            // The server may owe an answer since it was entered here.
            if self.is_idle(server as usize) {
                return server;
            }
            self.occupy(server);
        }
        self.servers.len() as u32
    }

    /// Notes that the number of a server is not vacant.
    pub(super) fn occupy(&mut self, server: u32) {
        if let Some(vacant) = self.index.vacant.as_mut().filter(|_| (server as usize) < self.servers.len()) {
            vacant.set(server, ABSENT);
        }
    }

    /// The server that takes new attempts and has the fewest busy slots, the lowest number among equals.
    pub fn least_busy(&self) -> Option<u32> {
        self.index.busy.as_ref().and_then(|busy| busy.nth(0))
    }

    /// The same server out of those that share a queue, if it has a free slot.
    #[inline]
    pub(super) fn free_of_all(&self, set: &Settings) -> Option<u32> {
        let busy = self.index.busy.as_ref()?;
        if u64::from(busy.least()) < set.slots_of_one() { busy.nth(0) } else { None }
    }
}
