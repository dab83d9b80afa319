//! Differences of scenarios: the settings whose resolved values differ.

use indexmap::IndexMap;
use serde_json::Value as Json;

use super::spec::Spec;

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

/// Every setting in which some scenarios differ, with every default filled in, in the order of the first scenario that has it.
pub fn differences(specs: &[&Spec]) -> Vec<Difference> {
    let mut settings: IndexMap<String, Vec<Option<String>>> = IndexMap::new();
    for (index, spec) in specs.iter().enumerate() {
        // Every type of the specification has a form in JSON.
        let Ok(Json::Object(tree)) = serde_json::to_value(spec) else { continue };
        for (key, value) in tree.iter().filter(|(key, _)| !WORDS.contains(&key.as_str())) {
            flatten(key, value, &mut |path, text| {
                settings.entry(path).or_insert_with(|| vec![None; specs.len()])[index] = Some(text);
            });
        }
    }
    let differ = settings.into_iter().filter(|(_, values)| values.iter().any(|value| *value != values[0]));
    differ.map(|(path, values)| Difference { path, values }).collect()
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
        let found = differences(&[base.spec(), other.spec(), base.spec()]);
        let paths: Vec<&str> = found.iter().map(|difference| difference.path.as_str()).collect();
        assert_eq!(paths, ["pool.playback.servers", "pool.playback.timeout"]);
        assert_eq!(found[0].values[1].as_deref(), Some("77"));
        assert_eq!(found[1].values[1].as_deref(), Some("77 s"));
        assert_eq!(found[0].values[0], found[0].values[2]);
        assert!(differences(&[base.spec(), base.spec()]).is_empty());
    }
}
