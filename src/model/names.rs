//! The names behind the indices of a model.

use super::arrivals::Names;
use crate::scenario::spec::Spec;
use crate::vocabulary;

/// The names of a scenario's regions, pools and requests, in the order of their indices in the model.
pub fn names(spec: &Spec) -> vocabulary::Names {
    vocabulary::Names {
        regions: spec.region.keys().cloned().collect(),
        pools: spec.pool.keys().cloned().collect(),
        requests: Names::of(spec).requests.into_keys().collect(),
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
