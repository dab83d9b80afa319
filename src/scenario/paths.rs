//! Dotted paths: how `--set`, sweeps and the timeline name a value, and which values may change while it runs.

use indexmap::IndexSet;

use super::diagnostics::{nearest, suggest};
use super::schema;
use super::tree::{Node, Value, quoted};

/// Whether a `[[change]]` may set the value of a dotted path. Names may be written as `*`.
///
/// The schema marks with `x-change` what may change; so may all that lies below.
pub fn changeable(path: &str) -> bool {
    let mut schema = schema::root();
    for part in path.split('.') {
        match schema::child(schema, part) {
            Some(below) if schema::may_change(below) => return true,
            Some(below) => schema = below,
            None => return false,
        }
    }
    false
}

/// Adds every path below a schema that a change may set as a whole, with `*` for a name or an index.
fn markings(
    schema: &'static serde_json::Value,
    path: &[&'static str],
    above: &[*const serde_json::Value],
    found: &mut Vec<Vec<&'static str>>,
) {
    for (key, below) in schema::children(schema) {
        let path = [path, &[key]].concat();
        let resolved = std::ptr::from_ref(schema::resolve(below));
        if schema::may_change(below) {
            found.push(path);
        } else if !above.contains(&resolved) {
            // A law may contain laws, so the way down ends where it meets itself.
            markings(below, &path, &[above, &[resolved]].concat(), found);
        }
    }
}

/// The parts of a dotted path. What a change sets is itself named by a dotted path, which is one key there.
pub(super) fn parts(path: &str) -> impl Iterator<Item = &str> {
    let set = set_by_a_change(path);
    let head = set.map_or(path, |set| path[..path.len() - set.len()].trim_end_matches('.'));
    head.split('.').chain(set)
}

/// What follows `change.N.set.` in a path.
fn set_by_a_change(path: &str) -> Option<&str> {
    let (_, set) = path.strip_prefix("change.")?.split_once('.')?;
    set.strip_prefix("set.").filter(|set| !set.is_empty())
}

/// Why a path cannot be set.
pub(super) struct Refusal {
    pub title: String,
    pub label: String,
    pub help: String,
}

impl Refusal {
    fn new(title: String, label: &str, help: String) -> Refusal {
        Refusal { title, label: label.to_owned(), help }
    }
}

/// Whether the value of a dotted path is a whole number wherever it is a number.
pub(crate) fn is_whole(path: &str) -> bool {
    let below = |schema: &'static serde_json::Value, part: &str| {
        // A step's name stands for its index, which is what the schema knows.
        schema::child(schema, part).or_else(|| schema::child(schema, "0"))
    };
    let path = set_by_a_change(path).unwrap_or(path);
    let Some(schema) = path.split('.').try_fold(schema::root(), below) else { return false };
    let kinds = schema::alternatives(schema).into_iter().map(schema::kind).collect::<Vec<_>>();
    kinds.contains(&"integer") && !kinds.contains(&"number")
}

/// Puts a value at a dotted path, with the tables that lead to it where the file leaves them out.
pub(super) fn assign(root: &mut Node, path: &str, value: Node) -> Result<(), Refusal> {
    let mut node = root;
    let mut schema = schema::root();
    let mut walked = String::new();
    let set = set_by_a_change(path);
    let mut parts = parts(path).peekable();
    while let Some(part) = parts.next() {
        let last = parts.peek().is_none();
        if !matches!(node.value, Value::Table(_) | Value::Array(..)) {
            let title = format!("{} is {}, so it has no {}", quoted(&walked), node.value.kind(), quoted(part));
            return Err(Refusal::new(title, "this path leads nowhere", format!("set {walked} as a whole")));
        }
        let below = match schema::child(schema, &index_of(node, part)) {
            Some(below) => below,
            // Which of these paths there are, and which may change, is found out when the timeline is built.
            None if last && set == Some(part) => &serde_json::Value::Null,
            None => return Err(unknown(schema, &walked, part)),
        };
        let named = schema::alternatives(schema).into_iter().any(|form| schema::names(form).is_some());
        match &mut node.value {
            Value::Table(table) if !table.contains_key(part) => {
                if named && !last {
                    return Err(Refusal::new(
                        format!("there is no {} {}", walked.rsplit('.').next().unwrap_or_default(), quoted(part)),
                        "no such name",
                        suggest(part, table.keys().map(String::as_str)),
                    ));
                }
                let mut empty = Node::new(Value::Table(Default::default()), &value.source, value.span.clone());
                empty.key_span = value.key_span.clone();
                table.insert(part.to_owned(), empty);
            }
            Value::Array(items, _) => {
                let count = items.len();
                if node.child(part).is_none() {
                    let title = format!("{} has no element {}", quoted(&walked), quoted(part));
                    let help = match count {
                        0 => "it is empty".to_owned(),
                        _ => format!("its elements are numbered from 0 to {}", count - 1),
                    };
                    return Err(Refusal::new(title, "no such element", help));
                }
            }
            _ => {}
        }
        if !walked.is_empty() {
            walked.push('.');
        }
        walked.push_str(part);
        schema = below;
        match node.child_mut(part) {
            Some(child) => node = child,
            None => {
                return Err(Refusal::new(format!("there is no {}", quoted(&walked)), "no such path", String::new()));
            }
        }
    }
    *node = value;
    Ok(())
}

/// A step's name stands for its index, which is what the schema knows.
fn index_of(node: &Node, part: &str) -> String {
    match node.value {
        Value::Array(..) if part.parse::<usize>().is_err() => "0".to_owned(),
        _ => part.to_owned(),
    }
}

