//! `extends`: one document that changes another.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::diagnostics::Diagnostic;
use super::schema::{Schema, Shape};
use super::source::{Origin, Source};
use super::tree::{Node, Value};

/// Number of files that may extend each other in a row.
const DEEPEST: usize = 8;

/// Reads a file and the files that it extends into one tree; `None` after an error, which is then in `found`.
pub(crate) fn read(path: &Path, schema: &Schema, found: &mut Vec<Diagnostic>) -> Option<Node> {
    match Source::read(path, Origin::File(0), PathBuf::new()) {
        Ok(source) => with_parents(&source, schema, &mut vec![identity(path)], found),
        Err(error) => {
            found.push(error);
            None
        }
    }
}

/// Parses a text and reads the files that it extends into one tree; `None` after an error, which is then in `found`.
pub(crate) fn parse(source: &Arc<Source>, schema: &Schema, found: &mut Vec<Diagnostic>) -> Option<Node> {
    with_parents(source, schema, &mut Vec::new(), found)
}

/// `chain` lists the files that led here.
fn with_parents(
    source: &Arc<Source>,
    schema: &Schema,
    chain: &mut Vec<PathBuf>,
    found: &mut Vec<Diagnostic>,
) -> Option<Node> {
    let mut node = match Node::parse(source, schema) {
        Ok(node) => node,
        Err(errors) => {
            found.extend(errors);
            return None;
        }
    };
    // A value of `extends` that is no text is an error of its shape, which the check reports.
    let extends = node.child("extends").cloned();
    let Some((extends, target)) = extends.as_ref().and_then(|extends| Some((extends, extends.as_str()?))) else {
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
    let parent = match Source::read(&path, Origin::File(chain.len()), relative) {
        Ok(parent) => with_parents(&parent, schema, chain, found),
        Err(error) => {
            found.push(error.or_at(extends, "named here"));
            None
        }
    };
    // Each value knows its text by now; what remains is one document that extends nothing.
    if let Some(table) = node.as_table_mut() {
        table.shift_remove("extends");
    }
    let mut parent = parent?;
    append(&mut parent, &mut node);
    Some(over(parent, node, schema.root()))
}

/// The identity of a file, however its path is spelled.
fn identity(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
}

/// Lets tables that the child writes as `[[name]]` follow those of the parent.
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

/// Puts the value of the child over that of the parent: tables merge, any other value replaces.
fn over(parent: Node, child: Node, shape: Shape<'_>) -> Node {
    let value = match (parent.value, child.value) {
        (Value::Table(mut old), Value::Table(new)) if !shape.is_one_value() => {
            for (key, node) in new {
                let below = shape.child(&key).unwrap_or(shape.any());
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

#[cfg(test)]
mod tests {
    use schemars::JsonSchema;

    use super::*;

    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only the schema is of interest")]
    struct House {
        extends: Option<String>,
        rooms: std::collections::BTreeMap<String, Room>,
        guests: Vec<Room>,
        heat: Heat,
    }

    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only the schema is of interest")]
    struct Room {
        doors: u64,
        colour: String,
    }

    #[derive(JsonSchema)]
    #[schemars(rename_all = "snake_case")]
    #[expect(dead_code, reason = "only the schema is of interest")]
    enum Heat {
        Stove(u64),
        Pump(u64),
    }

    /// Two files of which the second extends the first, merged.
    fn merged(parent: &str, child: &str) -> (toml::Value, Vec<Diagnostic>) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("parent.toml"), parent).unwrap();
        let child_path = folder.path().join("child.toml");
        std::fs::write(&child_path, child).unwrap();
        let mut found = Vec::new();
        let tree = read(&child_path, &Schema::of::<House>("house"), &mut found);
        (tree.map_or(toml::Value::Boolean(false), |tree| tree.to_toml()), found)
    }

    fn toml(text: &str) -> toml::Value {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn tables_merge_and_values_and_choices_replace() {
        let parent = "[rooms]\na = { doors = 1, colour = \"red\" }\n[heat]\nstove = 3";
        let child = "extends = \"parent.toml\"\n[rooms]\na = { doors = 2 }\nb = { doors = 3 }\n[heat]\npump = 1";
        let both = "[rooms]\na = { doors = 2, colour = \"red\" }\nb = { doors = 3 }\n[heat]\npump = 1";
        assert_eq!(merged(parent, child).0, toml(both));
    }

    #[test]
    fn tables_with_headers_follow_and_lists_in_brackets_replace() {
        let parent = "[[guests]]\ndoors = 1";
        let header = "extends = \"parent.toml\"\n[[guests]]\ndoors = 2";
        assert_eq!(merged(parent, header).0, toml("guests = [{ doors = 1 }, { doors = 2 }]"));
        let brackets = "extends = \"parent.toml\"\nguests = [{ doors = 2 }]";
        assert_eq!(merged(parent, brackets).0, toml("guests = [{ doors = 2 }]"));
    }

    #[test]
    fn rings_and_missing_files_are_errors_at_the_line_that_names_the_file() {
        for (parent, child, title) in [
            ("extends = \"child.toml\"", "extends = \"parent.toml\"", "in a ring"),
            ("", "\nextends = \"parents.toml\"", "there is no file"),
            ("", "extends = \"parent.toml\"", "the file is empty"),
        ] {
            let (_, found) = merged(parent, child);
            let [error] = &found[..] else { panic!("{found:?}") };
            assert!(error.title.contains(title) && error.location().is_some(), "{error:?}");
        }
    }
}
