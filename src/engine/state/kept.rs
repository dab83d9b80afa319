//! The states that the protections of callers keep, one for each holder.

use crate::model::Model;
use crate::policy::caller::scope::Scope;
use crate::policy::client;

/// Sender of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The app of the viewer in this row.
    Viewer(u32),
    /// A server of a pool that calls another pool; number 0 stands for all servers that are interchangeable.
    Server {
        /// Index of the calling pool.
        pool: usize,
        /// Number of the server.
        number: u32,
    },
}

/// The holder of a state: the sender, its region, and the client whose settings apply.
#[derive(Clone, Copy, Debug)]
pub struct Holder {
    /// The sender.
    pub who: Who,
    /// Index of the region that the request comes from.
    pub region: usize,
    /// Index of the client.
    pub client: usize,
}

/// The states of one kind of protection. No memory is used where no settings of the timeline use the protection.
pub struct Kept<T> {
    /// Whether each viewer has a state.
    each_viewer: bool,
    /// By viewer's row.
    viewers: Vec<T>,
    /// By region and client.
    regions: Vec<T>,
    /// By calling pool, then by server and client.
    servers: Vec<Vec<T>>,
    clients: usize,
}

impl<T: Clone + Default> Kept<T> {
    /// Unused states, for the clients for which `uses` holds in some settings.
    pub fn new(model: &Model, uses: impl Fn(&client::Settings) -> bool) -> Kept<T> {
        let clients = model.epochs[0].settings.clients.len();
        let used = || model.epochs.iter().flat_map(|epoch| &epoch.settings.clients).filter(|client| uses(client));
        let in_regions = if used().any(|client| client.scope == Scope::Region) { model.regions * clients } else { 0 };
        Kept {
            each_viewer: used().any(|client| client.scope == Scope::Caller),
            viewers: Vec::new(),
            regions: vec![T::default(); in_regions],
            servers: vec![Vec::new(); model.pools],
            clients,
        }
    }

    /// Bytes of the state of each viewer.
    pub fn bytes_of_viewer(&self) -> usize {
        if self.each_viewer { size_of::<T>() } else { 0 }
    }

    /// Bytes of the states.
    pub fn bytes(&self) -> usize {
        let servers: usize = self.servers.iter().map(Vec::capacity).sum();
        (self.viewers.capacity() + self.regions.capacity() + servers) * size_of::<T>()
    }

    /// Begins the state of a viewer who arrives.
    pub fn begin(&mut self, viewer: u32) {
        if self.each_viewer {
            *entry(&mut self.viewers, viewer as usize) = T::default();
        }
    }

    /// The state of a holder.
    #[inline]
    pub fn of(&mut self, scope: Scope, Holder { who, region, client }: Holder) -> &mut T {
        match (scope, who) {
            (Scope::Region, _) => &mut self.regions[region * self.clients + client],
            (Scope::Caller, Who::Viewer(row)) => entry(&mut self.viewers, row as usize),
            (Scope::Caller, Who::Server { pool, number }) => {
                entry(&mut self.servers[pool], number as usize * self.clients + client)
            }
        }
    }

    /// Resets the states of the clients for which `replaced` holds; `client_of` returns the client of a viewer's row.
    pub fn replace(&mut self, replaced: impl Fn(usize) -> bool, client_of: impl Fn(u32) -> usize) {
        for (row, state) in self.viewers.iter_mut().enumerate() {
            if replaced(client_of(row as u32)) {
                *state = T::default();
            }
        }
        for states in std::iter::once(&mut self.regions).chain(&mut self.servers) {
            for (index, state) in states.iter_mut().enumerate() {
                if replaced(index % self.clients) {
                    *state = T::default();
                }
            }
        }
    }
}

/// The entry of a list at an index, up to which the list grows.
#[inline]
fn entry<T: Clone + Default>(list: &mut Vec<T>, index: usize) -> &mut T {
    if index >= list.len() {
        list.resize(index + 1, T::default());
    }
    &mut list[index]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// States of two clients in two regions, whose pools have servers that call.
    fn kept() -> Kept<u32> {
        Kept { each_viewer: true, viewers: Vec::new(), regions: vec![0; 4], servers: vec![Vec::new(); 2], clients: 2 }
    }

    #[test]
    fn each_viewer_each_server_and_each_region_has_a_state_of_its_own() {
        let viewers = (0..3).map(Who::Viewer);
        let servers = (0..2).flat_map(|pool| (0..3).map(move |number| Who::Server { pool, number }));
        let mut kept = kept();
        let mut expected = Vec::new();
        for who in viewers.chain(servers) {
            for (region, client) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                let holder = Holder { who, region, client };
                *kept.of(Scope::Caller, holder) += 1;
                *kept.of(Scope::Region, holder) += 1;
                expected.push(holder);
            }
        }
        for holder in expected {
            // A viewer has one client, a server one state for each client, whatever the region of a request.
            let own = if let Who::Viewer(_) = holder.who { 4 } else { 2 };
            assert_eq!((*kept.of(Scope::Caller, holder), *kept.of(Scope::Region, holder)), (own, 9));
        }
    }

    #[test]
    fn a_replaced_rule_begins_its_states_anew_and_no_others() {
        let mut kept = kept();
        let holders = |client| {
            let at = move |who| Holder { who, region: 1, client };
            [at(Who::Viewer(client as u32)), at(Who::Server { pool: 1, number: 7 })]
        };
        for holder in holders(0).into_iter().chain(holders(1)) {
            (*kept.of(Scope::Caller, holder), *kept.of(Scope::Region, holder)) = (5, 6);
        }
        kept.replace(|client| client == 0, |row| row as usize);
        for holder in holders(0) {
            assert_eq!((*kept.of(Scope::Caller, holder), *kept.of(Scope::Region, holder)), (0, 0));
        }
        for holder in holders(1) {
            assert_eq!((*kept.of(Scope::Caller, holder), *kept.of(Scope::Region, holder)), (5, 6));
        }
    }
}
