//! A drawn scenario is checked, and what the check refuses is drawn anew until it holds.

use std::collections::BTreeSet;

use dropstorm::scenario::{Diagnostics, Scenario, changeable};
use toml::Value;

use super::{Draw, Key, Place, Recipe, Written};

/// How often a scenario is mended before it is given up.
const MOST_ROUNDS: usize = 20;

/// How many places are tried for a change.
const MOST_TRIES: u64 = 50;

/// What stands before the path of a changed value.
const CHANGED: &str = ".set.";

/// After so many refusals of a value what encloses it is drawn anew.
const PATIENCE: u64 = 3;

/// What came of a case.
pub struct Drawn {
    pub seed: u64,
    pub tree: toml::Table,
    /// The scenario, if it could be mended.
    pub scenario: Option<Scenario>,
    /// Every feature that it uses.
    pub used: BTreeSet<String>,
    /// Every value that the walk came by, drawn or not.
    pub places: Vec<Place>,
    /// Every text that was refused on the way, with what was said.
    pub refused: Vec<(String, Diagnostics)>,
}

impl Drawn {
    /// The scenario as TOML.
    pub fn text(&self) -> String {
        toml::to_string(&self.tree).unwrap()
    }

    /// Whether some heartbeat or poll has no name of its own, so that it may count under that of a request.
    pub fn has_nameless_heartbeats(&self) -> bool {
        let rooms = self.tree.get("waiting_room").and_then(Value::as_table).into_iter().flatten();
        let mut polls = rooms.filter_map(|(_, room)| room.get("poll"));
        if polls.any(|poll| poll.get("name").is_none()) {
            return true;
        }
        let journeys = self.tree.get("journey").and_then(Value::as_table).into_iter().flatten();
        let mut steps = journeys.flat_map(|(_, journey)| journey["steps"].as_array().into_iter().flatten());
        steps.any(|step| step.get("heartbeat").is_some_and(|beat| beat.get("name").is_none()))
    }

    /// Whether some change sets a key of this name, or a table that may hold it.
    pub fn changes(&self, key: &str) -> bool {
        let changes = self.tree.get("change").and_then(Value::as_array).into_iter().flatten();
        let settings = changes.filter_map(|change| change.get("set")?.as_table());
        settings.flatten().any(|(path, _)| path.ends_with(key))
    }
}

/// Draws a scenario and mends it.
pub fn drawn(seed: u64, off: BTreeSet<String>) -> Drawn {
    let mut recipe = Recipe { seed, off, ..Recipe::default() };
    let mut refused = Vec::new();
    loop {
        let draw = Draw::new(&recipe);
        let tree = draw.scenario();
        let (used, places) = (draw.used.take(), draw.places.take());
        let written = Written::of(&tree);
        let scenario = match Scenario::parse("drawn.toml", &written.text) {
            Ok(scenario) => Some(scenario),
            Err(found) => {
                for (_, line) in found.iter().filter_map(|problem| problem.location()) {
                    recipe.blame(written.path(line).unwrap_or_default());
                }
                refused.push((written.text, found));
                None
            }
        };
        if scenario.is_some() || refused.len() == MOST_ROUNDS {
            return Drawn { seed, tree, scenario, used, places, refused };
        }
    }
}

impl Recipe {
    /// The value at a path is drawn anew; after some refusals it is left out, and what encloses it is drawn anew.
    fn blame(&mut self, path: &str) {
        // Instead of what may not change, or not to such a value, something else is changed.
        if path.contains(CHANGED) {
            self.left_out.insert(path.to_owned());
            return;
        }
        let times = self.redrawn.entry(path.to_owned()).or_default();
        *times += 1;
        if times.is_multiple_of(PATIENCE) {
            self.left_out.insert(path.to_owned());
            if let Some((parent, _)) = path.rsplit_once('.') {
                self.blame(parent);
            }
        }
    }

    /// Whether a change of this path was refused, at its value or below.
    fn refused(&self, path: &str) -> bool {
        self.left_out.iter().any(|left_out| left_out.starts_with(path))
    }
}

impl Draw<'_> {
    /// Fills in the settings of each change: other values for places that the walk came by.
    pub(super) fn changes(&self, tree: &mut toml::Table) {
        let caches: Vec<String> = caches_below("", &Value::Table(tree.clone()));
        let changes = tree.get_mut("change").and_then(Value::as_array_mut);
        let places = self.places.borrow().clone();
        for (index, change) in changes.into_iter().flatten().enumerate() {
            let key = Key::of(self.recipe.seed).at("change").nth(index as u64);
            let settings = (0..=key.at("count").below(3)).filter_map(|number| {
                let key = key.nth(number as u64);
                let candidates = (0..MOST_TRIES).map(|again| &places[key.nth(again).below(places.len())]);
                let refused = |path: &str| self.recipe.refused(&format!("change.{index}{CHANGED}{path}"));
                let mut allowed = candidates.filter(|place| changeable(&place.path) && !refused(&place.path));
                let place = allowed.next()?;
                Some((place.path.clone(), self.value_for(place, key.at(&place.path))))
            });
            let Some(change) = change.as_table_mut() else { continue };
            change.insert("set".to_owned(), Value::Table(settings.collect()));
            if change.contains_key("empty") {
                let some = caches.iter().filter(|path| key.at("empty").at(path).chance(0.5));
                let some: Vec<Value> = some.map(|path| Value::String(path.clone())).collect();
                if some.is_empty() {
                    change.remove("empty")
                } else {
                    change.insert("empty".to_owned(), some.into())
                };
            }
        }
    }
}

/// The paths of all caches in front of calls.
fn caches_below(path: &str, value: &Value) -> Vec<String> {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::Table(table) => {
            let found = table.iter().flat_map(|(key, value)| match key.as_str() {
                "cache" => vec![below(key)],
                _ => caches_below(&below(key), value),
            });
            found.collect()
        }
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.flat_map(|(index, item)| caches_below(&below(&index.to_string()), item)).collect()
        }
        _ => Vec::new(),
    }
}
