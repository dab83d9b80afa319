//! `extends` and overlays: documents that change others.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::added::refuse_incomplete;
use super::diagnostics::Diagnostic;
use super::over::{Rules, merged};
use super::source::{Origin, Source};
use super::tree::{Node, Value};

/// Number of files that may extend each other in a row.
const DEEPEST: usize = 8;
/// Number of files that one document may be made of.
const MOST_FILES: usize = 64;
/// Reads a file and the files that it extends into one tree, with overlays over it in their order; `None` after an error,
/// which is then in `found`. An overlay states none of the keys `marks`, which every other document states.
pub(crate) fn read(
    path: &Path,
    overlays: &[PathBuf],
    marks: &[&str],
    rules: Rules<'_>,
    found: &mut Vec<Diagnostic>,
) -> Option<Node> {
    let mut reading = Reading { rules, files: 0, found };
    let document = reading.file(path, PathBuf::new(), &mut Vec::new())?;
    let mut tree = document.clone();
    for overlay in overlays {
        let node = reading.overlay(overlay, path, marks)?;
        tree = merged(tree, node, rules);
    }
    refuse_incomplete(&document, &mut tree, rules.schema.root(), reading.found);
    Some(tree)
}

/// Reads a file that may be an overlay: the tree of the file alone, and whether it states none of the keys `marks`.
pub(crate) fn read_alone(
    path: &Path,
    marks: &[&str],
    rules: Rules<'_>,
    found: &mut Vec<Diagnostic>,
) -> Option<(Node, bool)> {
    let node = Reading { rules, files: 0, found }.alone(path, PathBuf::new())?;
    let is_overlay = marks.iter().all(|key| node.child(key).is_none());
    Some((node, is_overlay))
}

/// Parses a text and reads the files that it extends into one tree; `None` after an error, which is then in `found`.
pub(crate) fn parse(source: &Arc<Source>, rules: Rules<'_>, found: &mut Vec<Diagnostic>) -> Option<Node> {
    let mut reading = Reading { rules, files: 1, found };
    let node = reading.parsed(source)?;
    reading.with_parents(node, &mut Vec::new())
}

/// The files that are read into one tree.
struct Reading<'a> {
    rules: Rules<'a>,
    /// Number of files so far.
    files: usize,
    found: &'a mut Vec<Diagnostic>,
}