fn unknown(schema: &'static serde_json::Value, walked: &str, part: &str) -> Refusal {
    let keys = schema::alternatives(schema)
        .into_iter()
        .filter_map(|form| form["properties"].as_object())
        .flat_map(|properties| properties.keys().map(String::as_str));
    let title = match walked {
        "" => format!("unknown key {}", quoted(part)),
        _ => format!("unknown key {} in {}", quoted(part), quoted(walked)),
    };
    Refusal::new(title, "no such key", suggest(part, keys))
}

/// What helps somebody whose change names a path that cannot change.
pub(super) fn changeable_help(path: &str) -> String {
    let parts = path.split('.').collect::<Vec<_>>();
    let mut marked = Vec::new();
    markings(schema::root(), &[], &[], &mut marked);
    // With the names that the user wrote, the nearest path is one of their own scenario.
    let candidates = marked.iter().map(|path| {
        let filled = path.iter().enumerate().map(|(i, key)| match *key {
            "*" => parts.get(i).copied().unwrap_or("…"),
            key => key,
        });
        filled.collect::<Vec<_>>().join(".")
    });
    let candidates = candidates.collect::<Vec<_>>();
    if let Some(near) = nearest(path, candidates.iter().map(String::as_str)).filter(|near| *near != path) {
        return format!("did you mean `{near}`?");
    }
    let table = |path: &str| path.split('.').next().unwrap_or_default().to_owned();
    let own = candidates.iter().filter(|path| table(path) == parts[0]).cloned().collect::<Vec<_>>();
    if !own.is_empty() {
        return format!("what may change here: {}", own.join(", "));
    }
    let tables = candidates.iter().map(|path| table(path)).collect::<IndexSet<_>>();
    format!("a change may set values of these tables: {}", tables.into_iter().collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A path for each key that may change, as a whole or in part.
    const CHANGEABLE: &str = "\
        pool.api.servers pool.*.concurrency pool.api.service pool.api.service.gamma.mean pool.api.queue.shared \
        pool.api.queue.shared.limit pool.api.timeout pool.api.queue_timeout pool.api.on_timeout pool.api.on_abandon \
        pool.api.turn_away pool.api.failure \
        client.tv.timeout client.tv.patience client.tv.patience.until_reply.exponential.mean client.tv.retry \
        client.tv.retry.backoff.exponential.base client.tv.retry.jitter client.tv.refresh client.tv.refresh.delay \
        client.tv.come_back client.tv.come_back.delay client.tv.report client.tv.report.delay client.tv.stall_patience \
        delivery.ladder delivery.ladder.0 delivery.cap delivery.devices delivery.devices.phone.share \
        region.*.rtt region.france.link.capacity region.france.route.api region.france.route.api.backup \
        region.france.delivery.ladder region.france.delivery.cap region.france.delivery.devices.phone \
        audience.fans.rate audience.fans.rate.france audience.fans.client audience.fans.client.tv \
        multiplier.lockdown.factor multiplier.lockdown.watch_time multiplier.lockdown.enabled \
        journey.watch.steps.0.think journey.watch.steps.browse.think journey.*.steps.*.think.lognormal.sigma \
        journey.watch.steps.2.spread journey.watch.steps.2.spread.uniform.low journey.watch.steps.3.stream \
        journey.watch.steps.3.stream.mixture.0.of.exponential.mean journey.watch.steps.3.heartbeat.every \
        journey.watch.steps.3.then.probability reports.usual reports.usual.france";

    /// A path for each kind of value that may not.
    const FIXED: &str = "\
        title seed scale start drop end interval measure measure.from extends change change.0.set threshold.0.at_most \
        pool pool.api pool.api.queue pool.api.severs client client.tv client.tv.tmeout delivery delivery.cp \
        region region.france region.france.label region.france.time_zone region.france.drop_delay region.france.link \
        region.france.route region.france.delivery audience audience.fans audience.fans.viewers audience.fans.arrival \
        audience.fans.arrival.shift audience.fans.profile audience.fans.journey audience.fans.trace.scale \
        multiplier multiplier.lockdown multiplier.lockdown.from multiplier.lockdown.audiences \
        journey journey.watch journey.watch.steps journey.watch.steps.0 journey.watch.steps.0.request \
        journey.watch.steps.0.times journey.watch.steps.3.then journey.watch.steps.3.then.name \
        journey.watch.steps.3.heartbeat journey.watch.steps.3.heartbeat.request reports nothing nothing.at.all";

    #[test]
    fn what_a_change_may_set_is_what_the_schema_marks() {
        for path in CHANGEABLE.split_whitespace() {
            assert!(changeable(path), "{path}");
        }
        for path in FIXED.split_whitespace() {
            assert!(!changeable(path), "{path}");
        }
    }

    #[test]
    fn every_marked_path_may_change_and_is_among_the_examples() {
        let mut marked = Vec::new();
        markings(schema::root(), &[], &[], &mut marked);
        for path in marked {
            assert!(changeable(&path.join(".")), "{path:?}");
            let same = |example: &str| {
                let parts = example.split('.').collect::<Vec<_>>();
                parts.len() >= path.len() && path.iter().zip(parts).all(|(key, part)| *key == "*" || *key == part)
            };
            assert!(CHANGEABLE.split_whitespace().any(same), "{path:?} may change and stands in no example");
        }
    }

    #[test]
    fn whoever_names_a_fixed_path_learns_what_may_change() {
        for (path, help) in [
            ("pool.apy.severs", "did you mean `pool.apy.servers`?"),
            ("client.tv.tmeout", "did you mean `client.tv.timeout`?"),
            ("client.tv", "what may change here: client.tv.timeout, client.tv.patience, client.tv.retry"),
            ("seed", "region, audience, multiplier, journey, pool, client, reports, delivery"),
        ] {
            assert!(changeable_help(path).contains(help), "{path}: {}", changeable_help(path));
        }
    }
}
