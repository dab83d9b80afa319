//! The names of calls between pools.

use indexmap::IndexSet;

use super::spec::Spec;
use crate::policy::calls;

/// A cache of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheAt {
    /// The dotted path.
    pub path: String,
    /// Index of the pool that has the cache.
    pub pool: usize,
    /// Index of the call among those of the pool.
    pub call: usize,
    /// Names of the pool that has the cache, and of the pool that is called.
    pub names: [String; 2],
}

/// Every cache in front of a call.
pub fn caches(spec: &Spec) -> impl Iterator<Item = CacheAt> {
    spec.pool.iter().enumerate().flat_map(|(pool, (name, table))| {
        let calls = table.calls.each().enumerate().filter(|(_, (_, call))| call.cache.is_some());
        calls.map(move |(call, (path, to))| CacheAt {
            path: format!("pool.{name}.{path}.cache"),
            pool,
            call,
            names: [name.clone(), to.pool.clone().unwrap_or_default()],
        })
    })
}

/// Every name under which calls between pools are counted, in the order of the file.
pub fn requests_of_calls(spec: &Spec) -> IndexSet<String> {
    let named = |(caller, callee): (&String, &str)| calls::request(caller, callee);
    let of_pool = spec.pool.iter().flat_map(|(caller, pool)| pool.calls.callees().map(move |callee| (caller, callee)));
    of_pool.map(named).collect()
}
