//! Stray keys: keys of an entry in the table that holds entries by name, such as `timeout` in `[client]`.

use indexmap::IndexSet;

use super::flaw::by_name;
use crate::document::diagnostics::{Diagnostic, nearest, quoted};
use crate::document::kind::Kind;
use crate::document::schema::Shape;
use crate::document::tree::{Node, Value};

/// Number of keys that are compared with those of an entry, so that a file of noise is refused quickly.
const COMPARED: usize = 200;

/// Removes stray keys from a table that holds entries by name, and returns one error for all of them. The table becomes
/// a placeholder, since its names are unknown.
pub(super) fn taken_out(node: &mut Node, entry: Shape<'_>) -> Option<Diagnostic> {
    let forms = entry.forms();
    let [form] = forms.as_slice() else { return None };
    let table = node.as_table().filter(|_| form.kind() == Kind::Table && form.names().is_none())?;
    let strays: IndexSet<String> =
        table.iter().filter(|(key, child)| is_stray(key, child, *form)).map(|(key, _)| key.clone()).collect();
    if !strays
        .iter()
        .take(COMPARED)
        .any(|key| form.key(key).is_some() || nearest(key, form.keys().map(|(key, _)| key)).is_some())
    {
        return None;
    }
    let key = node.source.text.get(node.key_span.clone()).unwrap_or_default();
    let (what, first) = (key.replace('_', " "), strays.first()?);
    let label = format!("one {what} has this key");
    let error = table.get(first)?.key_error(format!("{} holds each {what} by its name", quoted(key)), label);
    let error = error.help(by_name(key));
    if let Value::Table(table) = &mut node.value {
        table.retain(|key, _| !strays.contains(key));
    }
    node.placeholder = true;
    Some(error)
}

/// Whether a key of a table that holds entries by name is a stray key of an entry.
fn is_stray(key: &str, child: &Node, entry: Shape<'_>) -> bool {
    match child.as_table() {
        None => !child.placeholder,
        Some(table) => {
            entry.key(key).is_some() && !table.is_empty() && !table.keys().any(|key| entry.key(key).is_some())
        }
    }
}
