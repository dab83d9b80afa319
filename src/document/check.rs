//! The first check of a document: has the tree the shape that the schema describes?
//!
//! Every error of the document is found in one pass. A wrong value is replaced by a placeholder, so that the second
//! check, of the meaning of values, can examine the rest.

mod flaw;
mod placeholder;
mod strays;

use indexmap::{IndexMap, IndexSet};

use super::diagnostics::{Diagnostic, Diagnostics, called_so, elsewhere, nearest, quoted, suggest};
use super::kind::Kind;
use super::moments::DateTime;
use super::schema::{Schema, Shape};
use super::source::{Origin, Source};
use super::tree::{Node, Value};
pub(super) use flaw::sample;
use flaw::{
    Flaw, bare_choice, belongs_below, example, expected, length_flaw, missing_key, number_flaw, share_flaw, text_flaw,
    wanted, wrong_type,
};

/// Number of errors after which no nearest names are searched, so that a file of noise is refused quickly.
const SUGGESTED: usize = 200;

/// Checks the shape of a document; a wrong value is reported and replaced by a placeholder.
pub(crate) fn check(root: &mut Node, schema: &Schema) -> Vec<Diagnostic> {
    let mut checker = Checker::of(root, schema);
    checker.value(root, schema.root());
    checker.found
}

/// Fills the missing keys of a table with placeholders and returns these keys; for a choice, the keys of which one is
/// missing. A mistyped key does not count as missing.
pub(super) fn fill(node: &mut Node, shape: Shape<'_>) -> Vec<String> {
    let place = node.empty();
    let form = shape.forms().into_iter().find(|form| form.kind() == Kind::Table);
    let (Some(form), Some(table)) = (form, node.as_table_mut()) else { return Vec::new() };
    let wrong = table.keys().filter(|key| form.key(key).is_none() && form.names().is_none() && !form.is_open());
    let known = || form.keys().map(|(key, _)| key);
    let meant: Vec<&str> = wrong.filter_map(|key| form.renamed(key).or_else(|| nearest(key, known()))).collect();
    filled(&place, table, form, &meant).iter().map(Missing::name).collect()
}

/// Values that a key takes in the place of a text that it does not take, with a help or an example; `None` where the text is right.
pub(super) fn instead_of_text(text: &str, key: &str, shape: Shape<'_>) -> Option<String> {
    let source = Source::new("", text, Origin::Question);
    let mut node = Node::new(Value::String(text.to_owned()), &source, 0..text.len());
    let mut checker = Checker { found: Vec::new(), is_part: true, of_file: Vec::new() };
    checker.value(&mut node, shape);
    let help = checker.found.into_iter().next()?.help.filter(|help| help.starts_with("write"));
    let more = match (help, sample(shape)) {
        (Some(help), _) => format!("; {help}"),
        (None, Some(example)) => format!(", for example {key} = {example}"),
        (None, None) => String::new(),
    };
    Some(format!("`{key}` takes {}{more}", wanted(&shape.forms())))
}

/// Checks the shape of a part of a document, whose missing keys may stand in other parts.
pub(crate) fn check_part(root: &mut Node, schema: &Schema) -> Vec<Diagnostic> {
    let mut checker = Checker { is_part: true, ..Checker::of(root, schema) };
    checker.value(root, schema.root());
    checker.found
}

struct Checker {
    found: Vec<Diagnostic>,
    /// Whether missing keys may stand in other parts of the document.
    is_part: bool,
    /// Keys of the document outside of its tables, and whether the document has them there.
    of_file: Vec<(String, bool)>,
}

/// A key that is missing in a table.
enum Missing<'s> {
    /// A key of this shape.
    Key(&'s str, Shape<'s>),
    /// One of these keys.
    OneOf(Vec<&'s str>),
}

impl Missing<'_> {
    /// The key, or the keys of which one is missing.
    fn name(&self) -> String {
        match self {
            Missing::Key(key, _) => (*key).to_owned(),
            Missing::OneOf(keys) => keys.join("` or `"),
        }
    }

    /// The error of the table at `place`.
    fn error(&self, place: &Node) -> Diagnostic {
        match self {
            Missing::Key(key, shape) => missing_key(place, key, *shape),
            Missing::OneOf(keys) => {
                let help = format!("write exactly one of {}", keys.join(", "));
                place.error("a choice is missing", "nothing is chosen here").help(help)
            }
        }
    }
}