impl Reading<'_> {
    /// Reads a file and what it extends; `chain` lists the files that led here.
    fn file(&mut self, path: &Path, relative: PathBuf, chain: &mut Vec<PathBuf>) -> Option<Node> {
        let node = self.alone(path, relative)?;
        self.refuse_foreign(&node, false)?;
        chain.push(identity(path));
        let tree = self.with_parents(node, chain);
        chain.pop();
        tree
    }

    /// Reports a file of another kind than is wanted, which is `None`.
    fn refuse_foreign(&mut self, node: &Node, overlay_wanted: bool) -> Option<()> {
        let error = (self.rules.foreign)(node, overlay_wanted);
        let is_right = error.is_none();
        self.found.extend(error);
        is_right.then_some(())
    }

    /// Reads a file without what it extends.
    fn alone(&mut self, path: &Path, relative: PathBuf) -> Option<Node> {
        let source = self.source(path, relative).map_err(|error| self.found.push(error)).ok()?;
        self.parsed(&source)
    }

    fn source(&mut self, path: &Path, relative: PathBuf) -> Result<Arc<Source>, Diagnostic> {
        self.files += 1;
        Source::read(path, Origin::File(self.files - 1), relative)
    }

    fn parsed(&mut self, source: &Arc<Source>) -> Option<Node> {
        Node::parse(source, self.rules.schema).map_err(|errors| self.found.extend(errors)).ok()
    }

    /// Reads an overlay of the document at `base`.
    fn overlay(&mut self, path: &Path, base: &Path, marks: &[&str]) -> Option<Node> {
        let folder = |path: &Path| path.parent().unwrap_or(Path::new("")).to_path_buf();
        // Files that the overlay names lie beside it. The name holds from the folder of the document too.
        let relative = match folder(path) == folder(base) {
            true => PathBuf::new(),
            false => identity(path).parent().map(Path::to_path_buf).unwrap_or_default(),
        };
        let node = self.alone(path, relative)?;
        self.refuse_foreign(&node, true)?;
        if let Some((key, mark)) = marks.iter().find_map(|key| Some((key, node.child(key)?))) {
            let error = mark.key_error(format!("a file that states `{key}` is no overlay"), "stated here");
            let help = format!("an overlay states none of {}, and only what it changes", marks.join(", "));
            self.found.push(error.help(help));
            return None;
        }
        Some(node)
    }

    /// Puts a tree over the files that it extends, which are merged in their order.
    fn with_parents(&mut self, mut node: Node, chain: &mut Vec<PathBuf>) -> Option<Node> {
        // A value of `extends` that is no text is an error of its shape, which the check reports.
        let Some(parents) = node.child("extends").and_then(names) else { return Some(node) };
        // Each value knows its text by now; what remains is one document that extends nothing.
        if let Some(table) = node.as_table_mut() {
            table.shift_remove("extends");
        }
        let mut below: Option<Node> = None;
        for name in &parents {
            let parent = self.parent(name, chain)?;
            below = Some(match below {
                Some(below) => merged(below, parent, self.rules),
                None => parent,
            });
        }
        Some(match below {
            Some(below) => merged(below, node, self.rules),
            None => node,
        })
    }

    /// Reads a file that another extends, and what that one extends.
    fn parent(&mut self, name: &Node, chain: &mut Vec<PathBuf>) -> Option<Node> {
        let target = name.as_str()?;
        let path = name.source.folder.join(target);
        let wrong = if chain.contains(&identity(&path)) {
            Some(name.error("the files extend each other in a ring", "this file leads back here"))
        } else if chain.len() > DEEPEST {
            Some(name.error(format!("more than {DEEPEST} files extend each other"), "this is one too many"))
        } else if self.files >= MOST_FILES {
            Some(name.error(format!("the document is made of more than {MOST_FILES} files"), "this is one too many"))
        } else {
            None
        };
        if let Some(error) = wrong {
            self.found.push(error);
            return None;
        }
        let relative = name.source.relative.join(Path::new(target).parent().unwrap_or(Path::new("")));
        let source = match self.source(&path, relative) {
            Ok(source) => source,
            Err(error) => {
                self.found.push(error.or_at(name, "named here"));
                return None;
            }
        };
        let node = self.parsed(&source)?;
        chain.push(identity(&path));
        let tree = self.with_parents(node, chain);
        chain.pop();
        tree
    }
}

/// The files that `extends` names: one, or several in a list.
fn names(extends: &Node) -> Option<Vec<Node>> {
    match &extends.value {
        Value::String(_) => Some(vec![extends.clone()]),
        Value::Array(items, _) if items.iter().all(|item| item.as_str().is_some()) => Some(items.clone()),
        _ => None,
    }
}

/// The identity of a file, however its path is spelled.
fn identity(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
}

#[cfg(test)]
mod tests {
    use schemars::JsonSchema;

    use super::*;
    use crate::document::over::Spared;
    use crate::document::schema::Schema;
    use crate::document::unions::OneOrMany;

    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only the schema is of interest")]
    struct House {
        extends: Option<OneOrMany<String>>,
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
        Oven { logs: u64, doors: u64 },
        Pump(u64),
    }

    /// Rooms without doors have no colour by `*`.
    fn cellars(house: &Node) -> Spared {
        let rooms = house.child("rooms").and_then(Node::as_table).into_iter().flatten();
        let cellars = rooms.filter(|(_, room)| room.child("doors").is_none());
        let entries = cellars.map(|(name, _)| name.clone()).collect();
        Spared { table: "rooms", keys: &["colour"], entries }
    }

