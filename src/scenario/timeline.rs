//! The timeline: the scenario after each `[[change]]`, checked like a scenario of its own.

use super::calls::{CacheAt, caches};
use super::load;
use super::loader::Loader;
use super::paths::{changeable, changeable_help};
use super::schema::schema;
use super::spec::Spec;
use super::validate::window;
use crate::document::diagnostics::{Diagnostic, Diagnostics, quoted, suggest};
use crate::document::moments::When;
use crate::document::tree::{Node, Value};
use crate::policy::queue::Queue;
use crate::units::Span;

/// Most changes of a scenario; each is kept in memory as a whole scenario.
const MOST_CHANGES: usize = 1_000;

/// The scenario from one change of the timeline on.
#[derive(Clone, Debug, PartialEq)]
pub struct Epoch {
    /// Moment of the change, as an offset from the scenario's drop.
    pub at: Span,
    /// The text of the mark on the charts.
    pub note: String,
    /// The settings that the change states, in its order.
    pub set: Vec<Changed>,
    /// The caches that the change empties.
    pub empty: Vec<CacheAt>,
    /// The scenario after this change and all earlier ones; it has no list of changes and no trigger.
    pub spec: Spec,
}

impl Epoch {
    /// The caches that the change empties: the index of the pool that calls, and that of the call.
    pub fn empties(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.empty.iter().map(|cache| (cache.pool, cache.call))
    }
}

/// One setting of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The dotted path.
    pub path: String,
    /// The value before the change, as TOML or as a bare text; `None` if there was none.
    pub from: Option<String>,
    /// The value after the change, likewise.
    pub to: Option<String>,
}

/// Whether an entry of a change is missing or empty.
fn is_blank(node: Option<&Node>) -> bool {
    node.is_none_or(|node| match &node.value {
        Value::Array(items, _) => items.is_empty(),
        Value::Table(table) => table.is_empty(),
        _ => false,
    })
}

/// Marks the errors from the index `known` on as errors of the scenario after a change, unless they point at the change
/// itself; removes those that were found without the change.
fn tell_after(at: Span, change: &Node, known: usize, found: &mut Vec<Diagnostic>) {
    let fresh = found.split_off(known);
    for error in fresh {
        let told = found.iter().any(|earlier| earlier.identity() == error.identity());
        let title = format!("{}, after the change at {at}", error.title);
        if !told {
            found.push(if change.is_place_of(&error) { error } else { Diagnostic { title, ..error } });
        }
    }
}

/// Applies every change in order of time, each on top of those before it.
pub(super) fn build(base: &Node, spec: &Spec, loader: &mut Loader, found: &mut Vec<Diagnostic>) -> Vec<Epoch> {
    let mut tree = base.clone();
    // A trigger names changes by their index in the list, which is removed here.
    tree.as_table_mut().and_then(|table| table.shift_remove("trigger"));
    // Without the timeline in each tree, checking a thousand changes takes linear time.
    let changes = tree.as_table_mut().and_then(|table| table.shift_remove("change"));
    let Some(Value::Array(changes, _)) = changes.map(|node| node.value) else { return Vec::new() };
    if let Some(first) = changes.get(MOST_CHANGES) {
        let label = format!("this is the first beyond {MOST_CHANGES}");
        found.push(first.error(format!("there are {} changes", changes.len()), label));
        return Vec::new();
    }
    let mut dated = changes
        .iter()
        .filter_map(|change| {
            let when = change.child("at")?.as_str()?.parse::<When>().ok()?;
            let at = when.from_drop(spec.drop);
            let window = spec.start.since(spec.drop)..spec.end.since(spec.drop);
            if !window.contains(&at) && window::is_sound(spec) && !base.doubtful_itself() {
                let error = change.child("at")?.error("the change lies outside of the simulated window", "outside");
                let clock = match when {
                    When::Clock(_) => format!("; its clock is that of the drop, UTC{}", spec.drop.offset),
                    When::Offset(_) => String::new(),
                };
                found.push(error.help(format!("from {} to {} around the drop{clock}", window.start, window.end)));
            }
            Some((at, change))
        })
        .collect::<Vec<_>>();
    dated.sort_by_key(|(at, _)| *at);
    let mut epochs = Vec::new();
    let mut before_as_toml = toml::Value::try_from(spec).ok();
    for (at, change) in dated {
        let mut paths = Vec::new();
        if let Some(set) = change.child("set") {
            apply(&mut tree, "", set, &mut paths, found);
        }
        if is_blank(change.child("set")) && is_blank(change.child("empty")) {
            found.push(change.error("the change changes nothing", "`set` or `empty` says what it changes"));
        }
        let (checked, errors) = load::check(&tree);
        tree = checked;
        found.extend(errors);
        let known = found.len();
        let before = epochs.last().map_or(spec, |epoch: &Epoch| &epoch.spec);
        match load::spec(&tree, loader, found) {
            Some(spec) => {
                tell_after(at, change, known, found);
                found.extend(kinds_of_queues(before, &spec, change));
                let empty = emptied(&spec, change, found);
                let note = change.child("note").and_then(Node::as_str).unwrap_or_default().to_owned();
                let after_as_toml = toml::Value::try_from(&spec).ok();
                let value = |whole: &Option<toml::Value>, path: &str| Some(text(schema().find(whole.as_ref()?, path)?));
                let changed = |path: String| Changed {
                    from: value(&before_as_toml, &path),
                    to: value(&after_as_toml, &path),
                    path,
                };
                let set = paths.into_iter().map(changed).collect();
                before_as_toml = after_as_toml;
                epochs.push(Epoch { at, note, set, empty, spec });
            }
            None => return epochs,
        }
    }
    epochs
}

