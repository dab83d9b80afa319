//! Values by the type that the schema gives them: texts, numbers, and quantities after their examples.

use dropstorm::units::{Dimension, Quantity};
use serde_json::Value as Json;
use toml::Value;

use super::{At, Draw, Key, Place, SCHEMA, hints, strings};

/// How likely a span is zero, negative where it may be, or a whole number of intervals, as many moments must be.
const ZERO: f64 = 0.05;
const NEGATIVE: f64 = 0.06;
const WHOLE: f64 = 0.35;

/// How likely a number is the least or the highest that is drawn.
const EXTREME: f64 = 0.2;

impl Draw<'_> {
    /// A value for a schema.
    pub(super) fn value(&self, at: &At, schema: &'static Json) -> Value {
        self.value_with(at, schema, &Json::Null)
    }

    /// A value for a schema, with what `strict` asks for besides.
    pub(super) fn value_with(&self, at: &At, schema: &'static Json, strict: &'static Json) -> Value {
        if let Some((name, definition)) = referred(schema) {
            return self.value_with(&At { position: name.to_owned(), ..at.clone() }, definition, strict);
        }
        let forms = forms(schema);
        if forms.is_empty() {
            return self.plain(at, schema, strict);
        }
        let features: Vec<String> = forms.iter().map(|form| feature(at, form)).collect();
        match &forms[self.one_of(at, &features)] {
            Form::Text(text) => Value::String((*text).to_owned()),
            // A text in one of several forms is like the examples that stand beside them.
            Form::Schema(form, _) if form["pattern"].is_string() => self.text(at, form, schema),
            Form::Schema(form, _) => self.value(at, form),
        }
    }

    /// A value that may be written in one way only.
    fn plain(&self, at: &At, schema: &'static Json, strict: &'static Json) -> Value {
        let names = &schema["additionalProperties"];
        match schema["type"].as_str() {
            Some("string") => self.text(at, schema, schema),
            Some("integer") => self.integer(at, schema),
            Some("number") => self.number(at, schema),
            Some("boolean") => Value::Boolean(at.key.chance(0.5)),
            Some("array") => self.list(at, schema),
            Some("object") if schema["properties"].is_object() => self.table(at, schema, strict),
            Some("object") if names.is_object() => self.names(at, names),
            // The settings of a change are drawn when all else is.
            Some("object") => Value::Table(toml::Table::new()),
            other => panic!("the tests cannot draw a value of the type {other:?}, at {}", at.position),
        }
    }

    /// A value for a place that a walk came by.
    pub(super) fn value_for(&self, place: &Place, key: Key) -> Value {
        let Place { path, position, schema, depth } = place.clone();
        self.value(&At { path, position, key, depth, again: true }, schema)
    }

    fn integer(&self, at: &At, schema: &Json) -> Value {
        let (least, most) = bounds(at, schema);
        let room = most - least + 1.0;
        let small = at.key.at("magnitude").magnitude(1.0, room + 0.999) - 1.0;
        let above = if at.key.at("small").chance(0.5) { small } else { at.key.uniform() * room };
        Value::Integer((least + above.floor()) as i64)
    }

    fn number(&self, at: &At, schema: &Json) -> Value {
        let (least, most) = bounds(at, schema);
        let drawn = (least + (most - least) * at.key.uniform()).clamp(least, most);
        let extreme = if at.key.at("high").chance(0.5) { most } else { least };
        Value::Float(if at.key.at("extreme").chance(EXTREME) { extreme } else { drawn })
    }

    /// A text: a quantity like one of the examples, a name, or a text that means something there.
    fn text(&self, at: &At, schema: &Json, outer: &Json) -> Value {
        if schema["format"] == "date-time" {
            return Value::Datetime(self.frame.moment(at.key.below(4) as i64).parse().unwrap());
        }
        let examples: Vec<&str> = strings(&schema["examples"]).chain(strings(&outer["examples"])).collect();
        // All texts at one position are of one form, since those of a list must be.
        let form = Key::of(self.recipe.seed).at("form").at(&at.position).below(examples.len());
        if let Some(example) = examples.get(form) {
            let may_be_negative = schema["pattern"].as_str().is_some_and(|pattern| pattern.starts_with("^[-+]?"));
            let minus = if may_be_negative && at.key.at("negative").chance(NEGATIVE) { "-" } else { "" };
            return Value::String(format!("{minus}{}", self.quantity(at, example)));
        }
        let known = || hints::texts(&at.position).map(|texts| texts.into_iter().map(str::to_owned).collect());
        let texts: Vec<String> = match at.position.as_str() {
            // A pool calls those after it, so that no calls go round.
            "Call.pool" => {
                let own = at.path.split('.').nth(1);
                let after = self.names_of("pool").iter().skip_while(|name| Some(name.as_str()) != own).skip(1);
                after.cloned().collect()
            }
            "Call.client" => self.client_of_calls().into_iter().collect(),
            position => self.names_for(position).or_else(known).unwrap_or_default(),
        };
        Value::String(texts.get(at.key.below(texts.len())).cloned().unwrap_or_else(|| "a text".to_owned()))
    }

    /// A quantity of the kind of an example, of a size that matters in the window.
    fn quantity(&self, at: &At, example: &str) -> String {
        let is_offset = example.starts_with('+');
        let millis = |millis: i64| format!("{}{millis} ms", if is_offset && millis >= 0 { "+" } else { "" });
        let interval_ms = self.frame.interval_s * 1000;
        let interval = at.key.below(self.frame.intervals as usize) as i64;
        match Quantity::read(example).map(|quantity| quantity.dimension) {
            None => self.frame.clock(interval),
            Some(Dimension::Time) if hints::is_brief(&at.position) => millis(at.key.magnitude(1.0, 300.0) as i64),
            Some(Dimension::Time) if at.key.at("zero").chance(ZERO) => millis(0),
            Some(Dimension::Time) if at.key.at("whole").chance(WHOLE) => {
                millis(interval_ms * if is_offset { interval - self.frame.drop } else { interval + 1 })
            }
            Some(Dimension::Time) => {
                let half_the_window_ms = (self.frame.intervals * interval_ms / 2) as f64;
                millis(at.key.magnitude(3.0, half_the_window_ms) as i64)
            }
            Some(Dimension::Bitrate) => format!("{} kbps", at.key.magnitude(100.0, 20_000.0) as i64),
            Some(Dimension::Rate) => format!("{}/min", at.key.magnitude(1.0, 200.0) as i64),
            Some(Dimension::Number) => format!("{}%", at.key.below(101)),
        }
    }
}

