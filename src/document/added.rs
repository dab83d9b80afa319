//! Names that a file adds to those of the files below it: complete entries, or typing errors.

use super::check::fill;
use super::diagnostics::{Diagnostic, quoted, suggest};
use super::schema::Shape;
use super::tree::Node;

/// The document below a file: another document, or the files that this one extends.
pub(super) struct Below {
    /// Its name in messages, with a verb: `base.toml has`.
    pub called: String,
    /// Its tree.
    pub tree: Node,
}

impl Below {
    /// The merged tree of these files.
    pub fn of(files: &[&str], tree: Node) -> Below {
        Below { called: format!("{} has", files.join(" with ")), tree }
    }

    /// Reports each entry with a new name that is incomplete in the whole document. Its missing keys are filled in, so
    /// that no further error is reported for them.
    pub fn refuse_incomplete(&self, whole: &mut Node, root: Shape<'_>, found: &mut Vec<Diagnostic>) {
        Added { below: &self.called, found }.within(Some(&self.tree), whole, root, "");
    }
}

struct Added<'a> {
    below: &'a str,
    found: &'a mut Vec<Diagnostic>,
}

impl Added<'_> {
    /// Searches one value of the document, which a table has under the key `what`.
    fn within(&mut self, below: Option<&Node>, node: &mut Node, shape: Shape<'_>, what: &str) {
        let known = below.and_then(Node::as_table);
        let named = shape.forms().into_iter().find_map(Shape::names);
        let Some(table) = node.as_table_mut() else { return };
        for (key, child) in table.iter_mut() {
            let before = known.and_then(|known| known.get(key));
            match named {
                Some(entry) if before.is_none() => {
                    let missing = fill(child, entry);
                    if !missing.is_empty() {
                        let title = format!("{} no {what} {}", self.below, quoted(key));
                        let label = format!("{} missing for a new one", is_missing(&missing));
                        let names = known.into_iter().flat_map(|known| known.keys().map(String::as_str));
                        self.found.push(child.key_error(title, label).help(suggest(key, names)));
                    }
                }
                Some(entry) => self.within(before, child, entry, key),
                None => {
                    if let Some(shape) = shape.child(key) {
                        self.within(before, child, shape, key);
                    }
                }
            }
        }
    }
}

/// The keys that are missing, as the subject of a sentence.
fn is_missing(keys: &[String]) -> String {
    let keys: Vec<String> = keys.iter().map(|key| quoted(key)).collect();
    match keys.as_slice() {
        [only] => format!("{only} is"),
        [first @ .., last] => format!("{} and {last} are", first.join(", ")),
        [] => String::new(),
    }
}
