//! The names of calls between pools.

use indexmap::IndexSet;

use super::spec::Spec;
use crate::policy::calls;

/// Every name under which calls between pools are counted, in the order of the file.
pub fn requests_of_calls(spec: &Spec) -> IndexSet<String> {
    let named = |(caller, callee): (&String, &str)| calls::request(caller, callee);
    let of_pool = spec.pool.iter().flat_map(|(caller, pool)| pool.calls.callees().map(move |callee| (caller, callee)));
    of_pool.map(named).collect()
}
