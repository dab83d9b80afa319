//! Differences of scenarios: the settings whose resolved values differ.

use indexmap::IndexMap;
use serde_json::Value as Json;

use super::Scenario;

/// Keys that describe a scenario and do not affect its runs.
const WORDS: [&str; 4] = ["title", "description", "sources", "extends"];

/// The key under which a date-time is written as text.
const DATE_TIME: &str = "$__toml_private_datetime";

/// A setting in which scenarios differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Dotted path of the setting.
    pub path: String,
    /// The value in each scenario; `None` where a scenario has no such setting.
    pub values: Vec<Option<String>>,
}

/// Every setting in which some scenarios differ in their resolved values, in the order of the first scenario that has it. A value is
/// told as a file states it, and a default as it is resolved.
pub fn differences(scenarios: &[&Scenario]) -> Vec<Difference> {
    let mut settings: IndexMap<String, Vec<Option<String>>> = IndexMap::new();
    for (index, scenario) in scenarios.iter().enumerate() {
        // Every type of the specification has a form in JSON.
        let Ok(Json::Object(tree)) = serde_json::to_value(scenario.spec()) else { continue };
        for (key, value) in tree.iter().filter(|(key, _)| !WORDS.contains(&key.as_str())) {
            flatten(key, value, &mut |path, text| {
                settings.entry(path).or_insert_with(|| vec![None; scenarios.len()])[index] = Some(text);
            });
        }
    }
    let differ = settings.iter().filter(|(_, values)| values.iter().any(|value| *value != values[0]));
    let told = |(path, values): (&String, &Vec<Option<String>>)| {
        let value = |(index, value): (usize, &Option<String>)| match value {
            Some(resolved) => Some(scenarios[index].written(path).unwrap_or_else(|| resolved.clone())),
            None => keys_below(&settings, path, index),
        };
        Difference { path: path.clone(), values: values.iter().enumerate().map(value).collect() }
    };
    differ.map(told).collect()
}

/// The keys below a path of the settings of a scenario, such as `codel` where others state `fifo`; `None` without any.
fn keys_below(settings: &IndexMap<String, Vec<Option<String>>>, path: &str, index: usize) -> Option<String> {
    let below = settings.iter().filter(|(_, values)| values[index].is_some());
    let keys = below.filter_map(|(known, _)| known.strip_prefix(path)?.strip_prefix('.')?.split('.').next());
    let mut told: Vec<&str> = Vec::new();
    for key in keys {
        if !told.contains(&key) {
            told.push(key);
        }
    }
    (!told.is_empty()).then(|| told.join(", "))
}

/// Calls `visit` with the path and the text of every value below a path.
fn flatten(path: &str, value: &Json, visit: &mut dyn FnMut(String, String)) {
    match value {
        Json::Object(table) => match table.get(DATE_TIME) {
            Some(date_time) => flatten(path, date_time, visit),
            None => table.iter().for_each(|(key, below)| flatten(&format!("{path}.{key}"), below, visit)),
        },
        Json::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            items.iter().enumerate().for_each(|(index, item)| flatten(&format!("{path}.{index}"), item, visit));
        }
        Json::Array(items) if items.is_empty() => {}
        Json::String(text) => visit(path.to_owned(), text.clone()),
        other => visit(path.to_owned(), other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    #[test]
    fn settings_differ_by_path_and_resolved_value_and_words_do_not_count() {
        let base = Scenario::parse("a.toml", crate::scenario::starter()).unwrap_or_else(|errors| panic!("{errors}"));
        let other = base.with_all(&[
            ("title".to_owned(), "Another".to_owned()),
            ("pool.playback.servers".to_owned(), "77".to_owned()),
            ("pool.playback.timeout".to_owned(), "77 s".to_owned()),
        ]);
        let other = other.unwrap_or_else(|errors| panic!("{errors}"));
        let found = differences(&[&base, &other, &base]);
        let paths: Vec<&str> = found.iter().map(|difference| difference.path.as_str()).collect();
        assert_eq!(paths, ["pool.playback.servers", "pool.playback.timeout"]);
        assert_eq!(found[0].values[1].as_deref(), Some("77"));
        assert_eq!(found[1].values[1].as_deref(), Some("77 s"));
        assert_eq!(found[0].values[0], found[0].values[2]);
        assert!(differences(&[&base, &base]).is_empty());
    }

    #[test]
    fn values_are_told_as_the_files_state_them_and_a_table_by_its_keys() {
        let with = |path: &str, value: &str| {
            let base =
                Scenario::parse("a.toml", crate::scenario::starter()).unwrap_or_else(|errors| panic!("{errors}"));
            base.with_all(&[(path.to_owned(), value.to_owned())]).unwrap_or_else(|errors| panic!("{errors}"))
        };
        let limited = |rate: &str| {
            with("pool.playback.rate_limit", &format!("{{ token_bucket = {{ rate = \"{rate}\", burst = 9 }} }}"))
        };
        let rates = differences(&[&limited("5000/min"), &limited("7000/min")]);
        assert_eq!(rates[0].values, [Some("5000/min".to_owned()), Some("7000/min".to_owned())]);
        assert!(differences(&[&limited("6000/min"), &limited("100/s")]).is_empty());
        let queue = |discipline: &str| {
            with("pool.playback.queue", &format!("{{ shared = {{ limit = 9, discipline = {discipline} }} }}"))
        };
        let codel = "{ codel = { target = \"5 ms\", interval = \"100 ms\" } }";
        let disciplines = differences(&[&queue("\"fifo\""), &queue(codel)]);
        let found = disciplines.iter().find(|it| it.path.ends_with("discipline")).unwrap();
        assert_eq!(found.values, [Some("fifo".to_owned()), Some("codel".to_owned())]);
    }
}
