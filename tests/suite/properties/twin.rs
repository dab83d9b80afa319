//! Two scenarios that differ in what concerns nobody, and the rows of figures that must be the same in both.

use dropstorm::engine;
use dropstorm::measure::{Figures, Scope};
use dropstorm::model::Model;
use dropstorm::scenario::Scenario;
use dropstorm::vocabulary::Column;
use toml::{Table, Value};

use super::case::{SEED, ensure};
use super::draw::{Drawn, Written};

/// The figures of a tree.
pub fn figures(tree: &Table) -> Result<Figures, String> {
    let text = Written::of(tree).text;
    let scenario = Scenario::parse("twin.toml", &text).map_err(|found| format!("{found}\n{text}"))?;
    Ok(Figures::of(&[engine::run(&Model::compile(&scenario), SEED)]))
}

/// Each row of the one that is wanted is the same to the bit in the other, where it may have another place.
pub fn same_rows(one: &Figures, other: &Figures, place: impl Fn(Scope) -> Option<Scope>) -> Result<(), String> {
    for (index, scope) in one.scopes.iter().enumerate() {
        let Some(there) = place(*scope) else { continue };
        let there = other.scope(there).ok_or_else(|| format!("the row {scope:?} is missing"))?;
        for column in Column::ALL {
            let bits = |figures: &Figures, row| figures.series(row, *column).map(f64::to_bits).collect::<Vec<_>>();
            let (mine, theirs) = (bits(one, index), bits(other, there));
            ensure!(mine == theirs, "{} of {scope:?} is not what it was", column.name());
        }
    }
    Ok(())
}

/// The tree of a scenario with its regions stated and the region of every audience, so that one more region changes
/// nothing; `None` if a change states regions of an audience.
pub fn with_regions_stated(drawn: &Drawn) -> Option<Table> {
    if drawn.changes("rate") {
        return None;
    }
    let mut tree = drawn.tree.clone();
    // Strangers bring pools of few servers, and may come to a scenario of any scale.
    tree.insert("force_scale".to_owned(), Value::Boolean(true));
    if !tree.contains_key("region") {
        tree.insert("region".to_owned(), table("world = {}"));
    }
    let only = tree["region"].as_table().and_then(|regions| regions.keys().next().cloned()).unwrap_or_default();
    for (_, audience) in tree.get_mut("audience").and_then(Value::as_table_mut).into_iter().flatten() {
        let named = ["viewers", "rate"].iter().any(|key| audience.get(*key).is_some_and(Value::is_table));
        if let Some(audience) = audience.as_table_mut().filter(|audience| !named && !audience.contains_key("region")) {
            audience.insert("region".to_owned(), Value::String(only.clone()));
        }
    }
    Some(tree)
}

/// A table from its text.
pub fn table(text: &str) -> Value {
    Value::Table(text.parse().unwrap())
}

/// Puts the tables of one tree before or after those of the same kind in another.
pub fn joined(tree: &Table, more: &Table, before: bool) -> Table {
    let mut tree = tree.clone();
    for (kind, entries) in more {
        let old = tree.remove(kind).and_then(|value| value.try_into::<Table>().ok()).unwrap_or_default();
        let new = entries.as_table().cloned().unwrap_or_default();
        let (first, last) = if before { (new, old) } else { (old, new) };
        tree.insert(kind.clone(), Value::Table(first.into_iter().chain(last).collect()));
    }
    tree
}
