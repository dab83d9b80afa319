//! The charts that a plan asks for: do they name what there is?

use super::draft::Draft;
use super::spec::Show;
use crate::document::diagnostics::{Diagnostic, quoted, suggest};
use crate::document::tree::Node;

/// Charts name parameters that vary and figures that exist.
pub(super) fn check(tree: &Node, show: &Show, drafts: &[Draft], metrics: &[String], found: &mut Vec<Diagnostic>) {
    let paths: Vec<String> = drafts.iter().flat_map(|draft| draft.axis.parameter.paths.clone()).collect();
    let mut names: Vec<(String, &str, bool)> = Vec::new();
    for (index, chart) in show.heatmap.iter().enumerate() {
        let place = |key: &str| format!("show.heatmap.{index}.{key}");
        names.extend([
            (place("x"), chart.x.as_str(), false),
            (place("y"), &chart.y, false),
            (place("colour"), &chart.colour, true),
        ]);
    }
    for (index, chart) in show.curves.iter().enumerate() {
        let place = |key: &str| format!("show.curves.{index}.{key}");
        names.extend([(place("x"), chart.x.as_str(), false), (place("y"), &chart.y, true)]);
        names.extend(chart.by.iter().map(|by| (place("by"), by.as_str(), false)));
    }
    for (index, chart) in show.small_multiples.iter().enumerate() {
        let place = |key: &str| format!("show.small_multiples.{index}.{key}");
        names.extend([(place("x"), chart.x.as_str(), false), (place("y"), &chart.y, false)]);
        names.extend([(place("colour"), chart.colour.as_str(), true), (place("across"), &chart.across, false)]);
    }
    for (index, chart) in show.ranking.iter().enumerate() {
        let each = chart.metrics.iter().enumerate();
        names.extend(each.map(|(n, name)| (format!("show.ranking.{index}.metrics.{n}"), name.as_str(), true)));
    }
    for (place, name, is_metric) in names {
        if is_metric {
            metric(tree, &place, name, metrics, found);
        } else if !paths.is_empty() && !paths.iter().any(|path| path == name) {
            let node = at(tree, &place);
            if !node.doubtful() {
                let error = node.error(format!("`{name}` does not vary"), "no such path in [vary]");
                found.push(error.help(suggest(name, paths.iter().map(String::as_str))));
            }
        }
    }
}

/// A figure of the summary must exist.
pub(super) fn metric(tree: &Node, place: &str, name: &str, metrics: &[String], found: &mut Vec<Diagnostic>) {
    let node = at(tree, place);
    if !metrics.iter().any(|known| known == name) && !node.doubtful() {
        let error = node.error(format!("there is no figure {}", quoted(name)), "no such figure");
        found.push(error.help(suggest(name, metrics.iter().map(String::as_str))));
    }
}

/// The node of a path in the plan; the index of a chart is passed over where there is one table and no list.
fn at<'n>(tree: &'n Node, place: &str) -> &'n Node {
    let mut node = tree;
    for part in place.split('.') {
        match node.child(part) {
            Some(child) => node = child,
            None if part.parse::<usize>().is_ok() => {}
            None => break,
        }
    }
    node
}
