//! `extends` and overlays: documents that change others.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::added::Below;
use super::diagnostics::Diagnostic;
use super::files;
use super::over::{Rules, merged};
use super::source::{Origin, Source};
use super::tree::{Node, Value};
use super::wanted;

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
    let mut reading = Reading { rules, files: 0, below: Vec::new(), found };
    let mut tree = reading.file(path, PathBuf::new(), &mut Vec::new())?;
    if !overlays.is_empty() {
        reading.below.push(Below::of(&[&tree.source.name], tree.clone()));
    }
    for overlay in overlays {
        let node = reading.overlay(overlay, path, marks)?;
        tree = merged(tree, node, rules);
    }
    Some(reading.whole(tree))
}

/// Reads a file that may be an overlay: the tree of the file alone, and whether it states none of the keys `marks`.
pub(crate) fn read_alone(
    path: &Path,
    marks: &[&str],
    rules: Rules<'_>,
    found: &mut Vec<Diagnostic>,
) -> Option<(Node, bool)> {
    let node = Reading { rules, files: 0, below: Vec::new(), found }.alone(path, PathBuf::new())?;
    let is_overlay = marks.iter().all(|key| node.child(key).is_none());
    Some((node, is_overlay))
}

/// Parses a text and reads the files that it extends into one tree; `None` after an error, which is then in `found`.
pub(crate) fn parse(source: &Arc<Source>, rules: Rules<'_>, found: &mut Vec<Diagnostic>) -> Option<Node> {
    let mut reading = Reading { rules, files: 1, below: Vec::new(), found };
    let node = reading.parsed(source)?;
    let tree = reading.with_parents(node, &mut Vec::new())?;
    Some(reading.whole(tree))
}

/// The files that are read into one tree.
struct Reading<'a> {
    rules: Rules<'a>,
    /// Number of files so far.
    files: usize,
    /// The documents below the present file, the innermost first.
    below: Vec<Below>,
    found: &'a mut Vec<Diagnostic>,
}

impl Reading<'_> {
    /// The whole document, after the entries that its files added and left incomplete were reported.
    fn whole(self, mut tree: Node) -> Node {
        for below in self.below.iter().rev() {
            below.refuse_incomplete(&mut tree, self.rules.schema.root(), self.found);
        }
        tree
    }

    /// Reads a file and what it extends; `chain` lists the files that led here.
    fn file(&mut self, path: &Path, relative: PathBuf, chain: &mut Vec<PathBuf>) -> Option<Node> {
        let node = self.alone(path, relative)?;
        self.refuse_foreign(&node, false)?;
        chain.push(identity(path));
        let tree = self.with_parents(node, chain);
        chain.pop();
        tree
    }

    /// Reports a file of another kind than wanted and returns `None`.
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
        files::read(path, Origin::File(self.files - 1), relative)
    }

    fn parsed(&mut self, source: &Arc<Source>) -> Option<Node> {
        wanted::read(self.rules.schema, source).map_err(|errors| self.found.extend(errors)).ok()
    }

    /// Reads an overlay of the document at `base`.
    fn overlay(&mut self, path: &Path, base: &Path, marks: &[&str]) -> Option<Node> {
        let folder = |path: &Path| path.parent().unwrap_or(Path::new("")).to_path_buf();
        // Paths in the overlay are relative to its folder; here they become relative to the folder of the document.
        let relative = if folder(path) == folder(base) {
            PathBuf::new()
        } else {
            identity(path).parent().map(Path::to_path_buf).unwrap_or_default()
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
        // Each value keeps its source, so the merged document needs no `extends`.
        if let Some(table) = node.as_table_mut() {
            table.shift_remove("extends");
        }
        let mut files: Vec<&str> = Vec::new();
        let mut below: Option<Node> = None;
        for name in &parents {
            let parent = self.parent(name, chain)?;
            below = Some(match below {
                Some(below) => self.over(&files, below, parent),
                None => parent,
            });
            files.extend(name.as_str());
        }
        Some(match below {
            Some(below) => self.over(&files, below, node),
            None => node,
        })
    }

    /// Puts a tree over that of other files.
    fn over(&mut self, files: &[&str], below: Node, above: Node) -> Node {
        self.below.push(Below::of(files, below.clone()));
        merged(below, above, self.rules)
    }

    /// Reads a file that another extends, with the files that it extends itself.
    fn parent(&mut self, name: &Node, chain: &mut Vec<PathBuf>) -> Option<Node> {
        let target = name.as_str()?;
        let path = name.source.folder.join(target);
        let wrong = if target.is_empty() {
            Some(name.error("the name of the file is empty", "no file has this name"))
        } else if chain.contains(&identity(&path)) {
            Some(name.error("the files extend each other in a ring", "this file leads back here"))
        } else if chain.len() > DEEPEST {
            Some(name.error(format!("more than {DEEPEST} files extend one another in a row"), "one too many"))
        } else if self.files >= MOST_FILES {
            Some(name.error(format!("the document is made of more than {MOST_FILES} files"), "one too many"))
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
                self.found.push(name.locate(error, "named here"));
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
mod tests;
