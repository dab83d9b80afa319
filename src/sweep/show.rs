//! Checks that the charts of a plan name parameters and figures that exist.

use super::draft::Draft;
use super::spec::{PlanSpec, Show};
use crate::document::diagnostics::{Diagnostic, quoted, suggest};
use crate::document::tree::Node;
use crate::vocabulary::Figure;

/// The figures that a chart may name.
pub(super) struct Known<'a> {
    /// Names of all figures.
    pub names: &'a [String],
    /// Whether there is a figure of a name.
    pub is_known: &'a dyn Fn(&str) -> bool,
}

/// Names of the figures that a plan asks for.
pub(super) fn figures(spec: &PlanSpec) -> Vec<&str> {
    let show = &spec.show;
    let maps = show.heatmap.iter().map(|chart| chart.colour.as_str());
    let curves = show.curves.iter().map(|chart| chart.y.as_str());
    let multiples = show.small_multiples.iter().map(|chart| chart.colour.as_str());
    let rankings = show.ranking.iter().flat_map(|chart| chart.metrics.iter().map(String::as_str));
    let until = spec.until.iter().map(|until| until.metric.as_str());
    let costs = show.cost.iter().flat_map(|chart| {
        let against = chart.against.as_deref().unwrap_or(Figure::HarmSawError.name());
        [chart.figure.as_str(), against]
    });
    maps.chain(curves).chain(multiples).chain(rankings).chain(costs).chain(until).collect()
}

/// Reports charts that name a path that does not vary or a figure that does not exist.
pub(super) fn check(tree: &Node, show: &Show, drafts: &[Draft], figures: &Known<'_>, found: &mut Vec<Diagnostic>) {
    let paths: Vec<String> = drafts.iter().flat_map(|draft| draft.axis.parameter.paths.clone()).collect();
    let mut names: Vec<(String, &str, bool)> = Vec::new();
    for (index, chart) in show.heatmap.iter().enumerate() {
        let path = |key: &str| format!("show.heatmap.{index}.{key}");
        names.extend([
            (path("x"), chart.x.as_str(), false),
            (path("y"), &chart.y, false),
            (path("colour"), &chart.colour, true),
        ]);
    }
    for (index, chart) in show.curves.iter().enumerate() {
        let path = |key: &str| format!("show.curves.{index}.{key}");
        names.extend([(path("x"), chart.x.as_str(), false), (path("y"), &chart.y, true)]);
        names.extend(chart.by.iter().map(|by| (path("by"), by.as_str(), false)));
    }
    for (index, chart) in show.small_multiples.iter().enumerate() {
        let path = |key: &str| format!("show.small_multiples.{index}.{key}");
        names.extend([(path("x"), chart.x.as_str(), false), (path("y"), &chart.y, false)]);
        names.extend([(path("colour"), chart.colour.as_str(), true), (path("across"), &chart.across, false)]);
    }
    for (index, chart) in show.ranking.iter().enumerate() {
        let each = chart.metrics.iter().enumerate();
        names.extend(each.map(|(n, name)| (format!("show.ranking.{index}.metrics.{n}"), name.as_str(), true)));
    }
    for (index, chart) in show.cost.iter().enumerate() {
        names.push((format!("show.cost.{index}.figure"), chart.figure.as_str(), true));
        names.extend(chart.against.iter().map(|name| (format!("show.cost.{index}.against"), name.as_str(), true)));
    }
    for (path, name, is_metric) in names {
        if is_metric {
            metric(tree, &path, name, figures, found);
        } else if !paths.is_empty() && !paths.iter().any(|path| path == name) {
            let node = at(tree, &path);
            if !node.doubtful() {
                let error = node.error(format!("`{name}` does not vary"), "no such path in [vary]");
                found.push(error.help(suggest(name, paths.iter().map(String::as_str))));
            }
        }
    }
}

/// Reports a figure that does not exist.
pub(super) fn metric(tree: &Node, path: &str, name: &str, figures: &Known<'_>, found: &mut Vec<Diagnostic>) {
    let node = at(tree, path);
    if !(figures.is_known)(name) && !node.doubtful() {
        let error = node.error(format!("there is no figure {}", quoted(name)), "no such figure");
        found.push(error.help(suggest(name, figures.names.iter().map(String::as_str))));
    }
}

/// The node of a dotted path in the plan. Where a chart is one table instead of a list, its index is skipped.
fn at<'n>(tree: &'n Node, path: &str) -> &'n Node {
    let mut node = tree;
    for part in path.split('.') {
        match node.child(part) {
            Some(child) => node = child,
            None if part.parse::<usize>().is_ok() => {}
            None => break,
        }
    }
    node
}