/// Fills the missing keys of a table with placeholders. Returns the missing keys, except those that `meant` lists: a
/// mistyped key has a message already.
fn filled<'s>(place: &Node, table: &mut IndexMap<String, Node>, form: Shape<'s>, meant: &[&str]) -> Vec<Missing<'s>> {
    let absent = form.required().filter(|key| !table.contains_key(*key)).collect::<Vec<_>>();
    let choice = form.choice();
    let nothing_chosen = !table.keys().any(|key| choice.contains(&key.as_str()));
    let mut missing = Vec::new();
    for key in absent {
        let shape = form.key(key).unwrap_or(form.any());
        if !meant.contains(&key) {
            missing.push(Missing::Key(key, shape));
        }
        table.insert(key.to_owned(), placeholder::at(place, shape));
    }
    if let Some(first) = choice.first().filter(|_| nothing_chosen) {
        table.insert((*first).to_owned(), placeholder::at(place, form.key(first).unwrap_or(form.any())));
        if !choice.iter().any(|key| meant.contains(key)) {
            missing.push(Missing::OneOf(choice));
        }
    }
    missing
}

impl Checker {
    /// The checker of a whole document.
    fn of(root: &Node, schema: &Schema) -> Checker {
        let form = schema.root();
        let is_plain =
            |shape: &Shape<'_>| !shape.forms().iter().any(|form| matches!(form.kind(), Kind::Table | Kind::List));
        let plain = form.keys().filter(|(_, shape)| is_plain(shape));
        let of_file = plain.map(|(key, _)| (key.to_owned(), root.child(key).is_some())).collect();
        Checker { found: Vec::new(), is_part: false, of_file }
    }

    /// The key of the document that a key behind the header of a table is meant for: one of that name that the document lacks, or where
    /// the table has what the key is taken for, one that other tools call so.
    fn behind_a_header(&self, key: &str, is_taken: bool) -> Option<String> {
        let lacks = self.of_file.iter().any(|(known, has)| known == key && !has);
        let known = || self.of_file.iter().map(|(known, _)| known.as_str());
        let called = || called_so(key, known()).filter(|_| is_taken);
        let meant = if lacks { Some(key) } else { called() };
        meant.map(|meant| format!("`{meant}` is a key of the file: write it above the first table"))
    }

    fn value(&mut self, node: &mut Node, shape: Shape<'_>) {
        // A placeholder has its shape, though its lists may be empty.
        if self.found.len() >= Diagnostics::MOST || node.placeholder {
            return;
        }
        let forms = shape.forms();
        if forms.is_empty() || forms.iter().any(|form| form.kind() == Kind::Any) {
            return self.any(node);
        }
        shape.write_out(node);
        let given = node.value.kind();
        let fitting = forms.iter().copied().find(|form| given.fits(form.kind()));
        // Where only a share is allowed, its own message says how to write one.
        let only_share = || forms.iter().copied().find(|form| forms.len() == 1 && form.kind() == Kind::Share);
        let Some(form) = fitting.or_else(only_share) else {
            return self.wrong(node, forms[0], wrong_type(node, &forms, shape));
        };
        let flaw = match &node.value {
            value if form.kind() == Kind::Share => share_flaw(value),
            Value::String(text) => text_flaw(text, form, &forms),
            Value::Datetime(value) => {
                value.to_string().parse::<DateTime>().err().map(|label| Flaw::new(expected(form), label, ""))
            }
            Value::Integer(None) => {
                let range = form.range().unwrap_or_default();
                Some(Flaw::new("the number is too large", "it does not fit into 64 bits", range))
            }
            Value::Integer(Some(number)) => number_flaw(*number as f64, form),
            Value::Float(number) => number_flaw(*number, form),
            Value::Boolean(_) => None,
            Value::Array(..) => return self.list(node, form),
            Value::Table(table) => match bare_choice(table, &forms) {
                Some(flaw) => Some(flaw),
                None => return self.table(node, form),
            },
        };
        if let Some(flaw) = flaw {
            self.wrong(node, form, flaw);
        }
    }

    /// Reports a value and replaces it by a placeholder.
    fn wrong(&mut self, node: &mut Node, shape: Shape<'_>, flaw: Flaw) {
        self.found.push(node.error(flaw.title, flaw.label).help(flaw.help));
        *node = placeholder::at(node, shape);
    }

    fn list(&mut self, node: &mut Node, form: Shape<'_>) {
        let Value::Array(items, _) = &mut node.value else { return };
        let count = items.len() as u64;
        let (least, most) = form.lengths();
        if count < least || count > most {
            return self.wrong(node, form, length_flaw(count, form));
        }
        for (index, item) in items.iter_mut().enumerate() {
            if let Some(shape) = form.element(index) {
                self.value(item, shape);
            }
        }
    }

