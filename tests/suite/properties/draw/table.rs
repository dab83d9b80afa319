//! Tables and lists: which keys they have, and how many entries.

use dropstorm::units::Quantity;
use serde_json::Value as Json;
use toml::Value;

use super::value::resolved;
use super::{At, DEEPEST, Draw, Place, hints, object, strings};

impl Draw<'_> {
    /// A table of the schema's keys, with what `strict` asks for besides.
    pub(super) fn table(&self, at: &At, schema: &'static Json, strict: &'static Json) -> Value {
        let keys = self.keys(at, schema, strict);
        let mut table = toml::Table::new();
        for (key, below) in object(&schema["properties"]) {
            let place = self.below(at, key, format!("{}.{key}", at.position));
            self.note(&place, below);
            if keys.contains(&key) {
                table.insert(key.to_owned(), self.value(&place, below));
                self.uses(place.position);
            }
        }
        Value::Table(table)
    }

    /// The keys that a table has.
    fn keys(&self, at: &At, schema: &'static Json, strict: &'static Json) -> Vec<&'static str> {
        let choice = self.choice(at, if strict["oneOf"].is_array() { strict } else { schema });
        let sets = hints::exactly(&at.position);
        let set = sets.get(at.key.at("set").below(sets.len())).copied().unwrap_or_default();
        let needed: Vec<&str> = strings(&schema["required"]).chain(strings(&strict["required"])).collect();
        let mut keys: Vec<&str> = Vec::new();
        for (key, _) in object(&schema["properties"]) {
            let place = self.below(at, key, format!("{}.{key}", at.position));
            let alone = hints::beside(&place.position).is_some_and(|other| !keys.contains(&other));
            let wanted = match &choice {
                Some((choices, one)) if choices.contains(&key) => key == *one,
                _ if sets.iter().any(|set| set.contains(&key)) => set.contains(&key),
                _ => needed.contains(&key) || (!alone && self.has(&place) && !self.is_senseless(&place)),
            };
            if wanted {
                keys.push(key);
            }
        }
        keys
    }

    /// Whether a key would be refused for sure: calls of the last pool, whom no pool is left for, and keys of a human in the
    /// client that calls have.
    fn is_senseless(&self, at: &At) -> bool {
        let own = at.path.split('.').nth(1);
        match at.position.as_str() {
            "Pool.calls" => self.names_of("pool").last().map(String::as_str) == own,
            position if hints::is_of_a_human(position) => self.client_of_calls().as_deref() == own,
            "Call.client" => self.client_of_calls().is_none(),
            _ => false,
        }
    }

    /// The client that calls between pools have: the last of several.
    pub(super) fn client_of_calls(&self) -> Option<String> {
        self.names_of("client").get(1..)?.last().cloned()
    }

    /// The names in a table.
    pub(super) fn names_of(&self, table: &str) -> &[String] {
        self.names.get(table).map_or(&[], Vec::as_slice)
    }

    /// The keys of which exactly one must stand in a table, and the one that does.
    fn choice(&self, at: &At, schema: &'static Json) -> Option<(Vec<&'static str>, &'static str)> {
        let choices = schema["oneOf"].as_array()?.iter().filter_map(|one| strings(&one["required"]).next());
        let choices: Vec<&str> = choices.collect();
        let features: Vec<String> = choices.iter().map(|key| format!("{}.{key}", at.position)).collect();
        let one = match hints::only(&at.position, &at.path) {
            Some(only) => only,
            None => choices[self.one_of(at, &features)],
        };
        Some((choices, one))
    }

    /// One of several features: any that is on, or any at all after a refusal.
    pub(super) fn one_of(&self, at: &At, features: &[String]) -> usize {
        let may = |index: &usize| match at.again {
            true => !self.recipe.off.contains(&features[*index]),
            false => self.is_on(&features[*index]),
        };
        let may: Vec<usize> = (0..features.len()).filter(may).collect();
        let among = |some: &[&str]| -> Vec<usize> {
            may.iter().copied().filter(|index| some.contains(&features[*index].as_str())).collect()
        };
        let (given, lively) = (among(&self.given), among(hints::ALWAYS));
        let given = given.get(at.key.at("which given").below(given.len())).copied();
        let given = given.filter(|_| at.key.at("given").chance(hints::GIVEN_WINS));
        let lively = lively.first().copied().filter(|_| at.key.at("lively").chance(hints::LIVELY));
        let one = match given.or(lively) {
            Some(one) => one,
            None if may.is_empty() || at.depth >= DEEPEST => 0,
            None => may[at.key.at("which").below(may.len())],
        };
        self.uses(features[one].clone());
        one
    }

    /// A table whose keys are names: some of those of another table, or new ones.
    pub(super) fn names(&self, at: &At, entry: &'static Json) -> Value {
        let new = || (1..=3).map(|number| format!("name{number}")).collect();
        let mut names = self.names_for(&at.position).unwrap_or_else(new);
        let count = 1 + at.key.at("names").below(names.len().max(1));
        while names.len() > count {
            names.remove(at.key.at("without").nth(names.len() as u64).below(names.len()));
        }
        let entries = names.into_iter().map(|name| {
            let place = self.below(at, &name, format!("{}.*", at.position));
            self.note(&place, entry);
            let value = self.value(&place, entry);
            (name, value)
        });
        let mut table = entries.collect();
        share_out(at, &mut table, entry);
        Value::Table(table)
    }

    /// A list: one value of each of some kinds, or some values of one kind, in order if they are quantities.
    pub(super) fn list(&self, at: &At, schema: &'static Json) -> Value {
        let place = |index: usize| self.below(at, &index.to_string(), format!("{}[]", at.position));
        if let Some(kinds) = schema["prefixItems"].as_array() {
            let values = kinds.iter().enumerate().map(|(index, kind)| self.value(&place(index), kind));
            return Value::Array(values.collect());
        }
        let least = schema["minItems"].as_u64().unwrap_or(0) as usize;
        let count = least.max(1) + at.key.at("count").below(3);
        let kept = (0..count).filter(|index| *index < least || !self.recipe.left_out.contains(&place(*index).path));
        let mut items: Vec<Value> = kept.map(|index| self.value(&place(index), &schema["items"])).collect();
        items.sort_by(|a, b| size(a).total_cmp(&size(b)));
        items.dedup();
        Value::Array(items)
    }

    /// Notes a place that a change may set.
    fn note(&self, at: &At, schema: &'static Json) {
        let At { path, position, depth, .. } = at.clone();
        self.places.borrow_mut().push(Place { path, position, schema, depth });
    }
}

/// Makes the shares of a mix add up to 1, whether its entries are shares or have one.
fn share_out(at: &At, table: &mut toml::Table, entry: &Json) {
    let is_share = |schema: &Json| strings(&schema["examples"]).any(|example| example.ends_with('%'));
    let has_share = is_share(&resolved(entry)["properties"]["share"]);
    if !is_share(entry) && !has_share {
        return;
    }
    let weight = |index: usize| 0.1 + at.key.at("weight").nth(index as u64).uniform();
    let total: f64 = (0..table.len()).map(weight).sum();
    for (index, (_, value)) in table.iter_mut().enumerate() {
        let share = Value::Float(weight(index) / total);
        if has_share {
            value["share"] = share;
        } else {
            *value = share;
        }
    }
}

/// How large a quantity is; 0 for all else, whose order stays.
fn size(value: &Value) -> f64 {
    match value {
        Value::Integer(number) => *number as f64,
        Value::Float(number) => *number,
        Value::String(text) => match Quantity::read(text) {
            Some(quantity) => quantity.base,
            None => text.split(':').fold(0.0, |clock, part| clock * 60.0 + part.parse().unwrap_or(0.0)),
        },
        Value::Array(items) => items.first().map_or(0.0, size),
        _ => 0.0,
    }
}
