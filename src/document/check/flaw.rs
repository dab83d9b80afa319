//! The errors of a value in words: the expected form, the actual value, and an example.

use indexmap::{IndexMap, IndexSet};

use crate::document::bound::Bound;
use crate::document::diagnostics::{Diagnostic, nearest, quoted, suggest};
use crate::document::kind::Kind;
use crate::document::moments::{DateTime, When};
use crate::document::schema::Shape;
use crate::document::tree::{Node, Value};
use crate::units::{Bitrate, Probability, Rate, Span, in_digits};

/// Number of tables within each other that an example in a message writes out.
const DEEPEST_EXAMPLE: usize = 3;

/// Length in bytes of the longest example of a missing key.
const LONGEST_EXAMPLE: usize = 80;

/// Number of keys up to which a message lists those of a table.
const LISTED_KEYS: usize = 12;

/// The error of a value, without its place.
pub(super) struct Flaw {
    pub title: String,
    pub label: String,
    pub help: String,
}

impl Flaw {
    pub fn new(title: impl Into<String>, label: impl Into<String>, help: impl Into<String>) -> Flaw {
        Flaw { title: title.into(), label: label.into(), help: help.into() }
    }
}

/// The error of a table in which a key is missing, with an example of its value.
pub(super) fn missing_key(place: &Node, key: &str, shape: Shape<'_>) -> Diagnostic {
    let error = place.error(format!("`{key}` is missing"), format!("`{key}` belongs here"));
    error.help(match example(shape) {
        None => shape.description(),
        Some(example) => format!("{} For example {key} = {example}", shape.description()),
    })
}

/// An example of a value, if one can be written in little room.
pub(super) fn example(shape: Shape<'_>) -> Option<String> {
    Some(written(shape, DEEPEST_EXAMPLE)).filter(|text| !text.contains('…') && text.len() <= LONGEST_EXAMPLE)
}

/// An example of a value, which is a number in the range of a whole number where nothing better is known.
pub(in super::super) fn sample(shape: Shape<'_>) -> Option<String> {
    let whole = || shape.forms().into_iter().find(|form| form.kind() == Kind::Whole);
    let number = |form: Shape<'_>| 10.0_f64.min(form.maximum().unwrap_or(10.0)).max(form.minimum().unwrap_or(0.0));
    example(shape).or_else(|| Some(number(whole()?).to_string()))
}

/// The one key of a table whose own table has an unknown key of this one, and the help that says so.
pub(super) fn belongs_below<'s>(key: &str, form: Shape<'s>) -> Option<(&'s str, String)> {
    let below = |shape: Shape<'s>| shape.forms().into_iter().find_map(|form| form.key(key));
    let mut parents = form.keys().filter_map(|(parent, shape)| Some((parent, below(shape)?)));
    let (parent, shape) = parents.next().filter(|_| parents.next().is_none())?;
    let example = written(shape, DEEPEST_EXAMPLE);
    Some((parent, format!("it belongs to `{parent}`: {parent} = {{ {key} = {example} }}")))
}