    fn table(&mut self, node: &mut Node, form: Shape<'_>) {
        let place = node.empty();
        if let Some(entry) = form.names() {
            self.found.extend(strays::taken_out(node, entry));
        }
        let Value::Table(table) = &mut node.value else { return };
        let choice = form.choice();
        self.at_most_one_of(table, &choice);
        let mut unknown = IndexSet::new();
        for (key, child) in table.iter_mut() {
            match form.key(key).or_else(|| form.names()) {
                Some(shape) => self.value(child, shape),
                None if form.is_open() => self.any(child),
                None => {
                    unknown.insert(key.clone());
                }
            }
        }
        let meant = self.unknown_keys(table, &unknown, form);
        table.retain(|key, _| !unknown.contains(key));
        if self.is_part {
            return;
        }
        let missing = filled(&place, table, form, &meant);
        self.found.extend(missing.iter().map(|missing| missing.error(&place)));
    }

    /// Reports unknown keys; returns the known keys that were probably meant.
    fn unknown_keys<'s>(
        &mut self,
        table: &IndexMap<String, Node>,
        unknown: &IndexSet<String>,
        form: Shape<'s>,
    ) -> Vec<&'s str> {
        let known = || form.keys().map(|(key, _)| key);
        let mut meant = Vec::new();
        for (key, child) in unknown.iter().filter_map(|key| table.get_key_value(key)) {
            if let Some(now) = form.renamed(key) {
                meant.push(now);
                self.found.push(renamed_key(child, key, now));
                continue;
            }
            let mut error = child.key_error(format!("unknown key {}", quoted(key)), "no such key here");
            if self.found.len() < SUGGESTED {
                let near = nearest(key, known());
                let of_file = self.behind_a_header(key, near.is_some_and(|near| table.contains_key(near)));
                let below = near.is_none().then(|| belongs_below(key, form)).flatten();
                meant.extend(near.or(below.as_ref().map(|(parent, _)| *parent)));
                let word = near.is_none().then(|| elsewhere(key)).flatten();
                let chosen = child.as_str().filter(|text| form.choice().contains(text));
                meant.extend(chosen.and_then(|text| form.choice().into_iter().find(|key| *key == text)));
                error = match (below, word) {
                    _ if let Some(of_file) = of_file => error.help(of_file),
                    _ if let Some(chosen) = chosen => error.help(as_choice(chosen, form)),
                    (Some((_, help)), _) => error.help(help),
                    (None, Some(meant)) => error.help(format!("the word here is `{meant}`, in another table")),
                    (None, None) => error.help(suggest(key, known())),
                };
            }
            self.found.push(error);
        }
        meant
    }

    /// Reports keys of a choice beside the first one, and removes them, so that no further error is reported for them.
    fn at_most_one_of(&mut self, table: &mut IndexMap<String, Node>, choice: &[&str]) {
        let mut present = table.keys().filter(|key| choice.contains(&key.as_str())).cloned();
        let Some(kept) = present.next() else { return };
        for key in present.collect::<Vec<_>>() {
            if let Some(child) = table.shift_remove(&key) {
                let title = format!("`{key}` cannot stand beside `{kept}`");
                let help = format!("write exactly one of {}", choice.join(", "));
                self.found.push(child.key_error(title, "one too many").help(help));
            }
        }
    }

    /// A value of any type, such as one that a change sets; only numbers that cannot be calculated with are refused.
    fn any(&mut self, node: &mut Node) {
        match &mut node.value {
            Value::Float(number) if !number.is_finite() => {
                self.found.push(node.error("expected a finite number", "not finite"));
                node.value = Value::Float(1.0);
                node.placeholder = true;
            }
            Value::Integer(None) => {
                self.found.push(node.error("the number is too large", "it does not fit into 64 bits"));
                node.placeholder = true;
            }
            Value::Array(items, _) => items.iter_mut().for_each(|item| self.any(item)),
            Value::Table(table) => table.values_mut().for_each(|item| self.any(item)),
            _ => {}
        }
    }
}

/// The help for a choice whose name stands as the text of a key: `type = "exponential"`.
fn as_choice(chosen: &str, form: Shape<'_>) -> String {
    let example = form.key(chosen).and_then(example).unwrap_or_else(|| "{ … }".to_owned());
    format!("the name is the key: {{ {chosen} = {example} }}")
}

/// The error for a key that has been renamed.
pub(super) fn renamed_key(node: &Node, former: &str, now: &str) -> Diagnostic {
    node.key_error(format!("{} is called `{now}` now", quoted(former)), "renamed").help(format!("write `{now}`"))
}

#[cfg(test)]
mod tests;
