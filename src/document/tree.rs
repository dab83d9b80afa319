//! A document as a tree in which every key and value knows its place in a text.
//!
//! Checks, settings of the command line, changes of the timeline and `extends` all work on this tree, so that a message
//! points at the text that caused it, in whichever file or setting.

use std::ops::Range;
use std::sync::Arc;

use indexmap::IndexMap;
use toml::de::{DeTable, DeValue};

use super::diagnostics::{Diagnostic, Place};
use super::kind::Kind;
use super::source::Source;
use super::syntax;

/// A value with its place.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub value: Value,
    /// The range of the key; of the value itself for elements of lists.
    pub key_span: Range<usize>,
    /// The range of the value; of the header for a table written with one.
    pub span: Range<usize>,
    /// The text that both ranges lie in.
    pub source: Arc<Source>,
    /// Whether the value stands in for a wrong one, so that the rest can still be checked.
    pub placeholder: bool,
}

/// A TOML value.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    String(String),
    /// `None` if the number does not fit into 64 bits.
    Integer(Option<i64>),
    Float(f64),
    Boolean(bool),
    Datetime(toml::value::Datetime),
    /// The elements, and whether they were written as `[[name]]` tables.
    Array(Vec<Node>, bool),
    Table(IndexMap<String, Node>),
}

impl Value {
    /// The type of the value.
    pub fn kind(&self) -> Kind {
        match self {
            Value::String(_) => Kind::Text,
            Value::Integer(_) => Kind::Whole,
            Value::Float(_) => Kind::Number,
            Value::Boolean(_) => Kind::Boolean,
            Value::Datetime(_) => Kind::DateTime,
            Value::Array(..) => Kind::List,
            Value::Table(_) => Kind::Table,
        }
    }
}

impl Node {
    /// Reads a TOML text; all errors of its syntax are found at once.
    pub fn parse(source: &Arc<Source>) -> Result<Node, Vec<Diagnostic>> {
        let (table, errors) = DeTable::parse_recoverable(&source.text);
        if !errors.is_empty() {
            return Err(syntax::errors(&errors, source));
        }
        let start = source.text.len() - source.text.trim_start().len();
        let first_line = source.text[start..].find('\n').map_or(source.text.len(), |length| start + length);
        let mut root = Node::new(convert(&DeValue::Table(table.into_inner()), source, 0), source, start..first_line);
        // The root has no text of its own; missing keys of the document are reported at its first line.
        root.key_span = root.span.clone();
        Ok(root)
    }

    /// Reads one TOML value from the rest of a text, from `offset` on.
    pub fn parse_value(source: &Arc<Source>, offset: usize) -> Result<Node, Vec<Diagnostic>> {
        let (value, errors) = DeValue::parse_recoverable(&source.text[offset..]);
        if !errors.is_empty() {
            return Err(errors.iter().map(|error| syntax::error(error, source, offset)).collect());
        }
        Ok(Node::new(convert(value.get_ref(), source, offset), source, offset..source.text.len()))
    }

    /// A value at a place, which is that of its key too.
    pub fn new(value: Value, source: &Arc<Source>, span: Range<usize>) -> Node {
        Node { value, key_span: span.clone(), span, source: Arc::clone(source), placeholder: false }
    }

    /// An empty table at the same place.
    pub fn empty(&self) -> Node {
        let (key_span, source) = (self.key_span.clone(), Arc::clone(&self.source));
        Node { value: Value::Table(IndexMap::new()), key_span, span: self.span.clone(), source, placeholder: false }
    }

