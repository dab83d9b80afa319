//! Wounded scenarios: a fuzzer cuts, doubles and replaces pieces of a right one. Each is read, or refused at a line.

use dropstorm::scenario::{Scenario, starter};
use proptest::prelude::*;

/// Pieces of TOML that are likely to cause errors.
const SPLINTERS: &[&str] = &[
    "",
    "\"",
    "'''",
    "[",
    "]]",
    "{",
    "}",
    "=",
    ".",
    ",",
    "\n",
    "\0",
    "é",
    "\u{feff}",
    "nan",
    "-inf",
    "1e999",
    "-1",
    "0",
    "all",
    "99999999999999999999999999999",
    "\"0 s\"",
    "\"-1 d\"",
    "\"1e300 h\"",
    "\"100 y\"",
    "9999-12-31T23:59:59Z",
    "[[change]]",
    "[pool.api]",
    "change = []",
    "set = { \"pool.api\" = {} }",
    "extends = \"starter.toml\"",
    "\"\u{1b}[31m\"",
    "{ mixture = [] }",
];

#[derive(Clone, Debug)]
struct Wound {
    how: u8,
    at: f64,
    length: usize,
    splinter: &'static str,
}

fn wounds() -> impl Strategy<Value = Vec<Wound>> {
    let wound = (0..5_u8, 0.0..1.0_f64, 0..40_usize, prop::sample::select(SPLINTERS));
    prop::collection::vec(wound.prop_map(|(how, at, length, splinter)| Wound { how, at, length, splinter }), 1..4)
}

/// Removes, doubles or replaces a piece of a text.
fn injure(text: &mut String, wound: &Wound) {
    let floor = |mut index: usize| {
        while !text.is_char_boundary(index) {
            index -= 1;
        }
        index
    };
    let from = floor((text.len() as f64 * wound.at) as usize);
    let to = floor((from + wound.length).min(text.len()));
    let replacement = match wound.how {
        0 => String::new(),
        1 => text[from..to].repeat(2),
        2 => wound.splinter.to_owned(),
        3 => text[from..to].chars().rev().collect(),
        _ => format!("\n{}\n", wound.splinter),
    };
    text.replace_range(from..to, &replacement);
}

/// The values of a tree, to be replaced one by one.
fn leaves(value: &mut toml::Value) -> Vec<&mut toml::Value> {
    match value {
        toml::Value::Table(table) => table.iter_mut().flat_map(|(_, value)| leaves(value)).collect(),
        toml::Value::Array(list) => list.iter_mut().flat_map(leaves).collect(),
        other => vec![other],
    }
}

/// No text causes a panic, and every message about a wrong text is located.
fn survives(text: &str) -> Result<(), TestCaseError> {
    if let Err(found) = Scenario::parse("mutant.toml", text) {
        prop_assert!(!found.is_empty());
        for problem in found.iter() {
            prop_assert!(problem.location().is_some(), "{}", problem.render(false));
        }
        prop_assert!(found.render(true).contains("mutant.toml"));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 700, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_text_is_read_or_refused(wounds in wounds()) {
        let mut text = starter().to_owned();
        wounds.iter().for_each(|wound| injure(&mut text, wound));
        survives(&text)?;
    }

    #[test]
    fn a_damaged_tree_is_read_or_refused(wounds in wounds()) {
        let mut tree: toml::Value = toml::from_str(starter()).expect("the starter is valid TOML");
        for wound in &wounds {
            let mut all = leaves(&mut tree);
            let target = (all.len() as f64 * wound.at) as usize;
            let value = format!("x = {}", wound.splinter).parse::<toml::Table>().ok().and_then(|mut table| table.remove("x"));
            if let Some(leaf) = all.get_mut(target) {
                **leaf = value.unwrap_or_else(|| toml::Value::String(wound.splinter.to_owned()));
            }
        }
        survives(&toml::to_string(&tree).expect("a tree can be written"))?;
    }

    #[test]
    fn any_setting_is_taken_or_refused(path in "[a-z0-9.]{0,30}|pool\\.api\\.[a-z_.]{0,12}|journey\\.watch\\.steps\\.[0-9]{1,20}(\\.[a-z]{1,8})?", splinter in prop::sample::select(SPLINTERS)) {
        thread_local! {
            static SCENARIO: Scenario = Scenario::parse("starter.toml", starter()).expect("the starter is right");
        }
        SCENARIO.with(|scenario| {
            if let Err(found) = scenario.with(&path, splinter) {
                prop_assert!(found.iter().all(|problem| problem.location().is_some()), "{}", found);
            }
            Ok(())
        })?;
    }
}
