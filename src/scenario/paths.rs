//! Dotted paths: how `--set`, sweeps and the timeline name a value, and which values may change while it runs.

use super::diagnostics::{nearest, suggest};
use super::schema;
use super::tree::{Node, Value, quoted};

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
