//! Values that fit the schema, in the place of values that do not.

use crate::document::kind::Kind;
use crate::document::schema::Shape;
use crate::document::tree::{Node, Value};

/// A value of a shape at the place of a node.
pub(super) fn at(place: &Node, shape: Shape<'_>) -> Node {
    let mut node = Node { value: value(place, shape), placeholder: true, ..place.empty() };
    shape.write_out(&mut node);
    node
}

fn value(place: &Node, shape: Shape<'_>) -> Value {
    let Some(form) = shape.forms().into_iter().next() else { return Value::Boolean(false) };
    let text = form.example_text().or(form.texts().first().copied()).unwrap_or("1");
    match form.kind() {
        Kind::DateTime => text.parse().map_or_else(|_| Value::String(text.to_owned()), Value::Datetime),
        Kind::Text => Value::String(text.to_owned()),
        Kind::Whole => Value::Integer(Some(form.minimum().map_or(1, |least| least as i64).max(1))),
        Kind::Number => Value::Float(form.minimum().unwrap_or(1.0).max(1.0).min(form.maximum().unwrap_or(1.0))),
        Kind::Share => Value::Float(1.0),
        Kind::Boolean => Value::Boolean(true),
        Kind::List => {
            let elements = form.tuple().unwrap_or_default();
            Value::Array(elements.into_iter().map(|element| at(place, element)).collect(), false)
        }
        Kind::Table | Kind::Any => {
            let needed = form.required().chain(form.choice().into_iter().take(1));
            let entry = |key: &str| (key.to_owned(), at(place, form.key(key).unwrap_or(form.any())));
            Value::Table(needed.map(entry).collect())
        }
    }
}