    /// Two files of which the second extends the first, merged.
    fn merged(parent: &str, child: &str) -> (toml::Value, Vec<Diagnostic>) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("parent.toml"), parent).unwrap();
        let child_path = folder.path().join("child.toml");
        std::fs::write(&child_path, child).unwrap();
        let mut found = Vec::new();
        let schema = Schema::of::<House>("house");
        let tree =
            read(&child_path, &[], &[], Rules { schema: &schema, spares: cellars, foreign: |_, _| None }, &mut found);
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
    fn the_parameters_of_one_choice_merge() {
        let parent = "[heat.oven]\nlogs = 3\ndoors = 2";
        for (child, heat) in [("oven = { logs = 4 }", "oven = { logs = 4, doors = 2 }"), ("pump = 1", "pump = 1")] {
            let child = format!("extends = \"parent.toml\"\n[heat]\n{child}");
            assert_eq!(merged(parent, &child).0, toml(&format!("heat = {{ {heat} }}")));
        }
    }

    #[test]
    fn tables_with_headers_follow_and_lists_in_brackets_replace() {
        let parent = "[[guests]]\ndoors = 1";
        let header = "extends = \"parent.toml\"\n[[guests]]\ndoors = 2";
        assert_eq!(merged(parent, header).0, toml("guests = [{ doors = 1 }, { doors = 2 }]"));
        let brackets = "extends = \"parent.toml\"\nguests = [{ doors = 2 }]";
        assert_eq!(merged(parent, brackets).0, toml("guests = [{ doors = 2 }]"));
    }

    /// The text of several files, of which the first is read with overlays.
    fn with_overlays(files: &[&str], overlays: usize) -> (toml::Value, Vec<Diagnostic>) {
        let folder = tempfile::tempdir().unwrap();
        let path = |number: usize| folder.path().join(format!("{number}.toml"));
        for (number, text) in files.iter().enumerate() {
            std::fs::write(path(number), text).unwrap();
        }
        let mut found = Vec::new();
        let overlays: Vec<PathBuf> = (1..=overlays).map(path).collect();
        let schema = Schema::of::<House>("house");
        let rules = Rules { schema: &schema, spares: cellars, foreign: |_, _| None };
        let tree = read(&path(0), &overlays, &["guests", "extends"], rules, &mut found);
        (tree.map_or(toml::Value::Boolean(false), |tree| tree.to_toml()), found)
    }

    #[test]
    fn several_files_merge_in_their_order_and_the_file_itself_last() {
        let files = [
            "extends = ['1.toml', '2.toml']\n[rooms.a]\ndoors = 9",
            "[rooms.a]\ndoors = 1\ncolour = 'red'\n[rooms.b]\ndoors = 1",
            "[rooms.a]\ndoors = 2\ncolour = 'blue'\n[rooms.b]\ndoors = 2",
        ];
        let all = "[rooms]\na = { doors = 9, colour = 'blue' }\nb = { doors = 2 }";
        assert_eq!(with_overlays(&files, 0).0, toml(all));
    }

    #[test]
    fn a_star_stands_for_every_entry_that_there_is_and_a_name_goes_before_it() {
        let files = [
            "[rooms]\na = { doors = 1, colour = 'red' }\nb = { doors = 1 }",
            "[rooms]\na = { colour = 'green' }\n'*' = { colour = 'blue' }",
            "[rooms.'*']\ndoors = 5",
        ];
        let all = "[rooms]\na = { doors = 5, colour = 'green' }\nb = { doors = 5, colour = 'blue' }";
        let (tree, found) = with_overlays(&files, 2);
        assert!(tree == toml(all) && found.is_empty(), "{tree} {found:?}");
    }

    #[test]
    fn a_star_stands_for_nothing_where_there_is_no_entry() {
        let (tree, found) = with_overlays(&["[heat]\nstove = 3", "[rooms.'*']\ndoors = 5"], 1);
        assert!(tree == toml("rooms = {}\n[heat]\nstove = 3") && found.is_empty(), "{tree} {found:?}");
    }

    #[test]
    fn a_star_leaves_out_what_it_does_not_state_for_an_entry_and_a_name_goes_before_it() {
        let files = [
            "[rooms]\na = { doors = 1, colour = 'red' }\nb = { doors = 2 }\ncellar = {}",
            "[rooms]\na = { colour = 'green' }\n'*' = { colour = 'blue', doors = 5 }",
        ];
        let all =
            "[rooms]\na = { doors = 5, colour = 'green' }\nb = { doors = 5, colour = 'blue' }\ncellar = { doors = 5 }";
        let (tree, found) = with_overlays(&files, 1);
        assert!(tree == toml(all) && found.is_empty(), "{tree} {found:?}");
    }

    #[test]
    fn an_error_in_an_overlay_is_located_there() {
        let base = "[rooms.a]\ndoors = 1";
        for (overlay, title) in
            [("[rooms.a]\nguests = 3\n", ""), ("\nguests = []", "`guests` is no overlay"), ("x =", "TOML")]
        {
            let (_, found) = with_overlays(&[base, overlay], 1);
            let [error] = &found[..] else {
                assert!(title.is_empty(), "{found:?}");
                continue;
            };
            let (name, line) = error.location().unwrap();
            assert!(error.title.contains(title) && name.ends_with("1.toml") && line > 0, "{error:?}");
        }
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
