//! The file as a tree in which every key and value knows where it stands.
//!
//! Checks, `--set`, the timeline and `extends` all work on this tree, so that any message can point
//! at the very text that caused it, whichever file or setting that came from.

use std::ops::Range;
use std::sync::Arc;

use indexmap::IndexMap;
use toml::de::{DeTable, DeValue};

use super::diagnostics::{Diagnostic, short};
use super::paths;
use super::source::Source;

/// A value with its place.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub value: Value,
    /// Where its key stands; the value itself for elements of arrays.
    pub key_span: Range<usize>,
    /// Where the value stands; the header for a table written with one.
    pub span: Range<usize>,
    /// The text that both spans lie in.
    pub source: Arc<Source>,
    /// Stands in for a value that was wrong, so that the rest can still be checked; never part of a scenario that runs.
    pub placeholder: bool,
}

/// A TOML value.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    String(String),
    /// `None` if it has more digits than 64 bits hold.
    Integer(Option<i64>),
    Float(f64),
    Boolean(bool),
    Datetime(toml::value::Datetime),
    /// Elements, and whether they were written as `[[name]]` tables.
    Array(Vec<Node>, bool),
    Table(IndexMap<String, Node>),
}

impl Value {
    /// What a message calls it.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::String(_) => "a text",
            Value::Integer(_) => "a whole number",
            Value::Float(_) => "a number",
            Value::Boolean(_) => "true or false",
            Value::Datetime(_) => "a date-time",
            Value::Array(..) => "a list",
            Value::Table(_) => "a table",
        }
    }
}

impl Node {
    /// Reads a TOML document; all mistakes in its syntax are found at once.
    pub fn parse(source: &Arc<Source>) -> Result<Node, Vec<Diagnostic>> {
        if source.text.trim().is_empty() {
            let error = Diagnostic::error("the file is empty").at(source, 0..0, "nothing here");
            return Err(vec![error.help("`dropstorm new` writes a scenario to start from")]);
        }
        let (table, errors) = DeTable::parse_recoverable(&source.text);
        if !errors.is_empty() {
            return Err(errors.iter().map(|error| syntax_error(error, source, 0)).collect());
        }
        let start = source.text.len() - source.text.trim_start().len();
        let first_line = source.text[start..].find('\n').map_or(source.text.len(), |length| start + length);
        let mut root = Node::new(convert(&DeValue::Table(table.into_inner()), source, 0), source, start..first_line);
        // Only the root has no place of its own; what is missing from the file is shown at its first line.
        root.key_span = root.span.clone();
        Ok(root)
    }

    /// Reads one TOML value out of the end of a source, from `offset` on.
    pub fn parse_value(source: &Arc<Source>, offset: usize) -> Result<Node, Vec<Diagnostic>> {
        let (value, errors) = DeValue::parse_recoverable(&source.text[offset..]);
        if !errors.is_empty() {
            return Err(errors.iter().map(|error| syntax_error(error, source, offset)).collect());
        }
        Ok(Node::new(convert(value.get_ref(), source, offset), source, offset..source.text.len()))
    }

    /// A value at a place.
    pub fn new(value: Value, source: &Arc<Source>, span: Range<usize>) -> Node {
        Node { value, key_span: span.clone(), span, source: Arc::clone(source), placeholder: false }
    }

    pub fn as_table(&self) -> Option<&IndexMap<String, Node>> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    pub fn as_table_mut(&mut self) -> Option<&mut IndexMap<String, Node>> {
        match &mut self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The child of that key or index.
    pub fn child(&self, part: &str) -> Option<&Node> {
        match &self.value {
            Value::Table(table) => table.get(part),
            Value::Array(items, _) => items.get(element(items, part)?),
            _ => None,
        }
    }

    /// The child of that key or index.
    pub fn child_mut(&mut self, part: &str) -> Option<&mut Node> {
        match &mut self.value {
            Value::Table(table) => table.get_mut(part),
            Value::Array(items, _) => {
                let index = element(items, part)?;
                items.get_mut(index)
            }
            _ => None,
        }
    }

    /// The node of a dotted path, or its nearest ancestor that stands in the file; and whether it is the node itself.
    pub fn nearest(&self, path: &str) -> (&Node, bool) {
        let mut node = self;
        for part in paths::parts(path).filter(|part| !part.is_empty()) {
            match node.child(part) {
                Some(child) => node = child,
                None => return (node, false),
            }
        }
        (node, true)
    }

    /// Whether this or anything below it stands in for a wrong value.
    pub fn doubtful(&self) -> bool {
        self.placeholder
            || match &self.value {
                Value::Table(table) => table.values().any(Node::doubtful),
                Value::Array(items, _) => items.iter().any(Node::doubtful),
                _ => false,
            }
    }

    /// Whether this stands in for a wrong value, or has a plain value beside its children that does.
    pub fn doubtful_itself(&self) -> bool {
        let plain = |node: &Node| node.placeholder && !matches!(node.value, Value::Table(_) | Value::Array(..));
        self.placeholder
            || match &self.value {
                Value::Table(table) => table.values().any(plain),
                Value::Array(items, _) => items.iter().any(plain),
                _ => false,
            }
    }

    /// The tree without its places.
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

    /// An error whose caret is under the key.
    pub fn key_error(&self, title: impl Into<String>, label: impl Into<String>) -> Diagnostic {
        Diagnostic::error(title).at(&self.source, self.key_span.clone(), label)
    }
}

/// The index that a part of a path means: a number, or for steps of a journey a name.
fn element(items: &[Node], part: &str) -> Option<usize> {
    let text = |item: &Node, key: &str| item.as_table()?.get(key)?.as_str().map(str::to_owned);
    part.parse().ok().or_else(|| {
        items
            .iter()
            .position(|item| text(item, "name").or_else(|| text(item, "request")).is_some_and(|name| name == part))
    })
}

fn syntax_error(error: &toml::de::Error, source: &Arc<Source>, offset: usize) -> Diagnostic {
    let span = error.span().unwrap_or(0..0);
    let message = error.message().lines().collect::<Vec<_>>().join("; ");
    Diagnostic::error("this is not valid TOML").at(source, offset + span.start..offset + span.end, message)
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
            // The parser keeps to itself how an array was written; a header's first table shares the place of the whole.
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

/// A name in a message.
pub(crate) fn quoted(name: &str) -> String {
    format!("`{}`", short(name))
}
