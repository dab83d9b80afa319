//! Scenarios drawn from the JSON Schema, so that a key that is new there is drawn without anyone remembering.
//!
//! A *position* is a place in the schema, such as `Pool.timeout`; a *path* is one in a scenario, such as `pool.pool1.timeout`.
//! Each optional key, variant of a choice and further table of a kind is a *feature*. A case first switches each feature on or
//! off as a whole, then draws the values of what is on. A value that the check refuses is drawn anew, and left out if that
//! does not help, so that nearly every case ends as a scenario that runs, after several that do not.

mod frame;
mod hints;
mod key;
mod mend;
mod table;
mod value;
mod write;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use dropstorm::scenario::json_schema;
use serde_json::Value as Json;
use toml::Value;

use frame::Frame;
pub use hints::NOT_DRAWN;
pub use key::Key;
pub use mend::{Drawn, drawn};
pub use write::Written;

/// The schema of a file that extends no other; tables of the first level have what they need from `else`.
static SCHEMA: LazyLock<Json> = LazyLock::new(|| {
    let mut schema = json_schema();
    let (root, strict) = (schema.clone(), schema["else"].clone());
    demand(&mut schema, &root, &strict, &mut Vec::new(), 0);
    schema
});

/// Puts what tables within a table need into their definitions, but not into those of the first level.
fn demand(schema: &mut Json, table: &Json, strict: &Json, first: &mut Vec<String>, depth: usize) {
    let mut found = Vec::new();
    for (name, strict) in object(&strict["properties"]) {
        let (mut property, mut strict) = (&table["properties"][name], strict);
        if strict["additionalProperties"].is_object() {
            (property, strict) = (&property["additionalProperties"], &strict["additionalProperties"]);
        }
        let Some(link) = property["$ref"].as_str() else { continue };
        found.push((link.trim_start_matches('#').to_owned(), strict));
    }
    if depth == 0 {
        first.extend(found.iter().map(|(link, _)| link.clone()));
    }
    for (link, strict) in found {
        let Some(definition) = schema.pointer_mut(&link) else { continue };
        for key in ["required", "oneOf"] {
            if depth > 0 && !first.contains(&link) && strict[key].is_array() {
                definition[key] = strict[key].clone();
            }
        }
        let definition = definition.clone();
        demand(schema, &definition, strict, first, depth + 1);
    }
}

/// The deepest that a choice may lie, since laws may hold laws; below it stands the first of the choice.
const DEEPEST: usize = 9;

/// How likely a value has an optional key whose feature is on.
const USUAL: f64 = 0.75;

/// The same for a key that is refused nearly everywhere.
const SELDOM: f64 = 0.1;

/// The same for any key below a value that was refused, whether its feature is on or not.
const AGAIN: f64 = 0.5;

/// What a case is a function of.
#[derive(Clone, Default)]
struct Recipe {
    seed: u64,
    /// Features that are off whatever is drawn; a failing case shrinks towards fewer features.
    off: BTreeSet<String>,
    /// How often the value at a path was drawn anew.
    redrawn: BTreeMap<String, u64>,
    /// Paths that are left out.
    left_out: BTreeSet<String>,
}

/// One walk through the schema.
struct Draw<'a> {
    recipe: &'a Recipe,
    frame: Frame,
    /// The share of features that are on.
    density: f64,
    /// Features that are on by purpose, since chance alone seldom draws them together.
    given: Vec<&'static str>,
    /// The names in each table whose entries have names.
    names: BTreeMap<&'static str, Vec<String>>,
    /// The features of what was drawn.
    used: RefCell<BTreeSet<String>>,
    /// Every value that the walk came by, drawn or not.
    places: RefCell<Vec<Place>>,
}

/// A value that a walk came by.
#[derive(Clone)]
pub struct Place {
    pub path: String,
    position: String,
    schema: &'static Json,
    depth: usize,
}

/// Where a walk is.
#[derive(Clone)]
struct At {
    path: String,
    position: String,
    key: Key,
    depth: usize,
    /// Whether a value at this path or above it was refused.
    again: bool,
}