/// The least and the highest number that are drawn.
fn bounds(at: &At, schema: &Json) -> (f64, f64) {
    let least = schema["minimum"].as_f64().unwrap_or(0.0);
    let most = schema["maximum"].as_f64().unwrap_or(f64::MAX);
    (least, most.min(least + hints::highest(&at.position)))
}

/// One of the ways in which a value may be written.
enum Form {
    Text(&'static str),
    Schema(&'static Json, usize),
}

/// The feature of a form: a text by itself, a table by the key that it needs, all else by its number.
fn feature(at: &At, form: &Form) -> String {
    match form {
        Form::Text(text) => format!("{} = {text}", at.position),
        Form::Schema(form, number) => match strings(&form["required"]).next() {
            Some(key) => format!("{}.{key}", at.position),
            None => format!("{} form {number}", at.position),
        },
    }
}

/// The ways in which a value may be written; none if there is only one.
fn forms(schema: &'static Json) -> Vec<Form> {
    let listed = ["anyOf", "oneOf"].into_iter().flat_map(|key| schema[key].as_array().into_iter().flatten());
    // What only asks for a key is no form of its own.
    let forms = listed.filter(|one| one["type"].is_string() || one["$ref"].is_string() || one["anyOf"].is_array());
    let forms = forms.enumerate().map(|(number, one)| match one["const"].as_str() {
        Some(text) => Form::Text(text),
        None => Form::Schema(one, number),
    });
    forms.chain(strings(&schema["enum"]).map(Form::Text)).collect()
}

/// The definition that a schema refers to, and its name.
fn referred(schema: &Json) -> Option<(&'static str, &'static Json)> {
    let name = schema["$ref"].as_str()?.strip_prefix("#/$defs/")?;
    SCHEMA["$defs"].as_object()?.get_key_value(name).map(|(name, definition)| (name.as_str(), definition))
}

/// What a schema says once its reference is followed.
pub(super) fn resolved(schema: &Json) -> &Json {
    referred(schema).map_or(schema, |(_, definition)| definition)
}