/// The caches that a change empties; other paths are errors.
fn emptied(spec: &Spec, change: &Node, found: &mut Vec<Diagnostic>) -> Vec<CacheAt> {
    let known: Vec<CacheAt> = caches(spec).collect();
    let Some(Value::Array(named, _)) = change.child("empty").map(|node| &node.value) else { return Vec::new() };
    let mut emptied = Vec::new();
    for node in named.iter().filter(|node| !node.doubtful()) {
        let Some(path) = node.as_str() else { continue };
        match known.iter().find(|cache| cache.path == path) {
            Some(cache) => emptied.push(cache.clone()),
            None => {
                let help = if known.is_empty() {
                    "a call has one with cache = { hit = \"95%\", fill = 10_000 }".to_owned()
                } else {
                    suggest(path, known.iter().map(|cache| cache.path.as_str()))
                };
                found.push(node.error(format!("there is no cache {}", quoted(path)), "no such cache").help(help));
            }
        }
    }
    emptied
}

/// A value as a plan or a setting states it: a bare text, all others as TOML.
fn text(value: &toml::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The error of each pool whose queue a change would turn from shared to per server, or to one with a priority, or back.
fn kinds_of_queues(before: &Spec, after: &Spec, change: &Node) -> Vec<Diagnostic> {
    let kept = |name: &String, queue: &Queue| after.pool.get(name).is_none_or(|pool| pool.queue.is_same_kind(queue));
    let other = before.pool.iter().filter(|(name, pool)| !kept(name, &pool.queue));
    let error = |name: &String| {
        let set = change.child("set").unwrap_or(change);
        let title = format!("the kind of queue of pool `{name}` cannot change during the run");
        set.error(title, "from shared to per server, to a priority, or back")
            .help("limit, discipline and balancer may change")
    };
    other.map(|(name, _)| error(name)).collect()
}

/// Sets the values of one change, and lists their paths. A table at a path that is not a value is a group of paths.
fn apply(tree: &mut Node, prefix: &str, set: &Node, paths: &mut Vec<String>, found: &mut Vec<Diagnostic>) {
    for (key, node) in set.as_table().into_iter().flatten() {
        if found.len() >= Diagnostics::MOST {
            return;
        }
        let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        if changeable(&path) {
            let kind = path.split('.').next().unwrap_or_default();
            let may_be_there = tree.has_lost_names(kind);
            found.extend(schema().assign(tree, &path, node.clone()).err().filter(|_| !may_be_there));
            paths.push(path);
        } else if matches!(&node.value, Value::Table(table) if !table.is_empty()) {
            apply(tree, &path, node, paths, found);
        } else {
            let error = node.key_error(format!("{} cannot change during the run", quoted(&path)), "not changeable");
            // The help takes long to compute, so errors beyond the hundredth have none.
            found.push(if found.len() < 100 { error.help(changeable_help(&path, tree)) } else { error });
        }
    }
}
