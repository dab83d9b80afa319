//! Names that files add to a document over others: whole entries, or typing errors.

use super::check::fill;
use super::diagnostics::{Diagnostic, quoted, suggest};
use super::schema::Shape;
use super::tree::Node;

/// A document, or the files that another extends, before more is put over it.
pub(super) struct Below {
    /// What messages call it, with its verb: `base.toml has`.
    pub called: String,
    /// Its tree.
    pub tree: Node,
}

impl Below {
    /// What lies in these files, merged.
    pub fn of(files: &[&str], tree: Node) -> Below {
        Below { called: format!("{} has", files.join(" with ")), tree }
    }

    /// Reports each entry that was put over these files under a name of its own and left incomplete in the whole document. What
    /// is missing in it is filled in, so that nothing else is said about that.
    pub fn refuse_incomplete(&self, whole: &mut Node, root: Shape<'_>, found: &mut Vec<Diagnostic>) {
        Added { below: &self.called, found }.within(Some(&self.tree), whole, root, "");
    }
}

struct Added<'a> {
    below: &'a str,
    found: &'a mut Vec<Diagnostic>,
}

impl Added<'_> {
    /// Looks through one value of the document, which a table has under the key `what`.
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