impl<'a> Draw<'a> {
    fn new(recipe: &'a Recipe) -> Draw<'a> {
        let key = Key::of(recipe.seed);
        let density = [0.3, 0.6, 0.9][key.at("density").below(3)];
        let together = |number| hints::TOGETHER[key.at("together").nth(number).below(hints::TOGETHER.len())];
        let mut draw = Draw {
            recipe,
            frame: Frame::of(recipe.seed),
            density,
            given: (0..hints::GIVEN).flat_map(together).copied().collect(),
            names: BTreeMap::new(),
            used: RefCell::default(),
            places: RefCell::default(),
        };
        let tables = object(&SCHEMA["properties"]).filter(|(_, schema)| schema["additionalProperties"].is_object());
        for (table, _) in tables {
            let feature = |number: usize| format!("{table} {number}");
            let count = (1..=3).take_while(|number| draw.is_on(&feature(*number))).count();
            (1..=count).for_each(|number| draw.uses(feature(number)));
            draw.names.insert(table, (1..=count).map(|number| format!("{table}{number}")).collect());
        }
        draw
    }

    /// Whether the case uses a feature wherever it may.
    fn is_on(&self, feature: &str) -> bool {
        let always = hints::ALWAYS.contains(&feature) || self.given.contains(&feature);
        let on = always || Key::of(self.recipe.seed).at("feature").at(feature).chance(self.density);
        on && !self.recipe.off.contains(feature)
    }

    /// Notes that a feature was drawn.
    fn uses(&self, feature: String) {
        self.used.borrow_mut().insert(feature);
    }

    /// Whether a value has an optional key.
    fn has(&self, at: &At) -> bool {
        let feature = at.position.as_str();
        let nameless = self.names_for(feature).is_some_and(|names| names.is_empty());
        if nameless || self.recipe.left_out.contains(&at.path) {
            return false;
        }
        let usual = if hints::is_seldom(feature) { SELDOM } else { USUAL };
        match at.again {
            _ if hints::is_needed(feature) => !self.recipe.off.contains(feature),
            true => at.key.at("again").chance(usual.min(AGAIN)) && !self.recipe.off.contains(feature),
            false => at.key.at("has").chance(usual) && self.is_on(feature),
        }
    }

    /// The names that may stand at a position; `None` if they are those of no table.
    fn names_for(&self, position: &str) -> Option<Vec<String>> {
        let tables: Vec<&str> = self.names.keys().copied().collect();
        let table = hints::table_named(position, &tables)?;
        let names = self.names.get(table).cloned().unwrap_or_default();
        // A file without regions has one that it does not state.
        Some(if names.is_empty() && table == "region" { vec!["world".to_owned()] } else { names })
    }

    /// The place below a place.
    fn below(&self, at: &At, part: &str, position: String) -> At {
        let path = if at.path.is_empty() { part.to_owned() } else { format!("{}.{part}", at.path) };
        let redrawn = self.recipe.redrawn.get(&path).copied().unwrap_or(0);
        let key = at.key.at(part);
        let key = if redrawn > 0 { key.nth(redrawn) } else { key };
        At { path, position, key, depth: at.depth + 1, again: at.again || redrawn > 0 }
    }

    /// The whole scenario.
    fn scenario(&self) -> toml::Table {
        let (path, position, key) = (String::new(), "Spec".to_owned(), Key::of(self.recipe.seed));
        let root = At { path, position, key, depth: 0, again: false };
        let mut tree = self.frame.keys();
        for (name, schema) in object(&SCHEMA["properties"]).filter(|(name, _)| !NOT_DRAWN.contains(name)) {
            let at = self.below(&root, name, format!("Spec.{name}"));
            // What the file needs that a file which extends another may leave out.
            let strict = &SCHEMA["else"]["properties"][name];
            let value = match self.names.get(name) {
                Some(names) => self.named(&at, names, schema, strict),
                None => self.has(&at).then(|| self.value_with(&at, schema, strict)),
            };
            if let Some(value) = value {
                self.uses(at.position);
                tree.insert(name.to_owned(), value);
            }
        }
        self.changes(&mut tree);
        tree
    }

    /// The tables of one kind by their names, if there are any.
    fn named(&self, at: &At, names: &[String], schema: &'static Json, strict: &'static Json) -> Option<Value> {
        let (schema, strict) = (&schema["additionalProperties"], &strict["additionalProperties"]);
        let entries = names.iter().map(|name| {
            let at = self.below(at, name, format!("{}.*", at.position));
            (name.clone(), self.value_with(&at, schema, strict))
        });
        (!names.is_empty()).then(|| Value::Table(entries.collect()))
    }
}

/// The entries of a JSON object.
fn object(json: &Json) -> impl Iterator<Item = (&str, &Json)> {
    json.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

/// The strings of a JSON array.
fn strings(json: &Json) -> impl Iterator<Item = &str> {
    json.as_array().into_iter().flatten().filter_map(Json::as_str)
}
