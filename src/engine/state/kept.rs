//! The states that the protections of callers keep, one for each holder.

use crate::model::{Model, Settings};
use crate::policy::caller::scope::Scope;
use crate::policy::client;

/// The holder of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// The app of the viewer in this row.
    Viewer(u32),
    /// Many senders, or one that sends for many viewers.
    Many(Many),
}

/// The holder of a state that many requests share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Many {
    /// All senders of the region with this index.
    Region(usize),
    /// A server of a pool that calls another pool; number 0 stands for all servers that are interchangeable.
    Server {
        /// Index of the calling pool.
        pool: usize,
        /// Number of the server.
        number: u32,
    },
}

/// The settings of clients at all times of a run, by who has them; those of a client that nobody has are left out.
pub struct Senders<'m> {
    /// Settings of the apps of viewers.
    pub apps: Vec<&'m client::Settings>,
    /// Settings of servers that call another pool.
    pub servers: Vec<&'m client::Settings>,
}

impl Senders<'_> {
    /// The settings of the senders in runs of a model.
    pub fn of(model: &Model) -> Senders<'_> {
        let of_mixes = |settings: &Settings| -> Vec<usize> {
            settings.mixes.iter().flat_map(|mix| &mix.clients).map(|(_, client)| *client).collect()
        };
        let of_calls = |settings: &Settings| -> Vec<usize> {
            settings.pools.iter().flat_map(|pool| &pool.calls.calls).map(|call| usize::from(call.client)).collect()
        };
        Senders { apps: settings(model, of_mixes), servers: settings(model, of_calls) }
    }
}

/// The settings at all times of the clients that `clients` lists at some time.
fn settings(model: &Model, clients: impl Fn(&Settings) -> Vec<usize>) -> Vec<&client::Settings> {
    let mut ever: Vec<usize> = model.epochs.iter().flat_map(|epoch| clients(&epoch.settings)).collect();
    ever.sort_unstable();
    ever.dedup();
    model.epochs.iter().flat_map(|epoch| ever.iter().map(|client| &epoch.settings.clients[*client])).collect()
}

/// The states of one kind of protection: `N` of a viewer, `W` where many share a state. No memory is used where no settings
/// of the timeline use the protection.
pub struct Kept<N, W = N> {
    /// Whether each viewer has a state.
    each_viewer: bool,
    /// By viewer's row.
    viewers: Vec<N>,
    /// By region and client.
    regions: Vec<W>,
    /// By calling pool, then by server and client.
    servers: Vec<Vec<W>>,
    clients: usize,
}

impl<N: Clone + Default, W: Clone + Default> Kept<N, W> {
    /// Unused states, for the senders for which `uses` holds in some settings.
    pub fn new(model: &Model, senders: &Senders<'_>, uses: impl Fn(&client::Settings) -> bool) -> Kept<N, W> {
        let clients = model.epochs[0].settings.clients.len();
        let any = |of: &[&client::Settings], scope| of.iter().any(|client| uses(client) && client.scope == scope);
        let by_region = any(&senders.apps, Scope::Region) || any(&senders.servers, Scope::Region);
        let in_regions = if by_region { model.regions * clients } else { 0 };
        Kept {
            each_viewer: any(&senders.apps, Scope::Caller),
            viewers: Vec::new(),
            regions: vec![W::default(); in_regions],
            servers: vec![Vec::new(); model.pools],
            clients,
        }
    }

    /// Bytes of the state of each viewer.
    pub fn bytes_of_viewer(&self) -> usize {
        if self.each_viewer { size_of::<N>() } else { 0 }
    }

    /// Bytes of the states.
    pub fn bytes(&self) -> usize {
        let servers: usize = self.servers.iter().map(Vec::capacity).sum();
        self.viewers.capacity() * size_of::<N>() + (self.regions.capacity() + servers) * size_of::<W>()
    }

    /// Begins the state of a viewer who arrives.
    #[inline]
    pub fn begin(&mut self, viewer: u32) {
        if self.each_viewer {
            *entry(&mut self.viewers, viewer as usize) = N::default();
        }
    }

    /// The state of a viewer, which has begun.
    #[inline(always)]
    pub fn of_viewer(&mut self, viewer: u32) -> &mut N {
        &mut self.viewers[viewer as usize]
    }

    /// The state that a region or a server holds under the settings of a client.
    #[inline]
    pub fn of_many(&mut self, holder: Many, client: usize) -> &mut W {
        match holder {
            Many::Region(region) => &mut self.regions[region * self.clients + client],
            Many::Server { pool, number } => entry(&mut self.servers[pool], number as usize * self.clients + client),
        }
    }

    /// Resets the states of the clients for which `replaced` holds; `client_of` returns the client of a viewer's row.
    pub fn replace(&mut self, replaced: impl Fn(usize) -> bool, client_of: impl Fn(u32) -> usize) {
        for (row, state) in self.viewers.iter_mut().enumerate() {
            if replaced(client_of(row as u32)) {
                *state = N::default();
            }
        }
        for states in std::iter::once(&mut self.regions).chain(&mut self.servers) {
            for (index, state) in states.iter_mut().enumerate() {
                if replaced(index % self.clients) {
                    *state = W::default();
                }
            }
        }
    }
}

/// Evaluates an expression on the state of a caller, which has one type for a viewer and another where many share it.
macro_rules! with_state {
    ($kept:expr, $caller:expr, $state:ident => $do:expr) => {
        match $caller.holder {
            Holder::Viewer(row) => {
                let $state = $kept.of_viewer(row);
                $do
            }
            Holder::Many(holder) => {
                let $state = $kept.of_many(holder, $caller.client);
                $do
            }
        }
    };
}

pub(super) use with_state;

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

    /// Three viewers who have begun, and holders of shared states.
    fn all_of(kept: &mut Kept<u32>) -> (std::ops::Range<u32>, Vec<(Many, usize)>) {
        (0..3).for_each(|viewer| kept.begin(viewer));
        let servers = (0..2).flat_map(|pool| (0..3).map(move |number| Many::Server { pool, number }));
        let holders = servers.chain([0, 1].map(Many::Region));
        (0..3, holders.flat_map(|holder| [0, 1].map(|client| (holder, client))).collect())
    }

    #[test]
    fn each_viewer_has_a_state_and_each_server_and_region_one_for_each_client() {
        let mut kept = kept();
        let (viewers, holders) = all_of(&mut kept);
        viewers.clone().for_each(|viewer| *kept.of_viewer(viewer) += 1);
        holders.iter().for_each(|(holder, client)| *kept.of_many(*holder, *client) += 1);
        assert!(viewers.map(|viewer| *kept.of_viewer(viewer)).all(|state| state == 1));
        assert!(holders.iter().all(|(holder, client)| *kept.of_many(*holder, *client) == 1));
    }

    #[test]
    fn a_replaced_rule_begins_its_states_anew_and_no_others() {
        let mut kept = kept();
        let (viewers, holders) = all_of(&mut kept);
        viewers.clone().for_each(|viewer| *kept.of_viewer(viewer) = 5);
        holders.iter().for_each(|(holder, client)| *kept.of_many(*holder, *client) = 6);
        // The viewers with even rows have the first client.
        kept.replace(|client| client == 0, |row| row as usize % 2);
        assert_eq!(viewers.map(|viewer| *kept.of_viewer(viewer)).collect::<Vec<_>>(), [0, 5, 0]);
        for (holder, client) in holders {
            assert_eq!(*kept.of_many(holder, client), if client == 0 { 0 } else { 6 });
        }
    }
}
