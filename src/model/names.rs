//! The names of what a model numbers.

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

/// A number that depends on a name alone, so that another audience or region in the scenario changes no draws.
pub fn name_number(name: &str) -> u64 {
    crate::random::Key::root(0, 0).named(name).number()
}
