//! Capacity of the pools after scaling, over that of the file.

use serde_json::{Value, json};

use crate::model::Rounding;
use crate::report::Context;
use crate::report::numbers::json as number;

/// For each pool by name its slots and queue limit at full size when the run starts, and its capacity at full size and as
/// simulated when the two are furthest apart, in attempts per second at full size; null where there is no limit.
pub(super) fn pools<'a>(context: &Context<'a>) -> impl Iterator<Item = (&'a str, Value)> {
    let roundings = context.roundings;
    context.spec.pool.iter().enumerate().map(move |(index, (name, pool))| {
        let full = pool.compile(1.0, pool.has_individuals());
        let unlimited = full.slots.are_unlimited();
        let rounding = roundings.iter().find(|rounding| rounding.pool == index);
        let capacity = |of: fn(&Rounding) -> Option<f64>| rounding.and_then(of).map_or(Value::Null, number);
        let of = json!({
            "slots": if unlimited { Value::Null } else { number(full.slots.count as f64) },
            "queue_limit": full.queue.limit.stated(),
            "unlimited": unlimited,
            "capacity_at_full": capacity(|rounding| rounding.capacity_at_full),
            "capacity_at_scale": capacity(|rounding| rounding.capacity_at_scale),
        });
        (name.as_str(), of)
    })
}
