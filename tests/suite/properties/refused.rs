//! Scenarios that are wrong: each message names a line, and nothing panics.

use dropstorm::scenario::{Diagnostics, Scenario};
use toml::Value;

use super::case::{Case, ensure, holds};
use super::draw::{Key, Written};

/// Values that few places allow.
const OUTLANDISH: &[&str] = &[
    "-1",
    "0",
    "9223372036854775807",
    "-0.0",
    "1e308",
    "nan",
    "inf",
    "true",
    "\"\"",
    "\"all\"",
    "\"-1 s\"",
    "\"0 s\"",
    "\"100 d\"",
    "\"1e300 h\"",
    "\"101%\"",
    "\"0/s\"",
    "\"1e9/s\"",
    "\"0 bps\"",
    "[]",
    "[[]]",
    "{}",
    "{ a = 1 }",
    "\"\\u0007\"",
    "2026-01-09T08:45:00Z",
    "2026-01-09",
];

/// How many places of a case get an outlandish value.
const WOUNDS: u64 = 12;

/// Every message names a line of the text.
fn located(text: &str, found: &Diagnostics) -> Result<(), String> {
    ensure!(!found.is_empty(), "it is refused without a word:\n{text}");
    for problem in found.iter() {
        let line = problem.location().map(|(_, line)| line);
        let stands = line.is_some_and(|line| (1..=text.lines().count()).contains(&line));
        ensure!(stands, "a message names no line of the text: {}\n{text}", problem.render(false));
    }
    Ok(())
}

pub fn is_located(case: &Case) -> Result<(), String> {
    case.drawn.refused.iter().try_for_each(|(text, found)| located(text, found))?;
    let places = &case.drawn.places;
    for wound in 0..WOUNDS {
        let key = Key::of(case.drawn.seed).at("wound").nth(wound);
        let place = &places[key.at("place").below(places.len())];
        let outlandish = format!("x = {}", OUTLANDISH[key.at("value").below(OUTLANDISH.len())]);
        let value = outlandish.parse::<toml::Table>().unwrap().remove("x").unwrap();
        let mut tree = case.drawn.tree.clone();
        if let Some(old) = at(&mut tree, &place.path) {
            *old = value;
            let text = Written::of(&tree).text;
            Scenario::parse("wounded.toml", &text).map_or_else(|found| located(&text, &found), |_| Ok(()))?;
        }
    }
    Ok(())
}

/// The value at a path, if the tree has it.
fn at<'a>(tree: &'a mut toml::Table, path: &str) -> Option<&'a mut Value> {
    let (first, rest) = path.split_once('.')?;
    rest.split('.').try_fold(tree.get_mut(first)?, |value, part| match value {
        Value::Table(table) => table.get_mut(part),
        Value::Array(items) => items.get_mut(part.parse::<usize>().ok()?),
        _ => None,
    })
}

#[test]
fn every_kind_of_error_is_refused_at_its_line() {
    holds(is_located);
}