/// The help for a table written with the header of a list, or a list written with the header of a table; `None` for any
/// other value.
fn header(node: &Node, forms: &[Shape<'_>]) -> Option<String> {
    let key = dotted(node)?;
    let is = |form: &Shape<'_>, kind: Kind| form.kind() == kind;
    match &node.value {
        Value::Table(_) if node.source.text.get(node.span.clone())?.starts_with('[') => {
            let mut lists = forms.iter().filter(|form| is(form, Kind::List)).filter_map(|form| form.element(0));
            lists
                .any(|item| item.forms().iter().any(|form| is(form, Kind::Table)))
                .then(|| format!("write `[[{key}]]`"))
        }
        Value::Array(_, true) => {
            let table = forms.iter().find(|form| is(form, Kind::Table))?;
            Some(if table.names().is_some() { by_name(key) } else { format!("write `[{key}]`") })
        }
        _ => None,
    }
}

/// The help for a value in the place of a list of such values: `write [{ request = "api" }]`; `None` for any other value.
fn in_brackets(node: &Node, forms: &[Shape<'_>]) -> Option<String> {
    let text = node.source.text.get(node.span.clone()).filter(|text| text.len() <= LONGEST_EXAMPLE)?;
    let element = forms.iter().filter(|form| form.kind() == Kind::List).find_map(|form| form.element(0))?;
    let fits = element.forms().iter().any(|form| node.value.kind().fits(form.kind()));
    let around = || element.forms().into_iter().find_map(|form| around(node, form, DEEPEST_EXAMPLE));
    if fits { Some(format!("write [{text}]")) } else { around().map(|table| format!("write [{table}]")) }
}

/// The name of a table as its header writes it, with the names of the tables around it: `journey.buy`.
fn dotted(node: &Node) -> Option<&str> {
    let before = node.source.text.get(..node.key_span.start)?;
    let line = before.rfind('\n').map_or(0, |end| end + 1);
    let name = node.source.text.get(line..node.key_span.end)?;
    Some(name.trim_start_matches(|of: char| of == '[' || of.is_whitespace()))
}

/// The help of a table that holds others by name.
pub(super) fn by_name(key: &str) -> String {
    format!("write `[{key}.NAME]`")
}

/// The error of a value of a wrong type.
pub(super) fn wrong_type(node: &Node, forms: &[Shape<'_>], shape: Shape<'_>) -> Flaw {
    let value = &node.value;
    let given = value.kind();
    let wanted = wanted(forms);
    let example = forms.iter().find_map(|form| form.example());
    let help = match (given, example) {
        (Kind::Whole | Kind::Number, Some(example)) if example.starts_with('"') => {
            format!("a quantity carries its unit, for example {example}")
        }
        (Kind::Text, Some(example)) if forms[0].kind() == Kind::DateTime => {
            let is_one = matches!(value, Value::String(text) if text.parse::<DateTime>().is_ok());
            let how = if is_one { "it without quotes" } else { "a date and a time without quotes" };
            format!("write {how}, for example {}", example.trim_matches('"'))
        }
        (Kind::Number | Kind::Text, _) if let Some(help) = whole(node, forms) => help,
        (_, Some(example)) => format!("for example {example}"),
        _ if let Some(header) = header(node, forms) => header,
        _ if let Some(list) = in_brackets(node, forms) => list,
        _ => {
            let own = || forms.iter().find_map(|form| around(node, *form, DEEPEST_EXAMPLE));
            match forms.iter().find_map(|form| as_table(value, *form)).or_else(own) {
                Some(table) => format!("write {table}"),
                None => format!("{}{}", shape.description(), allowed(forms, shape)),
            }
        }
    };
    Flaw::new(format!("expected {wanted}"), format!("this is {}", given.words()), help)
}

/// The forms of a value in words.
pub(super) fn wanted(forms: &[Shape<'_>]) -> String {
    forms.iter().map(|form| words(*form)).collect::<Vec<_>>().join(", or ")
}

/// Forms that may stand where a value of a wrong type does, as a sentence with a space before it.
fn allowed(forms: &[Shape<'_>], shape: Shape<'_>) -> String {
    let range = || forms.iter().find_map(|form| form.range());
    let keys: Vec<&str> = forms.iter().flat_map(|form| form.keys()).map(|(key, _)| key).collect();
    match (example(shape), range()) {
        (Some(example), _) => format!(" For example {example}"),
        (None, Some(range)) => format!(" A number {range}"),
        (None, None) if !keys.is_empty() && keys.len() <= LISTED_KEYS => format!(" Its keys: {}", keys.join(", ")),
        (None, None) => String::new(),
    }
}

/// The help for a number or a text where a whole number is allowed; `None` if none is, or if the text states none.
fn whole(node: &Node, forms: &[Shape<'_>]) -> Option<String> {
    forms.iter().find(|form| form.kind() == Kind::Whole)?;
    let text = node.source.text.get(node.span.clone())?;
    match (in_digits(text.trim_matches(['"', '\''])), node.value.kind()) {
        (Some(digits), Kind::Text) => Some(format!("write {digits}, without quotes")),
        (Some(digits), _) if text.contains('.') => Some(format!("write it without a decimal point: {digits}")),
        (Some(digits), _) => Some(format!("write {digits}")),
        (None, Kind::Text) => None,
        (None, _) => Some("write a number without decimals".to_owned()),
    }
}

/// The table in which a plain value belongs to a key: `{ attempts = 3 }`. Where the value fits several keys, the table must have
/// one of them.
fn around(node: &Node, form: Shape<'_>, depth: usize) -> Option<String> {
    let text = node.source.text.get(node.span.clone())?;
    if form.kind() != Kind::Table || depth == 0 || text.len() > LONGEST_EXAMPLE {
        return None;
    }
    let required: Vec<&str> = form.required().collect();
    let fits = |shape: Shape<'_>| shape.forms().into_iter().any(|form| is_quantity_of(&node.value, form));
    let fitting: Vec<&str> = form.keys().filter(|(_, shape)| fits(*shape)).map(|(key, _)| key).collect();
    let own = match fitting.as_slice() {
        [only] => Some(*only),
        several => several.iter().copied().find(|key| required.contains(key)).or_else(|| named(&node.value, form)),
    };
    let (key, inner) = match own {
        Some(key) => (key, text.to_owned()),
        None => form.choice().into_iter().find_map(|key| {
            let below = form.key(key)?.forms().into_iter().find_map(|form| around(node, form, depth - 1))?;
            Some((key, below))
        })?,
    };
    let others: Vec<&str> = required.into_iter().filter(|other| *other != key).collect();
    // A number says nothing about what it means, and may belong to one of the other keys.
    if own.is_some() && !others.is_empty() && node.value.kind() != Kind::Text {
        return None;
    }
    let others = others.iter().map(|other| (other, form.key(other).unwrap_or(form.any())));
    let others: String = others.map(|(other, shape)| format!(", {other} = {}", written(shape, depth))).collect();
    Some(format!("{{ {key} = {inner}{others} }}")).filter(|table| table.len() <= LONGEST_EXAMPLE)
}

/// The first key of a choice, if it takes any text and the value is one: what a table is about in a word.
fn named<'s>(value: &Value, form: Shape<'s>) -> Option<&'s str> {
    let first = form.choice().into_iter().next().filter(|_| matches!(value, Value::String(_)))?;
    let takes_any = |form: &Shape<'_>| form.kind() == Kind::Text && form.format().is_empty() && form.texts().is_empty();
    form.key(first)?.forms().iter().any(takes_any).then_some(first)
}

/// Whether a value is a number in the range of a form, or a quantity of its dimension.
fn is_quantity_of(value: &Value, form: Shape<'_>) -> bool {
    match value {
        Value::Integer(Some(number)) => {
            matches!(form.kind(), Kind::Whole | Kind::Number) && number_flaw(*number as f64, form).is_none()
        }
        Value::Float(number) => form.kind() == Kind::Number && number_flaw(*number, form).is_none(),
        Value::String(text) => {
            form.kind() == Kind::Text && !form.format().is_empty() && text_flaw(text, form, &[form]).is_none()
        }
        _ => false,
    }
}

/// The table that a bare text stands for: `{ exponential = { base = "5 s" } }`.
fn as_table(value: &Value, form: Shape<'_>) -> Option<String> {
    let Value::String(key) = value else { return None };
    let below = form.key(key).filter(|_| form.kind() == Kind::Table)?;
    Some(format!("{{ {key} = {} }}", written(below, DEEPEST_EXAMPLE)))
}

/// The table of a choice that a text writes as other languages call a function: `exponential(200 ms)`.
fn called(text: &str, forms: &[Shape<'_>]) -> Option<String> {
    let (name, _) = text.split_once('(')?;
    let name = Value::String(name.trim().to_owned());
    forms.iter().find_map(|form| as_table(&name, *form))
}

/// A value of a shape as it may be written, with the keys that it must have.
fn written(shape: Shape<'_>, depth: usize) -> String {
    let forms = shape.forms();
    if let Some(example) = [shape].iter().chain(&forms).find_map(|form| form.example()) {
        return example;
    }
    if let Some(text) = forms.iter().find_map(|form| form.texts().first().copied()) {
        return format!("\"{text}\"");
    }
    let Some(table) = forms.iter().find(|form| form.kind() == Kind::Table).filter(|_| depth > 0) else {
        return "…".to_owned();
    };
    let keys = table.required().chain(table.choice().into_iter().take(1));
    let keys = keys.map(|key| format!("{key} = {}", written(table.key(key).unwrap_or(table.any()), depth - 1)));
    let keys = keys.collect::<Vec<_>>();
    let is_whole = !keys.is_empty() && !keys.iter().any(|key| key.contains('…'));
    if is_whole { format!("{{ {} }}", keys.join(", ")) } else { "{ … }".to_owned() }
}

/// The error of a choice without parameters that is written as a table, such as `{ lifo = {} }`; `None` for any other table.
pub(super) fn bare_choice(table: &IndexMap<String, Node>, forms: &[Shape<'_>]) -> Option<Flaw> {
    let (name, _) = table.first().filter(|_| table.len() == 1)?;
    let is_text = forms.iter().any(|form| form.texts().contains(&name.as_str()));
    let has_table = forms.iter().any(|form| form.key(name).is_some());
    let flaw = || Flaw::new(format!("`{name}` has no parameters"), "this is a table", format!("write \"{name}\""));
    (is_text && !has_table).then(flaw)
}

/// The help for a text in the place of a quantity that is near the name of a choice: `controled_delay`; `None` for any other text.
fn near_a_choice(text: &str, forms: &[Shape<'_>]) -> Option<String> {
    let names: IndexSet<&str> = forms.iter().flat_map(|form| [form.texts(), form.choice()].concat()).collect();
    nearest(text, names).map(|name| format!("did you mean `{name}`?"))
}

/// The error of a text where a text is allowed; `None` if it is right.
pub(super) fn text_flaw(text: &str, form: Shape<'_>, forms: &[Shape<'_>]) -> Option<Flaw> {
    let allowed = form.texts();
    if !allowed.is_empty() {
        // A choice with a table of its own is easily mistyped as a bare text.
        let tables = forms.iter().flat_map(|form| form.choice()).collect::<Vec<_>>();
        let value = Value::String(text.to_owned());
        let help = match forms.iter().find_map(|form| as_table(&value, *form)) {
            Some(table) => format!("write {table}"),
            None => suggest(text, allowed.iter().copied().chain(tables).collect::<IndexSet<_>>()),
        };
        let label = format!("{} is not one of them", quoted(text));
        return (!allowed.contains(&text)).then(|| Flaw::new(expected(form), label, help));
    }
    let (count, longest) = (text.chars().count() as u64, form.longest());
    if count > longest {
        let help = format!("at most {longest} characters");
        return Some(Flaw::new("the text is too long", format!("it has {count} characters"), help));
    }
    let result = match form.format() {
        "span" => form.quantity::<Span>(text),
        "bitrate" => form.quantity::<Bitrate>(text),
        "rate" => form.quantity::<Rate>(text),
        "when" => text.parse::<When>().map(drop),
        "bound" => text.parse::<Bound>().map(drop),
        _ => Ok(()),
    };
    let example = || form.example().map(|example| format!("for example {example}")).unwrap_or_default();
    let call = || called(text, forms).map(|table| format!("write {table}"));
    let help = || call().or_else(|| near_a_choice(text, forms)).unwrap_or_else(example);
    result.err().map(|label| Flaw::new(expected(form), label, help()))
}

/// The error of a value where a share is allowed; `None` if it is right.
pub(super) fn share_flaw(value: &Value) -> Option<Flaw> {
    let result = match value {
        Value::String(text) => text.parse::<Probability>().map(drop),
        Value::Float(number) => Probability::new(*number).map(drop),
        Value::Integer(Some(number)) => Probability::new(*number as f64).map(drop),
        other => Err(format!("this is {}", other.kind().words())),
    };
    result.err().map(|label| Flaw::new("expected a share from 0 to 1", label, "for example \"30%\" or 0.3"))
}

/// The error of a number where a number is allowed; `None` if it is right.
pub(super) fn number_flaw(number: f64, form: Shape<'_>) -> Option<Flaw> {
    let range = || form.range().unwrap_or_default();
    if !number.is_finite() {
        return Some(Flaw::new("expected a finite number", "not finite", range()));
    }
    let low = form.minimum().is_some_and(|least| number < least);
    let high = form.maximum().is_some_and(|most| number > most);
    let label = match (low, high) {
        (true, _) => format!("{} is too low", legible(number)),
        (_, true) => format!("{} is too high", legible(number)),
        _ => return None,
    };
    Some(Flaw::new("the number is out of its range", label, range()))
}

/// The error of a list whose number of elements is not allowed.
pub(super) fn length_flaw(count: u64, form: Shape<'_>) -> Flaw {
    let (least, most) = form.lengths();
    let title = match (least, most) {
        _ if least == most => format!("expected {least} values"),
        (1, u64::MAX) => "expected at least one value".to_owned(),
        (_, u64::MAX) => format!("expected at least {least} values"),
        _ => format!("expected {least} to {most} values"),
    };
    let label = match count {
        0 => "this is empty".to_owned(),
        1 => "there is 1 here".to_owned(),
        _ => format!("there are {count} here"),
    };
    let element = form.element(0).map(|element| written(element, DEEPEST_EXAMPLE));
    let help = element.filter(|example| least == 1 && !example.contains('…'));
    Flaw::new(title, label, help.map(|example| format!("for example [{example}]")).unwrap_or_default())
}

/// A number in few letters, however large or small it is.
fn legible(number: f64) -> String {
    match number.abs() {
        size if size >= 1e15 || (size > 0.0 && size < 1e-6) => format!("{number:e}"),
        _ => number.to_string(),
    }
}

/// The title of an error of a value where a form is expected.
pub(super) fn expected(form: Shape<'_>) -> String {
    format!("expected {}", words(form))
}

/// The name of a form in messages.
fn words(form: Shape<'_>) -> String {
    let texts = form.texts();
    match (&texts[..], form.title(), form.kind()) {
        ([only], ..) => format!("\"{only}\""),
        ([_, ..], ..) => {
            format!("one of {}", texts.iter().map(|text| format!("\"{text}\"")).collect::<Vec<_>>().join(", "))
        }
        ([], Some(title), _) => title,
        ([], None, Kind::Text) => "a text in quotes".to_owned(),
        ([], None, kind) => kind.words().to_owned(),
    }
}
