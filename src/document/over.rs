//! The merge of a document into another: tables merge, other values replace, and `*` stands for every name.

use std::sync::Arc;

use super::diagnostics::Diagnostic;
use super::schema::{Schema, Shape};
use super::tree::{Node, Value};

/// Stands for every name that a table of names has.
const EVERY: &str = "*";

/// Keys that `*` leaves out for some entries of a table of names.
pub(crate) struct Spared {
    /// Name of the table.
    pub table: &'static str,
    /// The keys.
    pub keys: &'static [&'static str],
    /// The entries, by name.
    pub entries: Vec<String>,
}

/// The entries of a document that `*` spares.
pub(crate) type Spares = fn(&Node) -> Spared;

/// The error of a file of another kind than wanted: a document, or an overlay if the flag is set.
pub(crate) type Foreign = fn(&Node, bool) -> Option<Diagnostic>;

/// The rules by which documents merge.
#[derive(Clone, Copy)]
pub(crate) struct Rules<'a> {
    /// The keys of a document.
    pub schema: &'a Schema,
    /// The entries that `*` spares.
    pub spares: Spares,
    /// The error of files that are no documents, or no overlays.
    pub foreign: Foreign,
}

/// A document with another over it.
pub(super) fn merged(mut below: Node, mut above: Node, rules: Rules<'_>) -> Node {
    append(&mut below, &mut above);
    spare(&mut below, &mut above, rules);
    over(below, above, rules.schema.root())
}

/// Merges the spared keys of `*` into the entries that are not spared, and removes them from `*`.
fn spare(below: &mut Node, above: &mut Node, Rules { schema, spares, .. }: Rules<'_>) {
    let Spared { table, keys, entries } = spares(below);
    let Some(shape) = schema.root().child(table).and_then(|table| table.forms().into_iter().find_map(Shape::names))
    else {
        return;
    };
    let Some(every) = above.child_mut(table).and_then(|table| table.child_mut(EVERY)) else { return };
    let mut some = every.empty();
    let Some(stated) = every.as_table_mut() else { return };
    let taken = keys.iter().filter_map(|key| stated.shift_remove_entry(*key)).collect();
    some.value = Value::Table(taken);
    for (name, place) in below.child_mut(table).and_then(Node::as_table_mut).into_iter().flatten() {
        if !entries.contains(name) {
            over_entry(place, &some, shape);
        }
    }
}

/// Appends tables that the child writes as `[[name]]` to those of the parent.
///
/// A list in brackets, empty or not, takes the place of the parent's like any other value.
fn append(parent: &mut Node, child: &mut Node) {
    for (key, node) in child.as_table_mut().into_iter().flatten() {
        let before = parent.child_mut(key).map(|before| &mut before.value);
        if let (Some(Value::Array(before, _)), Value::Array(own, true)) = (before, &mut node.value) {
            let all = before.drain(..).chain(own.drain(..)).collect();
            *own = all;
        }
    }
}

/// Merges `*` into an entry, which keeps its place, so that errors of the whole entry point at it.
fn over_entry(entry: &mut Node, every: &Node, shape: Shape<'_>) {
    let (source, span, key_span) = (Arc::clone(&entry.source), entry.span.clone(), entry.key_span.clone());
    let merged = over(std::mem::replace(entry, every.empty()), every.clone(), shape);
    *entry = match merged.value {
        Value::Table(_) => Node { source, span, key_span, ..merged },
        _ => merged,
    };
}

/// Puts the value of the child over that of the parent: tables merge, any other value replaces. A choice replaces another
/// choice, but the parameters of one choice merge. Where users choose the names
/// of a table's entries, the name `*` stands for all that the parent has; entries that the child names come after it.
fn over(mut parent: Node, mut child: Node, shape: Shape<'_>) -> Node {
    shape.write_out(&mut parent);
    shape.write_out(&mut child);
    let value = match (parent.value, child.value) {
        (Value::Table(mut old), Value::Table(mut new)) if !shape.is_one_value() || shape.is_same_choice(&old, &new) => {
            let named = shape.forms().into_iter().find_map(Shape::names);
            if let Some((every, below)) = named.and_then(|below| Some((new.shift_remove(EVERY)?, below))) {
                old.values_mut().for_each(|entry| over_entry(entry, &every, below));
            }
            for (key, mut node) in new {
                let below = shape.child(&key).unwrap_or(shape.any());
                // Of a table of names that the parent does not have, `*` stands for no entry.
                if !old.contains_key(&key) && below.forms().into_iter().any(|form| form.names().is_some()) {
                    node.as_table_mut().into_iter().for_each(|table| drop(table.shift_remove(EVERY)));
                }
                let merged = match old.get_mut(&key) {
                    Some(place) => over(std::mem::replace(place, node.empty()), node, below),
                    None => node,
                };
                old.insert(key, merged);
            }
            Value::Table(old)
        }
        (_, value) => value,
    };
    Node { value, ..child }
}
