//! The first check: does the tree have the shape that the schema describes?
//!
//! Every problem of the file is found in one pass. A wrong value is then replaced by a placeholder,
//! so that the second check, of what the values mean, can look at all the rest.

use indexmap::{IndexMap, IndexSet};
use serde_json::Value as Json;

use super::diagnostics::{Diagnostic, Diagnostics, nearest, short, suggest};
use super::moments::{DateTime, When};
use super::schema;
use super::spec::Bound;
use super::tree::{Node, Value, quoted};
use crate::units::{Bitrate, Probability, Rate, Span};

/// After so many problems no nearest names are sought, so that a file full of noise is refused at once.
const SUGGESTED: usize = 200;

/// Checks a tree against a schema: that of the scenario file, or one without references.
pub(crate) fn check(root: &mut Node, schema: &'static Json) -> Vec<Diagnostic> {
    let mut checker = Checker { found: Vec::new() };
    checker.value(root, schema);
    checker.found
}

struct Checker {
    found: Vec<Diagnostic>,
}

impl Checker {
    fn value(&mut self, node: &mut Node, schema: &'static Json) {
        if self.found.len() >= Diagnostics::MOST {
            return;
        }
        let schema = schema::resolve(schema);
        if schema["format"] == "probability" {
            return self.share(node, schema);
        }
        let forms = schema::alternatives(schema);
        if forms.is_empty() || forms.iter().any(|form| schema::kind(form).is_empty()) {
            return self.any(node);
        }
        let Some(form) = forms.iter().find(|form| fits(node, schema::kind(form), form)) else {
            return self.wrong_type(node, &forms, schema);
        };
        let problem = match &mut node.value {
            Value::String(text) => text_problem(text, form).map(|(label, help)| (expected(form), label, help)),
            Value::Datetime(value) => {
                value.to_string().parse::<DateTime>().err().map(|label| (expected(form), label, String::new()))
            }
            Value::Integer(None) => Some((
                "the number is too large".to_owned(),
                "it does not fit into 64 bits".to_owned(),
                range(form).unwrap_or_default(),
            )),
            Value::Integer(Some(number)) => out_of_range(*number as f64, form),
            Value::Float(number) => out_of_range(*number, form),
            Value::Boolean(_) => None,
            Value::Array(..) => return self.list(node, form),
            Value::Table(_) => return self.table(node, form),
        };
        if let Some((title, label, help)) = problem {
            self.wrong(node, form, title, label, help);
        }
    }

    /// Reports a value and puts a placeholder in its stead.
    fn wrong(&mut self, node: &mut Node, schema: &'static Json, title: String, label: String, help: String) {
        let mut error = node.error(title, label);
        error.help = (!help.is_empty()).then_some(help);
        self.found.push(error);
        node.value = placeholder(schema, node);
        node.placeholder = true;
    }

