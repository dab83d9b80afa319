//! Warnings about counts of a protection that a scale makes so small that they mean something else.

use super::found::Found;
use crate::policy::cache::Per;
use crate::policy::caller::budget::Budget;
use crate::policy::caller::scope::Scope;
use crate::policy::client::Client;
use crate::scenario::spec::Spec;

/// Count below which a state that many share is no longer what the file means.
const FEW: f64 = 10.0;

/// Warns of counts that many callers share, and of which a scale leaves fewer than ten.
pub(super) fn shared_counts(spec: &Spec, found: &mut Found<'_>) {
    let scale = spec.scale;
    if scale >= 1.0 {
        return;
    }
    let bursts = spec.pool.iter().filter_map(|(name, pool)| {
        let burst = pool.rate_limit.as_ref()?.shared_burst()?;
        Some((format!("pool.{name}.rate_limit.token_bucket.burst"), burst))
    });
    let fills = spec.pool.iter().flat_map(|(name, pool)| {
        pool.calls.each().filter_map(move |(path, call)| {
            let cache = call.cache.filter(|cache| cache.per == Per::Pool)?;
            Some((format!("pool.{name}.{path}.cache.fill"), cache.fill as f64))
        })
    });
    let counts = spec.client.iter().filter(|(_, client)| client.scope == Scope::Region);
    let counts = counts.flat_map(|(name, client)| {
        counts_of(client).into_iter().map(move |(key, count)| (format!("client.{name}.{key}"), count))
    });
    for (path, count) in bursts.chain(fills).chain(counts).filter(|(_, count)| count * scale < FEW).collect::<Vec<_>>()
    {
        found.add(
            &path,
            format!("at scale {scale} only {} are left of {count}", (count * scale * 100.0).round() / 100.0),
            "a single event may decide".to_owned(),
            "a larger scale leaves at least ten",
        );
    }
}

/// The counts of a client that its callers in a region share, by their keys.
fn counts_of(client: &Client) -> Vec<(&'static str, f64)> {
    let breaker = client.breaker.as_ref().map(|breaker| ("breaker.requests", breaker.requests as f64));
    let budget = client.budget.as_ref().and_then(|budget| match budget {
        Budget::Ratio(_) => None,
        Budget::Concurrent(set) => Some(("budget.concurrent.at_least", set.at_least as f64)),
        Budget::Tokens(set) => Some(("budget.tokens.capacity", set.capacity as f64)),
        Budget::Gate(set) => Some(("budget.gate.max_tokens", set.max_tokens as f64)),
        Budget::Bucket(set) => Some(("budget.bucket.most", set.most)),
    });
    // A count of zero is meant to be none.
    breaker.into_iter().chain(budget).filter(|(_, count)| *count > 0.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_of_a_client_are_named_by_their_keys() {
        let text = "scope = 'region'\nbreaker = { requests = 20 }\nbudget = { tokens = { capacity = 500 } }";
        let client: Client = toml::from_str(text).unwrap();
        assert_eq!(counts_of(&client), [("breaker.requests", 20.0), ("budget.tokens.capacity", 500.0)]);
        let none: Client = toml::from_str("budget = { concurrent = { at_least = 0 } }").unwrap();
        assert_eq!(counts_of(&none), []);
    }
}
