//! `extends`: one scenario file that changes another.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value as Json;

use super::diagnostics::Diagnostic;
use super::schema;
use super::source::Source;
use super::tree::{Node, Value};

/// How many files may extend each other in a row.
const DEEPEST: usize = 8;

/// Reads a file and all that it extends into one tree; `None` if something is wrong, which is then in `found`.
pub(super) fn read(path: &Path, found: &mut Vec<Diagnostic>) -> Option<Node> {
    match Source::read(path, 0, PathBuf::new()) {
        Ok(source) => with_parents(&source, &mut vec![identity(path)], found),
        Err(error) => {
            found.push(error);
            None
        }
    }
}

/// Parses a text and reads all that it extends; `chain` lists the files that led here.
pub(super) fn with_parents(
    source: &Arc<Source>,
    chain: &mut Vec<PathBuf>,
    found: &mut Vec<Diagnostic>,
) -> Option<Node> {
    let mut node = match Node::parse(source) {
        Ok(node) => node,
        Err(errors) => {
            found.extend(errors);
            return None;
        }
    };
    let Some(extends) = node.as_table().and_then(|table| table.get("extends")).cloned() else {
        return Some(node);
    };
    let Some(target) = extends.as_str() else {
        // The check says what is wrong with a value that is no text.
        return Some(node);
    };
    let path = source.folder.join(target);
    let id = identity(&path);
    if chain.contains(&id) {
        found.push(extends.error("the files extend each other in a ring", "this file leads back here"));
        return None;
    }
    if chain.len() > DEEPEST {
        found.push(extends.error(format!("more than {DEEPEST} files extend each other"), "this is one too many"));
        return None;
    }
    let relative = source.relative.join(Path::new(target).parent().unwrap_or(Path::new("")));
    chain.push(id);
    let parent = match Source::read(&path, chain.len(), relative) {
        Ok(parent) => with_parents(&parent, chain, found),
        Err(error) if error.place.is_some() => {
            found.push(error);
            None
        }
        Err(error) => {
            let mut located = extends.error(error.title, "named here");
            located.help = error.help;
            found.push(located);
            None
        }
    };
    // Each text knows its place from its source by now, and what remains is one scenario that extends nothing.
    if let Some(table) = node.as_table_mut() {
        table.shift_remove("extends");
    }
    Some(merge(parent?, node, schema::root(), true))
}

/// A file's identity, however it was spelled.
fn identity(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
}

/// Puts the child's values over the parent's.
fn merge(parent: Node, child: Node, schema: &'static Json, root: bool) -> Node {
    let Node { value, key_span, span, source, placeholder } = child;
    let value = match (parent.value, value) {
        (Value::Table(mut old), Value::Table(new)) if !schema::is_one_value(schema) => {
            for (key, node) in new {
                let below = schema::child(schema, &key).unwrap_or(&Json::Null);
                let merged = match old.get_mut(&key) {
                    Some(place) => {
                        let before = std::mem::replace(place, Node::new(Value::Boolean(false), &source, 0..0));
                        match root && matches!(key.as_str(), "change" | "threshold") {
                            true => append(before, node),
                            false => merge(before, node, below, false),
                        }
                    }
                    None => node,
                };
                old.insert(key, merged);
            }
            Value::Table(old)
        }
        (_, value) => value,
    };
    Node { value, key_span, span, source, placeholder }
}

/// `[[change]]` tables follow the parent's; a list written in brackets, empty or not, takes their place.
fn append(parent: Node, child: Node) -> Node {
    let Node { value, key_span, span, source, placeholder } = child;
    let value = match (parent.value, value) {
        (Value::Array(mut old, _), Value::Array(new, true)) => {
            old.extend(new);
            Value::Array(old, true)
        }
        (_, value) => value,
    };
    Node { value, key_span, span, source, placeholder }
}
