//! The names of calls between pools.

use indexmap::IndexSet;

use super::spec::Spec;
use crate::document::over::Spared;
use crate::document::tree::{Node, Value};
use crate::policy::calls;

/// Keys of clients that only people have.
pub(super) const HUMAN: [&str; 5] = ["patience", "refresh", "come_back", "report", "stall_patience"];

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

/// The keys of `[client."*"]` that clients of calls are spared.
pub(super) fn spared(scenario: &Node) -> Spared {
    let pools = scenario.child("pool").and_then(Node::as_table);
    let calls = pools.into_iter().flat_map(|pools| pools.values()).filter_map(|pool| pool.child("calls"));
    let mut entries = Vec::new();
    calls.for_each(|calls| clients_of(calls, &mut entries));
    Spared { table: "client", keys: &HUMAN, entries }
}

/// Adds the clients that a list of calls names.
fn clients_of(calls: &Node, found: &mut Vec<String>) {
    let Value::Array(calls, _) = &calls.value else { return };
    for call in calls {
        found.extend(call.child("client").and_then(Node::as_str).map(str::to_owned));
        if let Some(parallel) = call.child("parallel") {
            clients_of(parallel, found);
        }
    }
}