    fn wrong_type(&mut self, node: &mut Node, forms: &[&'static Json], schema: &'static Json) {
        let wanted = forms.iter().map(|form| expected_value(form)).collect::<Vec<_>>().join(", or ");
        let example = forms.iter().find_map(|form| example(form));
        let help = match (&node.value, example) {
            (Value::Integer(_) | Value::Float(_), Some(example)) if example.starts_with('"') => {
                format!("a quantity carries its unit, for example {example}")
            }
            (Value::String(_), Some(example)) if schema::kind(forms[0]) == "string" => {
                format!("write it without quotes, for example {}", example.trim_matches('"'))
            }
            (Value::Float(_), _) if forms.iter().any(|form| schema::kind(form) == "integer") => {
                "write it without a decimal point".to_owned()
            }
            (_, Some(example)) => format!("for example {example}"),
            _ => schema["description"].as_str().unwrap_or_default().replace('\n', " "),
        };
        self.wrong(node, forms[0], format!("expected {wanted}"), format!("this is {}", node.value.kind()), help);
    }

    /// A share may be a number or a text with a percent sign.
    fn share(&mut self, node: &mut Node, schema: &'static Json) {
        let result = match &node.value {
            Value::String(text) => text.parse::<Probability>().map(drop),
            Value::Float(number) => Probability::new(*number).map(drop),
            Value::Integer(Some(number)) => Probability::new(*number as f64).map(drop),
            other => Err(format!("this is {}", other.kind())),
        };
        if let Err(label) = result {
            self.wrong(node, schema, "expected a share from 0 to 1".into(), label, "for example \"30%\" or 0.3".into());
        }
    }

    fn list(&mut self, node: &mut Node, form: &'static Json) {
        let Value::Array(items, _) = &mut node.value else { return };
        let count = items.len() as u64;
        let least = form["minItems"].as_u64().unwrap_or(0);
        let most = form["maxItems"].as_u64().unwrap_or(u64::MAX);
        if count < least || count > most {
            let title = if least == most { format!("expected {least} values") } else { "expected a list".to_owned() };
            let label = match count {
                0 => "this is empty".to_owned(),
                1 => "there is 1 here".to_owned(),
                _ => format!("there are {count} here"),
            };
            return self.wrong(node, form, title, label, String::new());
        }
        for (index, item) in items.iter_mut().enumerate() {
            if let Some(schema) = form["prefixItems"].get(index).or_else(|| form.get("items")) {
                self.value(item, schema);
            }
        }
    }

    fn table(&mut self, node: &mut Node, form: &'static Json) {
        let place = node.clone_place();
        let Value::Table(table) = &mut node.value else { return };
        let known = form["properties"].as_object();
        let names = schema::names(form);
        let anything = form["additionalProperties"] == true;
        let choice = schema::choice(form);
        self.one_of(table, &choice);
        let mut unknown = IndexSet::new();
        for (key, child) in table.iter_mut() {
            match known.and_then(|known| known.get(key)).or(names) {
                Some(schema) => self.value(child, schema),
                None if anything => self.any(child),
                None => drop(unknown.insert(key.clone())),
            }
        }
        let mut meant = Vec::new();
        for key in &unknown {
            let Some(child) = table.get(key) else { continue };
            let mut error = child.key_error(format!("unknown key {}", quoted(key)), "no such key here");
            if self.found.len() < SUGGESTED {
                meant.extend(known.into_iter().filter_map(|known| nearest(key, known.keys().map(String::as_str))));
                error = error.help(suggest(key, known.into_iter().flat_map(|known| known.keys().map(String::as_str))));
            }
            self.found.push(error);
        }
        table.retain(|key, _| !unknown.contains(key));
        for key in schema::strings(&form["required"]) {
            if !table.contains_key(key) {
                let schema = &form["properties"][key];
                // Whoever mistyped the key has one message about it already.
                if !meant.contains(&key) {
                    self.found.push(missing(&place, key, schema));
                }
                table.insert(key.to_owned(), stand_in(schema, &place));
            }
        }
        if let Some(first) = choice.first().filter(|_| !table.keys().any(|key| choice.contains(&key.as_str()))) {
            if !choice.iter().any(|key| meant.contains(key)) {
                let help = format!("write exactly one of {}", choice.join(", "));
                self.found.push(place.error("a choice is missing", "nothing is chosen here").help(help));
            }
            table.insert((*first).to_owned(), stand_in(&form["properties"][*first], &place));
        }
    }

    /// Of some keys only one may be there; the others are taken out, so that nothing more is said about them.
    fn one_of(&mut self, table: &mut IndexMap<String, Node>, choice: &[&str]) {
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

    /// A value of any shape, such as one that a change sets; only what no value can be is refused.
    fn any(&mut self, node: &mut Node) {
        match &mut node.value {
            Value::Float(number) if !number.is_finite() => {
                self.found.push(node.error("expected a finite number", "this is no number to calculate with"));
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

impl Node {
    /// An empty node at the same place.
    fn clone_place(&self) -> Node {
        let mut node = Node::new(Value::Boolean(false), &self.source, self.span.clone());
        node.key_span = self.key_span.clone();
        node
    }
}

/// Whether a value is of a schema's type; a date-time is a string to the schema, but not to TOML.
fn fits(node: &Node, kind: &str, form: &Json) -> bool {
    match &node.value {
        Value::String(_) => kind == "string" && form["format"] != "date-time",
        Value::Datetime(_) => kind == "string" && form["format"] == "date-time",
        Value::Integer(_) => matches!(kind, "integer" | "number"),
        Value::Float(_) => kind == "number",
        Value::Boolean(_) => kind == "boolean",
        Value::Array(..) => kind == "array",
        Value::Table(_) => kind == "object",
    }
}

/// What is wrong with a text, and what helps.
fn text_problem(text: &str, form: &Json) -> Option<(String, String)> {
    let allowed = schema::texts(form);
    if !allowed.is_empty() {
        let help = suggest(text, allowed.iter().copied());
        return (!allowed.contains(&text)).then(|| (format!("{} is not one of them", quoted(text)), help));
    }
    let result = match form["format"].as_str() {
        Some("span") => text.parse::<Span>().and_then(|span| span_in_bounds(span, form)),
        Some("bitrate") => text.parse::<Bitrate>().map(drop),
        Some("rate") => text.parse::<Rate>().map(drop),
        Some("when") => text.parse::<When>().map(drop),
        Some("bound") => text.parse::<Bound>().map(drop),
        _ => Ok(()),
    };
    result.err().map(|label| (label, example(form).map(|e| format!("for example {e}")).unwrap_or_default()))
}

/// Whether a span keeps to the bounds of its schema: `x-above`, and `x-at-least`, which includes the bound.
fn span_in_bounds(span: Span, form: &Json) -> Result<(), String> {
    if let Some(bound) = bound(form, "x-above").filter(|bound| span <= *bound) {
        return Err(format!("{span} is not above {}", plain(bound)));
    }
    match bound(form, "x-at-least").filter(|bound| span < *bound) {
        Some(Span::ZERO) => Err(format!("{span} is negative")),
        Some(_) => Err(format!("{span} is too short")),
        None => Ok(()),
    }
}

/// The title of a quantity's schema with its bounds, as in `a span of time above zero`.
pub(crate) fn title(form: &Json) -> Option<String> {
    let title = form["title"].as_str()?;
    Some(match (bound(form, "x-above"), bound(form, "x-at-least")) {
        (Some(bound), _) => format!("{title} above {}", plain(bound)),
        (None, Some(Span::ZERO)) => format!("{title} that is not negative"),
        (None, Some(bound)) => format!("{title} of at least {bound}"),
        (None, None) => title.to_owned(),
    })
}

fn bound(form: &Json, key: &str) -> Option<Span> {
    form[key].as_str().and_then(|text| text.parse().ok())
}

/// A bound in words.
fn plain(bound: Span) -> String {
    if bound == Span::ZERO { "zero".to_owned() } else { bound.to_string() }
}

fn out_of_range(number: f64, form: &'static Json) -> Option<(String, String, String)> {
    if !number.is_finite() {
        let label = "this is no number to calculate with".to_owned();
        return Some(("expected a finite number".to_owned(), label, range(form).unwrap_or_default()));
    }
    let low = form["minimum"].as_f64().is_some_and(|least| number < least);
    let high = form["maximum"].as_f64().is_some_and(|most| number > most);
    let label = match (low, high) {
        (true, _) => format!("{number} is too low"),
        (_, true) => format!("{number} is too high"),
        _ => return None,
    };
    Some(("the number is out of its range".to_owned(), label, range(form).unwrap_or_default()))
}

/// The range of a number in words.
pub(crate) fn range(form: &Json) -> Option<String> {
    match (form.get("minimum"), form.get("maximum")) {
        (Some(least), Some(most)) => Some(format!("from {least} to {most}")),
        (Some(least), None) => Some(format!("at least {least}")),
        (None, Some(most)) => Some(format!("at most {most}")),
        (None, None) => None,
    }
}

/// The title of a message about a wrong value.
fn expected(form: &'static Json) -> String {
    format!("expected {}", expected_value(form))
}

fn expected_value(form: &Json) -> String {
    let texts = schema::texts(form);
    if let [only] = texts[..] {
        return format!("\"{only}\"");
    }
    if !texts.is_empty() {
        return format!("one of {}", texts.iter().map(|text| format!("\"{text}\"")).collect::<Vec<_>>().join(", "));
    }
    if let Some(title) = title(form) {
        return title;
    }
    match schema::kind(form) {
        "string" => "a text in quotes",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        _ => "a table",
    }
    .to_owned()
}

/// The schema's example as it would stand in the file.
pub(crate) fn example(form: &Json) -> Option<String> {
    match form["examples"].get(0)? {
        Json::String(text) if form["format"] == "date-time" => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

fn missing(place: &Node, key: &str, schema: &'static Json) -> Diagnostic {
    let meaning = schema["description"].as_str().unwrap_or_default().replace('\n', " ");
    let example = schema::alternatives(schema).first().and_then(|form| example(form));
    let error = place.error(format!("`{key}` is missing"), format!("`{key}` belongs here"));
    error.help(match example {
        Some(example) => format!("{meaning} For example {key} = {}", short(&example)),
        None => meaning,
    })
}

/// A value that fits the schema, in the place of one that does not.
fn stand_in(schema: &'static Json, place: &Node) -> Node {
    let mut node = place.clone_place();
    node.value = placeholder(schema, place);
    node.placeholder = true;
    node
}

fn placeholder(schema: &'static Json, place: &Node) -> Value {
    let schema = schema::resolve(schema);
    let Some(form) = schema::alternatives(schema).into_iter().next() else { return Value::Boolean(false) };
    let text = form["examples"][0].as_str().or(schema::texts(form).first().copied()).unwrap_or("1");
    match schema::kind(form) {
        "string" if form["format"] == "date-time" => match text.parse() {
            Ok(datetime) => Value::Datetime(datetime),
            Err(_) => Value::String(text.to_owned()),
        },
        "string" => Value::String(text.to_owned()),
        "integer" => Value::Integer(Some(form["minimum"].as_i64().unwrap_or(1).max(1))),
        "number" => {
            Value::Float(form["minimum"].as_f64().unwrap_or(1.0).max(1.0).min(form["maximum"].as_f64().unwrap_or(1.0)))
        }
        "boolean" => Value::Boolean(true),
        "array" => match form["prefixItems"].as_array() {
            Some(items) => Value::Array(items.iter().map(|item| stand_in(item, place)).collect(), false),
            None => Value::Array(Vec::new(), false),
        },
        _ => {
            let needed = schema::strings(&form["required"]).chain(schema::choice(form).into_iter().take(1));
            Value::Table(needed.map(|key| (key.to_owned(), stand_in(&form["properties"][key], place))).collect())
        }
    }
}
