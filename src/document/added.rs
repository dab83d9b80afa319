//! Names that overlays add to a document: whole entries, or typing errors.

use super::check::missing_in;
use super::diagnostics::{Diagnostic, quoted, suggest};
use super::schema::Shape;
use super::tree::Node;

/// Takes out of a document what its overlays added under a name of their own and left incomplete, and reports each. `below` is the
/// document without its overlays, whose first file gives the document its name in messages.
pub(super) fn refuse_incomplete(below: &Node, tree: &mut Node, root: Shape<'_>, found: &mut Vec<Diagnostic>) {
    Added { document: &below.source.name, found }.within(Some(below), tree, root, "");
}

struct Added<'a> {
    document: &'a str,
    found: &'a mut Vec<Diagnostic>,
}

impl Added<'_> {
    /// Looks through one value of the document, which a table has under the key `what`.
    fn within(&mut self, below: Option<&Node>, node: &mut Node, shape: Shape<'_>, what: &str) {
        let known = below.and_then(Node::as_table);
        let named = shape.forms().into_iter().find_map(Shape::names);
        let Some(table) = node.as_table_mut() else { return };
        let Some(entry) = named else {
            for (key, child) in table.iter_mut() {
                if let Some(shape) = shape.child(key) {
                    self.within(known.and_then(|known| known.get(key)), child, shape, key);
                }
            }
            return;
        };
        table.retain(|name, child| {
            if let Some(before) = known.and_then(|known| known.get(name)) {
                self.within(Some(before), child, entry, name);
                return true;
            }
            let missing = missing_in(child, entry);
            if !missing.is_empty() {
                let title = format!("{} has no {what} {}", self.document, quoted(name));
                let label = format!("{} missing for a new one", is_missing(&missing));
                let names = known.into_iter().flat_map(|known| known.keys().map(String::as_str));
                self.found.push(child.key_error(title, label).help(suggest(name, names)));
            }
            missing.is_empty()
        });
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
