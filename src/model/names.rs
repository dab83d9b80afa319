//! The names of a scenario and their indices in the model.

use indexmap::{IndexMap, IndexSet};

use crate::scenario::requests_of_calls;
use crate::scenario::spec::{Journey, Spec};
use crate::vocabulary::Names;

/// The names of a scenario's regions, pools and requests, in the order of their indices in the model.
pub fn names(spec: &Spec) -> Names {
    Names {
        regions: spec.region.keys().cloned().collect(),
        pools: spec.pool.keys().cloned().collect(),
        requests: Indices::of(spec).requests.into_iter().collect(),
    }
}

/// The indices of journeys, requests and tiers by name.
pub struct Indices<'a> {
    journeys: &'a IndexMap<String, Journey>,
    /// The names of requests, in the order of their first mention, those of calls between pools last.
    pub requests: IndexSet<String>,
    /// The names of tiers, in the order of their first mention.
    pub tiers: IndexSet<&'a str>,
}

impl<'a> Indices<'a> {
    /// The indices of the names of a scenario.
    pub fn of(spec: &'a Spec) -> Indices<'a> {
        let mut indices = Indices { journeys: &spec.journey, requests: IndexSet::new(), tiers: IndexSet::new() };
        for step in spec.journey.values().flat_map(|journey| &journey.steps) {
            if let Some(tier) = &step.request {
                indices.mention(tier, step.name.as_deref());
            }
            if let Some(beat) = &step.heartbeat {
                indices.mention(&beat.request, beat.name.as_deref());
            }
        }
        for poll in spec.waiting_room.values().filter_map(|room| room.poll.as_ref()) {
            indices.mention(&poll.request, poll.name.as_deref());
        }
        indices.requests.extend(requests_of_calls(spec));
        indices
    }

    /// Adds a request to a tier, whose name is that of the tier unless another is stated.
    fn mention(&mut self, tier: &'a str, name: Option<&str>) {
        self.tiers.insert(tier);
        self.requests.insert(name.unwrap_or(tier).to_owned());
    }

    /// The index of a request's name, which the check of the scenario guarantees to exist; likewise below.
    pub fn request(&self, name: &str) -> usize {
        self.requests.get_index_of(name).unwrap_or(0)
    }

    /// The index of a tier.
    pub fn tier(&self, name: &str) -> usize {
        self.tiers.get_index_of(name).unwrap_or(0)
    }

    /// The index of a journey.
    pub fn journey(&self, name: &str) -> usize {
        self.journeys.get_index_of(name).unwrap_or(0)
    }
}

/// The indices of names in the order of the names.
pub fn by_name<'a>(names: impl Iterator<Item = &'a String>) -> Vec<usize> {
    let names: Vec<&String> = names.collect();
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_unstable_by_key(|index| names[*index]);
    order
}

/// The rank of each index in an order of all.
pub fn ranks(order: &[usize]) -> Vec<u32> {
    let mut ranks = vec![0; order.len()];
    for (rank, index) in order.iter().enumerate() {
        ranks[*index] = rank as u32;
    }
    ranks
}

/// A number that depends on a name alone, so that another audience or region in the scenario changes no draws.
pub fn name_number(name: &str) -> u64 {
    crate::random::Key::root(0, 0).named(name).number()
}
