//! What the scale makes of the pools.

use serde_json::{Value, json};

use super::summary::number;
use crate::scenario::spec::Spec;

/// For each pool by name its slots and queue limit at full size when the run starts, and its capacity at full size and as
/// simulated, both in attempts per second at full size; null where there is no limit.
pub(super) fn pools(spec: &Spec, scale: f64) -> impl Iterator<Item = (&str, Value)> {
    spec.pool.iter().map(move |(name, pool)| {
        let (full, simulated) = (pool.compile(1.0), pool.compile(scale));
        let unlimited = full.slots.are_unlimited();
        let limited = |value: f64| if unlimited { Value::Null } else { number(value) };
        let of = json!({
            "slots": limited(full.slots.count as f64),
            "queue_limit": full.queue.limit.stated(),
            "unlimited": unlimited,
            "capacity_at_full": limited(full.capacity_per_second()),
            "capacity_at_scale": limited(simulated.capacity_per_second() / scale),
        });
        (name.as_str(), of)
    })
}
