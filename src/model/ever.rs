//! Properties that a pool has for the whole run because it has them at some time.

use crate::policy::pool::Pool;
use crate::scenario::Scenario;

/// Properties that pools have for the whole run because they have them at some time, by index of the pool.
pub struct Ever {
    /// Whether the servers are individuals.
    pub individuals: Vec<bool>,
    /// Whether attempts share cores or slow down each other.
    pub sharing: Vec<bool>,
    /// Whether servers may lose the attempts that they hold.
    pub losing: Vec<bool>,
}

impl Ever {
    /// The properties of the pools of a scenario, over its file and all its changes.
    pub fn of(scenario: &Scenario) -> Ever {
        let specs = || [scenario.spec()].into_iter().chain(scenario.timeline().iter().map(|change| &change.spec));
        let pools = |is: fn(&Pool) -> bool| {
            let some = |name: &String| specs().any(|spec| spec.pool.get(name).is_some_and(is));
            scenario.spec().pool.keys().map(some).collect()
        };
        Ever {
            individuals: pools(Pool::has_individuals),
            sharing: pools(|pool| pool.sharing.is_stated()),
            losing: pools(Pool::loses),
        }
    }
}