    /// The table, if the value is one.
    pub fn as_table(&self) -> Option<&IndexMap<String, Node>> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The table to be changed, if the value is one.
    pub fn as_table_mut(&mut self) -> Option<&mut IndexMap<String, Node>> {
        match &mut self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The text, if the value is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a key of a table, or of an index of a list.
    pub fn child(&self, part: &str) -> Option<&Node> {
        match &self.value {
            Value::Table(table) => table.get(part),
            Value::Array(items, _) => items.get(part.parse::<usize>().ok()?),
            _ => None,
        }
    }

    /// The value of a key of a table, or of an index of a list, to be changed.
    pub fn child_mut(&mut self, part: &str) -> Option<&mut Node> {
        match &mut self.value {
            Value::Table(table) => table.get_mut(part),
            Value::Array(items, _) => items.get_mut(part.parse::<usize>().ok()?),
            _ => None,
        }
    }

    /// The node of a dotted path, or its nearest ancestor that stands in the document; and whether it is the node itself.
    ///
    /// A key may hold dots, as in `set = { "pool.api.servers" = 9 }`: the whole rest of a path may be one key.
    pub fn nearest(&self, path: &str) -> (&Node, bool) {
        let (mut node, mut rest) = (self, path);
        while !rest.is_empty() {
            let (part, below) = rest.split_once('.').unwrap_or((rest, ""));
            (node, rest) = match (node.child(rest), node.child(part)) {
                (Some(child), _) => (child, ""),
                (None, Some(child)) => (child, below),
                (None, None) => return (node, false),
            };
        }
        (node, true)
    }

    /// Whether this value or one below it stands in for a wrong one.
    pub fn doubtful(&self) -> bool {
        self.placeholder
            || match &self.value {
                Value::Table(table) => table.values().any(Node::doubtful),
                Value::Array(items, _) => items.iter().any(Node::doubtful),
                _ => false,
            }
    }

    /// Whether a table that holds things of a kind by name has lost names, so that any name may be meant; `what` is the kind, or
    /// several with "or" between them.
    pub fn has_lost_names(&self, what: &str) -> bool {
        what.split(" or ").any(|kind| self.child(kind).is_some_and(|table| table.placeholder))
    }

    /// Whether this value stands in for a wrong one, or a plain value directly below it does.
    pub fn doubtful_itself(&self) -> bool {
        let plain = |node: &Node| node.placeholder && !matches!(node.value, Value::Table(_) | Value::Array(..));
        self.placeholder
            || match &self.value {
                Value::Table(table) => table.values().any(plain),
                Value::Array(items, _) => items.iter().any(plain),
                _ => false,
            }
    }

    /// The values without their places.
    pub fn to_toml(&self) -> toml::Value {
        match &self.value {
            Value::String(text) => toml::Value::String(text.clone()),
            Value::Integer(number) => toml::Value::Integer(number.unwrap_or(i64::MAX)),
            Value::Float(number) => toml::Value::Float(*number),
            Value::Boolean(value) => toml::Value::Boolean(*value),
            Value::Datetime(value) => toml::Value::Datetime(*value),
            Value::Array(items, _) => toml::Value::Array(items.iter().map(Node::to_toml).collect()),
            Value::Table(table) => {
                toml::Value::Table(table.iter().map(|(key, node)| (key.clone(), node.to_toml())).collect())
            }
        }
    }

    /// An error whose caret is under the value.
    pub fn error(&self, title: impl Into<String>, label: impl Into<String>) -> Diagnostic {
        Diagnostic::error(title).at(&self.source, self.span.clone(), label)
    }

    /// The same error with its caret under the value if it has no place, such as one about a file that the value names.
    pub fn locate(&self, error: Diagnostic, label: &str) -> Diagnostic {
        match error.place {
            Some(_) => error,
            None => error.at(&self.source, self.span.clone(), label),
        }
    }

    /// Whether an error points at this value, or at one below it.
    pub fn is_place_of(&self, error: &Diagnostic) -> bool {
        let Some(Place { source, span }) = &error.place else { return false };
        let covers = |range: &Range<usize>| range.start <= span.start && span.end <= range.end;
        let here = Arc::ptr_eq(source, &self.source) && (covers(&self.span) || covers(&self.key_span));
        here || match &self.value {
            Value::Table(table) => table.values().any(|child| child.is_place_of(error)),
            Value::Array(items, _) => items.iter().any(|child| child.is_place_of(error)),
            _ => false,
        }
    }

    /// An error whose caret is under the key.
    pub fn key_error(&self, title: impl Into<String>, label: impl Into<String>) -> Diagnostic {
        Diagnostic::error(title).at(&self.source, self.key_span.clone(), label)
    }
}

fn convert(value: &DeValue<'_>, source: &Arc<Source>, offset: usize) -> Value {
    let place = |span: Range<usize>| offset + span.start..offset + span.end;
    match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(number) => Value::Integer(i64::from_str_radix(number.as_str(), number.radix()).ok()),
        DeValue::Float(number) => Value::Float(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(value) => Value::Boolean(*value),
        DeValue::Datetime(value) => Value::Datetime(*value),
        DeValue::Array(items) => {
            let nodes = items
                .iter()
                .map(|item| Node::new(convert(item.get_ref(), source, offset), source, place(item.span())))
                .collect::<Vec<_>>();
            // The parser does not say how an array was written; for `[[name]]` the place of the first table is its
            // header.
            let headers = items.first().is_some_and(|first| {
                let text = source.text.get(place(first.span())).unwrap_or_default();
                text.starts_with("[[") && first.get_ref().is_table()
            });
            Value::Array(nodes, headers)
        }
        DeValue::Table(table) => Value::Table(
            table
                .iter()
                .map(|(key, item)| {
                    let mut node = Node::new(convert(item.get_ref(), source, offset), source, place(item.span()));
                    node.key_span = place(key.span());
                    (key.get_ref().to_string(), node)
                })
                .collect(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::source::Origin;

    fn tree(text: &str) -> Node {
        Node::parse(&Source::new("a.toml", text, Origin::File(0))).unwrap()
    }

    /// The text of a value.
    fn at<'n>(tree: &'n Node, path: &str) -> (&'n str, bool) {
        let (node, exact) = tree.nearest(path);
        (&node.source.text[node.span.clone()], exact)
    }

    #[test]
    fn every_value_knows_its_place() {
        let tree = tree("size = 3\n[pool.api]\nservers = [4, 5]\n");
        assert_eq!(at(&tree, "size"), ("3", true));
        assert_eq!(at(&tree, "pool.api.servers.1"), ("5", true));
        assert_eq!(at(&tree, "pool.api.servers.7"), ("[4, 5]", false));
        assert!(!at(&tree, "pool.web.servers").1);
        assert_eq!(at(&tree, ""), ("size = 3", true));
    }

    #[test]
    fn a_key_that_stands_twice_is_told_with_the_line_of_the_first() {
        for (text, line) in [
            ("a = 1\na = 2", 1),
            ("[pool.api]\nservers = 1\n[pool.web]\nservers = 2\n[pool.api]\n", 1),
            ("[pool.web]\nservers = 2\n[pool.api]\nservers = 1\n\"servers\" = 3 # again", 4),
            ("[[change]]\nat = 1\n[[change]]\nat = 2\nat = 3", 4),
            ("[pool]\napi.servers = 1\napi.servers = 2", 2),
        ] {
            let errors = Node::parse(&Source::new("a.toml", text, Origin::File(0))).unwrap_err();
            assert_eq!(errors[0].label, format!("duplicate key; the first is in line {line}"), "{text}");
        }
    }

    #[test]
    fn a_path_finds_a_key_that_holds_dots() {
        let tree = tree("set = { \"pool.api.servers\" = 9, pool.web.servers = 8 }");
        assert_eq!(at(&tree, "set.pool.api.servers"), ("9", true));
        assert_eq!(at(&tree, "set.pool.web.servers"), ("8", true));
    }

    #[test]
    fn a_list_remembers_whether_it_was_written_with_headers() {
        let tree = tree("plain = [{ x = 1 }]\n[[change]]\nx = 1\n[[change]]\nx = 2\n");
        let headers = |key: &str| matches!(tree.child(key).unwrap().value, Value::Array(_, true));
        assert!(headers("change") && !headers("plain"));
    }

    #[test]
    fn a_number_of_more_than_64_bits_is_kept_as_such() {
        assert!(matches!(tree("x = 99999999999999999999").child("x").unwrap().value, Value::Integer(None)));
        assert!(matches!(tree("x = 0xff").child("x").unwrap().value, Value::Integer(Some(255))));
    }
}
