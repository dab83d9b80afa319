//! Which values of a scenario may change while it runs, by dotted path.

use crate::document::diagnostics::nearest;

/// What a change may set: `*` is any name or index, a final `**` is all that lies below.
const CHANGEABLE: &[&str] = &[
    "pool.*.servers",
    "pool.*.concurrency",
    "pool.*.service",
    "pool.*.service.**",
    "pool.*.queue.**",
    "pool.*.timeout",
    "pool.*.queue_timeout",
    "pool.*.on_timeout",
    "pool.*.on_abandon",
    "pool.*.turn_away",
    "pool.*.failure",
    "client.*.**",
    "delivery.**",
    "region.*.rtt",
    "region.*.link.capacity",
    "region.*.route.**",
    "region.*.delivery.**",
    "audience.*.rate",
    "audience.*.rate.*",
    "audience.*.client",
    "audience.*.client.*",
    "multiplier.*.factor",
    "multiplier.*.watch_time",
    "multiplier.*.enabled",
    "journey.*.steps.*.think",
    "journey.*.steps.*.think.**",
    "journey.*.steps.*.spread",
    "journey.*.steps.*.spread.**",
    "journey.*.steps.*.stream",
    "journey.*.steps.*.stream.**",
    "journey.*.steps.*.heartbeat.every",
    "journey.*.steps.*.then.probability",
    "reports.usual",
    "reports.usual.*",
];

/// Whether a `[[change]]` may set the value of a dotted path. Names may be written as `*`.
pub fn changeable(path: &str) -> bool {
    let parts = path.split('.').collect::<Vec<_>>();
    CHANGEABLE.iter().any(|pattern| {
        let pattern = pattern.split('.').collect::<Vec<_>>();
        match pattern.split_last() {
            Some((&"**", head)) => parts.len() > head.len() && matches(head, &parts[..head.len()]),
            _ => matches(&pattern, &parts),
        }
    })
}

fn matches(pattern: &[&str], parts: &[&str]) -> bool {
    pattern.len() == parts.len() && pattern.iter().zip(parts).all(|(p, part)| *p == "*" || p == part)
}

/// Whether the value of a dotted path is a whole number wherever it is a number.
pub(crate) fn is_whole(path: &str) -> bool {
    // A change names what it sets by a dotted path of its own: `change.0.set.pool.api.servers`.
    let set = path.strip_prefix("change.").and_then(|rest| rest.split_once('.')?.1.strip_prefix("set."));
    super::schema::schema().is_whole(set.unwrap_or(path))
}

/// Help for a change that names a path that cannot change.
pub(super) fn changeable_help(path: &str) -> String {
    let parts = path.split('.').collect::<Vec<_>>();
    // The names that the user wrote make the nearest pattern a path of their own scenario.
    let candidates = CHANGEABLE
        .iter()
        .map(|pattern| {
            let filled = pattern.trim_end_matches(".**").split('.').enumerate().map(|(i, p)| match p {
                "*" => parts.get(i).copied().unwrap_or("…"),
                other => other,
            });
            filled.collect::<Vec<_>>().join(".")
        })
        .collect::<Vec<_>>();
    match nearest(path, candidates.iter().map(String::as_str)).filter(|near| *near != path) {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            let table = parts.first().copied().unwrap_or_default();
            let own = candidates.iter().filter(|c| c.split('.').next() == Some(table)).cloned().collect::<Vec<_>>();
            match own.is_empty() {
                false => format!("what may change here: {}", own.join(", ")),
                true => {
                    "a change may set values of pool, client, delivery, region, audience, multiplier, journey and reports"
                        .to_owned()
                }
            }
        }
    }
}
