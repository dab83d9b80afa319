//! Prices: the costs and the names of the values of a plan's levers.

use super::draft::{Draft, listed};
use super::spec::{LeverSpec, PlanSpec};
use crate::document::Diagnostic;
use crate::document::diagnostics::quoted;
use crate::document::tree::{Node, Value as Tree};
use crate::scenario::keys as scenario_keys;

/// Tables and keys of a scenario whose settings an operator could decide; `drop` is the moment of the release.
const OF_LEVERS: [&str; 10] =
    ["drop", "region", "audience", "multiplier", "journey", "waiting_room", "pool", "client", "delivery", "change"];
/// Keys within these tables that are only names.
const NAMES: [&str; 4] = ["label", "note", "map", "time_zone"];

/// The costs of the values of a plan's levers.
#[derive(Clone, Debug, PartialEq)]
pub struct Prices {
    /// Unit of all costs; empty if the plan states none.
    pub unit: String,
    /// Least share of the runs of a combination in which all thresholds hold.
    pub holds: f64,
    /// The levers, in the order of the plan.
    levers: Vec<Priced>,
}

/// A lever: the cost and the name of each of its values.
#[derive(Clone, Debug, PartialEq)]
struct Priced {
    costs: Vec<f64>,
    words: Vec<String>,
}

impl Prices {
    /// The cost of a combination: of each lever the cost of the value with this index.
    pub fn cost(&self, digits: &[usize]) -> f64 {
        self.costs(digits).sum()
    }

    /// The cost of each lever of a combination.
    pub fn costs(&self, digits: &[usize]) -> impl Iterator<Item = f64> {
        self.levers.iter().zip(digits).map(|(lever, digit)| lever.costs.get(*digit).copied().unwrap_or_default())
    }

    /// The cost of one value of a lever; `None` where there is no such value.
    pub fn cost_of(&self, lever: usize, digit: usize) -> Option<f64> {
        self.levers.get(lever)?.costs.get(digit).copied()
    }

    /// The number of values of a lever.
    pub fn values(&self, lever: usize) -> usize {
        self.levers.get(lever).map_or(0, |lever| lever.costs.len())
    }

    /// The words that the plan has for each value of a combination; `None` where it has none.
    pub fn words(&self, digits: &[usize]) -> impl Iterator<Item = Option<&str>> {
        self.levers.iter().zip(digits).map(|(lever, digit)| lever.words.get(*digit).map(String::as_str))
    }
}

/// Reads the levers of a plan: an axis for each, and the prices; `None` where the plan has none.
pub(super) fn read(tree: &Node, spec: &PlanSpec, found: &mut Vec<Diagnostic>) -> Option<(Vec<Draft>, Prices)> {
    let Tree::Array(entries, _) = &tree.child("lever")?.value else { return None };
    if entries.is_empty() {
        return None;
    }
    let (mut drafts, mut levers) = (Vec::new(), Vec::new());
    for (entry, lever) in entries.iter().zip(&spec.lever) {
        let Some(draft) = axis(entry, lever, found) else { continue };
        costs(entry, lever, draft.axis.len(), found);
        let words = lever.words.iter().map(|words| words.trim().to_owned());
        levers.push(Priced { costs: lever.cost.clone(), words: words.collect() });
        drafts.push(draft);
    }
    Some((drafts, Prices { unit: spec.unit_of_cost.trim().to_owned(), holds: spec.holds.0, levers }))
}

/// The axis of one lever.
fn axis(entry: &Node, lever: &LeverSpec, found: &mut Vec<Diagnostic>) -> Option<Draft> {
    let (path, values) = (entry.child("path")?, entry.child("values")?);
    let paths: Vec<String> = path.as_str()?.split(',').map(|path| path.trim().to_owned()).collect();
    if paths.iter().any(String::is_empty) {
        let error = path.error("a path is missing", "a path belongs between commas");
        found.push(error.help("for example \"pool.api.servers, pool.login.servers\""));
        return None;
    }
    let mut no_levers = paths.iter().filter(|path| !may_be_lever(path)).peekable();
    if no_levers.peek().is_some() {
        found.extend(no_levers.map(|name| no_lever(path, name)));
        return None;
    }
    let Tree::Array(items, _) = &values.value else { return None };
    if values.placeholder {
        return None;
    }
    let mut draft = listed(values, items, paths, found)?;
    draft.axis.parameter.label = lever.label.trim().to_owned();
    draft.key = path.span.clone();
    Some(draft)
}

/// Whether a dotted path may be a lever, by its first and last key.
fn may_be_lever(path: &str) -> bool {
    let first = path.split('.').next().unwrap_or_default();
    let last = path.rsplit('.').next().unwrap_or_default();
    // A misspelled key has a message of its own.
    let is_known = scenario_keys().any(|key| key == first);
    !is_known || (OF_LEVERS.contains(&first) && !NAMES.contains(&last))
}

/// The error of a path that is no lever, at the path.
fn no_lever(node: &Node, path: &str) -> Diagnostic {
    let title = format!("{} is no lever", quoted(path));
    let help = format!(
        "a lever is what somebody could do about the release, such as `pool.api.servers`: a setting of {}, or `drop`",
        OF_LEVERS[1..].join(", ")
    );
    node.error(title, "it decides how the release is simulated, measured or told").help(help)
}

/// Reports costs and words that are not one for each value.
fn costs(entry: &Node, lever: &LeverSpec, values: usize, found: &mut Vec<Diagnostic>) {
    let counted = |key: &str, count: usize| {
        let node = entry.child(key).filter(|node| !node.placeholder && count != values)?;
        let title = format!("expected {values} {}, one for each value", if key == "cost" { "costs" } else { "texts" });
        Some(node.error(
            title,
            format!("there {} here", if count == 1 { "is 1".to_owned() } else { format!("are {count}") }),
        ))
    };
    found.extend(counted("cost", lever.cost.len()));
    found.extend(counted("words", lever.words.len()));
}
