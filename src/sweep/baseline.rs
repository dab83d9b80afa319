//! The baseline: the point with which all other points are compared.

use super::axis::{Axis, same};
use super::outline::Outline;
use crate::document::diagnostics::{Diagnostic, suggest};
use crate::document::tree::Node;
use crate::scenario::Scenario;

/// Chooses the baseline: the point that the plan names, or else the point of the scenario's own values if it is on the
/// grid, or else the first point.
pub(super) fn choose(tree: &Node, scenario: &Scenario, outline: &mut Outline, found: &mut Vec<Diagnostic>) {
    let stated = tree.child("baseline").filter(|node| !node.placeholder);
    if !outline.is_grid() {
        if let Some(node) = stated {
            let error = node.key_error("the points of a sample cannot be named", "its baseline is its first point");
            found.push(error.help("leave [baseline] out, or leave out [sample]"));
        }
        return;
    }
    if let Some(stated) = stated {
        all_vary(stated, outline, found);
    }
    let digits: Vec<Option<usize>> = outline
        .axes
        .iter()
        .map(|axis| {
            let named = |path: &String| stated.and_then(|stated| find(stated, path));
            let Some(node) = axis.parameter.paths.iter().find_map(named) else {
                let own: Option<Vec<_>> = axis.parameter.paths.iter().map(|path| scenario.value(path)).collect();
                return index_of(axis, &own?.into_iter().map(Some).collect::<Vec<_>>());
            };
            let wanted: Vec<_> = axis.parameter.paths.iter().map(|path| named(path).map(Node::to_toml)).collect();
            let digit = index_of(axis, &wanted);
            if digit.is_none() {
                let error = node.error("the baseline must be a point of the grid", "not a value of this axis");
                found.push(error.help(format!("values: {}", axis.words())));
            }
            digit
        })
        .collect();
    let own = stated.is_none() && digits.iter().all(Option::is_some);
    if stated.is_some() || own {
        let digits: Vec<usize> = digits.into_iter().map(Option::unwrap_or_default).collect();
        outline.baseline = outline.grid_point(&digits);
        outline.baseline_is = if own { "the scenario's own values" } else { "as the plan states" }.to_owned();
    }
}

/// Reports paths of the baseline that do not vary in the plan.
fn all_vary(stated: &Node, outline: &Outline, found: &mut Vec<Diagnostic>) {
    let known: Vec<&str> = outline.axes.iter().flat_map(|axis| &axis.parameter.paths).map(String::as_str).collect();
    for (path, node) in leaves(stated, "", &known) {
        if !known.contains(&path.as_str()) {
            let error = node.key_error(format!("`{path}` does not vary"), "no such path in [vary]");
            found.push(error.help(suggest(&path, known.iter().copied())));
        }
    }
}

/// The index of the value of an axis that has the wanted value for each path; `None` stands for any value.
fn index_of(axis: &Axis, wanted: &[Option<toml::Value>]) -> Option<usize> {
    (0..axis.len()).find(|index| {
        let values = axis.listed(*index);
        values.iter().zip(wanted).all(|(value, wanted)| wanted.as_ref().is_none_or(|wanted| same(value, wanted)))
    })
}

/// The node of a dotted path in a table whose keys are paths or parts of paths.
fn find<'n>(table: &'n Node, path: &str) -> Option<&'n Node> {
    let (node, exact) = table.nearest(path);
    exact.then_some(node)
}

/// Each value of a table whose keys are paths or parts of paths, with its whole path.
fn leaves<'n>(table: &'n Node, prefix: &str, known: &[&str]) -> Vec<(String, &'n Node)> {
    let mut all = Vec::new();
    for (key, node) in table.as_table().into_iter().flatten() {
        let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        let group = known.iter().any(|known| known.starts_with(&format!("{path}.")));
        if group && node.as_table().is_some() {
            all.extend(leaves(node, &path, known));
        } else {
            all.push((path, node));
        }
    }
    all
}
